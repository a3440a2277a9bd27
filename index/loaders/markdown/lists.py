"""Lists: which are so short that their items are one passage, and which are steps to be taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from index.loaders.markdown.inline import comments, is_sentence, plain
from index.stems import count_words

LIST_MAX_WORDS = 60
"""Most words of a list that is one passage: those of a quote."""

LIST_MAX_TOKENS = 5 * LIST_MAX_WORDS
"""Five a word at most, each item being a word."""

OPENS = {"bullet_list_open", "ordered_list_open"}
CLOSES = {"bullet_list_close", "ordered_list_close"}

INSIDE = {"list_item_open", "list_item_close", "paragraph_open", "paragraph_close", "inline"}
"""All that is in a list without lists and code in it."""

TELLS_HOW = re.compile(
    r"""(?:how|steps?|instructions|wie|so\s+geht|anleitung|cómo)\b
    |.*\b(?:steps|schritte|étapes|pasos|passi)\b|(?:to|um)\s.*:$""",
    re.IGNORECASE | re.VERBOSE,
)
"""A heading or lead of steps that are taken one after the other: "How to join", "To join:"."""


@dataclass(frozen=True, slots=True)
class ShortList:
    """A list of two plain items or more that fits a quote; `size` is how many tokens it is.

    `sentences` are its items that end as sentences do, `lines` its lines.
    """

    size: int
    items: int
    sentences: int
    lines: int

    @property
    def is_of_things(self) -> bool:
        """Whether its items say little by themselves: each a line, and most no sentence."""
        return self.lines == self.items and 2 * self.sentences < self.items


def short_list(tokens: Sequence[Token], number: int) -> ShortList | None:
    """The list that opens there, if it is short and has no list, code, picture or comment in it."""
    items = said = words = sentences = lines = 0
    for size, token in enumerate(tokens[number + 1 : number + 2 + LIST_MAX_TOKENS]):
        if closes(token, tokens[number].level):
            return ShortList(size, items, sentences, lines) if items > 1 else None
        if token.type == "list_item_open":
            items, said = items + 1, 0
        elif token.type == "list_item_close" and said != 1:
            return None
        elif token.type == "inline":
            said += 1
            words += _words(token) or LIST_MAX_WORDS + 1
            sentences += is_sentence(plain(token))
            lines += 1 + token.content.count("\n")
        if token.type not in INSIDE or words > LIST_MAX_WORDS:
            return None
    return None


def is_steps(listed: ShortList, section: Sequence[str]) -> bool:
    """Whether a list tells how something is done, by what stands right above it."""
    return bool(section and TELLS_HOW.match(section[-1])) and not listed.is_of_things


def closes(token: Token, level: int) -> bool:
    """Whether the token ends the list that was opened on that level."""
    return token.type in CLOSES and token.level == level


def _words(inline: Token) -> int:
    """How many words it has; 0 for pictures alone, and where a comment is."""
    if comments(inline) or not plain(inline, pictures=False):
        return 0
    return count_words(inline.content)
