"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.front_matter import front_matter
from index.loaders.markdown import html
from index.loaders.markdown.above import Above
from index.loaders.markdown.inline import comments, cut, plain
from index.loaders.markdown.leads import CODE, lead_to_code, lead_to_list, only_leads
from index.loaders.markdown.lists import short_list
from index.loaders.markdown.places import Places
from index.loaders.markdown.tables import rows, table
from index.loaders.parsed import Parsed
from index.records import Block

PARSER = MarkdownIt("commonmark").enable("table")


def load_markdown(text: str) -> Parsed:
    """Find the blocks of Markdown with the headings above each, and what its front matter says.

    The title is the front matter's, else the first heading. Headings are no blocks of their own
    unless there is nothing else. What leads to a list ("Never allowed:") is a heading of its items,
    which say little without it, what leads to code is one of that, the names of its columns are
    one of each row of a table, and a summary is one of its details. A short list and a tiny table
    are a block each. A picture alone is none, and comments of HTML are in none.
    """
    facts, body_start = front_matter(text)
    places = Places(text, body_start)
    headings: list[tuple[Block, str]] = []
    blocks = tuple(_blocks(PARSER.parse(text[body_start:]), places, headings))
    title = facts.get("title") or (headings[0][1] if headings else None)
    return Parsed(
        text,
        blocks or tuple(block for block, _ in headings),
        title=title,
        url=facts.get("url"),
        date=facts.get("date"),
        language=facts.get("lang"),
    )


def _blocks(
    tokens: list[Token], places: Places, headings: list[tuple[Block, str]]
) -> Iterator[Block]:
    """Blocks in order; the headings met on the way are added to `headings`."""
    above = Above()
    seen = 0
    for number, token in enumerate(tokens):
        above.pass_by(token)
        if token.map is None or number < seen:
            continue
        if token.type == "heading_open":
            level, inline = int(token.tag[1]), tokens[number + 1]
            words = cut(plain(inline))
            own = places.unmarked(token.map, above.section, "prose", comments(inline))
            headings += [(heading, words) for heading in own]
            above.head(level, words)
        elif token.type == "bullet_list_open" and (items := short_list(tokens, number)):
            seen = number + items
            yield from places.whole(token.map, above.section, "items")
        else:
            yield from _block(tokens, number, places, above)
        if token.type == "paragraph_open" and (lead := lead_to_list(tokens, number)):
            above.lead(token.level, lead)


def _block(tokens: list[Token], number: int, places: Places, above: Above) -> Iterator[Block]:
    """What the token opens: a paragraph, the rows of a table, code or HTML; else nothing."""
    token, section = tokens[number], above.section
    lines = token.map or []
    if token.type == "paragraph_open":
        if not only_leads(tokens, number):
            hidden = comments(tokens[number + 1])
            yield from places.unmarked(lines, section, "prose", hidden)
    elif token.type == "table_open":
        inside = table(tokens, number)
        columns, below = rows(inside, lines)
        hidden = [words for cell in inside for words in comments(cell)]
        for row in below:
            yield from places.unmarked(row, (*section, *columns), "lines", hidden)
    elif token.type in CODE:
        lead = lead_to_code(tokens, number - 3)
        yield from places.whole(lines, (*section, lead) if lead else section, "lines")
    elif token.type == "html_block":
        opened = above.fold(token.content)
        if html.said(token.content) not in ("", " ".join(opened)):
            yield from places.unmarked(lines, section, "lines", html.comments(token.content))
