"""Whatever becomes of the files of the newest generation is seen, and the older one answers."""

import shutil
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from .form import DAMAGES
from .program import Place, Program
from .reindexer import FILES, GENERATIONS, answers, names, state
from .scenarios import NEW, OLD, write

Files = Mapping[str, bytes | None]
"""A generation by name of file; None is a folder where a file should be."""

Damage = Callable[[Files, Files, st.DataObject], Files]
"""What becomes of a generation, given another one of the same index too."""

ANY_FILE = st.sampled_from(sorted(FILES))
ANY_PLACE = st.integers(0, 1 << 20)
SOME_BYTES = st.binary(min_size=1, max_size=2000)
SECTOR = 512


def cut_short(files: Files, _other: Files, draw: st.DataObject) -> Files:
    name, content = one(files, draw)
    return {**files, name: content[: draw.draw(ANY_PLACE) % len(content)]}


def emptied(files: Files, _other: Files, draw: st.DataObject) -> Files:
    return {**files, draw.draw(ANY_FILE): b""}


def removed(files: Files, _other: Files, draw: st.DataObject) -> Files:
    gone = draw.draw(ANY_FILE)
    return {name: content for name, content in files.items() if name != gone}


def a_folder(files: Files, _other: Files, draw: st.DataObject) -> Files:
    return {**files, draw.draw(ANY_FILE): None}


def extended(files: Files, _other: Files, draw: st.DataObject) -> Files:
    name, content = one(files, draw)
    return {**files, name: content + draw.draw(SOME_BYTES)}


def with_bits_flipped(files: Files, _other: Files, draw: st.DataObject) -> Files:
    name, content = one(files, draw)
    flipped = bytearray(content)
    for bit in draw.draw(st.lists(ANY_PLACE, min_size=1, max_size=40)):
        flipped[bit // 8 % len(content)] ^= 1 << bit % 8
    return {**files, name: bytes(flipped)}


def with_a_run_overwritten(files: Files, _other: Files, draw: st.DataObject) -> Files:
    name, content = one(files, draw)
    start, run = draw.draw(ANY_PLACE) % len(content), draw.draw(SOME_BYTES)
    written = content[:start] + run + content[start + len(run) :]
    return {**files, name: written[: len(content)]}


def with_a_sector_of_zeros(files: Files, _other: Files, draw: st.DataObject) -> Files:
    name, content = one(files, draw)
    start = draw.draw(ANY_PLACE) % len(content) // SECTOR * SECTOR
    lost = len(content[start : start + SECTOR])
    return {**files, name: content[:start] + bytes(lost) + content[start + lost :]}


def with_two_swapped(files: Files, _other: Files, draw: st.DataObject) -> Files:
    first, second = draw.draw(ANY_FILE), draw.draw(ANY_FILE)
    return {**files, first: files[second], second: files[first]}


def with_files_of_the_other(files: Files, other: Files, draw: st.DataObject) -> Files:
    """Not with all of them: that would be the other generation, whole."""
    taken = draw.draw(st.sets(ANY_FILE, min_size=1, max_size=len(FILES) - 1))
    return {name: (other if name in taken else files)[name] for name in files}


ALL_DAMAGES: tuple[Damage, ...] = (
    *(cut_short, emptied, removed, a_folder, extended, with_bits_flipped, with_a_run_overwritten),
    *(with_a_sector_of_zeros, with_two_swapped, with_files_of_the_other),
)


def one(files: Files, draw: st.DataObject) -> tuple[str, bytes]:
    """Any file and its content."""
    name = draw.draw(ANY_FILE)
    content = files[name]
    assert content
    return name, content


class Pair:
    """A data folder with two generations, older and newest, and what they are when whole."""

    def __init__(self, place: Place) -> None:
        self.data = place.data
        self._folders = [self.data / GENERATIONS / name for name in names(self.data)]
        older, newest = ({p.name: p.read_bytes() for p in f.iterdir()} for f in self._folders)
        self.older: Files = older
        self.newest: Files = newest

    def lay_out(self, older: Files, newest: Files) -> None:
        """Make both folders hold these files and no others."""
        for folder, files in zip(self._folders, (older, newest), strict=True):
            shutil.rmtree(folder)
            folder.mkdir()
            for name, content in files.items():
                if content is None:
                    (folder / name).mkdir()
                else:
                    (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Iterator[Pair]:
    """The older generation holds the old documents, the newest the new ones."""
    place = Place(tmp_path_factory.mktemp("pair"), 2)
    for documents in (OLD, NEW):
        write(documents, place.corpus)
        assert program.reindex(place).status == 0
    pair = Pair(place)
    yield pair
    pair.lay_out(pair.older, pair.newest)
    assert answers(place.data) == NEW


@pytest.mark.parametrize("damage", ALL_DAMAGES, ids=lambda damage: damage.__name__)
@settings(max_examples=DAMAGES, deadline=None)
@given(draw=st.data())
def test_a_damaged_newest_generation_is_seen_and_the_older_one_answers(
    damage: Damage, pair: Pair, draw: st.DataObject
) -> None:
    damaged = damage(pair.newest, pair.older, draw)
    assume(damaged != pair.newest)
    pair.lay_out(pair.older, damaged)
    assert state(pair.data) == OLD


@pytest.mark.parametrize("damage", ALL_DAMAGES, ids=lambda damage: damage.__name__)
@settings(max_examples=DAMAGES, deadline=None)
@given(draw=st.data())
def test_where_both_generations_are_damaged_nothing_is_answered(
    damage: Damage, pair: Pair, draw: st.DataObject
) -> None:
    older = damage(pair.older, pair.newest, draw)
    newest = damage(pair.newest, pair.older, draw)
    assume(older != pair.older and newest != pair.newest)
    pair.lay_out(older, newest)
    assert state(pair.data) is None
