"""Whether the probability can be trusted: reliability and risk against coverage, drawn and counted.

Of each question its likeliest quote, shown or not, its probability, and whether it is right (never
where the documents do not answer). Questions of which nothing was read are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.asking import Outcome
from benchmarks.figures import row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 10
"""Of equal width, as is usual for the expected calibration error (Guo et al., ICML 2017)."""

FEWEST = 30
"""Questions of a file below which it gets no line of its own in the pictures."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Probability of the likeliest quote and whether it is right (1 or 0), both (questions,)."""

    probability: Numbers
    right: Numbers

    def __len__(self) -> int:
        return len(self.right)


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of about one probability: the mean of it, the share right, how many."""

    probability: float
    right: float
    count: int


def judged(outcomes: Sequence[Outcome]) -> Judged:
    """Of the outcomes that have a likeliest quote."""
    pairs = [(o.probability, o.best_right) for o in outcomes if o.probability is not None]
    return Judged(
        np.array([probability for probability, _ in pairs], dtype=float),
        np.array([right for _, right in pairs], dtype=float),
    )


def bins(found: Judged) -> list[Bin]:
    """The bins that hold a question, least likely first."""
    numbers = np.minimum((found.probability * BINS).astype(int), BINS - 1)
    return [
        Bin(float(found.probability[mine].mean()), float(found.right[mine].mean()), int(mine.sum()))
        for number in range(BINS)
        if (mine := numbers == number).any()
    ]


def ece(found: Judged) -> float:
    """Expected calibration error: mean distance of probability and share right, by questions."""
    distances = (b.count * abs(b.probability - b.right) for b in bins(found))
    return sum(distances) / len(found)


def risk_coverage(found: Judged) -> tuple[Numbers, Numbers]:
    """Share of questions answered, and of these answered wrongly, likeliest first.

    Both of shape (n,), one point a distinct probability: those alike are answered together.
    """
    order = np.argsort(-found.probability, kind="stable")
    probability, wrong = found.probability[order], 1 - found.right[order]
    answered = np.arange(1, len(order) + 1)
    last_alike = np.append(probability[1:] != probability[:-1], True)
    risk = np.cumsum(wrong) / answered
    return answered[last_alike] / len(order), risk[last_alike]


def aurc(found: Judged) -> float:
    """Area under the risk-coverage curve (Geifman and El-Yaniv, NIPS 2017); lower is better."""
    coverage, risk = risk_coverage(found)
    return float((risk * np.diff(coverage, prepend=0.0)).sum())


HEADER = "| questions | judged | right if always shown | ECE | AURC |\n" + "|---" * 5 + "|"


def rows(files: Mapping[str, Judged]) -> Iterator[str]:
    """A row a file of questions."""
    for name, found in files.items():
        if len(found):
            right = f"{found.right.mean():.3f}"
            yield row(name, len(found), right, f"{ece(found):.3f}", f"{aurc(found):.3f}")


def draw(files: Mapping[str, Judged], everything: Judged, folder: Path) -> list[Path]:
    """Write reliability.png and risk-coverage.png: a thin line a file, a thick one for all.

    In the first the size of a dot is the share of the questions of its line that it stands for.
    Raises ModuleNotFoundError without matplotlib.
    """
    lines = {f"{n} ({len(f)})": f for n, f in files.items() if len(f) >= FEWEST and len(files) > 1}
    reliability, risk = folder / "reliability.png", folder / "risk-coverage.png"
    with _axes(reliability, "probability of the likeliest quote", "share that is right") as axes:
        axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="perfect")
        for label, found, width in _thickest_last(lines, everything):
            full = bins(found)
            x, y = [b.probability for b in full], [b.right for b in full]
            (line,) = axes.plot(x, y, label=label, linewidth=width)
            sizes = [400 * b.count / len(found) for b in full]
            axes.scatter(x, y, s=sizes, color=line.get_color())
    with _axes(risk, "share of questions answered", "share of these answered wrongly") as axes:
        for label, found, width in _thickest_last(lines, everything):
            axes.plot(*risk_coverage(found), label=label, linewidth=width)
    return [reliability, risk]


def _thickest_last(
    lines: Mapping[str, Judged], everything: Judged
) -> Iterator[tuple[str, Judged, float]]:
    yield from ((label, found, 1.0) for label, found in lines.items())
    yield f"all ({len(everything)})", everything, 3.0


@contextmanager
def _axes(path: Path, across: str, up: str) -> Iterator["Axes"]:
    """Axes from 0 to 1, written to `path` at the end."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # slow, and only wanted here

    figure = Figure(figsize=(7, 5.5), layout="constrained")
    axes = figure.add_subplot(xlabel=across, ylabel=up, xlim=(0, 1), ylim=(0, 1))
    yield axes
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)
