"""Line numbers of the body of a file become places in the whole text."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from index.markup import MARKERS
from index.records import Block, Kind

TAG = re.compile(r"<[^>]*>")
HEADING_SIGNS = re.compile(r"#{1,6}[ \t]+")
WORDY = re.compile(r"\w")


class Places:
    """Where the lines of a body are in the text that it is the rest of."""

    def __init__(self, text: str, body_start: int) -> None:
        self._text = text
        lines = text[body_start:].split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=body_start))

    def marked(self, lines: Sequence[int], section: tuple[str, ...], kind: Kind) -> Iterator[Block]:
        """The block on lines [first, last), if they are not empty; code keeps its indent."""
        start, end = self._place(lines)
        yield from self._block(start, end, section, kind, "\n" if kind == "lines" else None)

    def unmarked(
        self,
        lines: Sequence[int],
        section: tuple[str, ...],
        kind: Kind,
        hidden: Sequence[str] = (),
    ) -> Iterator[Block]:
        """The same without the markers of quotes and lists before it.

        What is `hidden` in it, in order, parts it; what has no word but in tags is left out.
        """
        start, end = self._place(lines)
        markers = MARKERS.match(self._text, start, end)
        start = markers.end() if markers else start
        parts: list[tuple[int, int]] = []
        for words in hidden:
            found = self._text.find(words, start, end)
            if found >= 0:
                parts.append((start, found))
                start = found + len(words)
        parts.append((start, end))
        for part in parts:
            if not hidden or WORDY.search(TAG.sub("", self._text[slice(*part)])):
                yield from self._block(*part, section, kind)

    def words(self, block: Block, section: tuple[str, ...]) -> Block:
        """A heading as a paragraph in that section, without the signs before it."""
        signs = HEADING_SIGNS.match(self._text, block.start, block.end)
        return Block(signs.end() if signs else block.start, block.end, section)

    def _place(self, lines: Sequence[int]) -> tuple[int, int]:
        return self._starts[lines[0]], min(self._starts[lines[1]], len(self._text))

    def _block(
        self, start: int, end: int, section: tuple[str, ...], kind: Kind, before: str | None = None
    ) -> Iterator[Block]:
        """What stands there without white space around it, if anything; `before` it only this."""
        words = self._text[start:end]
        start += len(words) - len(words.lstrip(before))
        end -= len(words) - len(words.rstrip())
        if start < end:
            yield Block(start, end, section, kind=kind)
