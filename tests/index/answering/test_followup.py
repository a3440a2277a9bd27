"""A follow-up is understood from the question before it."""

import json
from pathlib import Path

import pytest
from parts import MakeEngine

from index import Before, Engine
from index.answering.followup import readings, understood

BEFORE = Before("what is the ICSE database?", ("a.txt",))
FOLLOW_UPS = [
    json.loads(line)
    for line in Path(__file__)
    .with_name("follow_ups.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
RIGHT_AT_LEAST = 16
"""Of the 20, asked as they are, of the article that ships: 17 when this was written."""


@pytest.mark.parametrize("question", ["and where?", "why", "and 2020?", "how many was it"])
def test_a_question_that_names_little_is_also_read_after_the_one_before(question: str) -> None:
    itself, together = readings(question, BEFORE)
    assert itself == question
    assert together.startswith("what is the ICSE database, ")
    assert not together.startswith("what is the ICSE database, and")


@pytest.mark.parametrize("question", ["how many offenders were found?", "who joined in person?"])
def test_a_question_that_names_enough_is_read_as_it_stands(question: str) -> None:
    assert readings(question, BEFORE) == (question,)


@pytest.mark.parametrize("question", ["what about Rome?", "and how about Rome?"])
def test_the_same_is_asked_for_the_next_thing(question: str) -> None:
    before = Before("when was the bridge built?", ())
    assert readings(question, before) == ("when was the bridge built, Rome?",)


@pytest.mark.parametrize(
    ("before", "question", "wanted"),
    [
        ("What does rule 12 say?", "What about 13?", "What does rule 13 say"),
        (
            "what does a ticket for 2 people cost?",
            "and how about 3",
            "what does a ticket for 3 people cost",
        ),
        ("who won series 9 in 2010?", "and 2011?", "who won series 9 in 2011"),
        ("when is the meeting?", "what about 2025?", "when is the meeting, 2025?"),
        ("is rule 3.1 in force?", "and 4.2?", "is rule 4.2 in force"),
        ("what does rule 12 say?", "what about #13?", "what does rule 13 say"),
        ("what does rule 12 say?", "what about 2024?", "what does rule 12 say, 2024?"),
        ("who won series 9 in 2010?", "and 10?", "who won series 10 in 2010"),
        ("is it open at 9:30?", "what about 10?", "is it open at 9:30, 10?"),
        ("who won the 1st series?", "what about the 2nd?", "who won the 1st series, the 2nd?"),
        ("is rule 12 mentioned?", "what about 13?", "rule 13"),
        ("what does E07 mean?", "what about e11?", "what does e11 mean"),
        ("what does F07 mean?", "what about e11?", "what does F07 mean, e11?"),
        ("how many joined in 2024?", "and in 2023?", "how many joined in 2023"),
        ("what does it cost for 2?", "what about for 3?", "what does it cost for 3"),
        ("how much for 3 on 14 June?", "and for 2?", "how much for 2 on 14 June"),
        ("what is new in rule 12 on 4 May?", "in 3?", "what is new in rule 12 on 4 May, in 3?"),
    ],
)
def test_a_number_alone_takes_the_place_of_the_last_one(
    before: str, question: str, wanted: str
) -> None:
    assert readings(question, Before(before, ()))[-1] == wanted


def test_what_is_asked_for_the_next_thing_is_asked_for_the_one_after_that_too() -> None:
    first = Before("when was the bridge built?", ())
    second = Before(understood("What about Rome?", first), ())
    assert readings("what about Paris?", second) == ("when was the bridge built, Rome, Paris?",)
    assert (
        understood("who joined the meeting in person?", first)
        == "who joined the meeting in person?"
    )
    assert understood("thanks!", second) == second.question
    assert understood("and why?", Before("x" * 300, ())) == "and why?"


def test_after_a_topic_the_next_thing_is_one_too() -> None:
    before = Before("does it say anything about Rome?", ())
    assert readings("what about Paris?", before) == ("what about Paris?", "Paris")


def test_follow_ups_on_the_article_are_answered(article_engine: Engine) -> None:
    (article,) = article_engine.sources()  # so every answer of before is of this one
    right = []
    for pair in FOLLOW_UPS:
        before = Before(pair["before"], (article.document,))
        answer = article_engine.ask(pair["question"], before)
        words = " ".join(" ".join(quote.text.split()) for quote in answer.quotes[:1])
        right.append(pair["answer"] in words)
    assert sum(right) >= RIGHT_AT_LEAST


def test_the_next_topic_is_answered_and_the_next_thing_asked_about_is_not_taken_for_one(
    article_engine: Engine,
) -> None:
    topics = Before("does it say anything about Europol?", ())
    assert "ransomware" in article_engine.ask("what about ransomware?", topics).quotes[0].text
    assert not article_engine.ask("what about Europol?", topics).answered
    when = Before("when was Europol founded?", ())
    assert not article_engine.ask("what about ransomware?", when).answered


def test_what_follows_nothing_that_was_answered_is_still_answered(article_engine: Engine) -> None:
    before = Before("what is the boiling point of mercury", ())
    answer = article_engine.ask("who is the secretary general of interpol", before)
    assert "Jürgen Stock" in answer.quotes[0].text


def test_the_next_thing_is_answered_only_by_what_speaks_of_it(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    rules = "1. Be kind.\n2. Hide spoilers for a week.\n3. The minimum age is 16.\n"
    (corpus / "rules.md").write_text(f"# Rules\n\n{rules}", encoding="utf-8")
    engine = make_engine(corpus, tmp_path / "data")
    engine.reindex()
    before = Before("what is the minimum age?", ("rules.md",))
    explained = engine.explain("and what about spoilers?", before)
    assert "age" not in " ".join(quote.text for quote in explained.answer.quotes)
    assert "does not speak of spoilers" in {one.cut for one in explained.considered}
    assert "16" in engine.ask("what about 16 year olds?", before).quotes[0].text
