"""The worst failures, to be read by a person: where the engine was surest and wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from benchmarks.ablation import ORDERS
from benchmarks.asking import Outcome
from benchmarks.figures import passage_rank

MOST = 30


def is_answered_wrong(outcome: Outcome) -> bool:
    """Whether an answerable question was answered, and the first quote is a wrong one."""
    return outcome.question.answerable and outcome.answer.answered and not outcome.first_right


def is_false_answer(outcome: Outcome) -> bool:
    """Whether a question that the documents do not answer was answered."""
    return not outcome.question.answerable and outcome.answer.answered


def is_refused_wrongly(outcome: Outcome) -> bool:
    """Whether an answerable question was refused."""
    return outcome.question.answerable and not outcome.answer.answered


KINDS: Mapping[str, Callable[[Outcome], bool]] = {
    "Answered wrong": is_answered_wrong,
    "False answer": is_false_answer,
    "Refused wrongly": is_refused_wrongly,
}


def worst(outcomes: Iterable[Outcome], most: int = MOST) -> dict[str, list[Outcome]]:
    """At most `most` failures, as many of each kind as there are, the worst of it first."""
    seen = list(outcomes)
    found = {k: sorted(filter(is_one, seen), key=_mildness) for k, is_one in KINDS.items()}
    chosen: dict[str, list[Outcome]] = {kind: [] for kind in KINDS}
    for turn in range(most):
        for kind, of_kind in found.items():
            if turn < len(of_kind) and sum(map(len, chosen.values())) < most:
                chosen[kind].append(of_kind[turn])
    return chosen


def _mildness(outcome: Outcome) -> tuple[bool, float]:
    """An answer is worse the likelier it was thought; a refusal, of a right quote, the less so."""
    probability = outcome.probability or 0.0
    if outcome.answer.answered:
        return False, -probability
    return not outcome.best_right, probability


def report(chosen: Mapping[str, Sequence[Outcome]]) -> str:
    """The failures as Markdown."""
    return "\n".join(_lines(chosen)) + "\n"


def _lines(chosen: Mapping[str, Sequence[Outcome]]) -> Iterator[str]:
    yield "# Worst failures"
    yield "Answers that were thought likely and are wrong; refusals of quotes that are right first."
    for kind, outcomes in chosen.items():
        yield f"\n## {kind}"
        yield from (line for outcome in outcomes for line in _entry(outcome))


def _entry(outcome: Outcome) -> Iterator[str]:
    question, best = outcome.question, outcome.best
    yield f"\n### {_one_line(question.text)}"
    yield f"{question.set_name} [{question.kind}], {question.qid}"
    if question.answerable:
        yield f"\nGold ({'; '.join(map(_one_line, question.answers))}):"
        yield from (f"> {_one_line(evidence)}\n" for evidence in question.evidence)
        ranks = (
            f"{order}: {passage_rank(outcome, arrange(outcome.explanation.considered)) or '–'}"
            for order, arrange in ORDERS.items()
        )
        yield f"Rank of its passage by {', by '.join(ranks)}."
    if best is None:
        yield f"\nNothing was read: {outcome.answer.abstention}."
        return
    verb = "Shown" if outcome.answer.answered else f"Refused ({best.cut})"
    place = f"{best.hit.chunk.document}, probability {outcome.probability:.2f}"
    yield f"\n{verb}: {place}{', which is right' if outcome.best_right else ''}"
    yield f"> {_one_line(outcome.quoted)}"
    if outcome.answer.answered and outcome.answer.quotes[0].answer:
        yield f"\nMarked: {_one_line(outcome.answer.quotes[0].answer)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
