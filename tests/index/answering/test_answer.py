"""No quote is shown that is not in the document, word for word, where it says it is."""

import re
from dataclasses import replace

import pytest
from parts import ROOT, MakeEngine

from index import Answer, Document, Engine
from index.answering.answer import FURTHER, Asked, answer
from index.answering.confidence import probabilities
from index.answering.verbatim import is_verbatim
from index.records import AnswerSpan, Block, Chunk, Hit, Reading, Span
from index.settings import PACKAGED_MODEL

TEXT = (
    "Intro. The ferry\u00a0leaves at noon. The boat returns at dusk. Later: the ferry\u00a0leaves."
)
DOCUMENT = Document("a.txt", "Title", TEXT, (Block(0, len(TEXT)),), sha256="", size=0)


def passage(text: str = TEXT, start: int = 0) -> Chunk:
    sentences = [Span(start + m.start(), start + m.end()) for m in re.finditer(r"\S[^.]*\.", text)]
    return Chunk("a.txt", start, start + len(text), text, tuple(sentences))


def hit(chunk: Chunk, *spans: AnswerSpan, answered: float = 5) -> Hit:
    middle = chunk.start + (spans[0].start if spans else 0)
    chances = tuple(float(s.start <= middle < s.end) for s in chunk.sentences)
    return Hit(chunk, None, 0, 0, 0, Reading(2 * answered, 2 * answered, chances, spans))


def ask(*hits: Hit) -> Answer:
    likeliest_first = sorted(hits, key=lambda hit: -probabilities([hit])[0])
    asked = [Asked("when?", likeliest_first)]
    return answer("when?", asked, {"a.txt": DOCUMENT}, answer_from=0.5, max_quotes=3).answer


def test_the_quote_is_the_sentence_around_the_mark_wherever_its_passage_stands() -> None:
    late = TEXT.index("The boat returns")
    chunk = passage(TEXT[late:], late)
    dusk = chunk.text.index("dusk")
    (quote,) = ask(hit(chunk, AnswerSpan(dusk, dusk + 4, 1))).quotes
    assert (quote.text, quote.answer) == ("The boat returns at dusk.", "dusk")
    assert TEXT[quote.start : quote.end] == quote.text
    assert quote.answer_start is not None
    assert quote.text[quote.answer_start : quote.answer_end] == "dusk"


def test_a_passage_that_differs_from_the_stored_text_is_dropped_and_never_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    false = passage(TEXT.replace("noon", "nine"))
    nine = false.text.index("nine")
    given = ask(hit(false, AnswerSpan(nine, nine + 4, 1)))
    assert not given.answered
    assert given.quotes == ()
    assert all(is_verbatim(quote, DOCUMENT) for quote in given.closest)
    assert "nine" not in repr(given)
    assert "quote dropped document=a.txt" in caplog.text
    assert "nine" not in caplog.text


def test_a_true_quote_takes_the_place_of_a_dropped_one() -> None:
    false = passage(TEXT.replace("noon", "nine"))
    nine, dusk = false.text.index("nine"), TEXT.index("dusk")
    given = ask(
        hit(false, AnswerSpan(nine, nine + 4, 1), answered=9),
        hit(passage(), AnswerSpan(dusk, dusk + 4, 1), answered=5),
    )
    assert [quote.answer for quote in given.quotes] == ["dusk"]


def test_passages_that_do_not_answer_give_an_abstention_with_the_closest() -> None:
    given = ask(hit(passage(), answered=-5))
    assert (given.answered, given.confidence, given.quotes) == (False, None, ())
    assert given.abstention == "no answer"
    assert given.closest
    assert all(is_verbatim(quote, DOCUMENT) for quote in given.closest)


def test_no_passages_give_an_abstention_with_nothing() -> None:
    given = ask()
    assert (given.answered, given.quotes, given.closest) == (False, (), ())


