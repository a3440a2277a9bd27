"""Words of a document or a member, made inert for Discord without changing what one reads.

A backslash before punctuation is Discord's own way to say "just this character"; it is not
shown. So every character becomes one token that shows as that character and does nothing, and
nothing is lost: the words can be read back.
"""

import re

from bot.rendering.invisible import hides

ALWAYS = frozenset("\\*_~`|<>[]@#")
"""Punctuation that formats, links or mentions wherever it stands."""


def inert(text: str) -> list[str]:
    """One token for each character of `text`; joined, they show as `text` and do nothing.

    What is invisible or changes the direction of reading is shown as ‹U+202E›. A line break
    stays one, however the document writes it.
    """
    tokens: list[str] = []
    line_is_blank = True
    for place, character in enumerate(text):
        tokens.append(_token(text, place, line_is_blank))
        if character == "\n":
            line_is_blank = True
        elif not character.isspace():
            # digits keep the line "blank" so that the point of "1." is seen as a list's
            line_is_blank = line_is_blank and character.isdigit()
    return tokens


def inert_text(text: str) -> str:
    """`text` in full, inert."""
    return "".join(inert(text))


def one_line(text: str) -> str:
    """`text` with every run of white space that holds a line break made one space."""
    return re.sub(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*", " ", text).strip()


def _token(text: str, place: int, line_is_blank: bool) -> str:  # noqa: FBT001  # no switch
    character = text[place]
    following = text[place + 1 : place + 2]
    if character in "\n\t":
        return character
    if character == "\r" and following == "\n":
        return ""  # the line break that follows stands for both
    if hides(text, place) or (character == "‹" and following == "U"):
        return f"‹U+{ord(character):04X}›"
    begins_list = line_is_blank and character in "-+.)"
    links = character in ":/" and following and not following.isspace()
    if character in ALWAYS or begins_list or links:
        return "\\" + character
    return character
