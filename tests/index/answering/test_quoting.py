"""Which words of a passage are quoted."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quoting import (
    LEANS_BACK,
    MARK_MAX_WORDS,
    MARK_WITHIN,
    QUOTE_MAX_WORDS,
    quotation,
)
from index.records import AnswerSpan, Chunk, Hit, Reading, Span

WORDS = ["alpha beta.", "gamma delta epsilon zeta.", "eta."]


def hit(*sentences: str, chances: list[float], spans: tuple[AnswerSpan, ...] = ()) -> Hit:
    text = " ".join(sentences)
    starts = [0, *(m.end() for m in re.finditer(r"\. ", text)), len(text) + 1]
    places = tuple(Span(a, b - 1) for a, b in pairwise(starts))
    chunk = Chunk("a.txt", 0, len(text), text, places)
    return Hit(chunk, None, 0, 0, 0, Reading(0, 0, tuple(chances), spans))


def quoted(found: Hit) -> str:
    place = quotation(found).quote
    return found.chunk.text[place.start : place.end]


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ([1, 0, 0], "alpha beta."),
        ([0, 0, 1], "eta."),
        ([0.5, 0.5, 0], "alpha beta. gamma delta epsilon zeta."),
        ([0.5, 0, 0.5], " ".join(WORDS)),
    ],
)
def test_the_quote_is_the_shortest_run_that_likely_holds_the_answer(
    chances: list[float], wanted: str
) -> None:
    assert quoted(hit(*WORDS, chances=chances)) == wanted


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ((1.0, 0.0), "apples"),
        ((0.0, 1.0), "pears"),
        ((0.5, 0.5), "- apples\n- pears"),
    ],
)
def test_one_item_is_quoted_without_its_bullet_and_several_with_theirs(
    chances: tuple[float, ...], wanted: str
) -> None:
    text = "- apples\n- pears"
    chunk = Chunk("a.md", 0, 16, text, (Span(0, 8), Span(9, 16)), kind="items")
    assert quoted(Hit(chunk, None, 0, 0, 0, Reading(0, 0, chances))) == wanted


@pytest.mark.parametrize(
    ("code", "brought"),
    [
        ("```sh\nreset it\n```", "```sh\nreset it\n```"),
        ("line 4\nline 5\n```", ""),
        ("    b = 2", ""),
        ("| a | b |", ""),
    ],
)
def test_what_leans_on_lines_brings_a_whole_block_of_code_or_nothing(
    code: str, brought: str
) -> None:
    said = "It prints 3."
    text = f"{code}\n\n{said}"
    ends = [0, *(m.end() for m in re.finditer("\n", code)), len(code) + 1]
    lines = tuple(Span(a, b - 1) for a, b in pairwise(ends))
    before = Chunk("a.md", 0, len(code), code, lines, kind="lines")
    start = text.index(said)
    chunk = Chunk("a.md", start, len(text), said, (Span(start, len(text)),))
    place = quotation(Hit(chunk, before, 0, 0, 0, Reading(0, 0, (1.0,)))).quote
    assert text[place.start : place.end] == (f"{brought}\n\n{said}" if brought else said)


@pytest.mark.parametrize(
    ("between", "brought"),
    [("\n\n", True), ("\n\n---\n\n", False), ("\n\n[a]: http://b\n\n", False)],
)
def test_what_leans_back_brings_what_stands_right_before_it(between: str, *, brought: bool) -> None:
    text = f"Ann leads.{between}She is paid."
    before, chunk = Chunk("a.md", 0, 10, "Ann leads.", (Span(0, 10),)), text.index("She")
    said = Chunk("a.md", chunk, len(text), text[chunk:], (Span(chunk, len(text)),))
    place = quotation(Hit(said, before, 0, 0, 0, Reading(0, 0, (1.0,)))).quote
    assert place == Span(0 if brought else chunk, len(text))


@pytest.mark.parametrize(
    ("before", "said", "brought"),
    [
        ("**Do you have a kiln?**", "Not here. The one at FabLab is free.", True),
        ("Is it open?", "Yes! Until nine.", True),
        ("We have a kiln.", "No, it is not free.", False),
        ("Is it open?", "Until nine.", False),
    ],
)
def test_a_yes_or_no_brings_the_question_it_answers(
    before: str, said: str, *, brought: bool
) -> None:
    text = f"{before}\n\n{said}"
    start = len(before) + 2
    earlier = Chunk("a.md", 0, len(before), before, (Span(0, len(before)),))
    chunk = Chunk("a.md", start, len(text), said, (Span(start, len(text)),))
    place = quotation(Hit(chunk, earlier, 0, 0, 0, Reading(0, 0, (1.0,)))).quote
    assert place == Span(0 if brought else start, len(text))


def test_several_sentences_stay_within_the_limit_and_one_may_be_longer() -> None:
    long, short = "word " * (QUOTE_MAX_WORDS + 5) + "end.", "Short."
    assert quoted(hit(long, short, chances=[0.5, 0.5])).strip() in {long, short}
    assert quoted(hit(long, short, chances=[1, 0])) == long


@pytest.mark.parametrize(
    "sentence",
    ["社区规则规定成员不得发布广告或者垃圾信息。", "กฎของชุมชนห้ามสมาชิกโพสต์โฆษณาหรือสแปมทุกชนิด "],
)
def test_sentences_have_a_length_where_no_spaces_part_their_words(sentence: str) -> None:
    places = tuple(Span(n * len(sentence), (n + 1) * len(sentence)) for n in range(12))
    chunk = Chunk("a.txt", 0, 12 * len(sentence), 12 * sentence, places)
    sure, unsure = (0.98, *[0.001] * 11), (0.05, *[0.95 / 11] * 11)

    assert quotation(Hit(chunk, None, 0, 0, 0, Reading(0, 0, sure))).quote == places[0]
    quote = quotation(Hit(chunk, None, 0, 0, 0, Reading(0, 0, unsure))).quote
    assert 2 * len(sentence) <= quote.end - quote.start <= 8 * len(sentence)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_a_quote_is_whole_sentences_that_stand_together(chances: list[float]) -> None:
    found = hit(*WORDS, chances=chances)
    place = quotation(found).quote
    assert place.start in {s.start for s in found.chunk.sentences}
    assert place.end in {s.end for s in found.chunk.sentences}
    assert 0 <= quotation(found).chance <= sum(chances) + 1e-9


def test_the_mark_is_the_best_short_answer_inside_the_quote() -> None:
    outside, long, short = AnswerSpan(0, 5, 9), AnswerSpan(12, 37, 8), AnswerSpan(18, 23, 7)
    mark = quotation(hit(*WORDS, chances=[0, 1, 0], spans=(outside, short, long))).mark
    assert mark == Span(18, 23)
    assert quotation(hit(*WORDS, chances=[0, 1, 0], spans=(outside,))).mark is None


def test_what_is_much_less_likely_than_the_best_is_not_marked_in_its_place() -> None:
    outside, inside = AnswerSpan(0, 5, 9), AnswerSpan(18, 23, 9 - MARK_WITHIN - 0.1)
    assert quotation(hit(*WORDS, chances=[0, 1, 0], spans=(outside, inside))).mark is None


def test_no_mark_without_a_letter() -> None:
    assert quotation(hit(*WORDS, chances=[0, 0, 1], spans=(AnswerSpan(41, 42, 9),))).mark is None


def test_a_long_answer_is_not_marked() -> None:
    sentence = "word " * MARK_MAX_WORDS + "end."
    span = AnswerSpan(0, len(sentence), 9)
    assert quotation(hit(sentence, chances=[1], spans=(span,))).mark is None


@pytest.mark.parametrize(
    "opening", ["They were", "“He said", "This is", "However, it was", "Its use", "( Both came"]
)
def test_an_opening_that_names_nobody_leans_back(opening: str) -> None:
    assert LEANS_BACK.match(opening)


@pytest.mark.parametrize("opening", ["Theyby", "The ministers", "However, the", "Itself", "Stock"])
def test_an_opening_that_names_somebody_does_not(opening: str) -> None:
    assert not LEANS_BACK.match(opening)
