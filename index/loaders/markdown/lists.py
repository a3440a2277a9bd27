"""Lists: which are so short that their items are quoted together."""

from collections.abc import Sequence

from markdown_it.token import Token

from index.loaders.markdown.inline import comments, is_sentence, plain
from index.stems import count_words

LIST_MAX_WORDS = 60
"""Most words of a list whose items are quoted together: those of a quote."""

LIST_MAX_TOKENS = 5 * LIST_MAX_WORDS
"""Five a word at most, each item being a word."""

OPENS = {"bullet_list_open", "ordered_list_open"}
CLOSES = {"bullet_list_close", "ordered_list_close"}

INSIDE = {"list_item_open", "list_item_close", "paragraph_open", "paragraph_close", "inline"}
"""All that is in a list without lists and code in it."""


def short_list(tokens: Sequence[Token], number: int) -> int:
    """How many tokens are in the list that opens there, if it is so short that it is one block.

    It has two items or more, each of one line and most of them no sentences, and few words in all.
    Else 0: rules stand each for itself, and so do numbered items, since members ask for "rule 4".
    """
    items = said = words = sentences = 0
    for size, token in enumerate(tokens[number + 1 : number + 2 + LIST_MAX_TOKENS]):
        if closes(token, tokens[number].level):
            return size if items > 1 and 2 * sentences < items else 0
        if token.type == "list_item_open":
            items, said = items + 1, 0
        elif token.type == "list_item_close" and said != 1:
            return 0
        elif token.type == "inline":
            said += 1
            words += _words_of_line(token) or LIST_MAX_WORDS + 1
            sentences += is_sentence(plain(token))
        if token.type not in INSIDE or words > LIST_MAX_WORDS:
            return 0
    return 0


def closes(token: Token, level: int) -> bool:
    """Whether the token ends the list that was opened on that level."""
    return token.type in CLOSES and token.level == level


def _words_of_line(inline: Token) -> int:
    """How many words it has; 0 for pictures alone, several lines, and where a comment is."""
    if "\n" in inline.content or comments(inline) or not plain(inline, pictures=False):
        return 0
    return count_words(inline.content)
