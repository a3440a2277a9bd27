"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate, takewhile
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

SENTENCE_END = re.compile(r"(?<=[.!?]) ")

BREAKS = {"softbreak", "hardbreak"}
LISTS = {"bullet_list_open", "ordered_list_open"}
LISTS_CLOSED = {"bullet_list_close", "ordered_list_close"}

WHOLE_BLOCKS = {"table_open", "fence", "code_block", "html_block"}
"""Tokens taken as one block of lines; none of them holds a paragraph or a heading."""


def load_markdown(text: str) -> Parsed:
    """Find the blocks of Markdown with the headings above each, and what its front matter says.

    The title is the front matter's, else the first heading. Headings are no blocks of their own
    unless there is nothing else. What leads to a list ("Never allowed:") is a heading of its items,
    which say little without it. A picture alone is no block.
    """
    facts, body_start = _front_matter(text)
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
        language=facts.get("lang"),
    )


class _Places:
    """Turns line numbers of the body into places in the whole text."""

    def __init__(self, text: str, body_start: int) -> None:
        self._text = text
        lines = text[body_start:].split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=body_start))

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
    leads: list[tuple[int, str]] = []
    for number, token in enumerate(tokens):
        leads = [(level, words) for level, words in leads if not _closes(token, level)]
        if token.map is None:
            continue
        section = tuple(words for _, words in (*path, *leads))
        if token.type == "heading_open":
            level, words = int(token.tag[1]), _plain(tokens[number + 1])
            if heading := places.block(token.map, section, whole=False):
                headings.append((heading, words))
            path = [(n, w) for n, w in path if n < level] + ([(level, words)] if words else [])
        elif token.type == "paragraph_open":
            lead = _lead(tokens, number)
            if lead:
                leads.append((token.level, lead))
            said = _plain(tokens[number + 1], pictures=False)
            if (
                said
                and (said != lead or not lead.endswith(":"))
                and (block := places.block(token.map, section, whole=False))
            ):
                yield block
        elif token.type in WHOLE_BLOCKS and (block := places.block(token.map, section, whole=True)):
            yield block


def _lead(tokens: list[Token], number: int) -> str:
    """What the paragraph that opens there says of the list right after it, or nothing.

    Its last sentence, where that ends with a colon; or the words of an item that has a list of its
    own. Nothing where the list is empty.
    """
    opens = number + 3
    if opens >= len(tokens) or tokens[opens].type not in LISTS:
        return ""
    level = tokens[opens].level
    after = (tokens[at] for at in range(opens, len(tokens)))  # no copy: there may be a great many
    listed = takewhile(lambda token: not _closes(token, level), after)
    if not any(token.type == "inline" and token.content.strip() for token in listed):
        return ""
    said = _plain(tokens[number + 1], pictures=False)
    return SENTENCE_END.split(said)[-1] if said.endswith(":") or level > 0 else ""


def _closes(token: Token, level: int) -> bool:
    """Whether the token ends the list that was opened on that level."""
    return token.type in LISTS_CLOSED and token.level == level


def _plain(inline: Token, *, pictures: bool = True) -> str:
    """The words without markup; those that stand for pictures may be left out."""
    children = inline.children or []
    shown = (child for child in children if pictures or child.type != "image")
    words = (" " if child.type in BREAKS else child.content for child in shown)
    return " ".join("".join(words).split())


def _front_matter(text: str) -> tuple[Mapping[str, str], int]:
    """Title, url, date and lang as they are written there, and where the body starts.

    What stands between two rules but is no YAML mapping belongs to the body.
    """
    head = FRONT_MATTER.match(text)
    if head is None:
        return {}, 0
    try:
        facts = yaml.load(head.group(1) or "", Loader=yaml.BaseLoader)  # noqa: S506  # only strings
    except (yaml.YAMLError, RecursionError):
        return {}, 0
    if not isinstance(facts, dict):
        return {}, 0
    words = {key: _whole(fact) for key, fact in facts.items() if isinstance(fact, str)}
    kept = ("title", "url", "date", "lang")
    return {key: words[key] for key in kept if words.get(key)}, head.end()


def _whole(fact: str) -> str:
    """Its words, with the halves of a character put together that JSON writes as two escapes."""
    joined = fact.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(joined.split())
