"""How Markdown is written: canonical text keeps its marks, and several stages must know them."""

import re
from bisect import bisect_left
from collections.abc import Sequence

SUFFIXES = (".md", ".markdown")
"""Lower-case endings of files in Markdown."""

MARKERS = re.compile(r"(?:[^\S\n]*(?:>|[-*+](?=\s)))*[^\S\n]*")
"""Of quotes and lists, before the words of a line. A number is none: members ask for "rule 4"."""

NEXT_ITEM = re.compile(r"\n[^\S\n]*(?:[-*+]|\d{1,9}[.)])\s")
"""Where an item of a list begins after another."""

FENCE = re.compile(r"^[^\S\n]*(?:```|~~~)[^\n]*", re.MULTILINE)
"""The line that opens or closes a block of code."""

FENCED = re.compile(r"\s*(```|~~~).*\n\s*\1\S*\s*", re.DOTALL)
"""A whole block of code."""


CODE_SPAN = re.compile(r"(?<![`\\])(`{1,3})(?!`)[^\n]+?(?<!`)\1(?!`)")
"""Code within a paragraph, on one line."""

COMMENT_OPENS = "<!--"
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
"""A comment of HTML: no page shows it, and no quote may. An open one takes all the rest."""


SAYS_SOMETHING = re.compile(r"[^\W_]|[^\x00-\x7f]")
"""A letter or figure, or a sign beyond ASCII: an emoji, say."""


def is_within(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether a place is inside one of the spans, which stand in order."""
    last = bisect_left(spans, (place, 0)) - 1
    return last >= 0 and place < spans[last][1]


def is_markdown(path: str) -> bool:
    """Whether the document at that path is Markdown, by its ending."""
    return path.casefold().endswith(SUFFIXES)
