"""A document becomes passages: whole sentences, packed within a block up to a token limit.

No passage crosses a paragraph or a heading, and every place is exact. A single sentence beyond
the limit is parted at white space.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sentencex import segment

from index.markup import is_markdown
from index.passage_text import context
from index.records import Block, Chunk, Document, Span

CountTokens = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, special tokens included."""

CHUNKER_VERSION = 4
"""Raised when the same document would be chunked otherwise; an older index is then stale."""


WORD = re.compile(r"\S+")

ENDS_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|~~)(?:\s+|\Z)")
"""Closing emphasis that the splitter put before the next sentence, as in **Be kind.** We are."""

CODE = re.compile(r"(?<!`)(`{1,3})(?!`)[^\n]+?(?<!`)\1(?!`)")

NUMBER_ALONE = re.compile(r"\s*\d{1,9}[.)]\s*")
"""What a splitter may take for a sentence: the number of a list's item."""


def chunk(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Chunk]:
    """Passages of `document` that take at most `max_tokens` tokens each under title and headings.

    A run of characters without white space that is itself longer is kept whole.
    """
    ruler = _Ruler(document.text, count_tokens, special=count_tokens([""])[0])
    passages: list[Chunk] = []
    for block in document.blocks:
        above = count_tokens([context(document.stated_title, block.section)])[0]
        room = max(max_tokens - above, max_tokens // 4)
        sentences = list(_sentences(document, block))
        edges = {edge for sentence in sentences for edge in (sentence.start, sentence.end)}
        sized = ruler.size(sentences)
        fitting = [piece for sentence in sized for piece in _fit(ruler, sentence, room)]
        passages += [_passage(document, block, run, edges) for run in _pack(fitting, room)]
    return passages


Sized = tuple[Span, int]
"""A sentence, or a piece of one, and its tokens."""


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Measures places of a text in tokens, the model's `special` ones not counted."""

    text: str
    count_tokens: CountTokens
    special: int

    def size(self, spans: Sequence[Span]) -> list[Sized]:
        """Each span with its tokens."""
        counts = self.count_tokens([self.text[span.start : span.end] for span in spans])
        return [(span, count - self.special) for span, count in zip(spans, counts, strict=True)]


def _sentences(document: Document, block: Block) -> Iterator[Span]:
    """Sentences of a block without the white space between them."""
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
    parts = list(segment(document.language, text))
    # The splitter gives the text back in pieces; were it ever to drop a character, places would
    # be wrong, so the block then stays one sentence.
    if "".join(parts) != text:
        return [text]
    return list(_mended(parts)) if is_markdown(document.path) else parts


def _mended(parts: Sequence[str]) -> Iterator[str]:
    """The sentences with what was torn put together: code, what emphasis ends, an item's number."""
    code = [found.span() for found in CODE.finditer("".join(parts))]
    held: list[str] = []
    place = 0
    for part in parts:
        ends = ENDS_EMPHASIS.match(part)
        if held and (_is_within(code, place) or _is_number(held)):
            held.append(part)
        elif held and ends and sum(one.count(ends[1]) for one in held) % 2:
            yield "".join(held) + ends[0]
            held = [part[ends.end() :]]
        else:
            yield from filter(None, ["".join(held)])
            held = [part]
        place += len(part)
    yield from filter(None, ["".join(held)])


def _is_within(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether a place is inside one of the spans, which stand in order."""
    last = bisect_left(spans, (place, 0)) - 1
    return last >= 0 and place < spans[last][1]


def _is_number(held: Sequence[str]) -> bool:
    return len(held) == 1 and NUMBER_ALONE.fullmatch(held[0]) is not None


def _fit(ruler: _Ruler, sentence: Sized, room: int) -> Iterator[Sized]:
    """The sentence itself, or pieces of it that have room, parted at white space."""
    span, tokens = sentence
    if tokens <= room:
        yield sentence
        return
    for run in _pack(ruler.size(list(_words(ruler.text, span))), room):
        yield Span(run[0][0].start, run[-1][0].end), sum(size for _, size in run)


def _words(text: str, sentence: Span) -> Iterator[Span]:
    for word in WORD.finditer(text, sentence.start, sentence.end):
        yield Span(word.start(), word.end())


def _pack(pieces: Sequence[Sized], room: int) -> Iterator[list[Sized]]:
    """Runs of neighbouring pieces, each as long as there is room, at least one piece."""
    run: list[Sized] = []
    used = 0
    for piece in pieces:
        if run and used + piece[1] > room:
            yield run
            run, used = [], 0
        run.append(piece)
        used += piece[1]
    if run:
        yield run


def _passage(
    document: Document, block: Block, run: Sequence[Sized], edges: AbstractSet[int]
) -> Chunk:
    """The passage of a run of sentences and pieces; `edges` are where sentences start and end."""
    start, end = run[0][0].start, run[-1][0].end
    return Chunk(
        document=document.path,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple(span for span, _ in run),
        section=block.section,
        page=block.page,
        starts_inside=start not in edges,
        ends_inside=end not in edges,
        kind=block.kind,
    )
