"""What the outcomes come to: figures of some questions, and the tables that show them."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.asking import Outcome, passage_place
from benchmarks.judge import rank
from index.records import Considered, Hit

HEADER = (
    "| questions | answerable / not | recall@1 | recall@3 | recall@10 | first quote right "
    "| any quote right | answered wrong | refused wrongly | false answers | mark right "
    "| mark right of answered | verbatim | words | ms |\n" + "|---" * 15 + "|"
)

LEGEND = """\
A passage or quote is right when it covers at least half the characters of one gold quote. recall@k:
a right passage among the first k candidates, in the order in which they were thought likely.
*First* and *any quote right*, *answered wrong* and *refused wrongly* are shares of the answerable
questions, *false answers* of the others. *Mark right*: of the right first quotes with a marked
answer, those whose mark agrees with a gold answer (word F1 above .5); *of answered*: the same
agreement, over every answerable question that was answered, with a mark or without. *Verbatim*:
every quote shown stands in its document. *Words*: of the first quote. *ms*: mean for a question."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """Between 0 and 1; not a number where there is nothing to count."""
        return self.count / self.of if self.of else float("nan")

    def __str__(self) -> str:
        return f"{self.value:.3f}" if self.of else "–"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some outcomes. `words` and `ms` are means, None where there is nothing to average."""

    answerable: int
    unanswerable: int
    recall: tuple[Share, Share, Share]
    first_right: Share
    any_right: Share
    answered_wrong: Share
    refused_wrongly: Share
    false_answers: Share
    mark_right: Share
    mark_right_of_answered: Share
    verbatim: Share
    words: float | None
    ms: float | None


RECALL_AT = (1, 3, 10)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Count and average."""
    yes = [o for o in outcomes if o.question.answerable]
    no = [o for o in outcomes if not o.question.answerable]
    answered = [o for o in yes if o.answer.answered]
    marked = [o for o in answered if o.first_right and o.answer.quotes[0].answer]
    ranks = [passage_rank(o, o.explanation.considered) for o in yes]
    at_1, at_3, at_10 = (recall(ranks, k) for k in RECALL_AT)
    shown = [o.answer.quotes[0] for o in outcomes if o.answer.answered]
    return Figures(
        answerable=len(yes),
        unanswerable=len(no),
        recall=(at_1, at_3, at_10),
        first_right=share(o.first_right for o in yes),
        any_right=share(o.any_right(len(o.answer.quotes)) for o in yes),
        answered_wrong=share(o.answer.answered and not o.first_right for o in yes),
        refused_wrongly=share(not o.answer.answered for o in yes),
        false_answers=share(o.answer.answered for o in no),
        mark_right=share(o.mark_right for o in marked),
        mark_right_of_answered=share(o.mark_right for o in answered),
        verbatim=share(o.verbatim for o in outcomes),
        words=mean(len(quote.text.split()) for quote in shown),
        ms=mean(o.answer.ms for o in outcomes),
    )


def share(flags: Iterable[bool]) -> Share:
    """How many of the flags are true."""
    seen = list(flags)
    return Share(sum(seen), len(seen))


def recall(ranks: Sequence[int | None], k: int) -> Share:
    """How many of the ranks are among the first k."""
    return share(rank is not None and rank <= k for rank in ranks)


def mean(values: Iterable[float]) -> float | None:
    """Mean, or None where there are no values."""
    seen = list(values)
    return statistics.mean(seen) if seen else None


def passage_rank(outcome: Outcome, considered: Iterable[Considered]) -> int | None:
    """Rank of the first right passage in the order given."""
    places = (passage_place(hit) for hit in distinct(considered))
    return rank(places, outcome.question.gold)


def distinct(considered: Iterable[Considered]) -> Iterator[Hit]:
    """The candidates' hits, each passage once: both halves of a question may have found it."""
    seen = set()
    for candidate in considered:
        place = passage_place(candidate.hit)
        if place not in seen:
            seen.add(place)
            yield candidate.hit


def table_row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One row of the table, shares as fractions of the questions they are about."""
    found = figures(outcomes)
    cells = [
        f"{found.answerable} / {found.unanswerable}",
        *found.recall,
        found.first_right,
        found.any_right,
        found.answered_wrong,
        found.refused_wrongly,
        found.false_answers,
        found.mark_right,
        found.mark_right_of_answered,
        found.verbatim,
        rounded(found.words),
        rounded(found.ms),
    ]
    return row(name, *cells)


def row(*cells: object) -> str:
    """One row of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def rounded(value: float | None) -> str:
    """The value without decimals, or a dash."""
    return "–" if value is None else f"{value:.0f}"


def by_file(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each file of questions, in order of appearance."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.question.set_name].append(outcome)
    return dict(found)


def by_kind(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """The outcomes of each file, then of each kind in it, or of each language if all are a kind."""
    for name, of_file in by_file(outcomes).items():
        yield name, of_file
        kinds: dict[str, list[Outcome]] = defaultdict(list)
        languages: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in of_file:
            kinds[outcome.question.kind].append(outcome)
            languages[outcome.question.language].append(outcome)
        parts = kinds if len(kinds) > 1 else languages
        if len(parts) > 1:
            yield from ((f"{name} [{part}]", parts[part]) for part in parts)


def time_table(files: dict[str, list[Outcome]]) -> Iterator[str]:
    """Milliseconds a question by stage: means, then median and 95th percentile of the whole."""
    everything = [o for outcomes in files.values() for o in outcomes]
    stages = list(dict.fromkeys(stage for o in everything for stage in o.explanation.ms))
    yield row("ms a question", *stages, "whole", "median", "95 of 100 below")
    yield "|---" * (len(stages) + 4) + "|"
    for name, outcomes in files.items():
        by_stage = [mean(o.explanation.ms.get(stage, 0.0) for o in outcomes) for stage in stages]
        whole = sorted(o.answer.ms for o in outcomes)
        late = whole[min(len(whole) - 1, round(0.95 * len(whole)))]
        cells = [*by_stage, mean(whole), statistics.median(whole), late]
        yield row(name, *map(rounded, cells))
