"""Questions as people type and say them keep their meaning's bearers, or what sounds like them."""

import random

import pytest

from training.speech_noise import REPAIRS, Ear, hesitate
from training.typing_noise import type_carelessly

WORDS = (
    "hug note knots eight ate weight write right rite knight night interpol inter pole "
    "who is was the of normans main enemy in italy and did luther tell about their vows vowels"
)
QUESTION = "Who was the Normans' main enemy in Italy, the U.S. and Gaul?"


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear([WORDS] * 20)


@pytest.mark.parametrize(
    ("said", "heard"),
    [("knight", {"night"}), ("write", {"right", "rite"}), ("Wright", {"right", "write"})],
)
def test_a_word_is_heard_as_another_that_sounds_the_same(
    ear: Ear, said: str, heard: set[str]
) -> None:
    found = {ear.alike(said, random.Random(seed)) for seed in range(40)}

    assert found & heard
    assert said.lower() not in found


def test_a_name_that_no_machine_knows_is_heard_as_two_words(ear: Ear) -> None:
    assert "hug note" in {ear.alike("Hugnote", random.Random(seed)) for seed in range(40)}


def test_what_sounds_like_nothing_known_is_not_replaced(ear: Ear) -> None:
    assert {ear.alike("Zjixvy", random.Random(seed)) for seed in range(20)} == {""}


def test_rare_words_are_not_expected() -> None:
    ear = Ear(["the night"] * 20 + ["knight"] * 19)

    assert ear.alike("night", random.Random(1)) == ""


def test_what_is_heard_has_no_marks_and_begins_small(ear: Ear) -> None:
    for seed in range(50):
        heard = ear.transcribe(QUESTION, random.Random(seed))
        assert not set("?,.") & set(heard)
        assert heard[0].islower()


def test_some_questions_are_heard_as_they_were_said(ear: Ear) -> None:
    heard = [ear.transcribe(QUESTION, random.Random(seed)) for seed in range(200)]

    assert "who was the Normans' main enemy in Italy the US and Gaul" in heard
    assert len(set(heard)) > 5


def test_after_a_false_start_the_whole_question_stands_and_has_the_last_word() -> None:
    for seed in range(50):
        said = hesitate(QUESTION, "Where did the Danes land?", random.Random(seed))
        left = iter(said.lower().split())
        assert all(word in left for word in QUESTION.lower().split()), said
        assert said.endswith("Gaul?")
        assert any(f" {repair} " in said for repair in REPAIRS)


def test_a_hurried_question_keeps_its_long_words_but_one() -> None:
    long = {word.strip("?,'") for word in QUESTION.lower().split() if len(word) >= 5}
    for seed in range(100):
        typed = type_carelessly(QUESTION, random.Random(seed)).lower()
        left = {word.strip("?,'") for word in typed.split()}
        assert len(long - left) <= 1


def test_typing_never_leaves_nothing() -> None:
    assert {type_carelessly("?", random.Random(seed)).strip() for seed in range(20)} == {"?"}
