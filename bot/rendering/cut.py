"""Where a text may be cut: at the end of a sentence, else of a word, else of a grapheme."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import regex

GRAPHEME = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*|\X")
r"""What is shown as one character (UAX 29, extended grapheme clusters).

Alone, \X counts the flags before each flag: a thousand in a row would take a million steps.
"""

SENTENCE_END = re.compile(
    r"(?:(?<=[\w)\]\"'”’»]{3})[.!?]|[。！？।؟…])[\"')\]”’»]*(?=\s+[^\da-z\s]|\s*$)|\n"
)
"""An end mark after three letters, and no digit or small letter next: not in "U.S. Attorney"."""

WORD_END = re.compile(r"\s+")
LEAST_PART = 0.25
"""How much of the room a cut at a sentence or word is to fill; else it is made farther on."""


def units(text: str) -> int:
    """Length in UTF-16 code units: never less than Discord counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def beginning(text: str, limit: int) -> str:
    """The beginning of `text` that has at most `limit` units, as it is."""
    start, end = window(text, [units(character) for character in text], limit)
    return text[start:end]


def window(
    text: str, costs: Sequence[int], limit: int, keep: tuple[int, int] = (0, 0)
) -> tuple[int, int]:
    """Choose the part of `text` to show when all of it costs more than `limit`.

    `costs` has one entry a character. `keep` is a span that is to be inside; where even that is
    too long, its beginning is shown. Returns a start and an end, both between graphemes and never
    the same, except that of a grapheme too long the first character is shown.
    """
    sums = [0, *accumulate(costs)]
    if sums[-1] <= limit:
        return 0, len(text)
    cuts = graphemes(text)
    start = _start(text, cuts, sums, limit, keep)
    fitting = [cut for cut in cuts if start < cut and sums[cut] - sums[start] <= limit]
    if not fitting:
        return start, start + 1
    at_least = keep[1] if keep[1] <= fitting[-1] else start
    for ends in (_sentence_ends(text), _word_ends(text)):
        good = [end for end in {*fitting}.intersection(ends) if end >= at_least]
        if good and sums[max(good)] - sums[start] >= LEAST_PART * limit:
            return start, max(good)
    return start, fitting[-1]


def graphemes(text: str) -> list[int]:
    """The places where a cut tears nothing apart, the text's beginning and end among them."""
    return [0, *(found.end() for found in GRAPHEME.finditer(text))]


def _start(
    text: str, cuts: Sequence[int], sums: Sequence[int], limit: int, keep: tuple[int, int]
) -> int:
    """Where to begin: at the beginning, else near `keep`; never at white space."""
    start = _near(text, cuts, sums, limit, keep) if sums[keep[1]] > limit else 0
    shown = [cut for cut, end in pairwise(cuts) if text[cut:end].strip()]
    return min((cut for cut in shown if cut >= start), default=max(shown, default=start))


def _near(
    text: str, cuts: Sequence[int], sums: Sequence[int], limit: int, keep: tuple[int, int]
) -> int:
    before = {cut for cut in cuts if cut <= keep[0]}
    near = {cut for cut in before if sums[keep[1]] - sums[cut] <= limit}
    to_the_end = {cut for cut in before if sums[-1] - sums[cut] <= limit}
    for starts in (_sentence_starts(text), _word_starts(text), cuts):
        if good := near.intersection(starts):
            # close to `keep`, for what follows says more, unless room would be left over
            return min(good & to_the_end, default=max(good))
    return max(before)


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