def test_the_same_sentence_is_quoted_once() -> None:
    noon = TEXT.index("noon")
    twice = hit(passage(), AnswerSpan(noon, noon + 4, 1))
    assert len(ask(twice, twice).quotes) == 1


CORPUS = {
    "ferry.md": "---\ntitle: Ferry\nurl: https://example.org/f\n---\n# Ferry\n\nIt is red.\n\n"
    "## Times\n\nThe ferry leaves at noon. It returns at dusk, U.S. time. Dr. Lee steers it.\n\n"
    "- Dogs ride\u00a0free.\n- Bicycles cost two crowns.\n\n"
    "## Prices\n\n| who | price |\n|---|---|\n| child | 1 crown |\n| adult | 3 crowns |\n",
    "cats.txt": "Cats of the harbour\n\nThe harbour master keeps two cats.\r\nTheir names are "
    "Tea and Rum 🐈.\r\n\r\n" + "A cat sleeps for most of the day. " * 60 + "Rum is blind.",
    "deep/trains.md": "The night train leaves at midnight.\n\nTickets\n---\n\nKeep your ticket.",
}
QUESTIONS = [
    "When does the ferry leave?",
    "Do dogs pay?",
    "What does an adult pay?",
    "What are the cats called?",
    "Which cat is blind?",
    "When does the night train leave?",
    "What must I keep?",
    "Who steers the ferry?",
    "What is the meaning of life?",
    "🐈",
    "?",
]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, make_engine: MakeEngine) -> Engine:
    corpus = tmp_path_factory.mktemp("harbour")
    for name, text in CORPUS.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_bytes(text.encode())
    engine = make_engine(corpus, tmp_path_factory.mktemp("data"), model=PACKAGED_MODEL)
    engine.reindex()
    return engine


def shown_truly(engine: Engine, given: Answer) -> None:
    """Hold every quote, by our own means, against the stored text and the file it came from."""
    assert given.answered == bool(given.quotes)
    assert not (given.quotes and given.closest)
    for quote in (*given.quotes, *given.closest):
        source = engine.source(quote.document)
        assert source.text[quote.start : quote.end] == quote.text != ""
        file = (engine._settings.corpus / quote.document).read_text(encoding="utf-8")
        assert quote.text in file
        lines = source.text.split("\n")
        assert quote.text.split("\n")[0] in lines[quote.line_start - 1]
        assert quote.text.split("\n")[-1] in lines[quote.line_end - 1]
        assert 0 <= quote.score <= 1
        if quote.answer is not None:
            assert quote.text[quote.answer_start : quote.answer_end] == quote.answer
        assert (quote.title, quote.url) == (source.title, source.url)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_of_a_made_corpus_stands_where_it_says(question: str, harbour: Engine) -> None:
    shown_truly(harbour, harbour.ask(question))


def test_quotes_come_from_later_passages_with_their_headings(harbour: Engine) -> None:
    given = harbour.ask("When does the ferry leave?")
    first = (given.quotes or given.closest)[0]
    assert first.document == "ferry.md"
    assert "The ferry leaves at noon." in first.text
    assert (first.title, first.section) == ("Ferry", "Times"), "a title is not told twice"
    assert first.start > 0


ARTICLE_QUESTIONS = [
    "who leads interpol",
    "When did the ministers meet?",
    "Who attended the London meeting in person?",
    "How many INTERPOL alerts are there?",
    "What did the ministers call for?",
    "What is the capital of Mongolia?",
]


@pytest.mark.parametrize("question", ARTICLE_QUESTIONS)
def test_every_quote_of_the_article_stands_where_it_says(
    question: str, article_engine: Engine
) -> None:
    shown_truly(article_engine, article_engine.ask(question))


def test_no_break_spaces_of_the_article_come_through(article_engine: Engine) -> None:
    given = article_engine.ask("What did the ministers say of the use of INTERPOL?")
    shown_truly(article_engine, given)
    name = "london-interior-commitments.txt"
    text = article_engine.source(name).text
    assert text == (ROOT / "corpus" / name).read_text(encoding="utf-8")
    assert text.count("\u00a0") == 7


