"""An answer as Discord may show it: the quote first, the answer in it bold, then its place.

Pure. Everything that a document or a member wrote goes through `bot.rendering.inert`; what stands
beside it is ours. Lengths are in UTF-16 code units: no count of Discord's is larger.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from bot.rendering.cut import units, window
from bot.rendering.inert import inert
from bot.rendering.reply import A_ROW, LIMIT, Link, Reply, Row
from bot.rendering.short import short
from bot.rendering.words import ABSTAINED, CLOSEST, CONFIDENCE, SOURCES_DIFFER
from bot.rendering.wrapped import unwrapped
from index import Answer, Quote

OTHERS = "Other passages that were found; they may not answer it:"

REST_UNITS = 600
"""Room kept for further sources below the first quote."""

FURTHER_QUOTE_MAX_UNITS = 300
QUOTE_MIN_UNITS = 40
TITLE_MAX_UNITS = 80
SECTION_MAX_UNITS = 80
QUESTION_MAX_UNITS = 200
DATE_MAX_UNITS = 40
URL_MAX_CHARACTERS = 300

LABEL = r"[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?"
HOST = re.compile(rf"(?:{LABEL}\.)+{LABEL}", re.IGNORECASE)
"""A name with a dot, or four numbers: for another Discord may refuse the whole message."""

TIED = "\u00a0"
"""A space that keeps the mark of a cut on the line of the words."""

NO_BOLD = (0, 0)


def render(
    answer: Answer,
    asked: str | None = None,
    rows: tuple[Row, ...] = (),
    shared_by: int | None = None,
) -> Reply:
    """The message for `answer`, the quotes that belong together; the others are folded away.

    `asked` is shown below where others cannot see the question, and `shared_by`, a member's id,
    where it was for that member alone.
    """
    foot = f"\n-# Question: {short(asked, QUESTION_MAX_UNITS)}" if asked else ""
    foot += f"\n-# Shared by <@{shared_by}>" if shared_by else ""
    room = LIMIT - units(foot)
    body = (
        _answered(answer, room) if answer.answered and answer.quotes else _abstained(answer, room)
    )
    return Reply(body + foot, rows)


def _answered(answer: Answer, room: int) -> str:
    first, *rest = answer.quotes[: answer.leading]
    confidence = CONFIDENCE[answer.confidence or "related"]
    number = "1 · " if rest else ""
    place = f"\n-# {number}**{confidence}** · {place_of(first)}"
    shown = block(first, room - units(place) - (REST_UNITS if rest else 0)) + place
    if answer.sources_differ:
        shown += f"\n-# {SOURCES_DIFFER}"
    for position, further in enumerate(rest, start=2):
        share = (room - units(shown)) // (len(rest) - position + 2)
        where = place_of(further) if further.document != first.document else _same(further)
        shown += _further(further, f"\n-# {position} · {where}", share)
    return shown


def _further(further: Quote, place: str, room: int) -> str:
    limit = min(FURTHER_QUOTE_MAX_UNITS, room - units(place) - 2)
    if limit < QUOTE_MIN_UNITS:
        return ""
    return "\n\n" + block(further, limit) + place


def _abstained(answer: Answer, room: int) -> str:
    said = ABSTAINED[answer.abstention or "no answer"]
    if not answer.closest:
        return said
    closest = answer.closest[0]
    head, place = f"{said}\n-# {CLOSEST}\n", f"\n-# {place_of(closest)}"
    return head + plain_block(closest, room - units(head + place)) + place


def render_context(wide: Quote) -> Reply:
    """A passage with the quote in it bold, and a link to it."""
    place = f"\n-# {place_of(wide)}"
    return Reply(block(wide, LIMIT - units(place)) + place, links_of((wide,)))


def render_passages(quotes: Sequence[Quote]) -> Reply:
    """Passages under each other, each with its place and nothing bold, and links to them."""
    shown = f"-# {OTHERS}"
    for position, quote in enumerate(quotes):
        share = (LIMIT - units(shown)) // (len(quotes) - position)
        place = f"\n-# {position + 1} · {place_of(quote)}"
        gap = "\n\n" if position else "\n"
        shown += gap + plain_block(quote, share - units(gap + place)) + place
    return Reply(shown, links_of(quotes))


def links_of(quotes: Sequence[Quote]) -> tuple[Row, ...]:
    """A row of buttons, at most five, that open what the quotes are from.

    Each address has one, numbered as the first quote from there unless all are from there.
    """
    urls: dict[str | None, int] = {}
    for number, quote in enumerate(quotes, start=1):
        urls.setdefault(safe_url(quote.url), number)
    row = tuple(
        Link(f"Open source {number}" if len(urls) > 1 else "Open source", url)
        for url, number in urls.items()
        if url
    )
    return (row[:A_ROW],) if row else ()


def block(quote: Quote, limit: int) -> str:
    """Put the quote in Discord's quote marks, its answer bold, in at most `limit` units."""
    return _block(quote, _answer(quote), limit)


