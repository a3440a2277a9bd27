"""From the logits of an extractive model to a reading: chances of sentences, and best spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.records import AnswerSpan, Passage, Span

SPANS = 3
"""Answer spans kept of a passage."""

SPAN_MAX_TOKENS = 30
"""Longest answer that is looked for."""

Logits = NDArray[np.float32]


def reading_prefix(passage: Passage) -> str:
    """What stands before the passage's text when it is read: its heading."""
    return f"{passage.heading}: " if passage.heading else ""


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of a window that are the passage's own: the first, and places in its text.

    `places` has shape (tokens, 2): start and end of each token in characters of the passage.
    """

    first: int
    places: NDArray[np.int64]

    @classmethod
    def of(
        cls, left: int, parts: Sequence[int | None], offsets: Sequence[tuple[int, int]]
    ) -> "PassageTokens":
        """Those tokens of a window that stand in the passage's text.

        `parts` has 1 for each token of the text and of the `left` characters before it, which were
        read as one; `offsets` are their places in that.
        """
        tokens = enumerate(zip(parts, offsets, strict=True))
        own = [number for number, (part, (_, end)) in tokens if part == 1 and end > left]
        places = np.array([offsets[number] for number in own], dtype=np.int64).reshape(-1, 2)
        return cls(own[0] if own else 0, places - left)

    def scores(self, start: Logits, end: Logits) -> Logits:
        """Logit over "no span" of each run of tokens, shape (tokens, tokens); -inf if no run.

        `start` and `end` have one logit a token of the window; token 0 stands for "no span".
        """
        size = len(self.places)
        own = slice(self.first, self.first + size)
        pairs = start[own, None] + end[None, own] - (start[0] + end[0])
        lengths = np.arange(size)[None, :] - np.arange(size)[:, None]
        return np.where((lengths >= 0) & (lengths < SPAN_MAX_TOKENS), pairs, -np.inf)

    def chances(self, scores: Logits, sentences: Sequence[Span]) -> tuple[float, ...]:
        """How the probability of all runs divides among the sentences that hold their middles."""
        shares = np.zeros(len(sentences))
        if scores.size:
            middles = (self.places[:, None, 0] + self.places[None, :, 1]) / 2
            starts = [sentence.start for sentence in sentences]
            rows = np.searchsorted(starts, middles, side="right") - 1
            weights = np.exp(scores - scores.max())
            np.add.at(shares, np.clip(rows, 0, None), weights)
        total = shares.sum()
        return tuple(float(share) for share in (shares / total if total else shares))

    def best_spans(self, scores: Logits) -> Iterator[AnswerSpan]:
        """The best runs that do not overlap, best first."""
        left = scores.copy()
        for _ in range(SPANS if left.size else 0):
            begin, stop = np.unravel_index(int(left.argmax()), left.shape)
            score = float(left[begin, stop])
            if score == -np.inf:
                return
            yield AnswerSpan(int(self.places[begin, 0]), int(self.places[stop, 1]), score)
            left[: stop + 1, begin:] = -np.inf  # all that begin before its end and end after it
