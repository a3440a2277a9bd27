"""Blocks of HTML between the paragraphs, as a page shows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Literal

from index.loaders.markdown.inline import cut
from index.markup import COMMENT, SAYS_SOMETHING
from index.records import Span

TAG = r"""<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""
UNSEEN = r"<(?P<unseen>style|script|head|template|noscript)\b.*?(?:</(?P=unseen)\s*>|\Z)"
TITLE = r"""<(?P<title>summary|h[1-6])\b[^<>]*>
    (?P<words>(?:[^<]|<(?!/?(?:summary|h[1-6])\b)){1,500})</(?P=title)\s*>"""
CLOSE = r"(?P<close></details\s*>)"
CELLS = r"</t[dh]\s*>\s*</tr\s*>|<tr\b[^<>]*>\s*<t[dh]\b[^<>]*>"
PARTS = r"""</?(?:address|article|aside|blockquote|body|center|dd|details|div|dl|dt|figcaption
    |figure|footer|form|header|hr|html|li|main|nav|ol|p|section|table|tbody|tfoot|thead|tr|ul)
    (?=[\s/>])(?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""

NO_PARAGRAPH = re.compile(
    f"{COMMENT.pattern}|{UNSEEN}|{TITLE}|{CLOSE}|{CELLS}|{PARTS}",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
"""What is not shown, what heads the rest, and tags that part one paragraph from the next."""

TAGS = re.compile(TAG)
CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)

PieceKind = Literal["words", "cells", "heading", "summary", "close"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a paragraph, cells of a row, what heads the rest, or the end of some details.

    `words` are those of a heading (of `level` 1 to 6) or summary without tags.
    """

    kind: PieceKind
    place: Span
    words: str = ""
    level: int = 0


def pieces(html: str) -> Iterator[Piece]:
    """What a page shows of it, in order; places are in `html`."""
    place = 0
    for found in NO_PARAGRAPH.finditer(html):
        yield from _words(html, place, found.start())
        yield from _title(found)
        place = found.end()
    yield from _words(html, place, len(html))


def _title(found: re.Match[str]) -> Iterator[Piece]:
    if found["close"]:
        yield Piece("close", Span(*found.span()))
    if found["title"]:
        words = cut(" ".join(unescape(TAGS.sub("", found["words"])).split()))
        name = found["title"].casefold()
        if words and name == "summary":
            yield Piece("summary", Span(*found.span("words")), words)
        elif words:
            yield Piece("heading", Span(*found.span("words")), words, int(name[1]))


def _words(html: str, start: int, end: int) -> Iterator[Piece]:
    text = html[start:end]
    if SAYS_SOMETHING.search(TAGS.sub("", text)):
        yield Piece("cells" if CELL.search(text) or "</t" in text else "words", Span(start, end))
