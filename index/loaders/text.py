"""Plain text: paragraphs are parted by empty lines, and a short first one is the title."""

import re

from index.loaders.parsed import Parsed
from index.records import Block

PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[^\S\n]*\S(?:.*\S)?)*")
"""Lines that hold more than white space, from the first such character to the last."""

TITLE_MAX_CHARACTERS = 200


def load_text(text: str) -> Parsed:
    """Find the paragraphs of plain text, and its title: a first paragraph of one short line."""
    blocks = tuple(Block(match.start(), match.end()) for match in PARAGRAPH.finditer(text))
    return Parsed(text, blocks, title=_title(text, blocks))


def _title(text: str, blocks: tuple[Block, ...]) -> str | None:
    if len(blocks) < 2:  # noqa: PLR2004  # a single paragraph is the text, not its title
        return None
    first = text[blocks[0].start : blocks[0].end]
    short = "\n" not in first and len(first) <= TITLE_MAX_CHARACTERS
    return first if short else None