MET = "The ministers met in London. They were joined by Dr. Lee, who came in person."


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    document = replace(DOCUMENT, text=MET, blocks=(Block(0, len(MET)),))
    cut = MET.index("They")
    sentences = (Span(0, cut - 1), Span(cut, len(MET)))
    lee = MET.index("Dr. Lee")
    reading = Reading(9, 9, (0.0, 1.0), (AnswerSpan(lee, lee + 7, 1),))
    whole = Hit(Chunk("a.txt", 0, len(MET), MET, sentences), None, 0, 0, 0, reading)
    first = Chunk("a.txt", 0, cut - 1, MET[: cut - 1], sentences[:1])
    second = Chunk("a.txt", cut, len(MET), MET[cut:], sentences[1:])
    marked = Reading(9, 9, (1.0,), (AnswerSpan(lee - cut, lee + 7 - cut, 1),))
    parted = Hit(second, first, 0, 0, 0, marked)
    for hit_ in (whole, parted):
        asked = [Asked("who joined?", [hit_])]
        outcome = answer("q", asked, {"a.txt": document}, answer_from=0.5, max_quotes=3)
        (quote,) = outcome.answer.quotes
        assert (quote.text, quote.answer) == (MET, "Dr. Lee")
        assert quote.answer_start == lee


LONG = "Ann came, Bob left, Cid slept, and Dee sang."


@pytest.mark.parametrize(
    ("starts_inside", "ends_inside", "sentences", "asked_for", "expected"),
    [
        (False, False, 1, 0, (False, False)),
        (True, False, 1, 0, (True, False)),
        (True, True, 1, 0, (True, True)),
        (True, True, 2, 0, (True, False)),
        (True, True, 2, 1, (False, True)),
    ],
)
def test_a_quote_says_where_it_starts_or_ends_inside_a_sentence(
    *,
    starts_inside: bool,
    ends_inside: bool,
    sentences: int,
    asked_for: int,
    expected: tuple[bool, bool],
) -> None:
    document = replace(DOCUMENT, text=LONG, blocks=(Block(0, len(LONG)),))
    cut = LONG.index("Cid")
    spans = (Span(0, len(LONG)),) if sentences == 1 else (Span(0, cut - 1), Span(cut, len(LONG)))
    chunk = Chunk("a.txt", 0, len(LONG), LONG, spans)
    chunk = replace(chunk, starts_inside=starts_inside, ends_inside=ends_inside)
    chances = tuple(float(place == asked_for) for place in range(sentences))
    asked = [Asked("q", [Hit(chunk, None, 0, 0, 0, Reading(9, 9, chances))])]
    outcome = answer("q", asked, {"a.txt": document}, answer_from=0.5, max_quotes=3)
    (quote,) = outcome.answer.quotes
    assert (quote.starts_inside, quote.ends_inside) == expected


def test_a_quote_that_brings_the_part_before_along_starts_where_that_starts() -> None:
    cut = MET.index("They")
    document = replace(DOCUMENT, text=MET, blocks=(Block(0, len(MET)),))
    first = Chunk("a.txt", 0, cut - 1, MET[: cut - 1], (Span(0, cut - 1),), starts_inside=True)
    second = Chunk("a.txt", cut, len(MET), MET[cut:], (Span(cut, len(MET)),), starts_inside=True)
    for before in (first, replace(first, starts_inside=False)):
        asked = [Asked("q", [Hit(second, before, 0, 0, 0, Reading(9, 9, (1.0,)))])]
        outcome = answer("q", asked, {"a.txt": document}, answer_from=0.5, max_quotes=3)
        (quote,) = outcome.answer.quotes
        assert quote.text == MET
        assert quote.starts_inside == before.starts_inside


