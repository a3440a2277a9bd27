"""Windows of a passage: whole sentences, and the answers in them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

MAX_WINDOW = 250
"""Tokens."""
LARGE_FROM = 90
SMALL, SMALL_SHARE = (20, 80), 0.25
"""Tokens of a small window, and how many are small."""
BEFORE = 60
"""Most tokens before an answer where a sentence is too long to be whole."""

Sentence: TypeAlias = tuple[int, int]
"""First token, and one past the last."""
Span: TypeAlias = tuple[int, int, float]
"""First and last token of an answer, and its share of the votes."""


class Passage(NamedTuple):
    """A passage in tokens, parted into sentences without gaps."""

    tokens: list[int]
    sentences: list[Sentence]


def draw_window(
    passage: Passage,
    spans: list[Span],
    kind: str,
    question: list[int],
    rng: np.random.Generator,
) -> tuple[list[int], list[Span]]:
    """Tokens of a window of the passage, and the answers whole in it if the pair is "gold".

    It lies around an answer ("gold", and "missed", where the question is what was changed), where
    one stood ("removed"), or else around the sentence that is most like the question. No tokens
    where nothing is left.
    """
    small = rng.random() < SMALL_SHARE
    room = int(rng.integers(*SMALL) if small else rng.integers(LARGE_FROM, MAX_WINDOW))
    sentences, answer = passage.sentences, None
    if kind == "removed":
        sentences, low = _without(sentences, spans)
        high = low
    elif kind in ("gold", "missed"):
        shares = np.array([share for *_, share in spans], float)
        answer, last, _ = spans[int(rng.choice(len(spans), p=shares / shares.sum()))]
        low, high = (_sentence_of(token, sentences) for token in (answer, last))
    else:
        low = high = _likest(passage, question, rng)
    if not sentences:
        return [], []
    low, high = _grow(sentences, low, high, room, rng)
    places = [at for start, end in sentences[low : high + 1] for at in range(start, end)]
    places = _cut(places, answer, rng)
    kept = _inside(spans, places[0], places[-1]) if kind == "gold" else []
    return [passage.tokens[at] for at in places], kept


def _sentence_of(token: int, sentences: list[Sentence]) -> int:
    return next(row for row, (_, end) in enumerate(sentences) if token < end)


def _cut(places: list[int], answer: int | None, rng: np.random.Generator) -> list[int]:
    """At most MAX_WINDOW of the places, an answer not far from where they begin."""
    if len(places) <= MAX_WINDOW:
        return places
    first = 0
    if answer is not None:
        first = places.index(answer) - int(rng.integers(0, BEFORE))
        first = max(0, min(first, len(places) - MAX_WINDOW))
    return places[first : first + MAX_WINDOW]


def _inside(spans: list[Span], first: int, last: int) -> list[Span]:
    """The answers whole between two tokens, counted from the first, their shares summing to 1."""
    kept = [(a - first, b - first, share) for a, b, share in spans if a >= first and b <= last]
    total = sum(share for *_, share in kept)
    return [(a, b, share / total) for a, b, share in kept]


def _without(sentences: list[Sentence], spans: list[Span]) -> tuple[list[Sentence], int]:
    """The sentences that hold no answer, and which of them comes after the first that does."""
    kept: list[Sentence] = []
    middle = 0
    for start, end in sentences:
        if any(first < end and last >= start for first, last, _ in spans):
            middle = len(kept)
        else:
            kept.append((start, end))
    return kept, min(middle, len(kept) - 1)


def _likest(passage: Passage, question: list[int], rng: np.random.Generator) -> int:
    """The sentence that shares most tokens with the question."""
    asked = set(question)
    shared = [
        len(asked.intersection(passage.tokens[start:end])) + rng.random()
        for start, end in passage.sentences
    ]
    return int(np.argmax(shared))


def _grow(
    sentences: list[Sentence], low: int, high: int, room: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Add whole sentences left or right at random while all of them stay within `room` tokens."""
    left = room - sum(end - start for start, end in sentences[low : high + 1])
    while True:
        sides = []
        if low > 0 and sentences[low - 1][1] - sentences[low - 1][0] <= left:
            sides.append(-1)
        if high + 1 < len(sentences) and sentences[high + 1][1] - sentences[high + 1][0] <= left:
            sides.append(1)
        if not sides:
            return low, high
        if sides[int(rng.random() * len(sides))] < 0:
            low -= 1
            left -= sentences[low][1] - sentences[low][0]
        else:
            high += 1
            left -= sentences[high][1] - sentences[high][0]
