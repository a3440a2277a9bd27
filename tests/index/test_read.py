"""The reader that ships: its readings, its spans, and what it does with long and odd input."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from index.errors import ModelError
from index.read import PACKAGED_READER, SPAN_MAX_TOKENS, OnnxReader

FERRY = "The ferry to Skye leaves Mallaig at half past nine every morning."
CAKE = "Beat the butter and sugar until pale, then fold in the flour."
FILLER = "Nobody on the quay had anything else to say about the weather that day. " * 40


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader()


def test_the_passage_that_answers_is_read_as_more_relevant_and_as_answering(
    reader: OnnxReader,
) -> None:
    ferry, cake = reader.read("When does the ferry to Skye leave?", [FERRY, CAKE])
    assert ferry.relevance > cake.relevance
    assert ferry.answered > cake.answered


def test_the_best_span_is_the_answer_in_characters_of_the_passage(reader: OnnxReader) -> None:
    (reading,) = reader.read("When does the ferry to Skye leave?", [FERRY])
    best = reading.spans[0]
    assert "half past nine" in FERRY[best.start : best.end]


def test_readings_come_in_the_order_of_the_passages(reader: OnnxReader) -> None:
    question = "When does the ferry to Skye leave?"
    one_way = reader.read(question, [FERRY, CAKE, FILLER])
    other_way = reader.read(question, [FILLER, CAKE, FERRY])
    for mine, theirs in zip(one_way, reversed(other_way), strict=True):
        assert mine.answered == pytest.approx(theirs.answered, abs=0.5)  # int8 varies with padding


@pytest.mark.parametrize("passage", [FERRY, CAKE, FILLER + FERRY, "“Nine”\u00a0🚢 o’clock, é"])
def test_spans_lie_in_the_passage_apart_from_each_other_best_first(
    reader: OnnxReader, passage: str
) -> None:
    (reading,) = reader.read("When does the ferry leave?", [passage])
    scores = [span.score for span in reading.spans]
    assert scores == sorted(scores, reverse=True)
    places = sorted((span.start, span.end) for span in reading.spans)
    assert all(0 <= start < end <= len(passage) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(len(passage[a:b].split()) <= SPAN_MAX_TOKENS for a, b in places)


def test_an_answer_at_the_end_of_a_passage_beyond_one_window_is_found(reader: OnnxReader) -> None:
    passage = FILLER + FERRY
    (reading,) = reader.read("When does the ferry to Skye leave?", [passage])
    best = reading.spans[0]
    assert "half past nine" in passage[best.start : best.end]


@pytest.mark.parametrize("question", ["第" * 1000, "when " * 500, "?", "\u200b", "🚢" * 300])
def test_any_question_can_be_read(reader: OnnxReader, question: str) -> None:
    assert len(reader.read(question, [FERRY, CAKE])) == 2


def test_no_passages_give_no_readings(reader: OnnxReader) -> None:
    assert reader.read("When?", []) == []


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_reader_is_refused_before_it_is_used(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(PACKAGED_READER, tmp_path / "reader")
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} of the reader .* is damaged"):
        OnnxReader(folder)


def test_a_missing_reader_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no whole reader"):
        OnnxReader(tmp_path)
