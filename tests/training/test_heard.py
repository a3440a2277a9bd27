"""What a machine heard is used where it can be understood, with the names' capitals or without."""

import random

import pytest

from training.heard import as_written, read_heard, understood

QUESTION = "Who led the Red Army to Belgrade?"


@pytest.mark.parametrize(
    ("heard", "enough"),
    [
        ("who led the red army to belgrade", True),
        ("who lead the red army two bell grade", True),
        ("who let the bread army the bell gate", False),
        ("", False),
    ],
)
def test_half_of_the_content_words_are_understood(heard: str, *, enough: bool) -> None:
    assert understood(QUESTION, heard) == enough


def test_a_question_of_little_words_alone_is_understood_by_these() -> None:
    assert understood("who is it", "who is it")
    assert not understood("who is it", "cows")


def test_names_that_were_heard_rightly_are_written_with_a_capital_or_all_small() -> None:
    heard = "who led the red army two bell grade"
    written = {as_written(QUESTION, heard, random.Random(seed)) for seed in range(20)}

    assert written == {heard, "who led the Red Army two bell grade"}


def test_what_was_heard_is_of_many_questions_and_most_is_understood() -> None:
    heard = read_heard()
    known = sum(understood(question, text) for question, text in heard.items())

    assert len(heard) > 3000
    assert 0.6 < known / len(heard) < 0.95
