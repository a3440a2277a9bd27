"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.front_matter import front_matter
from index.loaders.markdown import html, lists
from index.loaders.markdown.above import Above
from index.loaders.markdown.inline import comments, cut, is_dated, plain
from index.loaders.markdown.leads import CODE, lead_to_code, lead_to_list, only_leads
from index.loaders.markdown.lists import short_list
from index.loaders.markdown.places import Places
from index.loaders.markdown.tables import is_tiny, rows, table
from index.loaders.parsed import Parsed
from index.records import Block, Kind

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
            level, inline = int(token.tag[1]), tokens[number + 1]
            words = cut(plain(inline))
            own = list(places.unmarked(token.map, section, "prose", comments(inline)))
            headings += [Heading(level, words, heading) for heading in own]
            above.head(level, words)
            if is_dated(words):
                yield from (places.words(heading, above.section) for heading in own)
        elif token.type == "html_block":
            yield from _html(token, places, above, headings)
        elif token.type in lists.OPENS and (listed := short_list(tokens, number)):
            if lists.is_steps(listed, section):
                seen = number + listed.size
                yield from _whole(places.marked(token.map, section, "items"))
            elif listed.is_of_things and token.type == "bullet_list_open":
                seen = number + listed.size
                yield from places.marked(token.map, section, "items")
        else:
            yield from _block(tokens, number, places, section)
        if token.type == "paragraph_open" and (lead := lead_to_list(tokens, number)):
            above.lead(token.level, lead)


def _block(
    tokens: list[Token], number: int, places: Places, section: tuple[str, ...]
) -> Iterator[Block]:
    """What the token opens: a paragraph, code or a table; else nothing."""
    token = tokens[number]
    lines = token.map or []
    if token.type == "paragraph_open":
        if not only_leads(tokens, number):
            yield from places.unmarked(lines, section, "prose", comments(tokens[number + 1]))
    elif token.type in CODE:
        lead = lead_to_code(tokens, number - 3)
        yield from places.marked(lines, (*section, lead) if lead else section, "lines")
    elif token.type == "table_open":
        yield from _table(table(tokens, number), lines, places, section)


def _table(
    inside: Sequence[Token], lines: Sequence[int], places: Places, section: tuple[str, ...]
) -> Iterator[Block]:
    """The rows of a table, each under the names of its columns; a tiny one as a whole."""
    hidden = [words for cell in inside for words in comments(cell)]
    if is_tiny(inside) and not hidden:
        yield from _whole(places.unmarked(lines, section, "lines"))
        return
    columns, below = rows(inside)
    for row in below:
        yield from places.unmarked(row, (*section, *columns), "lines", hidden)


def _html(token: Token, places: Places, above: Above, headings: list[Heading]) -> Iterator[Block]:
    """The paragraphs in a block of HTML, and what it heads."""
    lines, words = token.map or [], token.content
    for level, said in html.headings(words):
        own = places.marked(lines, above.section, "prose")
        headings += [Heading(level, said, heading) for heading in own]
        above.head(level, said)
    above.unfold(html.summaries(words))
    kind: Kind = "lines" if html.has_cells(words) else "prose"
    yield from places.unmarked(lines, above.section, kind, html.no_words(words))
    above.fold(html.closed(words))


def _whole(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same, each to be quoted as it is."""
    return (replace(block, whole=True) for block in blocks)
