"""How Markdown is written: canonical text keeps its marks, and several stages must know them."""

import re

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


COMMENT_OPENS = "<!--"
"""A comment of HTML: no page shows it, and no quote may."""


def is_markdown(path: str) -> bool:
    """Whether the document at that path is Markdown, by its ending."""
    return path.casefold().endswith(SUFFIXES)
