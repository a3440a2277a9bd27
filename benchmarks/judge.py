"""When a place, a passage or a marked answer counts as right."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from benchmarks.question_sets import GoldSpan

AGREES = 0.5
"""A marked answer agrees with a gold one when their word F1 is above this."""

WRITTEN_WITHOUT_BLANKS = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI")
"""Starts of the Unicode names of letters that stand for words or parts of them by themselves."""


class Place(Protocol):
    """Characters of a document, end exclusive: a gold span or a quote."""

    @property
    def document(self) -> str:
        """Path of the document."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """One after the last character."""


def covers(place: Place, gold: Iterable[GoldSpan]) -> bool:
    """Whether the place covers at least half the characters of a gold quote."""
    return any(
        place.document == span.document
        and 2 * (min(place.end, span.end) - max(place.start, span.start)) >= span.end - span.start
        for span in gold
    )


def rank(places: Iterable[Place], gold: Iterable[GoldSpan]) -> int | None:
    """Which of the places, counted from 1, is the first to cover a gold quote; None if none."""
    spans = tuple(gold)
    return next((n for n, place in enumerate(places, 1) if covers(place, spans)), None)


def agrees(marked: str, answers: Iterable[str]) -> bool:
    """Whether the marked words share more than half their words with a gold answer."""
    return any(word_f1(marked, answer) > AGREES for answer in answers)


def word_f1(found: str, gold: str) -> float:
    """Harmonic mean of precision and recall of words; case and outer punctuation do not count.

    In scripts that put no blanks between words each character counts as one.
    """
    mine, theirs = Counter(_words(found)), Counter(_words(gold))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if shared else 0.0


def _words(text: str) -> Iterable[str]:
    for run in unicodedata.normalize("NFC", text).casefold().split():
        word = run.strip("".join(c for c in run if unicodedata.category(c).startswith("P")))
        if any(unicodedata.name(c, "").startswith(WRITTEN_WITHOUT_BLANKS) for c in word):
            yield from word
        elif word:
            yield word
