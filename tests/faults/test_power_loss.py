"""Power fails during a reindex: the disk holds the old index or the new one, whole.

The operations of a real reindex are recorded once and replayed on a model of a disk (disk.py), and
every state that it may be found in, or a sample where they are many, is written out and opened as
a reader would. The cache of vectors is left out: keeping it whole is SQLite's affair, and losing it
costs time only.
"""

import shutil
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import pytest

from .calls import Call
from .conftest import Tell
from .disk import Disk
from .form import REINDEX_AFTER, STATES
from .operations import Operation, Report, Sync, operations
from .power import PowerCut, Tree, frozen, write_tree
from .program import Place, Program
from .reindexer import damages, state
from .scenarios import Before, Documents, check_next

DAMAGED: Documents = {"": "a generation that has its name and is not whole"}
"""Found where any generation is damaged, be it one that does not answer."""


class Reader:
    """Opens a tree as a reader would; what it found in the same tree before, it remembers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Hashable, Documents | None] = {}

    def __call__(self, tree: Tree) -> Documents | None:
        key = frozen(tree)
        if key not in self._known:
            lay_out(tree, self._folder)
            damaged = any(damages(self._folder))
            self._known[key] = DAMAGED if damaged else state(self._folder)
        return self._known[key]

    def __len__(self) -> int:
        return len(self._known)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path / "data")


@pytest.fixture(scope="session")
def made(recorded: Sequence[Call]) -> list[Operation]:
    """What the reindex did to the disk."""
    return operations(recorded)


def test_after_a_power_cut_at_any_point_the_old_index_is_there_or_the_new_one_whole(
    before: Before, made: list[Operation], reader: Reader, tell: Tell
) -> None:
    points = complete = states = 0
    for last, allowed, cut in cuts(before, made):
        points += 1
        complete += cut.count() <= STATES
        for chosen in cut.states(STATES):
            states += 1
            found = reader(cut.tree(chosen))
            assert found in allowed, f"power failed after {said(last)}"
    tell(
        f"{before.scenario.name}: power failed at {points} points, in {states} states that differ "
        f"in {len(reader)} ways; every state at {complete} points, a sample at the others"
    )


def test_the_next_reindex_after_a_power_cut_is_the_new_index_and_clears_away_what_was_left(
    before: Before, made: list[Operation], program: Program, tmp_path: Path
) -> None:
    for point, (_, _, cut) in enumerate(cuts(before, made)):
        if point % REINDEX_AFTER == 0:
            place = Place(tmp_path / "place", before.scenario.kept)
            lay_out(cut.tree(list(cut.states(point + 2))[-1]), place.data)
            shutil.copytree(before.folder / "corpus", place.corpus, dirs_exist_ok=True)
            check_next(before, place, program)


def test_each_flush_is_needed_for_the_new_index_to_outlive_a_power_cut_after_its_report(
    before: Before, made: list[Operation], reader: Reader, tell: Tell
) -> None:
    assert lost(before, made, reader) == ""
    losses = {
        flush: lost(before, [one for one in made if one != flush], reader)
        for flush in dict.fromkeys(syncs(before, made))
    }
    needed = [said(flush) for flush, loss in losses.items() if loss]
    assert len(needed) == len(losses), f"no state shows that others than these matter: {needed}"
    tell(
        f"{before.scenario.name}: {len(needed)} files and folders are flushed "
        f"({', '.join(needed)}); without any one of these a power cut after the report may leave "
        f"{' or '.join(sorted(set(losses.values())))}"
    )


def cuts(
    before: Before, made: Sequence[Operation]
) -> Iterator[tuple[Operation | None, tuple[Documents | None, ...], PowerCut]]:
    """A power cut before the first operation and after each, and what may be found then."""
    disk = Disk(before.folder)
    allowed: tuple[Documents | None, ...] = (before.old, before.new)
    yield None, allowed, PowerCut(disk)
    for last in made:
        disk.apply(last)
        if isinstance(last, Report):
            allowed = (before.new,)
        yield last, allowed, PowerCut(disk)


def syncs(before: Before, made: Sequence[Operation]) -> Iterator[Sync]:
    """What is flushed that was not yet; a folder may be twice, after each rename in it."""
    disk = Disk(before.folder)
    for operation in made:
        if isinstance(operation, Sync) and not disk.idle(operation):
            yield operation
        disk.apply(operation)


def lost(before: Before, made: Sequence[Operation], reader: Reader) -> str:
    """What may be found in place of the new index after all these operations and a power cut."""
    disk = Disk(before.folder)
    for operation in made:
        disk.apply(operation)
    cut = PowerCut(disk)
    for chosen in cut.corners():
        found = reader(cut.tree(chosen))
        if found == DAMAGED:
            return "a damaged generation"
        if found != before.new:
            return "no index" if found is None else "the old index"
    return ""


def said(made: Operation | None) -> str:
    """An operation in words."""
    match made:
        case None:
            return "its start"
        case Report():
            return "its report"
        case Sync(path):
            return path.name.partition("-")[0] or "the folder above"  # .building without its number
        case _:
            return f"{type(made).__name__} {made.path}"


def lay_out(tree: Tree, data: Path) -> None:
    """Put the data folder of a tree on disk, or nothing if it has none."""
    shutil.rmtree(data, ignore_errors=True)
    folder = tree.get(data.name)
    if folder is not None and not isinstance(folder, bytes):
        data.parent.mkdir(exist_ok=True)
        write_tree(folder, data)
