"""A document becomes passages: whole sentences, packed within a block up to a token limit.

No passage crosses a paragraph or a heading, and every place is exact. A single sentence beyond
the limit is parted at white space.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.passage_text import context
from index.records import Block, Chunk, Document, Span
from index.sentences import sentences

CountTokens = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, special tokens included."""

CHUNKER_VERSION = 5
"""Raised when the same document would be chunked otherwise; an older index is then stale."""


WORD = re.compile(r"\S+")


def chunk(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Chunk]:
    """Passages of `document` that take at most `max_tokens` tokens each under title and headings.

    A run of characters without white space that is itself longer is kept whole.
    """
    ruler = _Ruler(document.text, count_tokens, special=count_tokens([""])[0])
    passages: list[Chunk] = []
    for block in document.blocks:
        above = count_tokens([context(document.stated_title, block.section)])[0]
        room = max(max_tokens - above, max_tokens // 4)
        whole = list(sentences(document, block))
        edges = {edge for sentence in whole for edge in (sentence.start, sentence.end)}
        sized = ruler.size(whole)
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
