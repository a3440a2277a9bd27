"""The mark: what the figures must reach (floor) and should reach (goal), side by side with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.asking import Outcome
from benchmarks.figures import Share, by_file, figures, mean, row, share
from benchmarks.question_sets import CLEAN

HEADER = "| the mark | figure | of | floor | goal | verdict | |\n" + "|---" * 7 + "|"


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure beside its floor and goal. `at_most` where less is better; `of` questions."""

    what: str
    figure: float
    of: int
    floor: float
    goal: float
    at_most: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """Which of the two is reached."""
        sign = -1 if self.at_most else 1
        if sign * self.figure >= sign * self.goal:
            return "goal"
        return "floor" if sign * self.figure >= sign * self.floor else "BELOW"


def rows(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A row a mark, of those that the questions asked can tell something of."""
    for mark in marks(outcomes):
        bound = "≤" if mark.at_most else "≥"
        floor, goal = f"{bound} {mark.floor:.3f}", f"{bound} {mark.goal:.3f}"
        yield row(mark.what, f"{mark.figure:.3f}", mark.of, floor, goal, mark.verdict, mark.note)


def marks(outcomes: Sequence[Outcome]) -> Iterator[Mark]:
    """All marks of which something was asked."""
    found = by_file(outcomes)
    files = {name: o for name, o in found.items() if not name.endswith(CLEAN)}
    every = (
        *_seed(_of_set(files, "seed")),
        *_first_and_false("nq", _of_set(files, "nq"), (0.75, 0.88), (0.10, 0.04)),
        *_first_and_false("news", files.get("news/questions", []), (0.70, 0.85), (0.10, 0.04)),
        *_first_and_false("SQuAD 2.0", _squad(files), (0.76, 0.86), (0.40, 0.22)),
        *_noisy(found),
        *_crosslingual(files.get("wiki/questions_crosslingual", [])),
        *_over_all(files),
    )
    yield from (mark for mark in every if mark.of)


def _first_and_false(
    name: str,
    outcomes: Sequence[Outcome],
    first: tuple[float, float],
    false: tuple[float, float],
) -> Iterator[Mark]:
    found = figures(outcomes)
    note = _by_language(outcomes)
    yield _mark(f"{name}: first quote right", found.first_right, first, note=note)
    yield _mark(f"{name}: false answers", found.false_answers, false, at_most=True)


def _seed(outcomes: Sequence[Outcome]) -> Iterator[Mark]:
    """Of its 17 answerable questions five are in other languages than the article."""
    yield from _first_and_false("seed", outcomes, (14 / 17, 1.0), (3 / 8, 1 / 8))


def _squad(files: Mapping[str, Sequence[Outcome]]) -> list[Outcome]:
    kinds = ("squad2", "squad2-adversarial")
    return [o for o in files.get("wiki/questions", []) if o.question.kind in kinds]


def _noisy(found: Mapping[str, Sequence[Outcome]]) -> Iterator[Mark]:
    """What each kind of noise costs against the very questions that it was put on."""
    for name in [name for name in found if name + CLEAN in found]:
        for kind in dict.fromkeys(o.question.kind for o in found[name]):
            noisy = figures([o for o in found[name] if o.question.kind == kind])
            clean = figures([o for o in found[name + CLEAN] if o.question.kind == kind])
            bounds = (0.15, 0.08) if kind == "asr" else (0.05, 0.02)
            right = (clean.first_right, noisy.first_right)
            yield _lost(f"noise [{kind}]: first quote right lost", *right, bounds)
            false = (noisy.false_answers, clean.false_answers)
            yield _lost(f"noise [{kind}]: false answers gained", *false, bounds)


def _lost(what: str, more: Share, less: Share, bounds: tuple[float, float]) -> Mark:
    note = f"{more} and {less}"
    return Mark(what, more.value - less.value, less.of, *bounds, at_most=True, note=note)


def _crosslingual(outcomes: Sequence[Outcome]) -> Iterator[Mark]:
    """Those that have no answer are asked by `benchmarks.quality --removed`."""
    found = figures(outcomes)
    note = _by_language(outcomes)
    yield _mark("crosslingual: right", found.first_right, (0.55, 0.75), note=note)
    yield _mark("crosslingual: false answers", found.false_answers, (0.10, 0.04), at_most=True)


def _over_all(files: Mapping[str, Sequence[Outcome]]) -> Iterator[Mark]:
    everything = [o for of_file in files.values() for o in of_file]
    verbatim = share(o.verbatim for o in everything)
    yield _mark("all: quotes verbatim", verbatim, (1.0, 1.0))
    worded = [o for name, f in files.items() if not name.startswith("news/") for o in f]
    answered = figures(worded).mark_right_of_answered
    note = "without news, whose answers are in a person's words"
    yield _mark("marked answer agrees, of those answered", answered, (0.65, 0.80), note=note)
    spaced = [o for name, f in files.items() if not name.startswith("wiki_native/") for o in f]
    words = [len(o.answer.quotes[0].text.split()) for o in spaced if o.answer.answered]
    yield Mark("mean words of a first quote", mean(words) or 0.0, len(words), 45, 45, at_most=True)


def _mark(
    what: str,
    found: Share,
    bounds: tuple[float, float],
    *,
    at_most: bool = False,
    note: str = "",
) -> Mark:
    return Mark(what, found.value, found.of, *bounds, at_most=at_most, note=note)


def _of_set(files: Mapping[str, Sequence[Outcome]], name: str) -> list[Outcome]:
    return [o for file, f in files.items() if file.startswith(f"{name}/") for o in f]


def _by_language(outcomes: Iterable[Outcome]) -> str:
    refused = sum(o.answer.abstention == "language" for o in outcomes)
    return f"{refused} refused for their language: these want the multilingual model" * bool(
        refused
    )
