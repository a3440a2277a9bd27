"""The reader that ships: its readings, its spans, and what it does with long and odd input."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from index.errors import ModelError
from index.protocols import Embedder
from index.read import HubReader, PackagedReader, SentenceReader
from index.read.packaged import PACKAGED_READER
from index.read.spans import SPAN_MAX_TOKENS
from index.read.windows import MOST_WINDOWS, Window
from index.records import Passage, Reading, Span

FERRY = "The ferry to Skye leaves Mallaig at half past nine every morning."
CAKE = "Beat the butter and sugar until pale, then fold in the flour."
FILLER = "Nobody on the quay had anything else to say about the weather that day. " * 40


def passage(text: str, heading: str = "", *, cuts: tuple[int, ...] = ()) -> Passage:
    """A passage whose sentences begin at 0 and at `cuts`."""
    edges = [0, *cuts, len(text)]
    return Passage(heading, text, tuple(Span(a, b) for a, b in pairwise(edges)))


def passages(*texts: str) -> list[Passage]:
    return [passage(text) for text in texts]


@pytest.fixture(scope="module")
def reader() -> PackagedReader:
    return PackagedReader()


def test_the_passage_that_answers_is_read_as_more_relevant_and_as_answering(
    reader: PackagedReader,
) -> None:
    ferry, cake = reader.read("When does the ferry to Skye leave?", passages(FERRY, CAKE))
    assert ferry.relevance > cake.relevance
    assert ferry.answered > cake.answered


def test_the_best_span_is_the_answer_in_characters_of_the_passage(reader: PackagedReader) -> None:
    (reading,) = reader.read("When does the ferry to Skye leave?", passages(FERRY))
    best = reading.spans[0]
    assert "half past nine" in FERRY[best.start : best.end]


def test_readings_come_in_the_order_of_the_passages(reader: PackagedReader) -> None:
    question = "When does the ferry to Skye leave?"
    one_way = reader.read(question, passages(FERRY, CAKE, FILLER))
    other_way = reader.read(question, passages(FILLER, CAKE, FERRY))
    for mine, theirs in zip(one_way, reversed(other_way), strict=True):
        assert mine.answered == pytest.approx(theirs.answered, abs=0.5)  # int8 varies with padding


@pytest.mark.parametrize("text", [FERRY, CAKE, FILLER + FERRY, "“Nine”\u00a0🚢 o’clock, é"])
def test_spans_lie_in_the_passage_apart_from_each_other_best_first(
    reader: PackagedReader, text: str
) -> None:
    (reading,) = reader.read("When does the ferry leave?", passages(text))
    scores = [span.score for span in reading.spans]
    assert scores == sorted(scores, reverse=True)
    places = sorted((span.start, span.end) for span in reading.spans)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(len(text[a:b].split()) <= SPAN_MAX_TOKENS for a, b in places)


def test_an_answer_at_the_end_of_a_passage_beyond_one_window_is_found(
    reader: PackagedReader,
) -> None:
    text = FILLER + FERRY
    long = passage(text, cuts=(len(FILLER),))
    (reading,) = reader.read("When does the ferry to Skye leave?", [long])
    best = reading.spans[0]
    assert "half past nine" in text[best.start : best.end]
    assert reading.sentences[1] > 0.9


def test_of_a_passage_without_end_only_its_first_windows_are_read(
    reader: PackagedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    run = reader._run

    def watched(windows: Sequence[Window]) -> Iterator[Reading]:
        read.append(len(windows))
        return run(windows)

    monkeypatch.setattr(reader, "_run", watched)
    assert len(reader.read("what is it", [passage("a," * 20_000)])) == 1
    assert sum(read) == MOST_WINDOWS


def test_the_heading_is_read_but_no_answer_is_looked_for_in_it(reader: PackagedReader) -> None:
    headed = passage("It leaves at half past nine.", "The ferry to Skye, at noon")
    (reading,) = reader.read("When does the ferry to Skye leave?", [headed])
    assert all(0 <= span.start < span.end <= len(headed.text) for span in reading.spans)
    assert "half past nine" in headed.text[reading.spans[0].start : reading.spans[0].end]
    (bare,) = reader.read("When does the ferry to Skye leave?", [passage(headed.text)])
    assert reading.relevance > bare.relevance


def test_the_chances_of_the_sentences_sum_to_one_and_favour_the_one_that_answers(
    reader: PackagedReader,
) -> None:
    both = passage(f"{CAKE} {FERRY} {CAKE}", cuts=(len(CAKE) + 1, len(CAKE) + len(FERRY) + 2))
    (reading,) = reader.read("When does the ferry to Skye leave?", [both])
    assert sum(reading.sentences) == pytest.approx(1)
    assert max(reading.sentences) == reading.sentences[1] > 0.9


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_a_passage_of_no_words_can_be_read(reader: PackagedReader, text: str) -> None:
    (reading,) = reader.read("When?", [Passage("", text, (Span(0, len(text)),))])
    assert reading.spans == ()
    assert reading.sentences == (0.0,)


def test_the_reader_tells_ordinary_words_from_others(reader: PackagedReader) -> None:
    assert reader.knows("Ferry")
    assert not reader.knows("ferrry")


@pytest.mark.parametrize("question", ["第" * 1000, "when " * 500, "?", "\u200b", "🚢" * 300])
def test_any_question_can_be_read(reader: PackagedReader, question: str) -> None:
    assert len(reader.read(question, passages(FERRY, CAKE))) == 2


def test_no_passages_give_no_readings(reader: PackagedReader) -> None:
    assert reader.read("When?", []) == []


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_reader_is_refused_before_it_is_used(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(PACKAGED_READER, tmp_path / "reader")
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} of the reader .* is damaged"):
        PackagedReader(folder)


def test_a_missing_reader_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no whole reader"):
        PackagedReader(tmp_path)


@pytest.fixture(scope="module")
def tiny_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An extractive model of random weights, and the tokenizer that the packaged reader has."""
    from transformers import (  # noqa: PLC0415  # slow
        BertConfig,
        BertForQuestionAnswering,
        PreTrainedTokenizerFast,
    )

    folder = tmp_path_factory.mktemp("tiny-reader")
    config = BertConfig(
        vocab_size=30522,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # its lack
        tokenizer_file=str(PACKAGED_READER / "tokenizer.json"),
        model_max_length=128,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("pad", "cls", "sep")},
    ).save_pretrained(folder)
    return folder


