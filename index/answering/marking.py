"""The short answer as it is marked: whole names and addresses, no half of code or of emphasis."""

import re
from collections.abc import Iterator

from index.markup import FENCE, NEXT_ITEM
from index.records import Span

CELLS = re.compile(r"^[^\S\n]*\|.*\|[^\S\n]*$", re.MULTILINE)
"""A row of a table."""

BETWEEN_CELLS = re.compile(r"\S(?:[ ]{2,}|\t)[^\S\n]*\S|</?t[dh]\b", re.IGNORECASE)
"""Of a table that is made of blanks or of tags."""

PAIRED = re.compile(
    r"""(?<!`)(?P<code>`{1,3})(?!`) [^\n]+? (?<!`)(?P=code)(?!`)
    | (?P<strong>\*\*|~~|__)(?=\S) [^\n]+? (?<=\S)(?P=strong)
    | (?<![\w*])(?P<star>\*)(?![\s*]) [^*\n]+ (?<=\S)\*(?!\*)
    | (?<!\w)(?P<line>_)(?![\s_]) [^_\n]+ (?<=\S)_(?!\w)
    | (?P<link>\[)[^\[\]\n]+\]\([^()\s]*\)""",
    re.VERBOSE,
)
"""Code, what is emphasised, and a link, with the marks around them, on one line."""

RUN = re.compile(r"(?:\\?[\w@./:~+#-])+")

FIGURE = re.compile(r"\d+(?:[.,:]\d+)+")

OF_ONE_PIECE = re.compile(r"@|_|://|\w\.[a-z\d]|^[~.]{0,2}/")
"""What makes a run an address, a path, a version or an identifier."""

AROUND = " \t\n*|\\"
BULLET = re.compile(r"[ \t\n*|]*(?:[-+][ \t]+)*[ \t\n*|]*")

STOP = re.compile(r"(?<=[\d%€$£)])\.$")
"""A full stop after a figure is the sentence's; after letters it may be of an abbreviation."""

MAX_CHARACTERS = 300
"""Of a span that is marked; a longer one is no short answer."""

REACH = 200
"""Characters around a span that are looked at: longer code or address is left as it is."""


def tidied(text: str, span: Span) -> Span | None:
    """What is marked of a passage for a span of it; None where no part of it can stand alone.

    It neither begins nor ends within an address, nor within code, emphasis or a link that it
    leaves. Cells of a table, items of a list and what reaches into a block of code are not marked
    as one.
    """
    if span.end - span.start > MAX_CHARACTERS:
        return None
    first = max(0, span.start - REACH)
    near = text[first : span.end + REACH]
    start, end = _stripped(near, span.start - first, span.end - first)
    if start >= end or _is_of_several(near, start, end):
        return None
    for whole in _of_one_piece(near):
        if whole.start < start < whole.end or whole.start < end < whole.end:
            start, end = min(start, whole.start), max(end, whole.end)
    for pair in PAIRED.finditer(near):
        inside = _inside(pair)
        leaves = start < inside.start or inside.end < end
        if leaves and start < pair.end() and pair.start() < end:
            start, end = min(start, pair.start()), max(end, pair.end())
    return Span(first + start, first + end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    bullet = BULLET.match(said)
    ends = STOP.sub("", said.rstrip(AROUND))
    if ends.endswith(")") and ends.count("(") < ends.count(")"):
        ends = ends[:-1]
    return start + (bullet.end() if bullet else 0), start + len(ends)


def _is_of_several(text: str, start: int, end: int) -> bool:
    """Whether it reaches over cells or items, or meets what opens or closes a block of code."""
    cells = CELLS.finditer(text) if "|" in text[start:end] else ()
    met = (*FENCE.finditer(text), *cells)
    over = any(one.start() < end and start < one.end() for one in met)
    parted = (NEXT_ITEM, BETWEEN_CELLS)
    return over or any(between.search(text, start, end) for between in parted)


def _of_one_piece(text: str) -> Iterator[Span]:
    yield from (Span(*figure.span()) for figure in FIGURE.finditer(text))
    for run in RUN.finditer(text):
        core = run[0].rstrip(".:/-")
        if OF_ONE_PIECE.search(core):
            yield Span(run.start(), run.start() + len(core))


def _inside(pair: re.Match[str]) -> Span:
    """What stands between the marks; of a link, its words."""
    if pair["link"]:
        return Span(pair.start() + 1, pair.start() + pair[0].index("]("))
    size = len(next(filter(None, pair.groups())))
    return Span(pair.start() + size, pair.end() - size)
