"""Pairs that look answerable and are not: each lost its answer by the means it is named for."""

import random
from dataclasses import replace

import pytest

from training.examples import Answer, Example
from training.near_misses import (
    MAKERS,
    elsewhere,
    fair,
    is_specific,
    opposite,
    sibling,
    swapped_name,
    swapped_word,
    without_answer,
)
from training.passages import PassageIndex

PASSAGE = (
    "The first meeting of the ministers was held in London in 2015 at the request of France. "
    "Jürgen Stock, the Secretary General of Interpol, gave a report on foreign fighters there. "
    "The harvest of that year was sold in Lisbon, and Bob Dylan sang for the delegates in 1998."
)
OTHER = (
    "The second meeting was held in Madrid in 2016, where delegates of forty states spoke long "
    "of passports, borders, and what a register of names would have to hold to be of any use."
)
HOLDS_ANSWER = (
    "Jürgen Stock was born in Wetzlar and studied law; he became a police officer in 1978."
)
QUESTION = "Who was the Secretary General of Interpol at the first meeting in London?"


def example_of(question: str, answer: str, passage: str = PASSAGE) -> Example:
    at = passage.index(answer)
    return Example(question, passage, (Answer(at, at + len(answer)),), "wiki/London", "wiki")


EXAMPLE = example_of(QUESTION, "Jürgen Stock")


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    others = [replace(EXAMPLE, passage=text, answers=()) for text in (OTHER, HOLDS_ANSWER)]
    tale = "A tale of {} kings and a crown, told by an old woman at the fire in a winter night."
    far = [
        replace(EXAMPLE, passage=tale.format(n), title=f"wiki/Tale {n}", answers=())
        for n in range(60)
    ]
    return PassageIndex([EXAMPLE, *others, *far])


@pytest.mark.parametrize("kind", MAKERS)
def test_no_near_miss_has_an_answer_and_each_says_its_kind(kind: str, index: PassageIndex) -> None:
    made = [MAKERS[kind](EXAMPLE, index, random.Random(seed)) for seed in range(30)]

    found = [pair for pair in made if pair]
    assert found
    for pair in found:
        assert pair.answers == ()
        assert pair.kind == kind
        assert (pair.question, pair.passage) != (EXAMPLE.question, EXAMPLE.passage)


def test_the_answers_sentence_is_taken_out_whole(index: PassageIndex) -> None:
    made = without_answer(EXAMPLE, index, random.Random(1))

    assert made is not None
    assert "Stock" not in made.passage
    assert "harvest" in made.passage


def test_an_answer_that_stands_twice_cannot_be_taken_out(index: PassageIndex) -> None:
    twice = example_of(QUESTION, "Jürgen Stock", f"{PASSAGE} Jürgen Stock left at noon.")

    assert without_answer(twice, index, random.Random(1)) is None


def test_a_passage_from_elsewhere_shares_no_word_and_is_of_the_same_set(
    index: PassageIndex,
) -> None:
    asked = replace(EXAMPLE, question="who speaks of passports")
    made = [elsewhere(asked, index, random.Random(seed)) for seed in range(30)]

    assert {pair.passage[:6] for pair in made if pair} == {"A tale"}
    assert elsewhere(replace(asked, source="nq"), index, random.Random(1)) is None


def test_a_passage_that_holds_the_answer_takes_no_others_place(index: PassageIndex) -> None:
    assert fair(EXAMPLE, [OTHER, HOLDS_ANSWER, PASSAGE, "Too short."]) == [OTHER]
    for seed in range(20):
        made = sibling(EXAMPLE, index, random.Random(seed))
        assert made is not None
        assert made.passage == OTHER


@pytest.mark.parametrize(
    ("question", "specific"),
    [("What is this?", False), ("Who is it about?", False), ("Who leads Interpol?", True),
     ("how many foreign fighters came home", True)],
)  # fmt: skip
def test_vague_questions_are_told_from_specific_ones(question: str, *, specific: bool) -> None:
    assert is_specific(question) is specific


def test_a_name_is_replaced_by_another_of_the_passage(index: PassageIndex) -> None:
    asked = {made.question for seed in range(40)
             if (made := swapped_name(EXAMPLE, index, random.Random(seed)))}  # fmt: skip

    assert asked
    assert EXAMPLE.question not in asked
    told = f"{PASSAGE} {OTHER} {HOLDS_ANSWER}"
    for question in asked:
        new = set(question.rstrip("?").split()) - set(QUESTION.rstrip("?").split())
        assert all(word in told for word in new), question


def test_a_year_becomes_another_year(index: PassageIndex) -> None:
    made = swapped_name(
        example_of("what was held in 2015", "first meeting"), index, random.Random(1)
    )

    assert made is not None
    assert made.question in {"what was held in 2016", "what was held in 1998",
                             "what was held in 1978"}  # fmt: skip


def test_a_word_is_replaced_by_one_of_the_same_form(index: PassageIndex) -> None:
    example = example_of("where was the harvest sold", "Lisbon")

    made = swapped_word(example, index, random.Random(1))

    assert made is not None
    assert made.question != example.question
    assert made.question.startswith("where was the ")


@pytest.mark.parametrize(
    ("question", "turned"),
    [("Where was the first meeting?", "Where was the last meeting?"),
     ("Who came before, France?", "Who came after, France?")],
)  # fmt: skip
def test_a_question_is_turned_into_its_opposite(
    question: str, turned: str, index: PassageIndex
) -> None:
    made = opposite(example_of(question, "London"), index, random.Random(1))

    assert made is not None
    assert made.question == turned
