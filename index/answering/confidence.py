"""How likely a hit's quote is right: one calibrated probability, for any question and corpus.

Each kind of reader has scores of its own scale, and so a fit of its own.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.answering.quoting import quotation
from index.records import Hit, Scale


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression of "this quote is right" on some of the numbers of a hit."""

    weights: Mapping[str, float]
    intercept: float


FITS: Mapping[Scale, Fit] = {
    "reader": Fit(
        {
            "above_others": 0.1391,
            "answered": 0.5775,
            "inside": 1.6216,
        },
        intercept=-1.2813,
    ),
    "multilingual": Fit(
        {"relevance": 0.6325, "inside": 4.7008, "fused": 2.9530, "ahead": 96.08},
        intercept=-7.0108,
    ),
    "sentences": Fit(
        {"answered": 36.36, "similarity": 6.52, "fused": 2.52},
        intercept=-36.35,
    ),
    "spans": Fit({"answered": 0.5}, intercept=0.0),
}
"""As `benchmarks.calibrate` fits them on public question sets: docs/quality.md says how well they
carry over. That of `multilingual` saw 150 questions in other languages over English articles, and
the same without the documents that answer them, ten passages of each. That of `spans` is no fit: a
model of SQuAD 2.0 is indifferent at a margin of 0."""

NAMED = 0.5
"""Chance that a quote is right for naming the topic that was asked about, whatever the reader says.
Not fitted: by what was asked it is no wrong one, but it may name the topic in passing."""


def probabilities(hits: Sequence[Hit]) -> list[float]:
    """Probability of each hit of one question that its quote is right. All must have been read.

    0 for one that speaks of another number or thing than the question.
    """
    return [_probability(hit, numbers) for hit, numbers in zip(hits, features(hits), strict=True)]


def features(hits: Sequence[Hit]) -> list[dict[str, float]]:
    """Each hit of one question in numbers, by name. All must have been read."""
    return [_numbers(hit) for hit in hits]


def _probability(hit: Hit, numbers: Mapping[str, float]) -> float:
    if hit.speaks_of_other or hit.lacks:
        return 0.0
    chance = _fitted(hit, numbers)
    return 1 - (1 - chance) * (1 - NAMED) if hit.names_topic else chance


def _fitted(hit: Hit, numbers: Mapping[str, float]) -> float:
    fit = FITS[hit.reading.scale if hit.reading else "reader"]
    logit = fit.intercept + sum(weight * numbers[name] for name, weight in fit.weights.items())
    return 1 / (1 + math.exp(-logit))


def _numbers(hit: Hit) -> dict[str, float]:
    reading = hit.reading
    if reading is None:
        raise ValueError("a hit that was not read has no features")
    return {
        "relevance": reading.relevance,
        "answered": reading.answered,
        "inside": math.log(quotation(hit).chance + 1e-3),
        "similarity": hit.similarity,
        "fused": hit.fused,
        "ahead": hit.ahead,
        "above_others": hit.above_others,
    }
