"""Markdown (CommonMark with tables): the source is the canonical text, markup and all.

Offsets point into the source as it was written, so that a quote is what the author typed. Blocks
come from the line numbers that markdown-it-py gives.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.front_matter import front_matter
from index.loaders.parsed import Parsed
from index.markup import MARKERS
from index.records import Block, Kind
from index.stems import count_words

PARSER = MarkdownIt("commonmark").enable("table")

SENTENCE_END = re.compile(r"(?<=[.!?]) |(?<=[。！？])|(?<=[।؟]) ")

SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
CLOSING = ")]\"'”’»*_"

HEADING_MAX_CHARACTERS = 200

ITEMS = {"list_item_open", "list_item_close", "paragraph_open", "paragraph_close", "inline"}
"""All that is in a list without lists and code in it."""

LIST_MAX_WORDS = 60
"""Most words of a list whose items are quoted together: those of a quote."""

TABLE_MAX_WORDS = 20
"""Most words of a table that is one passage."""

LEAD_MAX_WORDS = 8
"""Most words of what leads to code that is a heading of it; more say something by themselves."""

LIST_MAX_TOKENS = 5 * LIST_MAX_WORDS
"""Five a word at most, each item being a word."""

BREAKS = {"softbreak", "hardbreak"}
LISTS = {"bullet_list_open", "ordered_list_open"}
LISTS_CLOSED = {"bullet_list_close", "ordered_list_close"}

CODE = {"fence", "code_block"}

WHOLE_BLOCKS = {"fence", "code_block", "html_block"}
"""Tokens taken as one block of lines; none of them holds a paragraph or a heading."""


def load_markdown(text: str) -> Parsed:
    """Find the blocks of Markdown with the headings above each, and what its front matter says.

    The title is the front matter's, else the first heading. Headings are no blocks of their own
    unless there is nothing else. What leads to a list ("Never allowed:") is a heading of its items,
    which say little without it, what leads to code is one of that, and the names of its columns are
    one of each row of a table. A short list and a tiny table are a block each. A picture alone is
    none.
    """
    facts, body_start = front_matter(text)
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

    def whole(self, lines: list[int], section: tuple[str, ...], kind: Kind) -> Iterator[Block]:
        """The block on lines [first, last), if they are not empty; code keeps its indent."""
        start, end = self._place(lines)
        yield from self._block(start, end, section, kind)

    def unmarked(self, lines: list[int], section: tuple[str, ...], kind: Kind) -> Iterator[Block]:
        """The same without the markers of quotes and lists before it."""
        start, end = self._place(lines)
        markers = MARKERS.match(self._text, start, end)
        yield from self._block(markers.end() if markers else start, end, section, kind)

    def _place(self, lines: list[int]) -> tuple[int, int]:
        return self._starts[lines[0]], min(self._starts[lines[1]], len(self._text))

    def _block(self, start: int, end: int, section: tuple[str, ...], kind: Kind) -> Iterator[Block]:
        words = self._text[start:end]
        start += len(words) - len(words.lstrip("\n" if kind == "lines" else None))
        end -= len(words) - len(words.rstrip())
        if start < end:
            yield Block(start, end, section, kind=kind)


def _blocks(
    tokens: list[Token], places: _Places, headings: list[tuple[Block, str]]
) -> Iterator[Block]:
    """Blocks in order; the headings met on the way are added to `headings`."""
    path: list[tuple[int, str]] = []
    leads: list[tuple[int, str]] = []
    seen = 0
    for number, token in enumerate(tokens):
        leads = [(level, words) for level, words in leads if not _closes(token, level)]
        if token.map is None or number < seen:
            continue
        section = tuple(words for _, words in (*path, *leads))
        if token.type == "heading_open":
            level, words = int(token.tag[1]), _cut(_plain(tokens[number + 1]))
            own = places.unmarked(token.map, section, "prose")
            headings += [(heading, words) for heading in own]
            path = [(n, w) for n, w in path if n < level] + ([(level, words)] if words else [])
        elif token.type == "bullet_list_open" and (items := _short_list(tokens, number)):
            seen = number + items
            yield from places.whole(token.map, section, "items")
        else:
            yield from _block(tokens, number, places, section)
        if token.type == "paragraph_open" and (lead := _lead_to_list(tokens, number)):
            leads.append((token.level, lead))


def _block(
    tokens: list[Token], number: int, places: _Places, section: tuple[str, ...]
) -> Iterator[Block]:
    """What the token opens: a paragraph, the rows of a table, code or HTML; else nothing."""
    token = tokens[number]
    lines = token.map or []
    if token.type == "paragraph_open":
        if not _only_leads(tokens, number):
            yield from places.unmarked(lines, section, "prose")
    elif token.type == "table_open":
        columns, rows = _table(tokens, number, lines)
        for row in rows:
            yield from places.unmarked(row, (*section, *columns), "lines")
    elif token.type in WHOLE_BLOCKS:
        lead = _lead_to_code(tokens, number - 3)
        yield from places.whole(lines, (*section, lead) if lead else section, "lines")


def _short_list(tokens: list[Token], number: int) -> int:
    """How many tokens are in the list that opens there, if it is so short that it is one block.

    It has two items or more, each of one line and most of them no sentences, and few words in all.
    Else 0: rules stand each for itself, and so do numbered items, since members ask for "rule 4".
    """
    items = said = words = sentences = 0
    for size, token in enumerate(tokens[number + 1 : number + 2 + LIST_MAX_TOKENS]):
        if _closes(token, tokens[number].level):
            return size if items > 1 and 2 * sentences < items else 0
        if token.type == "list_item_open":
            items, said = items + 1, 0
        elif token.type == "list_item_close" and said != 1:
            return 0
        elif token.type == "inline":
            said += 1
            words += _words(token) or LIST_MAX_WORDS + 1
            sentences += _is_sentence(_plain(token))
        if token.type not in ITEMS or words > LIST_MAX_WORDS:
            return 0
    return 0


def _words(inline: Token) -> int:
    """How many words it has; 0 for pictures and several lines."""
    said = inline.content
    if "\n" in said or not _plain(inline, pictures=False):
        return 0
    return count_words(said)


def _table(
    tokens: list[Token], number: int, lines: list[int]
) -> tuple[tuple[str, ...], list[list[int]]]:
    """The names of the columns in one line, if any, and the lines of each row below them.

    One of few words is whole, on its `lines`: its rows say little by themselves. One that has no
    rows is all names: then these are a row.
    """
    after = (tokens[at] for at in range(number, len(tokens)))
    inside = list(takewhile(lambda token: token.type != "table_close", after))
    if sum(count_words(token.content) for token in inside) <= TABLE_MAX_WORDS:
        return (), [lines]
    names = takewhile(lambda token: token.type != "thead_close", inside)
    cells = filter(None, (_plain(token) for token in names if token.type == "inline"))
    columns = _cut(" | ".join(cells))
    opens = [at for at, token in enumerate(inside) if token.type == "tr_open"]
    rows = [inside[at].map or [] for at in opens if _says_something(inside, at)]
    below = rows[1:] if columns else rows
    return (columns,) if columns and below else (), below or rows


def _says_something(tokens: list[Token], row: int) -> bool:
    """Whether the row of a table that opens there has words in one of its cells."""
    after = (tokens[at] for at in range(row, len(tokens)))
    cells = takewhile(lambda token: token.type != "tr_close", after)
    return any(token.type == "inline" and _plain(token, pictures=False) for token in cells)


def _lead_to_list(tokens: list[Token], number: int) -> str:
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
    return _last_sentence(said) if said.endswith(":") or level > 0 else ""


def _lead_to_code(tokens: list[Token], number: int) -> str:
    """What the paragraph that may open there says of the code right after it, or nothing.

    Its last sentence, if it is short and nothing or a colon ends it: "Stop it and run".
    """
    opens = number + 3
    if number < 0 or opens >= len(tokens) or tokens[opens].type not in CODE:
        return ""
    if tokens[number].type != "paragraph_open":
        return ""
    last = _last_sentence(_plain(tokens[number + 1], pictures=False))
    return "" if _is_sentence(last) or count_words(last) > LEAD_MAX_WORDS else last


def _only_leads(tokens: list[Token], number: int) -> bool:
    """Whether the paragraph that opens there says nothing but that something follows."""
    lead = _lead_to_list(tokens, number) or _lead_to_code(tokens, number)
    said = _plain(tokens[number + 1], pictures=False)
    return not said or (said == lead and lead.endswith(":"))


def _last_sentence(said: str) -> str:
    return _cut(SENTENCE_END.split(said)[-1])


def _is_sentence(said: str) -> bool:
    return said.rstrip(CLOSING).endswith(SENTENCE_ENDS)


def _cut(heading: str) -> str:
    """The most of a heading that is searched and shown: it is kept with every passage below."""
    return heading[:HEADING_MAX_CHARACTERS]


def _closes(token: Token, level: int) -> bool:
    """Whether the token ends the list that was opened on that level."""
    return token.type in LISTS_CLOSED and token.level == level


def _plain(inline: Token, *, pictures: bool = True) -> str:
    """The words without markup; those that stand for pictures may be left out."""
    children = inline.children or []
    shown = (child for child in children if pictures or child.type != "image")
    words = (" " if child.type in BREAKS else child.content for child in shown)
    return " ".join("".join(words).split())
