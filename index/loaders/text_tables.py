"""Tables in plain text: values parted by commas and the like, and columns kept apart by blanks."""

import csv
import re
from collections.abc import Sequence

from index.records import Block

SEPARATORS = (",", ";", "\t", "|")
MIN_ROWS = 3
MIN_CELLS = 3
CELL_MAX_WORDS = 12
"""Mean words of a cell up to which lines are a table: sentences have commas too."""

GAP = re.compile(r"(?<=[^\s.!?:;…*+•-])(?<!\d[.)])(?: {2,}|\t+)(?=\S)")
"""Between columns; two blanks may also follow a sentence or the mark of an item."""

ROWS_SHARE = 0.7
"""Share of the lines that have a gap in a table of columns."""


def rows(text: str, start: int) -> list[Block]:
    """The rows of the table that a paragraph is, each under the names of its columns; else none.

    `text` is the paragraph, which stands at `start` in its document.
    """
    lines = text.split("\n")
    cells = _by_separators(lines) or _by_gaps(lines)
    if not cells:
        return []
    columns = _names(cells)
    blocks: list[Block] = []
    place = start
    for number, line in enumerate(lines):
        if line.strip() and not (columns and number == 0):
            first = place + len(line) - len(line.lstrip())
            blocks.append(Block(first, first + len(line.strip()), columns, kind="lines"))
        place += len(line) + 1
    return blocks


def _by_separators(lines: Sequence[str]) -> list[list[str]]:
    if len(lines) < MIN_ROWS:
        return []
    for separator in SEPARATORS:
        if separator == "," and _is_prose(lines):
            continue
        try:
            cells = list(csv.reader(lines, delimiter=separator, strict=True))
        except csv.Error:
            continue
        flat = [cell for row in cells for cell in row]
        wordy = sum(len(cell.split()) for cell in flat) > CELL_MAX_WORDS * len(flat)
        if len(cells) == len(lines) and len(set(map(len, cells))) == 1 and not wordy:
            return cells if len(cells[0]) >= MIN_CELLS else []
    return []


def _is_prose(lines: Sequence[str]) -> bool:
    """Whether a blank follows most commas."""
    text = " ".join(lines)
    return 2 * text.count(", ") > text.count(",")


def _by_gaps(lines: Sequence[str]) -> list[list[str]]:
    cells = [GAP.split(line.strip()) for line in lines]
    rows = [row for row in cells if len(row) > 1]
    return cells if len(rows) >= MIN_ROWS and len(rows) >= ROWS_SHARE * len(cells) else []


def _names(cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The first row in one line, if it names three columns or more: no figure in it, some below.

    A first row of two may as well be a name and what it stands for.
    """
    first, *others = cells
    widest = max(map(len, cells))
    named = MIN_CELLS <= len(first) == widest and all(cell.strip() for cell in first)
    figures = any(map(str.isdigit, "".join(first)))
    below = any(map(str.isdigit, "".join(cell for row in others for cell in row)))
    return (" | ".join(cell.strip() for cell in first),) if named and below and not figures else ()
