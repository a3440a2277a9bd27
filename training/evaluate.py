"""Measure a reader on questions it has never seen: spans, "answered here", and ranking."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.reading import PairReading, Runtime, read_pairs
from training.scores import auroc, best, exact_match, f1

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokenizers import Tokenizer

    from training.questions import Question, Questions

log = logging.getLogger(__name__)

RANKED = 10
"""Candidates by BM25 that the relevance score puts in a new order."""
SCORES: dict[str, Callable[[PairReading], float]] = {
    "answered": lambda reading: reading.answered,
    "margin": lambda reading: reading.margin,
    "relevance": lambda reading: reading.relevance,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by name, in the order in which they are printed."""

    values: dict[str, float]

    def __str__(self) -> str:
        """One `name value` a line."""
        return "\n".join(f"{name:58} {value:6.3f}" for name, value in self.values.items())


def measure_reading(runtime: Runtime, tokenizer: Tokenizer, test: Questions, limit: int) -> Figures:
    """Measure spans and "answered here" on at most `limit` questions of each group.

    Answerable questions are read beside their gold paragraph. Unanswerable ones are read beside
    the paragraph that BM25 ranks first (of the document that they seem to be about, where one is
    named), and also beside the one they were written for, where that is known.
    """
    values: dict[str, float] = {}
    answered: dict[str, list[PairReading]] = {}
    refused: dict[str, list[PairReading]] = {}
    for name, group in test.by_group(limit).items():
        if group[0].gold >= 0:
            answered[name] = _read(runtime, tokenizer, test, group, [q.gold for q in group])
            values |= _span_figures(name, group, answered[name], test)
            continue
        rows = [test.nearest(q, 1)[0] for q in group]
        refused[name] = _read(runtime, tokenizer, test, group, rows)
        if group[0].near >= 0:
            beside = _read(runtime, tokenizer, test, group, [q.near for q in group])
            refused[f"{name}, own paragraph"] = beside
    for name, negative in refused.items():
        values |= _refusal_figures(name, answered, negative)
    return Figures(values)


def measure_ranking(runtime: Runtime, tokenizer: Tokenizer, test: Questions, limit: int) -> Figures:
    """Measure recall@1 of the gold paragraph among BM25's first, on `limit` questions a group."""
    values: dict[str, float] = {}
    for name, group in test.by_group(limit).items():
        if group[0].gold >= 0:
            values |= _ranking_figures(name, runtime, tokenizer, test, group)
    return Figures(values)


def _read(
    runtime: Runtime, tokenizer: Tokenizer, test: Questions, group: list[Question], rows: list[int]
) -> list[PairReading]:
    pairs = [(q.text, test.paragraphs[row].text) for q, row in zip(group, rows, strict=True)]
    return read_pairs(runtime, tokenizer, pairs)


def _span_figures(
    name: str, group: list[Question], readings: list[PairReading], test: Questions
) -> dict[str, float]:
    """Exact match, F1, and the share of answers that lie inside the gold quote."""
    exact, overlap, inside = [], [], []
    for question, reading in zip(group, readings, strict=True):
        paragraph = test.paragraphs[question.gold]
        found = paragraph.text[reading.start : reading.end]
        exact.append(best(exact_match, found, question.answers))
        overlap.append(best(f1, found, question.answers))
        middle = paragraph.start + (reading.start + reading.end) / 2
        inside.append(any(start <= middle <= end for start, end in question.evidence))
    return {
        f"{name}: exact match": float(np.mean(exact)),
        f"{name}: F1": float(np.mean(overlap)),
        f"{name}: answer inside the gold quote": float(np.mean(inside)),
    }


def _refusal_figures(
    name: str, answered: dict[str, list[PairReading]], negative: list[PairReading]
) -> dict[str, float]:
    """AUROC against the answerable questions of the same set (SQuAD's, for its near misses)."""
    same = "wiki squad2" if name.startswith("wiki") else name.partition(" ")[0]
    positive = answered[same]
    return {
        f"{name}: AUROC {score}": auroc([of(r) for r in positive], [of(r) for r in negative])
        for score, of in SCORES.items()
    }


def _ranking_figures(
    name: str, runtime: Runtime, tokenizer: Tokenizer, test: Questions, group: list[Question]
) -> dict[str, float]:
    """recall@1 of the gold paragraph among BM25's first, by BM25 and by each score."""
    found = [(q, test.nearest(q, RANKED)) for q in group]
    pairs = [(q.text, test.paragraphs[row].text) for q, rows in found for row in rows]
    readings = iter(read_pairs(runtime, tokenizer, pairs))
    hits: dict[str, list[bool]] = {"BM25": [], **{score: [] for score in SCORES}}
    for question, rows in found:
        here = [next(readings) for _ in rows]
        hits["BM25"].append(rows[0] == question.gold)
        for score, of in SCORES.items():
            top = max(range(len(rows)), key=lambda at: of(here[at]))
            hits[score].append(rows[top] == question.gold)
    return {f"{name}: recall@1 by {score}": float(np.mean(hit)) for score, hit in hits.items()}
