"""What hashes cannot show is seen too: bad vectors, and passages that do not find themselves."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from parts import MakeEngine

from index import Engine, IndexDamaged, Wanted
from index.generations import history, verification
from index.protocols import Matrix
from index.stores.local.vectors import VectorIndex

WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty"]


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine) -> Engine:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for word in WORDS:
        (corpus / f"{word}.txt").write_text(f"Here is the {word} {word[::-1]}.", encoding="utf-8")
    engine = make_engine(corpus, tmp_path / "data")
    engine.reindex()
    return engine


def spoil(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    """Let vectors be changed on their way into the index."""
    build = VectorIndex.build

    def spoiled(vectors: Matrix, similarity: object) -> VectorIndex:
        vectors = vectors.copy()
        change(vectors)  # type: ignore[operator]
        return build(vectors, similarity)  # type: ignore[arg-type]

    monkeypatch.setattr(VectorIndex, "build", spoiled)


def test_a_whole_generation_says_how_much_was_checked(engine: Engine) -> None:
    (found,) = engine.verify()
    assert (found.problems, found.files, found.passages) == ((), 5, 10)
    assert (found.canaries, found.note) == (verification.CANARIES, None)


@pytest.mark.parametrize("passages", [1, 2, 7, 8, 9, 15, 1000])
def test_the_passages_that_are_searched_are_spread_from_first_to_last(passages: int) -> None:
    rows = list(verification._spread(passages))
    assert (rows[0], rows[-1]) == (0, passages - 1)
    assert len(set(rows)) == min(passages, verification.CANARIES)
    steps = [after - before for before, after in pairwise(rows)]
    assert not steps or max(steps) - min(steps) <= 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda vectors: vectors.__setitem__(3, np.nan), "vector 3 is not finite"),
        (lambda vectors: vectors.__setitem__(4, np.inf), "vector 4 is not finite"),
        (lambda vectors: vectors.__imul__(2), "vector 0 is not of unit length"),
        (lambda vectors: vectors.__setitem__(slice(None), vectors[::-1].copy()), "find itself"),
    ],
)
def test_bad_vectors_are_never_published(
    change: object,
    told: str,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoil(monkeypatch, change)
    with pytest.raises(IndexDamaged, match=told):
        engine.reindex(wanted=Wanted(full=True))
    assert history.names(tmp_path / "data") == ["000001"]
    assert engine.verify()[0].problems == ()


def test_an_index_of_another_model_is_checked_without_searches(
    engine: Engine, tmp_path: Path, make_engine: MakeEngine
) -> None:
    from parts import write_tiny_model  # noqa: PLC0415  # slow

    model = write_tiny_model(tmp_path / "model", seed=1)
    (found,) = make_engine(tmp_path / "corpus", tmp_path / "data", model=str(model)).verify()
    assert (found.problems, found.canaries) == ((), 0)
    assert "another" in (found.note or "")
    assert engine.verify()[0].canaries


def test_passages_that_the_model_cannot_tell_apart_are_not_lost(
    engine: Engine, tmp_path: Path
) -> None:
    emoji = (chr(number) for number in range(0x1F400, 0x1F41E))
    reactions = "".join(f"- {one}\n\n" for one in emoji)
    (tmp_path / "corpus" / "reactions.md").write_text(reactions, encoding="utf-8")
    assert engine.reindex().generation == "000002"
    assert engine.verify()[-1].problems == ()
