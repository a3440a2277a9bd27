"""What was written for the reader: every line whole, every answer in its passage."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from parts import ROOT

from training.examples import Example
from training.multilingual.sets import NATIVE_LANGUAGES
from training.written import (
    COMPOSED,
    NATIVE,
    WRITTEN,
    read_composed,
    read_native,
    read_translated,
    read_written,
)

SHARED = Path(os.environ.get("QUOTH_SHARED", ROOT.parent / "shared"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


def asked(path: Path) -> list[tuple[str, str]]:
    """Each question of the file with its answer, or an empty one."""
    return [
        (one["question"], one.get("answer", "")) for line in lines(path) for one in line["asked"]
    ]


def read(examples: list[Example]) -> list[tuple[str, str]]:
    """The same of examples: the answer is what lies there in the passage."""
    return [(e.question, "".join(e.passage[a.start : a.end] for a in e.answers)) for e in examples]


@pytest.mark.parametrize("path", [WRITTEN, COMPOSED, NATIVE], ids=lambda path: path.stem)
class TestLines:
    def test_each_passage_has_questions_that_it_answers_and_that_it_does_not(
        self, path: Path
    ) -> None:
        for number, line in enumerate(lines(path), start=1):
            answered = [one for one in line["asked"] if one.get("answer")]
            assert 0 < len(answered) < len(line["asked"]), f"line {number}"

    def test_no_question_is_asked_twice_of_a_passage(self, path: Path) -> None:
        for number, line in enumerate(lines(path), start=1):
            questions = [one["question"].lower() for one in line["asked"]]
            assert len(set(questions)) == len(questions), f"line {number}"


@pytest.mark.parametrize("path", [COMPOSED, NATIVE], ids=lambda path: path.stem)
def test_a_passage_is_composed_once(path: Path) -> None:
    passages = [line["passage"] for line in lines(path)]
    assert len(set(passages)) == len(passages) > 0


def test_answers_lie_in_what_was_composed() -> None:
    examples = read_composed()
    assert read(examples) == asked(COMPOSED)
    assert all(e.kind == ("gold" if e.answers else "written") for e in examples)
    for e in examples:
        for a in e.answers:
            ends = e.passage[max(0, a.start - 1) : a.start + 1], e.passage[a.end - 1 : a.end + 1]
            assert not any(re.fullmatch(r"\w\w", end) for end in ends), e


def test_a_question_in_another_language_has_the_answer_that_it_has_in_english() -> None:
    pairs = read_translated()
    assert len(pairs) == sum("in" in one for line in lines(COMPOSED) for one in line["asked"]) > 0
    for english, other in pairs:
        assert other.answers == english.answers
        assert other.passage == english.passage
        assert other.question != english.question


def test_all_that_is_native_is_of_a_known_language_with_its_answers_in_place() -> None:
    examples = [e for language in NATIVE_LANGUAGES for e in read_native(language)]
    assert sorted(read(examples)) == sorted(asked(NATIVE))


@pytest.mark.skipif(
    not (SHARED / "train").is_dir(),
    reason="the sets to train on are absent; QUOTH_SHARED names the folder that holds them",
)
def test_answers_lie_where_they_are_said_to_in_the_sets() -> None:
    examples = read_written(SHARED)
    assert read(examples) == asked(WRITTEN)
    assert all(e.kind == ("gold" if e.answers else "written") for e in examples)
