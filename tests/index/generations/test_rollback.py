"""An earlier generation answers again, and what was rolled back is not lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from parts import MakeEngine, write_tiny_model

from index import BuildRunning, Engine, GenerationUnknown, IndexDamaged, IndexMismatch, IndexMissing
from index.embed import SentenceTransformerEmbedder
from index.generations import data_folder, generation, history

Write = Callable[[str], None]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


@pytest.fixture
def write(corpus: Path) -> Write:
    def written(text: str) -> None:
        (corpus / "a.txt").write_text(text, encoding="utf-8")

    return written


@pytest.fixture
def engine(corpus: Path, write: Write, make_engine: MakeEngine) -> Engine:
    """Three generations: the lighthouse is red, blue, and then green."""
    engine = make_engine(corpus, corpus.parent / "data")
    for colour in ("red", "blue", "green"):
        write(f"The lighthouse is {colour}.")
        engine.reindex()
    return engine


def told(engine: Engine) -> str:
    return engine.source("a.txt").text


def states(engine: Engine) -> dict[str, str]:
    return {one.name: one.state for one in engine.generations()}


def test_each_step_goes_one_generation_back(engine: Engine) -> None:
    assert told(engine) == "The lighthouse is green."
    assert engine.roll_back().name == "000002"
    assert told(engine) == "The lighthouse is blue."
    assert engine.ask("Which colour is the lighthouse?").question
    assert engine.roll_back().name == "000001"
    assert told(engine) == "The lighthouse is red."
    with pytest.raises(GenerationUnknown, match="no whole generation before"):
        engine.roll_back()
    assert told(engine) == "The lighthouse is red."


def test_one_that_was_rolled_back_can_be_had_back_by_name(engine: Engine) -> None:
    engine.roll_back("1")
    assert states(engine) == {"000001": "answering", "000002": "withdrawn", "000003": "withdrawn"}
    engine.roll_back("000003")
    assert states(engine) == {"000001": "kept", "000002": "withdrawn", "000003": "answering"}
    assert told(engine) == "The lighthouse is green."
    with pytest.raises(
        GenerationUnknown, match="no generation 9; there are 000001, 000002, 000003"
    ):
        engine.roll_back("9")


def test_another_process_takes_it_up_at_its_next_question(
    engine: Engine, corpus: Path, make_engine: MakeEngine
) -> None:
    other = make_engine(corpus, corpus.parent / "data")
    other.load()
    engine.roll_back()
    assert told(other) == "The lighthouse is blue."


def test_documents_that_were_rolled_back_are_not_due_until_they_change(
    engine: Engine, write: Write
) -> None:
    engine.roll_back()
    assert engine.staleness() is None
    write("The lighthouse is yellow.")
    assert engine.staleness() == "the documents have changed since (1 changed)"
    assert engine.reindex().generation == "000004"
    assert states(engine) == {"000001": "kept", "000002": "kept", "000004": "answering"}


def test_a_reindex_that_is_asked_for_indexes_what_was_rolled_back(engine: Engine) -> None:
    engine.roll_back()
    report = engine.reindex()
    assert (report.changed, report.published) == (("a.txt",), True)
    assert told(engine) == "The lighthouse is green."


def test_a_damaged_generation_is_passed_over_and_named(engine: Engine, corpus: Path) -> None:
    damaged = corpus.parent / "data" / "generations" / "000002"
    (damaged / generation.CHUNKS).write_bytes(b"")
    assert states(engine)["000002"] == "damaged"
    with pytest.raises(IndexDamaged, match=r"chunks.jsonl of generation 000002"):
        engine.roll_back("2")
    assert engine.roll_back().name == "000001"


def test_one_that_a_reindex_deletes_meanwhile_is_not_told_of(
    engine: Engine, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = generation.check

    def deleted(folder: Path, name: str) -> generation.Manifest:
        if name == "000001":
            shutil.rmtree(corpus.parent / "data" / "generations" / name)
        return check(folder, name)

    monkeypatch.setattr(generation, "check", deleted)
    assert "000001" not in states(engine)
    assert "000002" in states(engine)


def test_going_back_from_a_damaged_generation_goes_behind_the_one_that_answers(
    engine: Engine, corpus: Path
) -> None:
    (corpus.parent / "data" / "generations" / "000003" / generation.MANIFEST).unlink()
    assert states(engine) == {"000001": "kept", "000002": "answering", "000003": "damaged"}
    assert engine.roll_back().name == "000001"


@pytest.mark.usefixtures("engine")
def test_one_that_does_not_fit_the_settings_is_refused(
    corpus: Path, make_engine: MakeEngine
) -> None:
    other = make_engine(corpus, corpus.parent / "data", chunk_tokens=16)
    with pytest.raises(
        IndexMismatch, match=r"000002 cannot answer: .* chunk_tokens 0, settings say"
    ):
        other.roll_back()
    assert history.names(corpus.parent / "data") == ["000001", "000002", "000003"]


def test_nothing_is_rolled_back_during_a_reindex_or_where_nothing_is(
    engine: Engine, corpus: Path, make_engine: MakeEngine
) -> None:
    with data_folder.held(corpus.parent / "data"), pytest.raises(BuildRunning):
        engine.roll_back()
    with pytest.raises(IndexMissing):
        make_engine(corpus, corpus.parent / "empty").roll_back()


def test_a_name_is_never_used_again_while_one_is_left(engine: Engine, corpus: Path) -> None:
    engine.roll_back()
    assert history.next_name(corpus.parent / "data") == "000004"


def test_the_mark_of_the_documents_is_another_one_whenever_a_file_changes(
    engine: Engine, corpus: Path, write: Write
) -> None:
    marks = [engine.corpus_mark()]
    assert engine.corpus_mark() == marks[0]
    write("Another text.")
    marks.append(engine.corpus_mark())
    (corpus / "b.txt").write_text("One more.", encoding="utf-8")
    marks.append(engine.corpus_mark())
    (corpus / "b.txt").rename(corpus / "c.txt")
    marks.append(engine.corpus_mark())
    (corpus / "c.txt").unlink()
    assert engine.corpus_mark() == marks[1]
    assert len(set(marks)) == len(marks)


def test_a_reindex_that_finds_nothing_new_keeps_what_was_rolled_back(
    engine: Engine, write: Write
) -> None:
    engine.roll_back()
    write("The lighthouse is blue.")
    assert not engine.reindex().published
    assert states(engine)["000003"] == "withdrawn"


def test_other_weights_under_the_same_name_are_not_rolled_back_to(
    tmp_path: Path, make_engine: MakeEngine, write: Write, corpus: Path
) -> None:
    model = write_tiny_model(tmp_path / "model")
    write("The lighthouse is red.")
    make_engine(corpus, tmp_path / "data", model=str(model)).reindex()
    engine = make_engine(corpus, tmp_path / "data", model=str(model))
    engine._models._embedder = SentenceTransformerEmbedder(
        str(write_tiny_model(tmp_path / "b", seed=1))
    )
    write("The lighthouse is blue.")
    engine.reindex()
    with pytest.raises(IndexMismatch, match="000001 cannot answer: the weights"):
        engine.roll_back()
    assert told(engine) == "The lighthouse is blue."


def test_a_copy_of_a_generation_is_damaged_and_never_answers(
    engine: Engine, tmp_path: Path
) -> None:
    built = tmp_path / "data" / "generations"
    shutil.copytree(built / "000001", built / "000009")
    assert states(engine) == {
        "000001": "kept",
        "000002": "kept",
        "000003": "answering",
        "000009": "damaged",
    }
    assert engine.roll_back().name == "000002"
