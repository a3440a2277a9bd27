"""Fit the probability that a quote is right, and say how well it carries over to unseen sets.

    python -m benchmarks.calibrate FOLDER [--sample 200] [--without crosslingual]

All sets in FOLDER are asked of one index over all their documents. A logistic regression is fitted
on every (question, hit) pair; leaving out each set in turn and testing on it shows how it carries
over. Prints the weights that `index/answer.py` holds, and what each threshold would do.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.quality import covers, indexed, sampled
from benchmarks.question_sets import GoldSpan, Question, find_sets, questions
from index import Engine
from index.answer import FEATURES, features, quoted_span

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """The hits of one question: features, shape (hits, len(FEATURES)), and which are right."""

    set_name: str
    kind: str
    answerable: bool
    features: Numbers
    right: NDArray[np.bool_]


def judge(engine: Engine, asked: Sequence[Question]) -> Iterator[Judged]:
    """Ask each question and judge the quote that every hit would give."""
    for question in asked:
        _, hits = engine.explain(question.text)
        places = [(h.chunk.document, quoted_span(h)) for h in hits]
        right = [covers(GoldSpan(d, s.start, s.end), question.gold) for d, s in places]
        yield Judged(
            question.set_name.split("/")[0],
            question.kind,
            question.answerable,
            np.array([features(hit) for hit in hits]),
            np.array(right, dtype=bool),
        )


def fit(judged: Sequence[Judged]) -> LogisticRegression:
    """Fit on the hits that would be shown first, chosen by a fit on all hits."""
    chooser = _fit(judged)
    return _fit([_only(j, _best(chooser, j)) for j in judged])


def _fit(judged: Sequence[Judged]) -> LogisticRegression:
    """A large set weighs more than a small one, but only as the root of its size."""
    rows = {
        name: sum(len(j.right) for j in judged if j.set_name == name) for name in _names(judged)
    }
    weights = np.concatenate([np.full(len(j.right), rows[j.set_name] ** -0.5) for j in judged])
    features = np.concatenate([j.features for j in judged])
    labels = np.concatenate([j.right for j in judged])
    model = LogisticRegression(C=10, max_iter=2000)
    return model.fit(features, labels, sample_weight=weights / weights.mean())


def _names(judged: Sequence[Judged]) -> list[str]:
    return sorted({j.set_name for j in judged})


def _best(model: LogisticRegression, judged: Judged) -> int:
    return int(model.decision_function(judged.features).argmax())


def _only(judged: Judged, row: int) -> Judged:
    return Judged(
        judged.set_name,
        judged.kind,
        judged.answerable,
        judged.features[[row]],
        judged.right[[row]],
    )


def outcome(model: LogisticRegression, judged: Sequence[Judged]) -> tuple[Numbers, Numbers]:
    """Probability of each question's first quote and whether it is right, both (questions,)."""
    rows = [_best(model, j) for j in judged]
    first = np.concatenate([j.features[[row]] for j, row in zip(judged, rows, strict=True)])
    right = np.array([j.right[row] for j, row in zip(judged, rows, strict=True)], dtype=float)
    return model.predict_proba(first)[:, 1], right


def report(name: str, judged: Sequence[Judged], probability: Numbers, right: Numbers) -> None:
    """Print, for some thresholds, the share answered rightly and the share of false answers."""
    answerable = np.array([j.answerable for j in judged])
    cells = []
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        shown = probability >= threshold
        cells.append(f"{_mean((shown & (right > 0))[answerable])} {_mean(shown[~answerable])}")
    auc = f"{roc_auc_score(right, probability):.3f}" if 0 < right.mean() < 1 else "–"
    print(f"| {name} | {auc} | {_mean(right[answerable])} | {' | '.join(cells)} |", flush=True)


def _mean(values: NDArray[np.generic]) -> str:
    return f"{values.astype(float).mean():.3f}" if len(values) else "–"


def main() -> None:
    """Read the arguments, ask, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="a folder of question sets")
    parser.add_argument("--set", action="append", help="only this set (may be given again)")
    parser.add_argument("--sample", type=int, help="ask only so many questions of each set")
    parser.add_argument("--without", action="append", help="no question files of such a name")
    chosen = parser.parse_args()
    sets = [s for s in find_sets(chosen.folder) if not chosen.set or s.name in chosen.set]
    judged = _ask(sets, chosen.sample, chosen.without or [])
    show(judged)


def show(judged: Sequence[Judged]) -> None:
    """Print how each set fares when fitted on the others, and the weights fitted on all."""
    print(
        "| set | AUC of right | right if always shown | right and false at .3 | .4 | .5 | .6 | .7 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in _names(judged):
        others = [j for j in judged if j.set_name != name]
        inside = [j for j in judged if j.set_name == name]
        model = fit(others)
        report(f"{name}, fitted on the others", inside, *outcome(model, inside))
        for kind in sorted({j.kind for j in inside}):
            of_kind = [j for j in inside if j.kind == kind]
            report(f"{name} [{kind}]", of_kind, *outcome(model, of_kind))
    model = fit(judged)
    report("all, fitted on all", judged, *outcome(model, judged))
    weights = ", ".join(f"{weight:.3f}" for weight in model.coef_[0])
    print(f"\n{', '.join(FEATURES)}: WEIGHTS = ({weights}); INTERCEPT = {model.intercept_[0]:.3f}")


def _ask(sets: Sequence[Path], sample: int | None, without: Sequence[str]) -> list[Judged]:
    wanted = [
        [q for q in questions(question_set) if not any(w in q.set_name for w in without)]
        for question_set in sets
    ]
    with indexed(sets) as engine:
        return [j for group in wanted for j in judge(engine, sampled(group, sample))]


if __name__ == "__main__":
    main()
