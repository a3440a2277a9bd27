"""Reindexes that are made to fail: what was there before, and what is to be there after."""

import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .program import Place, Program
from .reindexer import CACHE, FILES, GENERATIONS, LOCK, answers, names, state

Documents = Mapping[str, str]
"""Name -> text."""

LONG = " ".join(f"On day {n} a ship of {n * 7} tons went by." for n in range(1, 300))
"""Long enough that its passages are written in several pieces."""

STAYS = "# A lighthouse\n\nThe lighthouse stands on a rock. It is white and red.\n"
OLDEST: Documents = {"stays.md": STAYS, "oldest.txt": "These words are of the oldest index."}
OLD: Documents = {
    "stays.md": STAYS,
    "changes.txt": "The keeper is Anna. She came in spring.",
    "long.txt": LONG,
    "goes.txt": "The harbour was closed for repairs.",
    "folder/below.txt": "Boats pass at night.",
}
NEW: Documents = {
    "stays.md": STAYS,
    "changes.txt": "The keeper is Bertram. He came when Anna had left.",
    "long.txt": LONG,
    "folder/below.txt": "Boats pass at night.",
    "folder/comes.md": "# The lamp\n\nIt was lit in 1870.\n\n## Later\n\nIt is electric.\n",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """What was indexed before, oldest first, and how many generations are kept.

    `cut_off`: the reindex before the last was killed in the middle of writing a generation.
    """

    name: str
    history: tuple[Documents, ...]
    kept: int
    cut_off: bool = False


SCENARIOS = (
    Scenario("the first build", (), 2),
    Scenario("a reindex that deletes the oldest of two", (OLDEST, OLD), 2),
    Scenario("a reindex that keeps nothing else", (OLDEST, OLD), 1),
    Scenario("a reindex after one that was cut off", (OLDEST, OLD), 3, cut_off=True),
)


@dataclass(frozen=True, slots=True)
class Before:
    """A scenario on disk up to its last reindex. `old` is None where nothing was indexed."""

    scenario: Scenario
    folder: Path
    old: Documents | None
    new: Documents

    def copy(self, folder: Path) -> Place:
        """The same once more, in a folder that is emptied first."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Place(folder, self.scenario.kept)


def prepare(scenario: Scenario, folder: Path, program: Program) -> Before:
    """Index the history of a scenario, and put the new documents in place."""
    place = Place(folder, scenario.kept)
    for documents in scenario.history:
        write(documents, place.corpus)
        assert program.reindex(place).status == 0
        assert state(place.data) == documents
    write(NEW, place.corpus)
    if scenario.cut_off:
        cut_off(place, program)
    return Before(scenario, folder, scenario.history[-1] if scenario.history else None, NEW)


def cut_off(place: Place, program: Program) -> None:
    """Kill a reindex, later each time, until it leaves some files of a generation behind."""
    change = 1
    while len(litter(place)) < len(FILES):
        assert program.reindex(place, dies_at=change).status == -signal.SIGKILL
        change += 1


def write(documents: Documents, corpus: Path) -> None:
    """Make a folder hold these documents and no others."""
    shutil.rmtree(corpus, ignore_errors=True)
    for name, text in documents.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def litter(place: Place, kept: Sequence[str] | None = None) -> list[str]:
    """What lies in the data folder and should not, once a reindex has ended well.

    `kept` are the generations that may be there: by default the newest, where all are whole.
    A journal is SQLite's own: it may wait for the next reindex that has something to embed.
    """
    expected = {CACHE, f"{CACHE}-journal", LOCK, GENERATIONS}
    kept = names(place.data)[-place.kept :] if kept is None else kept
    expected |= {f"{GENERATIONS}/{name}" for name in kept}
    expected |= {f"{GENERATIONS}/{name}/{file}" for name in kept for file in FILES}
    found = {path.relative_to(place.data).as_posix() for path in place.data.rglob("*")}
    return sorted(found - expected)


def check_next(before: Before, place: Place, program: Program) -> None:
    """The next reindex succeeds, is the new index, and clears away what was left."""
    outcome = program.reindex(place)
    assert outcome.status == 0, outcome.printed
    assert outcome.printed == f"{names(place.data)[-1]}\n"
    assert answers(place.data) == before.new
    assert litter(place) == []
