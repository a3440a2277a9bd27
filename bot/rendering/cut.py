"""Where a text may be cut: at the end of a sentence, else of a word, else of a grapheme."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

SENTENCE_END = re.compile(
    r"(?:(?<=[\w)\]\"'”’»]{3})[.!?]|[。！？।؟…])[\"')\]”’»]*(?=\s+[^\da-z\s]|\s*$)|\n"
)
"""An end mark after three letters, and no digit or small letter next: not in "U.S. Attorney"."""

WORD_END = re.compile(r"\s+")
PREPENDS = frozenset(
    chr(code)
    for code in (
        *(0x0D4E, 0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x11F02),
        *range(0x11A84, 0x11A8A),
    )
)
"""Letters that stand before a cluster and belong to it."""

VIRAMA = 9
"""Canonical combining class of the sign that joins two consonants into one."""


def units(text: str) -> int:
    """Length in UTF-16 code units: never less than Discord counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def window(
    text: str, costs: Sequence[int], limit: int, keep: tuple[int, int] = (0, 0)
) -> tuple[int, int]:
    """Choose the part of `text` to show when all of it costs more than `limit`.

    `costs` has one entry a character. `keep` is a span that is to be inside; where even that is
    too long, its beginning is shown. Returns a start and an end, both between graphemes.
    """
    sums = [0, *accumulate(costs)]
    if sums[-1] <= limit:
        return 0, len(text)
    start = _start(text, sums, limit, keep)
    at_least = keep[1] if sums[keep[1]] - sums[start] <= limit else start + 1
    for ends in (_sentence_ends(text), _word_ends(text), range(len(text) + 1)):
        fitting = [
            end
            for end in ends
            if at_least <= end and sums[end] - sums[start] <= limit and not joined(text, end)
        ]
        if fitting:
            return start, max(fitting)
    return start, start + 1  # one grapheme longer than the limit: nothing better can be shown


def _start(text: str, sums: Sequence[int], limit: int, keep: tuple[int, int]) -> int:
    if sums[keep[1]] <= limit:
        return 0
    for starts in (_sentence_starts(text), _word_starts(text)):
        fitting = [
            start
            for start in starts
            if start <= keep[0] and sums[keep[1]] - sums[start] <= limit and not joined(text, start)
        ]
        if fitting:
            return max(fitting)  # the sentence that holds it, for what follows says more
    start = keep[0]
    while start and joined(text, start):
        start -= 1
    return start


def _sentence_ends(text: str) -> Iterator[int]:
    return (
        found.end() if found[0] != "\n" else found.start() for found in SENTENCE_END.finditer(text)
    )


def _sentence_starts(text: str) -> Iterator[int]:
    for end in _sentence_ends(text):
        gap = WORD_END.match(text, end)
        if gap:
            yield gap.end()


def _word_ends(text: str) -> Iterator[int]:
    return (found.start() for found in WORD_END.finditer(text))


def _word_starts(text: str) -> Iterator[int]:
    return (found.end() for found in WORD_END.finditer(text))


def joined(text: str, place: int) -> bool:
    """Whether a cut before `text[place]` would tear one shown character apart.

    Errs towards joining what Unicode would part (UAX 29, extended grapheme clusters).
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    category = unicodedata.category(after)
    return (
        category[0] == "M"
        or category == "Cf"
        or after in "\u0e33\u0eb3\uff9e\uff9f"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or before == "\u200d"
        or before in PREPENDS
        or unicodedata.category(before) == "Cf"
        or _after_virama(text, place)
        or (before == "\r" and after == "\n")
        or (_is_hangul(before) and _is_hangul(after))
        or (_is_flag(after) and _flags_before(text, place) % 2 == 1)
    )


def _after_virama(text: str, place: int) -> bool:
    while place and unicodedata.category(text[place - 1])[0] == "M":
        place -= 1
        if unicodedata.combining(text[place]) == VIRAMA:
            return True
    return False


def _is_hangul(character: str) -> bool:
    return (
        "\u1100" <= character <= "\u11ff"
        or "\ua960" <= character <= "\ua97f"
        or "\ud7b0" <= character <= "\ud7ff"
        # a whole syllable may be followed by a vowel or a final, never by another syllable
        or "\uac00" <= character <= "\ud7a3"
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, place: int) -> int:
    count = 0
    while place > count and _is_flag(text[place - count - 1]):
        count += 1
    return count
