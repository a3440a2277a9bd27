"""Cuts: as much as fits, never nothing, and no character that is shown as one torn apart."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import a_quote, an_answer, tell

from bot.rendering.answer import block, render, render_context, render_passages
from bot.rendering.cut import beginning, graphemes, units, window
from bot.rendering.generations import render_generations
from bot.rendering.reply import LIMIT
from bot.rendering.report import render_damage, render_report
from bot.rendering.short import short, short_path
from index import BuildReport, GenerationSummary, Quarantined

patient = settings(deadline=None)  # the machine may be busy

FAMILY = "👨‍👩‍👧‍👦"
ONES = [
    *(FAMILY, "👍🏽", "🇬🇧", "❤️", "1️⃣", "я\u0301\u0323"),
    *("우", "각", "\u1112\u1161\u11ab", "क्षि", "กำ", "நி"),
]
"""Each is shown as one character."""

PIECES = [
    *(*ONES, "a", " ", ". ", "\n", "\r\n", "🇩"),
    *("\u200d", "\u0301", "\u0600", "\ud800", "\u202e"),
]
WORDS = st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.mark.parametrize(
    "ones",
    [
        ["우", "리", "말"],
        ["각", "가"],
        ["가\u11a8", "가"],
        ["가\u1161\u11a8", "\u1100\u1161"],
        ["각\u11a8", "\u1100\u1100\u1161", "\u1100각"],
        ["각", "\u1161"],
        [FAMILY, FAMILY],
        ["👍🏽", "👍"],
        ["🇬🇧", "🇩🇪", "🇫"],
        ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴"],
        ["🇬🇧\u200d\ufe0f", "🇩🇪"],
        ["e\u0301\u0323", "e"],
        ["क्षि", "क"],
        ["\u0600a", "b"],
        ["\r\n", "\r", "\r"],
    ],
)
def test_what_is_shown_as_one_is_one(ones: list[str]) -> None:
    cuts = graphemes("".join(ones))
    assert cuts == [sum(map(len, ones[:count])) for count in range(len(ones) + 1)]


@patient
@given(WORDS)
def test_cuts_are_those_of_unicode(text: str) -> None:
    assert graphemes(text) == [0, *(found.end() for found in regex.finditer(r"\X", text))]


def test_a_title_of_flags_keeps_nobody_waiting() -> None:
    began = time.process_time()
    short("🇬🇧" * 20_000, 80)
    assert time.process_time() - began < 5


@st.composite
def cut_up(draw: st.DrawFn) -> tuple[str, list[int], int, tuple[int, int]]:
    text = draw(WORDS.filter(str.strip))
    start = draw(st.integers(0, len(text) - 1))
    keep = draw(st.just((0, 0)) | st.tuples(st.just(start), st.integers(start + 1, len(text))))
    costs = draw(st.lists(st.integers(1, 8), min_size=len(text), max_size=len(text)))
    return text, costs, draw(st.integers(1, 99)), keep


@patient
@given(cut_up())
def test_a_part_is_never_empty_torn_or_too_long(
    given: tuple[str, list[int], int, tuple[int, int]],
) -> None:
    text, costs, limit, keep = given
    start, end = window(*given)
    cuts = graphemes(text)
    assert start in cuts
    if sum(costs[start : next(cut for cut in cuts if cut > start)]) > limit:
        assert end == start + 1
        return
    assert text[start:end].strip()
    assert end in cuts
    assert sum(costs[start:end]) <= limit
    if {*keep} <= {*cuts} and sum(costs[slice(*keep)]) <= limit:
        assert text[slice(*keep)].strip() in text[start:end]


UNSPACED = "".join(chr(0xAC00 + place * 3 % 11172) for place in range(2900))


@pytest.mark.parametrize("at", [None, 0, 3, 1500, 2000, 2890])
@pytest.mark.parametrize("head", ["", "가 ", "우리. ", "\n\n"])
def test_a_long_text_without_spaces_fills_the_message_and_its_answer_is_bold(
    at: int | None, head: str
) -> None:
    answer = "" if at is None else UNSPACED[at : at + 10]
    quote = a_quote(head + UNSPACED, answer)
    shown = [render(an_answer(quote)), render_context(quote), render_passages([quote])]
    for content in (reply.content for reply in shown):
        assert LIMIT - 40 <= units(content) <= LIMIT or at == 1500
        assert answer in content
    assert f"**{answer}**" in shown[0].content or not answer


def test_a_short_sentence_before_an_endless_one_is_not_all() -> None:
    assert units(block(a_quote("Yes. " + "word " * 900), 400)) > 380


def test_white_space_before_the_words_is_no_part_left_out() -> None:
    assert block(a_quote("\n\n  " + "word " * 900), 400).startswith("> word")


def test_an_answer_at_the_end_is_shown_with_what_stands_before_it() -> None:
    text = "Nothing to see here at all. " * 100 + "It was built in 1928."
    quoted = block(a_quote(text, answer="1928"), 300)
    assert quoted.startswith("> …\u00a0Nothing to see")
    assert quoted.endswith("It was built in **1928**.")
    assert units(quoted) > 250


@pytest.mark.parametrize("text", ["x" + "\u0301" * 2900, "\u200d👩" * 2900, FAMILY[:-1] * 900])
def test_a_character_without_end_is_still_shown(text: str) -> None:
    for shown in (short(text, 80), short_path(text, 80), block(a_quote(text), 80)):
        assert shown.strip("> …\u00a0")
        assert units(shown) <= 80


def a_report(words: str) -> str:
    bad = Quarantined(words, words)
    done = BuildReport((), (), (), (), (bad,), 4, 4, 0.1, "000001", published=True)
    return render_report(done).content


def builds(words: str) -> str:
    kept = GenerationSummary("000001", "kept", model=words)
    return render_generations([kept, replace(kept, problem=words)]).content


def an_answer_from(words: str) -> str:
    quote = replace(a_quote(), title=words, section=words, date=words)
    return render(an_answer(quote), asked=words).content


PATHS: Sequence[Callable[[str], str]] = [
    lambda words: short(words, 60),
    lambda words: short_path(words, 60),
    lambda words: beginning(words, 300),
    lambda words: block(a_quote(words), 300),
    lambda words: render_damage(words).content,
    a_report,
    builds,
    an_answer_from,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("one", ONES)
def test_no_text_that_is_cut_is_torn(path: Callable[[str], str], one: str) -> None:
    for shift in range(len(one) + 1):
        said = tell(path("x" * shift + one * 700))
        assert one in said
        rest = {character for character in said.replace(one, "") if not character.isascii()}
        assert rest.isdisjoint(one)


@patient
@given(WORDS, st.integers(1, 50))
def test_what_a_form_begins_with_is_the_words_of_before(text: str, longest: int) -> None:
    begun = beginning(text, longest)
    assert begun in text
    assert units(begun) <= longest or len(begun) == 1
    assert bool(begun) == bool(text)
