"""Which characters show nothing, or change how others are read."""

import unicodedata

BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0x180B, 0x1810), *range(0xE0100, 0xE01F0))
}
"""Characters of visible categories that nevertheless show nothing."""

JOINERS = frozenset("\u200c\u200d")
VARIATION_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))


def hides(text: str, place: int) -> bool:
    """Whether the character at `place` shows nothing, or changes how others are read.

    Line breaks and tabs are among them: whoever shows a text decides about those first.
    """
    character = text[place]
    before = text[place - 1 : place] if place else ""
    after = text[place + 1 : place + 2]
    if character in JOINERS:  # emoji sequences, and letters of scripts that join
        return not (_takes_joiner(before) and _takes_joiner(after))
    if character in VARIATION_SELECTORS:
        return not before or before.isspace() or (before.isalpha() and before.isascii())
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        or character in BLANKS
        or code & 0xFFFE == 0xFFFE  # noqa: PLR2004  # Unicode's noncharacters
        or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004
    )


def _takes_joiner(character: str) -> bool:
    return bool(character) and (
        character in VARIATION_SELECTORS
        or (ord(character) > 0x2FF and unicodedata.category(character)[0] in "LMS")  # noqa: PLR2004  # beyond Latin
    )
