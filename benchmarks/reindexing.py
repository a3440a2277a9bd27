"""Questions while the index is built anew: none lost, none wrong, and how long the bot was held up.

    python -m benchmarks.reindexing [--questions 1000] [--reindexes 10] [--documents 200]
        [--at-once 1]

Asks through the bot's desk with the models that ship, while processes of their own reindex a corpus
of which a tenth changes each time. Every quote is held against the texts of the versions that could
answer it. Exits with 1 if a question was lost, not answered, or answered wrongly.
"""

import argparse
import asyncio
import os
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.asking.desk import Desk
from bot.settings import DiscordSettings
from bot.state import State
from index import Answer, BuildReport, Engine, QuothError, Settings, reindex_apart

TICK_SECONDS = 0.005
"""Between two looks at how late the event loop is."""

MOST_LAG_MS = 50

COLOURS = ("amber", "blue", "crimson", "green", "ivory", "orange", "purple", "silver", "white")
CAPES = ("Arbor", "Brine", "Cinder", "Dunmore", "Elling", "Farrow", "Gantry", "Holm", "Inver")


@dataclass
class Corpus:
    """Documents of which some change from version to version; every text that ever was."""

    folder: Path
    size: int
    version: int = -1
    texts: list[dict[str, str]] = field(default_factory=list)

    def write_next(self) -> None:
        """Write the next version: every tenth document says something else."""
        self.version += 1
        now = dict(self.texts[-1]) if self.texts else {}
        rng = random.Random(self.version)  # noqa: S311  # a fixed seed, no secret
        for number in range(self.size):
            if self.version == 0 or number % 10 == self.version % 10:
                colour, cape = rng.choice(COLOURS), rng.choice(CAPES)
                now[f"{number}.txt"] = (
                    f"The lighthouse of harbour {number} is painted {colour}. "
                    f"Its keeper in year {1900 + self.version} lived at Cape {cape}.\n"
                )
        for name, text in now.items():
            if not self.texts or self.texts[-1].get(name) != text:
                (self.folder / name).write_text(text, encoding="utf-8")
        self.texts.append(now)


@dataclass
class Watch:
    """What was seen."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answered: int = 0
    seconds: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    reports: list[BuildReport] = field(default_factory=list)


def main() -> int:
    """Run it and print the figures; returns the exit status."""
    parser = argparse.ArgumentParser("benchmarks.reindexing", description=__doc__.split("\n")[0])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--reindexes", type=int, default=10)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=1, help="questions under way at any time")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder, "corpus"), given.documents)
        corpus.folder.mkdir()
        corpus.write_next()
        settings = Settings(corpus=corpus.folder, data=Path(folder, "data"))
        watch = asyncio.run(_run(corpus, settings, given))
    _show(watch, given)
    return 1 if watch.lost or watch.wrong else 0


async def _run(corpus: Corpus, settings: Settings, given: argparse.Namespace) -> Watch:
    engine = Engine(settings)
    engine.reindex()
    state = State(settings.data, DiscordSettings().keep_days)
    desk = Desk(engine, DiscordSettings(), partial(reindex_apart, settings), state)
    await desk.open()
    watch = Watch()
    lag = asyncio.create_task(_measure_lag(watch))
    rebuilding = asyncio.create_task(_reindex(corpus, desk, watch, given.reindexes))
    seats = asyncio.Semaphore(given.at_once)
    asked = 0
    async with asyncio.TaskGroup() as group:
        while asked < given.questions or not rebuilding.done():
            await seats.acquire()
            group.create_task(_ask(desk, corpus, asked, watch, seats))
            asked += 1
    await rebuilding
    lag.cancel()
    await desk.close(1)
    return watch


async def _ask(
    desk: Desk, corpus: Corpus, number: int, watch: Watch, seats: asyncio.Semaphore
) -> None:
    question = f"What colour is the lighthouse of harbour {number * 7 % corpus.size}?"
    oldest, started = max(0, corpus.version - 1), time.perf_counter()
    try:
        answer = (await desk.ask(question)).answer
    except (QuothError, RuntimeError, OSError) as error:
        watch.lost.append(f"{question} {error!r}")
    else:
        watch.answered += answer.answered
        watch.seconds.append(time.perf_counter() - started)
        if not _is_right(answer, number * 7 % corpus.size, corpus, oldest):
            watch.wrong.append(f"{question} {[quote.text for quote in answer.quotes]}")
    finally:
        seats.release()


def _is_right(answer: Answer, harbour: int, corpus: Corpus, oldest: int) -> bool:
    """Whether the first quote is of that harbour, and all stand in one version that could answer.

    Each at its place.
    """
    if not answer.answered or answer.quotes[0].document != f"{harbour}.txt":
        return False
    return any(
        all(texts[q.document][q.start : q.end] == q.text for q in answer.quotes)
        for texts in corpus.texts[oldest:]
    )


async def _reindex(corpus: Corpus, desk: Desk, watch: Watch, times: int) -> None:
    for _ in range(times):
        corpus.write_next()
        watch.reports.append(await desk.upkeep.reindex(by=None))
        watch.memory.append(_memory_now())


async def _measure_lag(watch: Watch) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        watch.lags.append(time.perf_counter() - before - TICK_SECONDS)


def _memory_now() -> int:
    """Bytes of this process in memory; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _show(watch: Watch, given: argparse.Namespace) -> None:
    seconds, lags = np.array(watch.seconds), np.array(watch.lags) * 1000
    built = [report.seconds for report in watch.reports]
    peak, child = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"questions: {len(seconds)} of at least {given.questions}, {watch.answered} answered, "
          f"{len(watch.lost)} lost, {len(watch.wrong)} wrong")  # fmt: skip
    print(f"seconds a question: p50 {np.percentile(seconds, 50):.2f}, "
          f"p99 {np.percentile(seconds, 99):.2f}, {given.at_once} at once")  # fmt: skip
    print(f"reindexes: {len(built)}, {min(built):.1f} to {max(built):.1f} s each, "
          f"{sum(report.embedded for report in watch.reports)} passages embedded")  # fmt: skip
    print(f"event loop late by: p50 {np.percentile(lags, 50):.1f} ms, "
          f"p99 {np.percentile(lags, 99):.1f} ms (to be below {MOST_LAG_MS}), "
          f"most {lags.max():.1f} ms")  # fmt: skip
    print(f"memory of the bot: {watch.memory[0] / 2**20:.0f} MiB after the first reindex, "
          f"{watch.memory[-1] / 2**20:.0f} after the last, peak {peak:.0f}; "
          f"of a reindex's process: peak {child:.0f}")  # fmt: skip
    for name, some in (("lost", watch.lost), ("wrong", watch.wrong)):
        for line in some[:10]:
            print(f"{name}: {line}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
