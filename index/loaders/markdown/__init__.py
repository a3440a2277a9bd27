"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.dates import names_a_day
from index.loaders.front_matter import front_matter
from index.loaders.markdown import html, lists
from index.loaders.markdown.above import Above
from index.loaders.markdown.inline import cut, has_comment, plain
from index.loaders.markdown.leads import CODE, lead_to_code, lead_to_list, only_leads
from index.loaders.markdown.lists import short_list
from index.loaders.markdown.places import Places
from index.loaders.markdown.tables import is_tiny, rows, table
from index.loaders.parsed import Parsed
from index.records import Block, Span

PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6, its words without markup, and where it stands."""

    level: int
    words: str
    block: Block


def load_markdown(text: str) -> Parsed:
    """Find the blocks of Markdown with the headings above each, and what its front matter says.

    The title is the front matter's, else the first heading; but that is a section if words stand
    right under it and others of its level follow. Headings are no blocks of their own unless they
    hold a date, or there is nothing else. What leads to a list ("Never allowed:") is a heading of
    its items, which say little without it, what leads to code is one of that, the names of its
    columns are one of each row of a table, and a summary is one of its details. A short list, a few
    steps and a tiny table are a block each. A picture alone is none, nor is what no page shows.
    """
    facts, body_start = front_matter(text)
    places = Places(text, body_start)
    headings: list[Heading] = []
    blocks = tuple(_blocks(PARSER.parse(text[body_start:]), places, headings))
    return Parsed(
        text,
        blocks or tuple(heading.block for heading in headings),
        title=facts.get("title") or _title(headings, blocks),
        url=facts.get("url"),
        date=facts.get("date"),
        language=facts.get("lang"),
    )


def _title(headings: Sequence[Heading], blocks: Sequence[Block]) -> str | None:
    """The words of the first heading, unless it is but one section of several."""
    if not headings:
        return None
    first, *others = headings
    if any(other.level <= first.level for other in others):
        between = range(first.block.end, others[0].block.start)
        if any(block.start in between for block in blocks):
            return None
    return first.words


def _blocks(tokens: list[Token], places: Places, headings: list[Heading]) -> Iterator[Block]:
    """Blocks in order; the headings met on the way are added to `headings`."""
    above = Above()
    seen = 0
    for number, token in enumerate(tokens):
        above.pass_by(token)
        if token.map is None or number < seen:
            continue
        section = above.section
        if token.type == "heading_open":
            yield from _heading(token, tokens[number + 1], places, above, headings)
        elif token.type == "html_block":
            yield from _html(places.of(token.map), places, above, headings)
        elif token.type in lists.OPENS and (listed := short_list(tokens, number)):
            if lists.is_steps(listed, section):
                seen = number + listed.size
                yield from _whole(places.marked(token.map, section, "items"))
            elif listed.is_of_things:
                seen = number + listed.size
                yield from places.marked(token.map, section, "items")
        else:
            yield from _block(tokens, number, places, section)
        if token.type == "paragraph_open" and (lead := lead_to_list(tokens, number)):
            above.lead(token.level, lead)


def _heading(
    token: Token, inline: Token, places: Places, above: Above, headings: list[Heading]
) -> Iterator[Block]:
    """Nothing, but for a heading that says when: of a release, say, or of a meeting."""
    lines, level, words = token.map or [], int(token.tag[1]), cut(plain(inline))
    commented = has_comment(inline)
    blocks = places.uncommented if commented else places.unmarked
    own = list(blocks(lines, above.section, "prose"))
    headings += [Heading(level, words, block) for block in own]
    above.head(level, words)
    if names_a_day(words) and not commented:
        yield from (places.words_of_heading(block, above.section) for block in own)


def _block(
    tokens: list[Token], number: int, places: Places, section: tuple[str, ...]
) -> Iterator[Block]:
    """What the token opens: a paragraph, code or a table; else nothing."""
    token = tokens[number]
    lines = token.map or []
    if token.type == "paragraph_open":
        if not only_leads(tokens, number):
            commented = has_comment(tokens[number + 1])
            blocks = places.uncommented if commented else places.unmarked
            yield from blocks(lines, section, "prose")
    elif token.type in CODE:
        lead = lead_to_code(tokens, number - 3)
        yield from places.marked(lines, (*section, lead) if lead else section, "lines")
    elif token.type == "table_open":
        yield from _table(table(tokens, number), lines, places, section)


def _table(
    inside: Sequence[Token], lines: Sequence[int], places: Places, section: tuple[str, ...]
) -> Iterator[Block]:
    """The rows of a table, each under the names of its columns; a tiny one as a whole."""
    commented = any(map(has_comment, inside))
    if is_tiny(inside) and not commented:
        yield from _whole(places.unmarked(lines, section, "lines"))
        return
    columns, below = rows(inside)
    for row in below:
        blocks = places.uncommented if commented else places.unmarked
        yield from blocks(row, (*section, *columns), "lines")


def _html(place: Span, places: Places, above: Above, headings: list[Heading]) -> Iterator[Block]:
    """The paragraphs in a block of HTML, each under what heads it there."""
    folded: list[Block] = []
    for piece in html.pieces(places.text[place.start : place.end]):
        at = Span(place.start + piece.place.start, place.start + piece.place.end)
        if piece.kind == "close":
            yield from folded  # details of which the summary says all
            folded = []
            above.fold()
        elif piece.kind == "summary":
            folded = list(places.block(at, above.section, "prose"))
            above.unfold(piece.words)
        elif piece.kind == "heading":
            headings += [
                Heading(piece.level, piece.words, block)
                for block in places.block(at, above.section, "prose")
            ]
            above.head(piece.level, piece.words)
            if names_a_day(piece.words):
                yield from _whole(places.block(at, above.section, "heading"))
        else:
            folded = []
            yield from places.block(
                at, above.section, "lines" if piece.kind == "cells" else "prose"
            )


def _whole(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same, each to be quoted as it is."""
    return (replace(block, whole=True) for block in blocks)