def plain_block(quote: Quote, limit: int) -> str:
    """The same with nothing bold."""
    return _block(quote, NO_BOLD, limit)


def _answer(quote: Quote) -> tuple[int, int]:
    return quote.answer_start or 0, quote.answer_end or 0


def _block(quote: Quote, bold: tuple[int, int], limit: int) -> str:
    opens, closes = _answer(quote)
    reach = 2 * max(limit, QUOTE_MIN_UNITS)
    first, last = max(0, opens - reach), opens + 2 * reach
    text = quote.text[first:last]  # all that may be shown: the event loop waits for this
    keep = opens - first, min(closes, last) - first
    blanks = unwrapped(text, quote)
    tokens = [blanks.get(place, token) for place, token in enumerate(inert(text))]
    # a line break costs "> " again, and the marks of a bold that goes on over it
    costs = [units(token) + 6 * (token == "\n") for token in tokens]  # noqa: S105  # no password
    start, end = window(text, costs, limit - len("> …_****_…"), keep)
    while end > start and text[end - 1].isspace():
        end -= 1
    before = f"…{TIED}" if quote.starts_inside or quote.text[: first + start].strip() else ""
    after = f"{TIED}…" if quote.ends_inside or quote.text[first + end :].strip() else ""
    lines = _lines(tokens[start:end], bold[0] - first - start, bold[1] - first - start)
    return "> " + before + "\n> ".join(lines) + after


def _lines(tokens: Sequence[str], bold_start: int, bold_end: int) -> list[str]:
    """Lines of inert tokens, with the bold closed at each line's end and opened again."""
    lines: list[str] = []
    line = ["", "", ""]
    for place, token in enumerate(tokens):
        if token == "\n":  # noqa: S105  # no password
            lines.append(_mark(*line))
            line = ["", "", ""]
        else:
            line[(place >= bold_start) + (place >= bold_end)] += token
    return [*lines, _mark(*line)]


def _mark(before: str, bold: str, after: str) -> str:
    return f"{before}**{bold}**{after}" if bold.strip() else before + bold + after


def place_of(quote: Quote) -> str:
    """Title, section, page or lines, and date."""
    where = short(quote.title, TITLE_MAX_UNITS)
    if quote.section:
        where += f" › {short(quote.section, SECTION_MAX_UNITS)}"
    where += f" · {_spot(quote)}"
    return where + (f" · {short(quote.date, DATE_MAX_UNITS)}" if quote.date else "")


def _same(quote: Quote) -> str:
    """Section, page or lines in the document that the first quote named."""
    section = f"{short(quote.section, SECTION_MAX_UNITS)} · " if quote.section else ""
    return f"same document › {section}{_spot(quote)}"


def _spot(quote: Quote) -> str:
    if quote.page is not None:
        return f"page {quote.page}"
    if quote.line_start == quote.line_end:
        return f"line {quote.line_start}"
    return f"lines {quote.line_start}–{quote.line_end}"


def safe_url(url: str | None) -> str | None:
    """`url` with nothing in it that could end a link early, or None if it is no plain web link."""
    if not url or len(url) > URL_MAX_CHARACTERS:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    if not HOST.fullmatch(host):
        return None
    rest = percent(parts.path, safe="/%:;,=&+$!~-._'") or "/"
    rest += f"?{percent(parts.query, safe='/%:;,=&+$!~-._?')}" if parts.query else ""
    rest += f"#{percent(parts.fragment, safe='/%:;,=&+$!~-._?')}" if parts.fragment else ""
    link = f"{parts.scheme}://{host}{port}{rest}"
    return link if len(link) <= URL_MAX_CHARACTERS else None
