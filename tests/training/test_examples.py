"""Windows of passages: the answer goes with them, at its own place."""

import gzip
import json
import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from training.examples import (
    Answer,
    Example,
    answer_texts,
    read_examples,
    read_source,
    sentences,
    window,
    write_examples,
)

SENTENCES = [
    "Rain fell on the town.", "The king slept!", "Who had sent the letter?", "Nobody knew.",
    "In 1215 he signed a charter at Runnymede.", "It was long, and it was dull.",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=9),
    st.integers(0, 8), st.integers(10, 300), st.integers(0, 9),
)  # fmt: skip
def test_a_window_holds_the_answer_at_its_offsets(
    some: list[str], which: int, most: int, seed: int
) -> None:
    passage = " ".join(some)
    row = which % len(some)
    start = len(" ".join(some[:row])) + (row > 0)
    answer = Answer(start, start + len(some[row]) - 1)
    example = Example("q", passage, (answer,), "t", "s")

    cut = window(example, most, random.Random(seed))

    assert passage[answer.start : answer.end] in {cut.passage[a.start : a.end] for a in cut.answers}
    assert len(cut.passage) <= max(most, len(some[row]))
    assert cut.passage in passage


@given(st.text(alphabet="aB1 .?!\n\"'()", max_size=60))
def test_sentences_cover_the_text_without_gaps(text: str) -> None:
    spans = sentences(text)

    assert "".join(text[start:end] for start, end in spans) == text


def test_without_an_answer_the_window_lies_where_the_words_are() -> None:
    example = Example("what charter was signed at Runnymede", " ".join(SENTENCES), (), "t", "s")

    cut = window(example, 50, random.Random(1))

    assert "Runnymede" in cut.passage
    assert cut.answers == ()


def test_annotators_who_agree_are_counted_and_blanks_are_cut_off(tmp_path: Path) -> None:
    answers = [{"text": " the king,", "start": 3}, {"text": "the king", "start": 4}]
    record = {"question": " Who \n slept?", "context": "So, the king, slept.", "title": "T",
              "source": "set/part", "answers": answers}  # fmt: skip
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(record).encode()))

    [example] = read_source(path)

    assert example.question == "Who slept?"
    assert example.answers == (Answer(4, 12, votes=2),)
    assert answer_texts(example) == {"the king"}
    assert example.title == "set/T"


def test_examples_are_read_as_they_were_written(tmp_path: Path) -> None:
    examples = [
        Example("wer?", "Der König schlief.", (Answer(0, 9, 3),), "t", "s", "gold", "Märchen"),
        Example("who?", "", (), "t", "s", "sibling"),
    ]

    write_examples(examples, tmp_path / "new" / "round.jsonl")

    assert read_examples(tmp_path / "new" / "round.jsonl") == examples
