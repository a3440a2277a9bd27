"""Which documents are indexed, a page at a time. Pure."""

from collections.abc import Sequence

from rich.filesize import decimal

from bot.rendering.amounts import count, moment
from bot.rendering.answer import safe_url
from bot.rendering.reply import A_ROW, Button, Link, Reply, Row, custom_id
from bot.rendering.short import short, short_generation, short_path
from index import GenerationSummary, Source

SOURCES = "sources"
"""What the buttons do; their custom ids name the page, counted from 1."""

A_PAGE = 10
"""Documents on one page. With the lengths below they fit whatever they are called."""

TITLE_MAX_UNITS = 64
PATH_MAX_UNITS = 64
LANGUAGE_MAX_UNITS = 8


def render_sources(found: Sequence[Source], generation: GenerationSummary, page: int) -> Reply:
    """One page of the documents of a generation; the nearest where there is none of that number.

    Each has two lines: its title, then path, language, passages and size. Those with an address
    have a button that opens it.
    """
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * A_PAGE + 1
    shown = list(enumerate(found[first - 1 :][:A_PAGE], start=first))
    lines = [
        f"**{count(len(found), 'document')}** in the index, by path:",
        *(_lines(number, source) for number, source in shown),
        _foot(generation, page, pages),
    ]
    links = [
        Link(f"Open {number}", url) for number, source in shown if (url := safe_url(source.url))
    ]
    rows: list[Row] = [tuple(links[at : at + A_ROW]) for at in range(0, len(links), A_ROW)]
    return Reply("\n".join(lines), (*rows, _turn(page, pages)) if pages > 1 else tuple(rows))


def _lines(number: int, source: Source) -> str:
    facts = (
        short_path(source.document, PATH_MAX_UNITS),
        short(source.language, LANGUAGE_MAX_UNITS),
        count(source.passages, "passage"),
        decimal(source.size),
    )
    return f"**{number}** {short(source.title, TITLE_MAX_UNITS)}\n-# {' · '.join(facts)}"


def _foot(generation: GenerationSummary, page: int, pages: int) -> str:
    name = short_generation(generation.name)
    built = moment(generation.created)
    return f"-# Page {page} of {pages} · generation {name}" + (f", built {built}" if built else "")


def _turn(page: int, pages: int) -> Row:
    return (
        Button("Previous", custom_id(SOURCES, str(page - 1)), disabled=page == 1),
        Button("Next", custom_id(SOURCES, str(page + 1)), disabled=page == pages),
    )
