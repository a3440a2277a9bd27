"""How well Quoth finds, quotes and refuses, on any folder of question sets.

    python -m benchmarks.quality FOLDER [--sample 100] [--together]

Prints a Markdown table, one row a kind of question. A passage or quote is right when it covers at
least half the characters of one gold quote in the same document.
"""

import argparse
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.question_sets import GoldSpan, Question, find_sets, questions, write_corpus
from index import Answer, Engine, Quote, Settings
from index.records import Hit

SEED = 20210913
"""Of the samples, so that two runs ask the same questions."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked: rank of the first right passage (from 1) and what was shown."""

    question: Question
    rank: int | None
    answer: Answer
    verbatim: bool

    @property
    def first_right(self) -> bool:
        """Whether the first quote shown is a right one."""
        return self.any_right(1)

    def any_right(self, quotes: int) -> bool:
        """Whether one of the first few quotes shown is a right one."""
        return any(covers(q, self.question.gold) for q in self.answer.quotes[:quotes])

    @property
    def mark_right(self) -> bool:
        """Whether the marked answer shares more than half its words with a gold answer."""
        marked = self.answer.quotes[0].answer or ""
        return any(word_f1(marked, gold) > 0.5 for gold in self.question.answers)  # noqa: PLR2004


def covers(place: Quote | GoldSpan, gold: Iterable[GoldSpan]) -> bool:
    """Whether the place covers at least half of a gold quote."""
    return any(
        place.document == span.document
        and 2 * (min(place.end, span.end) - max(place.start, span.start)) >= span.end - span.start
        for span in gold
    )


def word_f1(found: str, gold: str) -> float:
    """Harmonic mean of precision and recall of words, case folded."""
    mine, theirs = set(found.casefold().split()), set(gold.casefold().split())
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared else 0.0


def ask_all(engine: Engine, asked: Sequence[Question]) -> Iterator[Outcome]:
    """Ask every question of the engine as a member would."""
    for question in asked:
        answer, hits = engine.explain(question.text)
        shown = (*answer.quotes, *answer.closest)
        yield Outcome(
            question=question,
            rank=_rank(hits, question.gold),
            answer=answer,
            verbatim=all(_stands(engine, quote) for quote in shown),
        )


def _rank(hits: Sequence[Hit], gold: Iterable[GoldSpan]) -> int | None:
    places = (GoldSpan(h.chunk.document, h.chunk.start, h.chunk.end) for h in hits)
    return next((n for n, place in enumerate(places, 1) if covers(place, gold)), None)


def _stands(engine: Engine, quote: Quote) -> bool:
    return engine.source(quote.document).text[quote.start : quote.end] == quote.text


HEADER = (
    "| questions | answerable / not | recall@1 | recall@3 | first quote right | answered wrong "
    "| refused wrongly | false answers | mark right | verbatim | words | ms |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def table_row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One row of the table, shares as fractions of the questions they are about."""
    yes = [o for o in outcomes if o.question.answerable]
    no = [o for o in outcomes if not o.question.answerable]
    shown = [o for o in yes if o.answer.answered]
    marked = [o for o in shown if o.first_right and o.answer.quotes[0].answer]
    cells = [
        f"{len(yes)} / {len(no)}",
        share([o.rank == 1 for o in yes]),
        share([o.rank is not None and o.rank <= 3 for o in yes]),  # noqa: PLR2004
        share([o.first_right for o in yes]),
        share([o.answer.answered and not o.first_right for o in yes]),
        share([not o.answer.answered for o in yes]),
        share([o.answer.answered for o in no]),
        share([o.mark_right for o in marked]),
        share([o.verbatim for o in outcomes]),
        mean([len(o.answer.quotes[0].text.split()) for o in outcomes if o.answer.answered]),
        mean([o.answer.ms for o in outcomes]),
    ]
    return f"| {name} | {' | '.join(cells)} |"


def share(flags: Sequence[bool]) -> str:
    """Part of the flags that is true, or a dash where there are none."""
    return f"{sum(flags) / len(flags):.3f}" if flags else "–"


def mean(values: Sequence[float]) -> str:
    """Mean, or a dash where there are no values."""
    return f"{statistics.mean(values):.0f}" if values else "–"


def by_kind(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """The outcomes of each set, and of each kind within it where there are several."""
    sets: dict[str, list[Outcome]] = defaultdict(list)
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        name = outcome.question.set_name
        sets[name].append(outcome)
        kinds[f"{name} [{outcome.question.kind}]"].append(outcome)
    for name, found in sets.items():
        yield name, found
        inside = [(k, o) for k, o in kinds.items() if k.startswith(f"{name} [")]
        if len(inside) > 1:
            yield from inside


def run(sets: Sequence[Path], sample: int | None) -> list[Outcome]:
    """Index the documents of all `sets` together and ask (a sample of) their questions."""
    outcomes: list[Outcome] = []
    with indexed(sets) as engine:
        for question_set in sets:
            outcomes += ask_all(engine, sampled(questions(question_set), sample))
    return outcomes


@contextmanager
def indexed(sets: Sequence[Path]) -> Iterator[Engine]:
    """An engine over the documents of all `sets` together, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for question_set in sets:
            write_corpus(question_set, corpus)
        engine = Engine(Settings(corpus=corpus, data=Path(folder) / "data"))
        engine.reindex()
        yield engine


def sampled(asked: Sequence[Question], size: int | None) -> Sequence[Question]:
    """All, or `size` of them drawn with a fixed seed, in their order."""
    if size is None or size >= len(asked):
        return asked
    rows = sorted(random.Random(SEED).sample(range(len(asked)), size))  # noqa: S311
    return [asked[row] for row in rows]


def main() -> None:
    """Read the arguments, run, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="a question set, or a folder of several")
    parser.add_argument("--set", action="append", help="only this set (may be given again)")
    parser.add_argument("--sample", type=int, help="ask only so many questions of each set")
    parser.add_argument(
        "--together", action="store_true", help="one index over all sets instead of one each"
    )
    chosen = parser.parse_args()
    sets = [s for s in find_sets(chosen.folder) if not chosen.set or s.name in chosen.set]
    if not sets:
        parser.error(f"no corpus.jsonl in {chosen.folder} or a folder of it")
    print(HEADER, flush=True)
    for group in [sets] if chosen.together else [[s] for s in sets]:
        for name, outcomes in by_kind(run(group, chosen.sample)):
            print(table_row(name, outcomes), flush=True)


if __name__ == "__main__":
    main()
