"""A disk that is full, failing or read-only: told in one line, and the old index answers."""

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import Points, Tell
from .form import PAGES
from .program import Outcome, Place, Program
from .reindexer import KNOWN_FAULT, answers
from .scenarios import SCENARIOS, Before, check_next, prepare

BY_SQLITE = "unable to open database file; make room|disk I/O error; make room"
ERRORS = {
    "ENOSPC": f"is full; make room|cannot be .*: No space left on device|{BY_SQLITE}",
    "EIO": f"cannot be .*: Input/output error|{BY_SQLITE}",
}
"""Errors of a disk, and how what is told of them reads; SQLite does not tell them all apart."""

PAGE = 4096
SMALL = 512 * 1024
"""Bytes of a file system that a reindex of these documents can fill."""


def test_a_system_call_that_fails_is_told_in_one_line_and_leaves_an_index_whole(
    before: Before, points: Points, program: Program, tmp_path: Path, tell: Tell
) -> None:
    told = 0
    for call, error in itertools.product(points.chosen, ERRORS):
        place = before.copy(tmp_path / "place")
        outcome = program.failing(place, call, f"error={error}")
        try:
            told += check(before, place, outcome, ERRORS[error], last=call.name == "fsync")
            check_next(before, place, program)
        except AssertionError as wrong:
            pytest.fail(f"with {error} at {call}: {wrong}")
    tell(
        f"{before.scenario.name}: {' and '.join(ERRORS)} at {len(points.chosen)} of {points.of} "
        f"points, told {told} times, else no hindrance"
    )


def test_a_file_system_that_fills_up_at_any_page_leaves_an_index_whole(
    before: Before, program: Program, tmp_path: Path, tell: Tell
) -> None:
    with mounted(tmp_path / "small", f"size={SMALL}") as folder:
        full = 0
        for pages in range(0, SMALL // PAGE, PAGES):
            place = before.copy(folder / "place")
            fill(folder, but=pages)
            failed = check(before, place, program.reindex(place), ERRORS["ENOSPC"])
            (folder / "filler").unlink()
            check_next(before, place, program)
            if not failed:
                break
            full += 1
    assert full
    tell(f"{before.scenario.name}: {full} times full, on a disk with room for 0 to {pages} pages")


def test_a_read_only_data_folder_answers_and_a_reindex_says_why_it_cannot(
    program: Program, tmp_path: Path
) -> None:
    before = prepare(SCENARIOS[1], tmp_path / "before", program)
    with read_only(before, tmp_path / "disk") as place:
        assert answers(place.data) == before.old
        outcome = program.reindex(place)
        assert outcome.status == KNOWN_FAULT
        assert outcome.printed.startswith(f"the data folder {place.data} cannot be written: ")
        assert "Read-only file system" in outcome.printed or "Permission" in outcome.printed
        assert outcome.printed.count("\n") == 1
        assert answers(place.data) == before.old


def check(before: Before, place: Place, outcome: Outcome, told: str, *, last: bool = False) -> bool:
    """Whether a reindex failed; if so it left the old index, if not it is the new one.

    A failure is told in one line that matches `told`. `last`: it may be the new one that was left,
    if the failure came after its rename.
    """
    found = answers(place.data)
    if outcome.status == 0:
        assert found == before.new, outcome.printed
        return False
    assert outcome.status == KNOWN_FAULT, outcome.printed
    assert outcome.printed.count("\n") == 1, outcome.printed
    assert re.search(told, outcome.printed), outcome.printed
    assert found == before.old or (last and found == before.new), outcome.printed
    return True


def fill(folder: Path, *, but: int) -> None:
    """Write a file that leaves so many pages of a file system free."""
    with (folder / "filler").open("wb", buffering=0) as file:
        free = os.statvfs(folder).f_bavail
        file.write(bytes(max(free - but, 0) * PAGE))


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory; a test that may not mount one is skipped."""
    folder.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("needs the program mount")
    try:
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"needs to mount a file system: {error.stderr.splitlines()[0]}")
    try:
        yield folder
    finally:
        run("umount", str(folder))


@contextmanager
def read_only(before: Before, folder: Path) -> Iterator[Place]:
    """A scenario that cannot be written: by its rights, or for root, whom those do not stop, by its
    file system.
    """
    if os.geteuid():
        place = before.copy(folder / "place")
        place.data.chmod(0o500)
        try:
            yield place
        finally:
            place.data.chmod(0o700)
        return
    with mounted(folder, f"size={SMALL}"):
        place = before.copy(folder / "place")
        run("mount", "-o", "remount,ro", str(folder))
        yield place


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
