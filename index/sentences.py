"""A block becomes sentences: split by a library, and mended where that tears them.

The one home of sentencex.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sentencex import segment

from index.markup import CODE_SPAN, is_markdown, is_within
from index.records import Block, Document, Span

ENDS_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|~~)(?:\s+|\Z)")
"""Closing emphasis that the splitter put before the next sentence, as in **Be kind.** We are."""

NUMBER_ALONE = re.compile(r"\s*\d{1,9}[.)]\s*")
"""What a splitter may take for a sentence: the number of a list's item."""

ABBREVIATED = re.compile(
    r"""(?:^|[\s(])(?:
    (?P<always>(?i:incl|excl|approx|ca|tel|tél))
    |(?P<german>(?i:inkl|exkl|zzgl|wg|evtl|ggf|bzw|einschl|mind|sog|vgl))
    |(?P<mostly>(?i:max|min|est|dept|avg|env|aprox|máx|mín|etc))
    |(?P<numbers>No|Nos|Nr|nr|(?i:ch|fig|vol|pp?|art|ext|núm|nº)))\.[^\S\n]+$""",
    re.VERBOSE,
)
"""What a splitter takes for the end of a sentence: always wrongly; so in German; wrongly before a
small letter or figure; wrongly only before a figure."""

ORDINAL = re.compile(r"(?:^|[\s(])\d{1,2}\.[^\S\n]+$")
WITH_ORDINALS = frozenset("cs da de et fi hr hu lv no pl sk sl sr tr".split())  # noqa: SIM905  # reads better
"""Languages that write the 1st as "1."."""

END_CHARACTERS = 20
"""Of a sentence that are looked at: more than an abbreviation and what stands before it."""

COUNTED = re.compile(
    r"""(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|januar|jänner|februar|märz
    |april|mai|juni|juli|august|september|oktober|november|dezember|mal\b|platz\b|preis\b|rang\b
    |jahrhundert|quartal|klasse\b|etage\b|stock\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""German nouns that such a number counts. What is written small may be counted in any language."""

ITEM = re.compile(r"[^\S\n]*(?:[-*+•]|\d{1,3}[.)]|[a-z]\))\s")
NARROW = 24
"""A full line of so few characters was seldom wrapped: the next goes on only if it begins small."""
FULL_SHARE = 0.6
"""A line that is shorter than this share of the longest ends by itself: no wrapping made it so."""


def sentences(document: Document, block: Block) -> Iterator[Span]:
    """Places of the sentences of a block, without the white space between them.

    Those of code and tables are lines; a whole block is one.
    """
    text = document.text[block.start : block.end]
    if block.whole:
        parts = [text]
    elif block.kind == "prose":
        parts = _split(document, text)
    else:
        parts = text.splitlines(keepends=True)
    place = block.start
    for part in parts:
        words = part.strip()
        start = place + len(part) - len(part.lstrip())
        if words:
            yield Span(start, start + len(words))
        place += len(part)


def _split(document: Document, text: str) -> list[str]:
    marked = is_markdown(document.path)
    parts: list[str] = []
    for piece in [text] if marked else _pieces(text):
        found = list(segment(document.language, piece))
        # The splitter gives the text back in pieces; were it ever to drop a character, places
        # would be wrong, so that stays one sentence.
        parts += found if "".join(found) == piece else [piece]
    whole = list(_mended(parts, document.language))
    return list(_with_markup(whole)) if marked else whole


def _pieces(text: str) -> list[str]:
    """A paragraph of plain text, parted after lines that no wrapping has ended."""
    lines = text.splitlines(keepends=True)
    full = FULL_SHARE * max(map(len, filter(_has_words, lines)), default=0)
    pieces: list[list[str]] = []
    for before, line in pairwise(["", *lines]):
        ended = len(before) < full or (full < NARROW and not line.lstrip()[:1].islower())
        if not pieces or ended or ITEM.match(line):
            pieces.append([line])
        else:
            pieces[-1].append(line)
    return ["".join(piece) for piece in pieces]


def _has_words(line: str) -> bool:
    """Whether it may have been wrapped: an address alone is as long as it is."""
    return 2 * max(map(len, line.split()), default=0) <= len(line)


def _mended(parts: Sequence[str], language: str) -> Iterator[str]:
    """The sentences with what was torn put together at abbreviations and numbers."""
    held = ""
    for part in parts:
        if held and not _goes_on(held, part, language):
            yield held
            held = ""
        held += part
    yield from filter(None, [held])


def _goes_on(held: str, part: str, language: str) -> bool:
    """Whether what was taken for a sentence goes on in the next."""
    if NUMBER_ALONE.fullmatch(held):
        return True
    end = held[-END_CHARACTERS:]  # a sentence may be a megabyte long
    if language in WITH_ORDINALS and ORDINAL.search(end):
        return part[:1].islower() or (language == "de" and bool(COUNTED.match(part)))
    short = ABBREVIATED.search(end)
    if short is None:
        return False
    if short["numbers"]:
        return part[:1].isdigit()
    always = short["always"] or (language == "de" and short["german"])
    return bool(always) or part[:1].islower() or part[:1].isdigit()


def _with_markup(parts: Sequence[str]) -> Iterator[str]:
    """The sentences of Markdown with what was torn put together: code, and what emphasis ends."""
    code = [found.span() for found in CODE_SPAN.finditer("".join(parts))]
    held: list[str] = []
    place = 0
    for part in parts:
        ends = ENDS_EMPHASIS.match(part)
        if held and is_within(code, place):
            held.append(part)
        elif held and ends and sum(one.count(ends[1]) for one in held) % 2:
            yield "".join(held) + ends[0]
            held = [part[ends.end() :]]
        else:
            yield from filter(None, ["".join(held)])
            held = [part]
        place += len(part)
    yield from filter(None, ["".join(held)])
