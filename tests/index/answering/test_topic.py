"""Whether something is spoken of at all: which questions ask that, and which quotes answer it."""

import pytest

from index import Engine
from index.answering.topic import names, topic, wordings


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("does it say anything about ransomware?", "ransomware"),
        ("do the server rules say anything on NSFW posts", "NSFW posts"),
        ("hey, can you tell me if it mentions dogs on trains?", "dogs on trains"),
        ("does the article mention child abuse at all?", "child abuse"),
        ("is “child abuse” mentioned anywhere in the article?", "child abuse"),
        ("does anyone know whether tariffs are discussed", "tariffs"),
        ("anything on chickens?", "chickens"),
        ("does it say much about the weather", "the weather"),
        ("any mention of Paris?", "Paris"),
        ("is there any info on parking in the docs?", "parking"),
        ("are there any rules for pets", "pets"),
        ("What does it say about dogs on trains?", "dogs on trains"),
        ("tell me more about the G7", "the G7"),
        ("and what about visas for students?", "visas for students"),
        ("ransomware?", "ransomware"),
        ("Child abuse", "Child abuse"),
        ("国际刑警", "国际刑警"),
    ],
)
def test_a_topic_is_what_is_asked_about(question: str, wanted: str) -> None:
    assert topic(question) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "who leads interpol",
        "Who was the governor mentioned in the verse?",
        "Is the deal discussed by ministers legal?",
        "When was the treaty first mentioned?",
        "Were there any deaths of soldiers?",
        "did it have any effect on trade?",
        "does she say anything about coffee",  # who says it is asked, too
        "does it say who won",
        "does it say anything about who won",
        "is it mentioned anywhere",
        "tell me about it",
        "what is it about",
        "why not",
        "Some of the ships sank when?",
        "parts of the bridge that fell",
        "国际刑警组织有多少条警报？",
        "who",
        "???",
        "",
    ],
)
def test_any_other_question_has_none(question: str) -> None:
    assert topic(question) is None
    assert wordings(question) == (question,)


def test_a_topic_question_is_read_both_ways_and_a_topic_once() -> None:
    asked = "is ransomware mentioned?"
    assert wordings(asked) == (asked, "ransomware")
    assert wordings("ransomware?") == ("ransomware?",)


@pytest.mark.parametrize(
    ("text", "heading", "wanted"),
    [
        ("Child abusers are sought.", "", "the child abuse"),
        ("Two dogs may travel.", "Trains", "dogs on trains"),
        ("`index.answer_from` is .33.", "", "answer_from"),
        ("It was on 9/11.", "", "9-11"),
    ],
)
def test_a_quote_names_a_topic_whose_every_word_it_holds(
    text: str, heading: str, wanted: str
) -> None:
    assert names(text, heading, wanted, "en")


@pytest.mark.parametrize(
    ("text", "heading", "wanted"),
    [
        ("The answer comes from there.", "", "answer_from"),
        ("The child was sought.", "", "child abuse"),
        ("They may travel.", "Dogs on trains", "dogs on trains"),
        ("Nothing of the kind.", "", "of the"),
    ],
)
def test_a_word_that_is_missing_or_only_in_the_heading_names_nothing(
    text: str, heading: str, wanted: str
) -> None:
    assert not names(text, heading, wanted, "en")


@pytest.mark.parametrize(
    "question",
    ["does it say anything about ransomware?", "is ransomware mentioned?", "ransomware"],
)
def test_what_names_the_topic_answers(article_engine: Engine, question: str) -> None:
    answer = article_engine.ask(question)
    assert answer.answered
    assert "ransomware" in answer.quotes[0].text


@pytest.mark.parametrize(
    "question",
    ["does it say anything about climate change?", "is Europol mentioned?", "any rules on pets?",
     "vaccines"],
)  # fmt: skip
def test_what_names_no_topic_does_not(article_engine: Engine, question: str) -> None:
    answer = article_engine.ask(question)
    assert not answer.answered
    assert answer.closest
