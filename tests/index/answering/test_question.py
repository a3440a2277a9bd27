"""What is two questions in one."""

import pytest

from index import Engine
from index.answering.question import parts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("when was the meeting and who hosted it", ("when was the meeting", "who hosted it")),
        ("Who is Stock? What does he do?", ("Who is Stock", "What does he do?")),
        ("wann ist es und wo ist es", ("wann ist es", "wo ist es")),
        ("quand est-ce et où est-ce", ("quand est-ce", "où est-ce")),
        ("was kosten Tee und Wein", ("was kosten Tee und Wein",)),
        ("What happened and why?", ("What happened and why?",)),
        ("what do Tea and Rum eat", ("what do Tea and Rum eat",)),
        ("who leads interpol", ("who leads interpol",)),
        ("Who is it? Where is it? When is it?", ("Who is it? Where is it? When is it?",)),
    ],
)
def test_a_question_of_two_parts_is_asked_in_two(text: str, wanted: tuple[str, ...]) -> None:
    assert parts(text) == wanted


def test_small_talk_is_not_answered_with_a_quote(article_engine: Engine) -> None:
    answer = article_engine.ask("thanks bot")
    assert (answer.answered, answer.abstention) == (False, "small talk")
    assert answer.quotes == answer.closest == ()


def test_an_explanation_has_every_candidate_with_what_became_of_it(article_engine: Engine) -> None:
    explanation = article_engine.explain("who is the secretary general of interpol")
    shown = [each for each in explanation.considered if each.cut is None]
    assert [(each.hit.chunk.document, each.quote.start) for each in shown if each.quote] == [
        (quote.document, quote.start) for quote in explanation.answer.quotes
    ]
    unread = [each for each in explanation.considered if each.probability is None]
    assert all(each.cut == "not read" and each.hit.reading is None for each in unread)
    assert {"search", "read", "answer"} <= explanation.ms.keys()
    assert explanation.answer.ms >= sum(explanation.ms.values()) - 1
