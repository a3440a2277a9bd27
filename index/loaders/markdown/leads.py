"""What a paragraph says of the list or the code right after it: a heading of that."""

from collections.abc import Sequence
from itertools import takewhile

from markdown_it.token import Token

from index.loaders.markdown import lists
from index.loaders.markdown.inline import is_sentence, last_sentence, plain
from index.stems import count_words

LEAD_MAX_WORDS = 8
"""Most words of what leads to code that is a heading of it; more say something by themselves."""

CODE = {"fence", "code_block"}


def lead_to_list(tokens: Sequence[Token], number: int) -> str:
    """What the paragraph that opens there says of the list right after it, or nothing.

    Its last sentence, where that ends with a colon; or the words of an item that has a list of its
    own. Nothing where the list is empty.
    """
    opens = number + 3
    if opens >= len(tokens) or tokens[opens].type not in lists.OPENS:
        return ""
    level = tokens[opens].level
    after = (tokens[at] for at in range(opens, len(tokens)))  # no copy: there may be a great many
    listed = takewhile(lambda token: not lists.closes(token, level), after)
    if not any(token.type == "inline" and token.content.strip() for token in listed):
        return ""
    said = plain(tokens[number + 1], pictures=False)
    return last_sentence(said) if said.endswith(":") or level > 0 else ""


def lead_to_code(tokens: Sequence[Token], number: int) -> str:
    """What the paragraph that may open there says of the code right after it, or nothing.

    Its last sentence, if it is short and nothing or a colon ends it: "Stop it and run".
    """
    opens = number + 3
    if number < 0 or opens >= len(tokens) or tokens[opens].type not in CODE:
        return ""
    if tokens[number].type != "paragraph_open":
        return ""
    last = last_sentence(plain(tokens[number + 1], pictures=False))
    return "" if is_sentence(last) or count_words(last) > LEAD_MAX_WORDS else last


def only_leads(tokens: Sequence[Token], number: int) -> bool:
    """Whether the paragraph that opens there says nothing but that something follows."""
    lead = lead_to_list(tokens, number) or lead_to_code(tokens, number)
    said = plain(tokens[number + 1], pictures=False)
    return not said or (said == lead and lead.endswith(":"))
