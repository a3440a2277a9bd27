"""Lists: which are so short that their items are one passage, and which are steps to be taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from index.loaders.markdown.inline import has_comment, is_sentence, plain
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
    r"""how\s+(?:to\b|(?:do|can|should)\s+(?:i|you|we)\b)|(?:steps?|instructions|anleitung)\b
    |so\s+geht|wie\s+(?:man|ich)\b|cómo\b|.*\b(?:steps|schritte|étapes|pasos|passi)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""A heading of steps that are taken one after the other: "How to join"."""

TO_DO = re.compile(r"(?:to|um)\s.*:$", re.IGNORECASE)
"""The same, where they are numbered: "To join:"."""


@dataclass(frozen=True, slots=True)
class ShortList:
    """A list of two plain items or more that fits a quote; `size` is how many tokens it is.

    `sentences` are its items that end as sentences do, `lines` its lines.
    """

    numbered: bool
    size: int
    items: int
    sentences: int
    lines: int

    @property
    def is_of_things(self) -> bool:
        """Whether its items say little by themselves: no numbers, a line each, mostly no sentences.

        Members ask for "rule 4".
        """
        plain_lines = not self.numbered and self.lines == self.items
        return plain_lines and 2 * self.sentences < self.items


def short_list(tokens: Sequence[Token], number: int) -> ShortList | None:
    """The list that opens there, if it is short and has no list, code, picture or comment in it."""
    numbered = tokens[number].type == "ordered_list_open"
    items = said = words = sentences = lines = 0
    for size, token in enumerate(tokens[number + 1 : number + 2 + LIST_MAX_TOKENS]):
        if closes(token, tokens[number].level):
            return ShortList(numbered, size, items, sentences, lines) if items > 1 else None
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
    if not section or listed.is_of_things:
        return False
    heading = section[-1]
    return bool(TELLS_HOW.match(heading) or (listed.numbered and TO_DO.match(heading)))


def closes(token: Token, level: int) -> bool:
    """Whether the token ends the list that was opened on that level."""
    return token.type in CLOSES and token.level == level


def _words(inline: Token) -> int:
    """How many words it has; 0 for pictures alone, and where a comment is."""
    if has_comment(inline) or not plain(inline, pictures=False):
        return 0
    return count_words(inline.content)
