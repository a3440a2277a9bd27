"""What was written for the reader: every line whole, every answer in its passage."""

import json
import os
from pathlib import Path

import pytest
from parts import ROOT

from training.written import WRITTEN, read_written

SHARED = Path(os.environ.get("QUOTH_SHARED", ROOT.parent / "shared"))


def test_each_passage_has_questions_that_it_answers_and_that_it_does_not() -> None:
    for number, text in enumerate(WRITTEN.read_text(encoding="utf-8").splitlines(), start=1):
        asked = json.loads(text)["asked"]
        answered = [one for one in asked if one.get("answer")]
        assert 0 < len(answered) < len(asked), f"line {number}"


def test_no_question_is_asked_twice_of_a_passage() -> None:
    for number, text in enumerate(WRITTEN.read_text(encoding="utf-8").splitlines(), start=1):
        questions = [one["question"].lower() for one in json.loads(text)["asked"]]
        assert len(set(questions)) == len(questions), f"line {number}"


@pytest.mark.skipif(
    not (SHARED / "train").is_dir(),
    reason="the sets to train on are absent; QUOTH_SHARED names the folder that holds them",
)
def test_answers_lie_where_they_are_said_to() -> None:
    lines = [json.loads(text) for text in WRITTEN.read_text(encoding="utf-8").splitlines()]
    wanted = [(one["question"], one.get("answer", "")) for line in lines for one in line["asked"]]

    read = read_written(SHARED)

    found = [(e.question, "".join(e.passage[a.start : a.end] for a in e.answers)) for e in read]
    assert found == wanted
    assert all(e.kind == ("gold" if e.answers else "written") for e in read)
