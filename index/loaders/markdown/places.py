"""Line numbers of the body of a file become places in the whole text."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from index.markup import CODE_SPAN, COMMENT, MARKERS, SAYS_SOMETHING, is_within
from index.records import Block, Kind, Span

HEADING_SIGNS = re.compile(r"#{1,6}[ \t]+")
CLOSING_SIGNS = re.compile(r"[ \t]+#+[ \t]*\Z")
UNDERLINE = re.compile(r"\n[^\S\n]*(?:=+|-+)[^\S\n]*\Z")


class Places:
    """Where the lines of a body are in the text that it is the rest of."""

    def __init__(self, text: str, body_start: int) -> None:
        self.text = text
        lines = text[body_start:].split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=body_start))

    def of(self, lines: Sequence[int]) -> Span:
        """The place of the lines [first, last)."""
        return Span(self._starts[lines[0]], min(self._starts[lines[1]], len(self.text)))

    def marked(self, lines: Sequence[int], section: tuple[str, ...], kind: Kind) -> Iterator[Block]:
        """The block on those lines, if they are not empty; code keeps its indent."""
        yield from self.block(self.of(lines), section, kind, "\n" if kind == "lines" else None)

    def unmarked(
        self, lines: Sequence[int], section: tuple[str, ...], kind: Kind
    ) -> Iterator[Block]:
        """The same without the markers of quotes and lists before it."""
        yield from self.block(self._after_markers(lines), section, kind)

    def uncommented(
        self, lines: Sequence[int], section: tuple[str, ...], kind: Kind
    ) -> Iterator[Block]:
        """The same, parted where comments of HTML stand in it, which are in no block."""
        place = self._after_markers(lines)
        start, words = place.start, self.text[place.start : place.end]
        code = [found.span() for found in CODE_SPAN.finditer(words)]
        for found in COMMENT.finditer(words):
            if not is_within(code, found.start()):
                part = Span(start, place.start + found.start())
                if SAYS_SOMETHING.search(self.text, part.start, part.end):
                    yield from self.block(part, section, kind)
                start = place.start + found.end()
        if SAYS_SOMETHING.search(self.text, start, place.end):
            yield from self.block(Span(start, place.end), section, kind)

    def words_of_heading(self, block: Block, section: tuple[str, ...]) -> Block:
        """A heading as a passage of that section, without the signs that make it one."""
        words = self.text[block.start : block.end]
        signs = HEADING_SIGNS.match(words)
        ends = UNDERLINE.search(words) or CLOSING_SIGNS.search(words)
        start = block.start + (signs.end() if signs else 0)
        end = block.start + (ends.start() if ends else len(words))
        return Block(start, end, section, kind="heading", whole=True)

    def block(
        self, place: Span, section: tuple[str, ...], kind: Kind, before: str | None = None
    ) -> Iterator[Block]:
        """What stands there without white space around it, if anything; `before` it only this."""
        words = self.text[place.start : place.end]
        start = place.start + len(words) - len(words.lstrip(before))
        end = place.end - (len(words) - len(words.rstrip()))
        if start < end:
            yield Block(start, end, section, kind=kind)

    def _after_markers(self, lines: Sequence[int]) -> Span:
        place = self.of(lines)
        markers = MARKERS.match(self.text, place.start, place.end)
        return Span(markers.end() if markers else place.start, place.end)
