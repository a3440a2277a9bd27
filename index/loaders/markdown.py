"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Literal

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.parsed import Parsed
from index.records import Block

PARSER = MarkdownIt("commonmark").enable("table")

FRONT_MATTER = re.compile(r"\A---\n(.*?\n)?(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
"""A YAML head between two rules, as static site generators write it."""

MARKER = re.compile(r"(?:[^\S\n]*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)))*[^\S\n]*")
"""Quote and list markers before the words of a line."""

WHOLE_BLOCKS = {"table_open", "fence", "code_block", "html_block"}
"""Tokens taken as one block of lines; what stands inside them is not looked at."""


def load_markdown(text: str) -> Parsed:
    """Find the blocks of Markdown with the headings above each, and what its front matter says.

    The title is the front matter's, else the first heading. Headings are no blocks of their own
    unless there is nothing else.
    """
    head = FRONT_MATTER.match(text)
    body_start = head.end() if head else 0
    facts = _facts(head.group(1) or "") if head else {}
    places = _Places(text, body_start)
    headings: list[tuple[Block, str]] = []
    blocks = tuple(_blocks(PARSER.parse(text[body_start:]), places, headings))
    title = facts.get("title") or (headings[0][1] if headings else None)
    return Parsed(
        text,
        blocks or tuple(block for block, _ in headings),
        title=title,
        url=facts.get("url"),
        date=facts.get("date"),
        language=facts.get("lang", "en"),
    )


class _Places:
    """Turns line numbers of the body into places in the whole text."""

    def __init__(self, text: str, body_start: int) -> None:
        self._text = text
        lines = text[body_start:].split("\n")
        self._starts = [body_start, *accumulate((len(x) + 1 for x in lines), initial=body_start)][
            1:
        ]

    def block(self, lines: list[int], section: tuple[str, ...], *, whole: bool) -> Block | None:
        """The block on lines [first, last), without markers and outer white space, if any."""
        start, end = self._starts[lines[0]], min(self._starts[lines[1]], len(self._text))
        if not whole:
            marker = MARKER.match(self._text, start, end)
            start = marker.end() if marker else start
        words = self._text[start:end]
        start += len(words) - len(words.lstrip("\n" if whole else None))
        end -= len(words) - len(words.rstrip())
        kind: Literal["lines", "prose"] = "lines" if whole else "prose"
        return Block(start, end, section, kind=kind) if start < end else None


def _blocks(
    tokens: list[Token], places: _Places, headings: list[tuple[Block, str]]
) -> Iterator[Block]:
    """Blocks in order; the headings met on the way are added to `headings`."""
    path: list[tuple[int, str]] = []
    inside_until = -1
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.map is None or token.map[0] < inside_until:
            continue
        section = tuple(words for _, words in path)
        if token.type == "heading_open" and following is not None:
            level, words = int(token.tag[1]), _plain(following)
            if heading := places.block(token.map, section, whole=False):
                headings.append((heading, words))
            path = [(n, w) for n, w in path if n < level] + [(level, words)]
        elif token.type in WHOLE_BLOCKS or token.type == "paragraph_open":
            whole = token.type in WHOLE_BLOCKS
            inside_until = token.map[1] if whole else inside_until
            if block := places.block(token.map, section, whole=whole):
                yield block


def _plain(inline: Token) -> str:
    """Words of a heading without its markup."""
    parts = (child.content for child in inline.children or [] if child.content)
    return " ".join("".join(parts).split())


def _facts(head: str) -> Mapping[str, str]:
    """Title, url, date and lang of the front matter; none where it is no YAML mapping."""
    try:
        facts = yaml.safe_load(head)
    except yaml.YAMLError:
        return {}
    if not isinstance(facts, dict):
        return {}
    return {
        key: str(facts[key]).strip() for key in ("title", "url", "date", "lang") if facts.get(key)
    }