def test_any_extractive_model_of_transformers_can_read_in_place_of_the_packaged_one(
    tiny_reader: Path,
) -> None:
    hub = HubReader(str(tiny_reader))
    both = passage(f"{CAKE} {FERRY}", "A heading", cuts=(len(CAKE) + 1,))
    first, second, empty = hub.read("When does it leave?", [both, passage(FILLER), passage(" ")])
    assert sum(first.sentences) == pytest.approx(1)
    assert all(0 <= s.start < s.end <= len(both.text) for s in first.spans)
    assert second.spans[0].end <= len(FILLER)
    assert (empty.spans, first.scale) == ((), "spans")
    assert hub.knows("ferry")
    assert not hub.knows("ferrry")


def test_a_model_that_does_not_extract_answers_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="no extractive question-answering model"):
        HubReader(str(tiny_model.parent / "bert"))
    with pytest.raises(ModelError, match="cannot be loaded"):
        HubReader(str(tmp_path))
    with pytest.raises(ModelError, match=r"there is no folder .*/none of a reader; check the"):
        HubReader(str(tmp_path / "none"))


def test_a_foreign_question_is_read_by_the_nearest_sentence(embedder: Embedder) -> None:
    reader = SentenceReader(embedder)
    both = passage(f"{CAKE} {FERRY}", cuts=(len(CAKE) + 1,))
    near, far = reader.read("When does the ferry to Skye leave?", [both, passage(CAKE)])
    assert near.sentences[1] == max(near.sentences)
    assert near.answered > far.answered == pytest.approx(far.relevance)
    assert near.spans == ()
    assert reader.read("When?", []) == []
