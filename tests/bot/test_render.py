"""What Discord is sent: within its limits, inert, and word for word what the quote says."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stand_ins import a_quote, an_answer, tell

from bot.rendering.answer import block, render, render_context, render_passages, safe_url
from bot.rendering.controls import links
from bot.rendering.cut import units
from bot.rendering.inert import inert, inert_text
from bot.rendering.reply import LIMIT, Link
from bot.rendering.words import ABSTAINED, SOURCES_DIFFER
from bot.rendering.wrapped import unwrapped
from index import Answer, Quote

NASTY = [
    "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```py\nfence\n``` > quote >>> all",
    "# head\n-# small\n- item\n* item\n1. one\n2) two\n   - deeper\n+ plus",
    "@everyone @here <@1> <@!1> <@&1> <#1> </ask:1> <t:0:R> <:e:1> <a:e:1> <id:guide>",
    "https://a.b/c http://a.b steam://x discord.gg/abc <https://a.b> [text](https://a.b)",
    ":smile: a:b: 10:30 a/b //c ¯\\_(ツ)_/¯ \\* \\\\ \\",
    "\u202eright\u202c \u200bzero \ufeffmark \x00 \x1b[31m \u2066x\u2069 ‹U+202E› \ue000 \u3164",
    "👩‍👩‍👧‍👦 🇬🇧🇩🇪 👍🏽 e\u0301 क्षि مرحبا می‌خواهم ❤️ 1️⃣ 한국어 각",
    "line\r\nnext\rlone\u2028sep\u0085nel\tend  ",
    "A sentence here. " * 120,
    "word" * 600,
    "x" * 3 + "\u0301" * 2100,
    "\u202e" * 260,
]
patient = settings(deadline=None)  # the machine may be busy

WORDS = st.text() | st.lists(st.sampled_from([*NASTY, " ", "\n", ". "]), max_size=4).map("".join)


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    text = draw(WORDS.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    marked = draw(st.booleans())
    return replace(
        a_quote(text),
        answer=text[start:end] if marked else None,
        answer_start=start if marked else None,
        answer_end=end if marked else None,
        document=draw(st.sampled_from(["a.md", "b.md"])),
        title=draw(WORDS),
        section=draw(st.none() | WORDS),
        page=draw(st.none() | st.integers(1, 9999)),
        url=draw(st.none() | st.just("https://a.b/c") | WORDS),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    found = tuple(draw(st.lists(quotes(), min_size=1, max_size=3)))
    if draw(st.booleans()):
        return replace(an_answer(*found), leading=draw(st.integers(1, len(found))))
    return Answer("q", answered=False, confidence=None, quotes=(), closest=found, ms=1.0)


def together(*quotes: Quote) -> Answer:
    """An answer whose quotes belong together."""
    return replace(an_answer(*quotes), leading=len(quotes))


LIVE = [
    r"<(?:@[!&]?|#|a?:\w+:|t:|/\w|id:)[^>]*>",  # mentions, emoji, times, commands
    r"@(?:everyone|here)",
    r"(?:https?|steam)://",
    r"discord\.gg/",
    r":\w+:",
    r"[*_~|`\[\]<>@#]",
]


def is_live(content: str) -> str | None:
    """What of `content` still does something, after our own marks are taken away."""
    content = content.replace("**", "")
    content = re.sub(r"(?m)^(?:> |-# )", "", content)
    content = re.sub(r"\\[^0-9A-Za-z\s]", "", content)  # what is escaped does nothing
    for pattern in [*LIVE, r"(?m)^\s*(?:[-+]\s|\d+[.)]\s)"]:
        if found := re.search(pattern, content):
            return found[0]
    return None


def shown_in(quoted: str) -> str:
    """What one reads between the quote marks."""
    lines = [line.removeprefix("> ") for line in quoted.split("\n")]
    bare = re.sub(r"(\\.)|\*\*", lambda found: found[1] or "", "\n".join(lines))
    return tell(bare)


def as_shown(quote: Quote, text: str, places: range | None = None) -> str:
    """A text of a quote, or some places of it, as it is shown."""
    shown = unwrapped(text, quote)
    told = "".join(
        tell(shown[place]) if place in shown else text[place]
        for place in (range(len(text)) if places is None else places)
    )
    return re.sub(r"\r(?=[\n ])", "", told) if "\r" in text else told


@patient
@given(answers(), st.none() | WORDS)
def test_no_answer_breaks_the_limit_or_does_anything(answer: Answer, asked: str | None) -> None:
    content = render(answer, asked).content
    assert units(content) <= LIMIT
    assert content.strip()
    assert is_live(content) is None
    content.encode()  # no lone surrogate goes out


@patient
@given(WORDS)
def test_inert_text_reads_back_as_what_it_was(text: str) -> None:
    assert tell(inert_text(text)) == text.replace("\r\n", "\n")
    assert len(inert(text)) == len(text)


@patient
@given(quote=quotes(), starts_inside=st.booleans(), ends_inside=st.booleans())
def test_dots_stand_where_a_quote_starts_or_ends_inside_a_sentence(
    *, quote: Quote, starts_inside: bool, ends_inside: bool
) -> None:
    part = replace(quote, starts_inside=starts_inside, ends_inside=ends_inside)
    whole, quoted = block(quote, 1400), block(part, 1400)
    words = whole.removeprefix("> ").removeprefix("…\u00a0").removesuffix("\u00a0…")
    before = "…\u00a0" if starts_inside or whole.startswith("> …\u00a0") else ""
    after = "\u00a0…" if ends_inside or whole.endswith("\u00a0…") else ""
    assert quoted == f"> {before}{words}{after}"
    assert units(quoted) <= 1400


@patient
@given(quotes())
def test_a_quote_reads_as_the_record_says_or_as_a_marked_part_of_it(quote: Quote) -> None:
    quoted = block(quote, 1400)
    shown, said = shown_in(quoted), as_shown(quote, quote.text)
    assert units(quoted) <= 1400
    if shown.strip() == said.strip():
        return
    part = shown.removesuffix("\u00a0…")
    assert part != shown or shown.startswith("…\u00a0")
    assert part.removeprefix("…\u00a0") in said or part in said


@patient
@given(quotes())
@example(a_quote("\\0", answer="0"))  # a shown backslash escapes no mark of ours
def test_what_is_bold_is_the_answer(quote: Quote) -> None:
    quoted = block(quote, 1400)
    bold = re.findall(r"(?<!\\)(?:\\\\)*\*\*((?:\\.|[^*\\])+)\*\*", quoted)
    whole = as_shown(quote, quote.text)
    opens, closes = quote.answer_start or 0, quote.answer_end or 0
    answer = as_shown(quote, quote.text, range(opens, closes)).replace("\r\n", "\n")
    assert all(tell(part) in whole for part in bold)
    assert all("".join(tell(part).split()) in "".join(answer.split()) for part in bold)
    if not bold and not quoted.endswith("\u00a0…"):
        assert quote.answer is None or not answer.strip()


def test_the_answer_leads_in_bold_and_then_comes_its_place() -> None:
    quote = replace(a_quote(answer="Jürgen Stock"), section="Interpol", url="https://a.b/c?d=1#e")
    assert render(an_answer(quote)).content == (
        "> The Secretary General is **Jürgen Stock**.\n"
        "-# **Direct match** · The article › Interpol · line 3"
    )
    assert links(an_answer(quote)) == ((Link("Open source", "https://a.b/c?d=1#e"),),)


def test_further_sources_are_numbered_and_a_document_is_named_once() -> None:
    other = replace(a_quote("Another says so."), document="b.pdf", title="B", page=4)
    content = render(together(a_quote(), a_quote("And again."), other)).content
    assert content.splitlines() == [
        "> The Secretary General is Jürgen Stock.",
        "-# 1 · **Direct match** · The article · line 3",
        "",
        "> And again.",
        "-# 2 · same document › line 3",
        "",
        "> Another says so.",
        "-# 3 · B · page 4",
    ]


def test_small_talk_and_foreign_questions_are_told_from_missing_answers() -> None:
    nothing = Answer("q", answered=False, confidence=None, quotes=(), closest=(), ms=1.0)
    said = {render(replace(nothing, abstention=each)).content for each in ABSTAINED}
    assert said == set(ABSTAINED.values())


def test_sources_that_differ_are_said_to_with_their_dates() -> None:
    one, other = (
        replace(a_quote(answer="Jürgen Stock"), document=name, date=date)
        for name, date in (("a.txt", "May 2021"), ("b.txt", "May *2024*"))
    )
    content = render(replace(together(one, other), sources_differ=True)).content
    assert SOURCES_DIFFER in content
    assert "May 2021" in content
    assert "May \\*2024\\*" in content


def test_abstaining_without_any_passage_is_one_sentence() -> None:
    nothing = Answer("q", answered=False, confidence=None, quotes=(), closest=(), ms=1.0)
    assert render(nothing).content == ABSTAINED["no answer"]


def test_a_long_quote_is_cut_at_the_end_of_a_sentence() -> None:
    quoted = block(a_quote("Mr. Smith met the U.S. minister on Sept. 8 in May. " * 60), 400)
    assert quoted.endswith("in May.\u00a0…")
    assert units(quoted) > 300


def test_an_answer_deep_in_a_long_quote_is_shown_from_its_sentence_on() -> None:
    text = "Nothing to see here at all. " * 100 + "It was built in 1928. " + "More. " * 400
    quote = a_quote(text, answer="1928")
    assert block(quote, 300).startswith("> …\u00a0It was built in **1928**. More.")


@pytest.mark.parametrize("far", [0, 900_000])
def test_of_a_text_without_end_only_what_is_near_the_answer_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, far: int
) -> None:
    looked_at: list[str] = []

    def watched(text: str) -> list[str]:
        looked_at.append(text)
        return inert(text)

    monkeypatch.setattr("bot.rendering.answer.inert", watched)
    text = "x" * far + " 1928 " + "y" * 1_000_000
    shown = block(a_quote(text, answer="1928"), 300)
    assert "**1928**" in shown
    assert shown.endswith("…")
    assert shown.startswith("> …") == bool(far)
    assert sum(map(len, looked_at)) < 10_000
    assert len(shown) <= 300


def test_an_answer_over_lines_is_bold_on_each() -> None:
    assert block(a_quote("one two\nthree four", answer="two\nthree"), 100) == (
        "> one **two**\n> **three** four"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\n   three", "one two three"),
        ("one  \ntwo\\\nthree\n\nfour", None),
        ("one\n- two\n  more", "one\n- two more"),
        ("one\n2. two\n> three\n# four", None),
        ("| a | b |\n| c | d |", None),
        ("3 * 4\n* is times", None),
        ("one\r\ntwo", "one\r two"),
    ],
)
def test_what_only_wraps_a_paragraph_of_markdown_is_shown_as_a_blank(
    text: str, shown: str | None
) -> None:
    quote = replace(a_quote(text), document="a.md")
    blanks = unwrapped(text, quote)
    told = "".join(blanks.get(place, character) for place, character in enumerate(text))
    assert told == (shown or text)
    assert unwrapped(text, replace(quote, document="a.txt")) == {}
    assert unwrapped(text, replace(quote, kind="lines")) == {}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"to a\-b@gantry\.example\!", "to a-b@gantry.example!"),
        (r"C:\dir and `a\-b`", r"C:\dir and `a\-b`"),
        ("can&#39;t, R&amp;D &lt;@1&gt; &nope; &#8238;", "can't, R&D <@1> &nope; \u202e"),
        ("`&amp;`", "`&amp;`"),
        ('No <b>pets</b><br> <a href="/x*y*">here</a> < 2 <c> `<b>`', "No pets here < 2 <c> `<b>`"),
        ("<b></b>- x\n\n<i>1</i>. y\n\n<b>2) z", "- x\n\n1. y\n\n2) z"),
        ("Sat</td><td>11&ndash;17</td> <td>x", "Sat | 11–17 | x"),
        (r"\&amp; and \`&lt;\`", "&amp; and `<`"),
        (r"\- no list", "- no list"),
        ("```\na\\-\n```", "```\na\\-\n```"),
    ],
)
def test_what_markdown_escapes_is_shown_as_it_is_meant_and_does_nothing(
    text: str, shown: str
) -> None:
    told = block(replace(a_quote(text), document="a.md", answer=None), 1400)
    assert shown_in(told) == shown
    assert is_live(told) is None


def test_lines_of_code_stay_lines() -> None:
    quote = replace(a_quote("npm install\nnpm start"), document="a.md", kind="lines")
    assert block(quote, 100) == "> npm install\n> npm start"


def test_a_wrapped_answer_is_bold_over_what_was_a_line_break() -> None:
    quote = replace(a_quote("one two\nthree four", answer="two\nthree"), document="a.md")
    assert block(quote, 100) == "> one **two three** four"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.b",
        "https://user@evil.example/",
        "https://a b/",
        "https://[::1",
        "https://...",
        "https://-",
        "https://a..b/",
        "https://-a.b/",
        f"https://{'a' * 64}.b/",
        "http://intranet/x",
        "https://",
        "//a.b",
        "https://a.b/" + "x" * 400,
        "",
        None,
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str | None) -> None:
    assert safe_url(url) is None


@patient
@given(WORDS.map("https://a.b/".__add__) | WORDS)
def test_no_address_ends_its_link_early(url: str) -> None:
    link = safe_url(url)
    assert link is None or re.fullmatch(r"https?://[^\s<>()\[\]\\*`|]+", link)


def test_what_adds_something_is_folded_away_until_asked_for() -> None:
    content = render(an_answer(a_quote(), a_quote("And again."))).content
    assert "And again" not in content
    shown = render_passages([a_quote("And again."), a_quote("And *more*.")]).content
    assert "> And again." in shown
    assert "> And \\*more\\*." in shown


@patient
@given(st.lists(quotes(), min_size=1, max_size=3))
def test_no_passages_break_the_limit_or_do_anything(found: list[Quote]) -> None:
    for reply in (render_passages(found), render_context(found[0])):
        assert units(reply.content) <= LIMIT
        assert is_live(reply.content) is None
        assert [len(row) <= 5 for row in reply.rows] in ([], [True])


def test_between_passages_there_is_a_blank_line() -> None:
    other = replace(a_quote("Another says so."), title="B")
    assert render_passages([a_quote("And again."), other]).content.splitlines()[1:] == [
        "> And again.",
        "-# 1 · The article · line 3",
        "",
        "> Another says so.",
        "-# 2 · B · line 3",
    ]


A, B = "https://a.b/", "https://c.d/"


@pytest.mark.parametrize(
    ("urls", "buttons"),
    [
        ([None, "javascript:alert(1)"], []),
        ([A], [("Open source", A)]),
        ([A, A], [("Open source", A)]),
        ([A, None], [("Open source 1", A)]),
        ([None, A, B], [("Open source 2", A), ("Open source 3", B)]),
        ([A, A, B], [("Open source 1", A), ("Open source 3", B)]),
        ([f"{A}{n}" for n in range(9)], [(f"Open source {n + 1}", f"{A}{n}") for n in range(5)]),
    ],
)
def test_passages_with_addresses_have_buttons_with_their_numbers(
    urls: list[str | None], buttons: list[tuple[str, str]]
) -> None:
    rows = render_passages([a_quote(url=url) for url in urls]).rows
    assert rows == ((tuple(Link(*button) for button in buttons),) if buttons else ())


def test_more_context_has_a_button_that_opens_the_source() -> None:
    assert render_context(a_quote(url=A)).rows == ((Link("Open source", A),),)


def test_headings_stand_behind_the_title() -> None:
    quote = replace(a_quote(), title="Handbook", section="Loans")
    assert "Handbook › Loans · line 3" in render(an_answer(quote)).content


def test_of_two_things_asked_both_answers_are_bold() -> None:
    prices = replace(a_quote("Copies cost 10 cents.", answer="10 cents"), document="b.txt")
    content = render(together(a_quote(answer="Jürgen Stock"), prices)).content
    assert "**Jürgen Stock**" in content
    assert "**10 cents**" in content
