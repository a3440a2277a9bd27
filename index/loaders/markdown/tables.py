"""A table: each row stands for itself under the names of its columns."""

from collections.abc import Sequence
from itertools import takewhile

from markdown_it.token import Token

from index.loaders.markdown.inline import cut, plain
from index.stems import count_words

TABLE_MAX_WORDS = 20
"""Most words of a table that is one passage."""


def table(tokens: Sequence[Token], number: int) -> list[Token]:
    """What is in the table that opens there."""
    after = (tokens[at] for at in range(number, len(tokens)))
    return list(takewhile(lambda token: token.type != "table_close", after))


def is_tiny(inside: Sequence[Token]) -> bool:
    """Whether it has few words: then its rows say little by themselves, and it is one passage."""
    return sum(count_words(token.content) for token in inside) <= TABLE_MAX_WORDS


def rows(inside: Sequence[Token]) -> tuple[tuple[str, ...], list[list[int]]]:
    """The names of the columns in one line, if any, and the lines of each row below them.

    A table that has no rows is all names: then these are a row.
    """
    names = takewhile(lambda token: token.type != "thead_close", inside)
    cells = filter(None, (plain(token) for token in names if token.type == "inline"))
    columns = cut(" | ".join(cells))
    opens = [at for at, token in enumerate(inside) if token.type == "tr_open"]
    found = [inside[at].map or [] for at in opens if _says_something(inside, at)]
    below = found[1:] if columns else found
    return (columns,) if columns and below else (), below or found


def _says_something(tokens: Sequence[Token], row: int) -> bool:
    """Whether the row of a table that opens there has words in one of its cells."""
    after = (tokens[at] for at in range(row, len(tokens)))
    cells = takewhile(lambda token: token.type != "tr_close", after)
    return any(token.type == "inline" and plain(token, pictures=False) for token in cells)