CODE = "Run this:\n\n```sh\nreset it\n```\n\nIt prints a password. Use it once."


def test_a_sentence_that_leans_on_code_brings_the_whole_of_it() -> None:
    start, end = CODE.index("```"), CODE.rindex("```") + 3
    lines = (Span(start, start + 5), Span(start + 6, end - 4), Span(end - 3, end))
    code = Chunk("a.txt", start, end, CODE[start:end], lines, kind="lines")
    said = CODE.index("It prints")
    stop = CODE.index(" Use")
    after = Chunk(
        "a.txt", said, len(CODE), CODE[said:], (Span(said, stop), Span(stop + 1, len(CODE)))
    )
    document = replace(DOCUMENT, text=CODE, blocks=(Block(0, len(CODE)),))
    asked = [Asked("q", [Hit(after, code, 0, 0, 0, Reading(9, 9, (1.0, 0.0)))])]
    outcome = answer("q", asked, {"a.txt": document}, answer_from=0.5, max_quotes=3)
    (quote,) = outcome.answer.quotes
    assert quote.text == "```sh\nreset it\n```\n\nIt prints a password."


def given_by(*pairs: tuple[str, str, str], asked: int = 1) -> tuple[Answer, list[str | None]]:
    """The answer over (document, text, mark), and what cut each; `asked` questions in all."""
    documents, hits = {}, []
    for name, text, mark in pairs:
        documents[name] = replace(DOCUMENT, path=name, text=text, blocks=(Block(0, len(text)),))
        at = text.index(mark)
        reading = Reading(9, 9, (1.0,), (AnswerSpan(at, at + len(mark), 1),))
        chunk = Chunk(name, 0, len(text), text, (Span(0, len(text)),))
        hits.append(Hit(chunk, None, 0, 0, 0, reading))
    groups = [Asked(f"part {n}", hits[n::asked]) for n in range(asked)]
    outcome = answer("q", groups, documents, answer_from=0.5, max_quotes=3)
    return outcome.answer, [each.cut for each in outcome.considered]


def test_a_second_source_is_quoted_only_if_it_says_something_else() -> None:
    given, cuts = given_by(
        ("a.txt", "He has 7 cats.", "7 cats"), ("b.txt", "There are 7 cats.", "7 cats")
    )
    assert len(given.quotes) == 1
    assert cuts == [None, "adds no other answer"]
    assert not given.sources_differ


def test_sources_that_disagree_are_both_quoted_and_that_is_said() -> None:
    given, cuts = given_by(("a.txt", "He has 7 cats.", "7"), ("b.txt", "He has 9 cats.", "9"))
    assert [quote.answer for quote in given.quotes] == ["7", "9"]
    assert given.sources_differ
    assert cuts == [None, None]


def likely(*answered: float) -> tuple[Answer, list[str | None]]:
    """The answer over documents that say 7, 9, ... cats, of which each answers as likely."""
    documents, hits = {}, []
    for number, logit in enumerate(answered):
        text = f"He has {7 + 2 * number} cats."
        name = f"{number}.txt"
        documents[name] = replace(DOCUMENT, path=name, text=text, blocks=(Block(0, len(text)),))
        reading = Reading(logit, logit, (1.0,), (AnswerSpan(7, 8, 1),))
        hits.append(Hit(Chunk(name, 0, 14, text, (Span(0, 14),)), None, 0, 0, 0, reading))
    outcome = answer("q", [Asked("q", hits)], documents, answer_from=0.3, max_quotes=3)
    return outcome.answer, [each.cut for each in outcome.considered]


def test_another_document_with_other_figures_is_quoted_if_it_is_likely_enough() -> None:
    given, cuts = likely(4, 2.5, -4)
    assert [quote.answer for quote in given.quotes] == ["7", "9"]
    assert FURTHER > given.quotes[1].score >= 0.3
    assert given.sources_differ
    assert cuts == [None, None, "not the best, and its probability is under 0.3"]


