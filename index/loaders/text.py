"""Plain text: paragraphs are parted by empty lines, and a short first one is the title."""

import re

from index.loaders import text_tables
from index.loaders.parsed import Parsed
from index.records import Block

PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:[^\S\n]*\n[^\S\n]*\S(?:.*\S)?)*")
"""Lines that hold more than white space, from the first such character to the last."""

TITLE_MAX_CHARACTERS = 200


def load_text(text: str) -> Parsed:
    """Find the paragraphs of plain text, and its title: a first paragraph of one short line.

    A paragraph that is a table is its rows.
    """
    paragraphs = list(PARAGRAPH.finditer(text))
    blocks: list[Block] = []
    for found in paragraphs:
        rows = text_tables.rows(found[0], found.start())
        blocks += rows or [Block(found.start(), found.end())]
    return Parsed(text, tuple(blocks), title=_title([found[0] for found in paragraphs]))


def _title(paragraphs: list[str]) -> str | None:
    if len(paragraphs) < 2:  # noqa: PLR2004  # a single paragraph is the text, not its title
        return None
    first = paragraphs[0]
    return first if "\n" not in first and len(first) <= TITLE_MAX_CHARACTERS else None