def test_each_half_of_a_question_is_held_against_its_own_best() -> None:
    documents, hits = {}, []
    told = (
        ("a.txt", "It is here.", 2.5),
        ("b.txt", "Pay 7 now.", 4.0),
        ("c.txt", "Pay 9 now.", 2.5),
    )
    for name, text, answered in told:
        documents[name] = replace(DOCUMENT, path=name, text=text, blocks=(Block(0, len(text)),))
        reading = Reading(2.5, answered, (1.0,), (AnswerSpan(4, 5, 1),))
        hits.append(Hit(Chunk(name, 0, 10, text, (Span(0, 10),)), None, 0, 0, 0, reading))
    asked = [Asked("where", hits[:1]), Asked("fee", hits[1:])]
    outcome = answer("where and fee", asked, documents, answer_from=0.3, max_quotes=3)
    assert [quote.document for quote in outcome.answer.quotes] == ["a.txt", "b.txt", "c.txt"]
    assert outcome.answer.sources_differ


def test_where_everything_is_shown_what_speaks_of_another_number_is_not() -> None:
    text = "He has 7 cats."
    document = replace(DOCUMENT, text=text, blocks=(Block(0, len(text)),))
    chunk = Chunk("a.txt", 0, 14, text, (Span(0, 14),))
    other = Hit(chunk, None, 0, 0, 0, Reading(4, 4, (1.0,)), speaks_of_other="rule 13")
    given = answer(
        "q", [Asked("q", [other])], {"a.txt": document}, answer_from=0.0, max_quotes=3
    ).answer
    assert given.quotes == ()


def test_what_only_names_the_topic_contradicts_nothing() -> None:
    pairs = (("a.txt", "He has 7 cats.", "7"), ("b.txt", "He has 9 cats.", "9"))
    documents, hits = {}, []
    for name, text, mark in pairs:
        documents[name] = replace(DOCUMENT, path=name, text=text, blocks=(Block(0, len(text)),))
        at = text.index(mark)
        reading = Reading(9, 9, (1.0,), (AnswerSpan(at, at + 1, 1),))
        chunk = Chunk(name, 0, len(text), text, (Span(0, len(text)),))
        hits.append(Hit(chunk, None, 0, 0, 0, reading, names_topic=True))
    outcome = answer("cats", [Asked("cats", hits)], documents, answer_from=0.5, max_quotes=3)
    assert not outcome.answer.sources_differ


def test_different_facts_of_one_document_do_not_disagree() -> None:
    text = "He has 7 cats. She has 9 dogs."
    given, _ = given_by(("a.txt", text[:14], "7"), ("a.txt", text[:14], "He"))
    assert not given.sources_differ


def test_each_half_of_a_question_gets_its_quote_though_they_say_the_same() -> None:
    given, _ = given_by(("a.txt", "He has 7 cats.", "7"), ("b.txt", "He has 7 dogs.", "7"), asked=2)
    assert [quote.document for quote in given.quotes] == ["a.txt", "b.txt"]
    assert not given.sources_differ


@pytest.mark.parametrize(
    ("pairs", "asked", "leading"),
    [
        ([("a.txt", "He has 7 cats.", "7 cats")], 1, 1),
        ([("a.txt", "He has 7 cats.", "7"), ("b.txt", "It has 9 cats.", "9")], 1, 2),
        ([("a.txt", "He has 7 cats.", "7 cats"), ("b.txt", "A dog eats.", "dog")], 2, 2),
        ([("a.txt", "He has 7 cats.", "7 cats"), ("b.txt", "A dog has 7 cats.", "A dog")], 1, 1),
    ],
    ids=["one", "sources that differ", "two things asked", "one that adds"],
)
def test_quotes_that_belong_together_are_counted(
    pairs: list[tuple[str, str, str]], asked: int, leading: int
) -> None:
    given, _ = given_by(*pairs, asked=asked)
    assert given.leading == leading
