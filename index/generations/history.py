"""The generations of a data folder, in order: which there are, publish, roll back, delete.

A generation is a folder with a number for a name, and the newest that is whole answers. Every
step is one rename, which a crash cannot halve. One that was rolled back keeps its number behind
`.withdrawn`; what is being built or deleted lies behind `.building`, and is nobody's.
"""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from index.errors import IndexDamaged
from index.generations import generation
from index.generations.data_folder import sync, sync_way_to
from index.generations.generation import Contents, Manifest

log = logging.getLogger(__name__)

T = TypeVar("T")

FOLDER = "generations"
BUILDING = ".building"
WITHDRAWN = ".withdrawn"


def names(data: Path) -> list[str]:
    """Names of the generations that may answer, oldest first.

    Raises IndexDamaged where the folder cannot be listed.
    """
    return [name for name in all_names(data) if not is_withdrawn(data, name)]


def all_names(data: Path) -> list[str]:
    """Names of all generations, those rolled back included, oldest first; raises as `names`."""
    folder = data / FOLDER
    try:
        found = {p.name.removesuffix(WITHDRAWN) for p in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise IndexDamaged(
            f"{folder} cannot be listed: {error.strerror}; check the disk"
        ) from error
    return sorted((name for name in found if name.isdecimal()), key=int)


def is_withdrawn(data: Path, name: str) -> bool:
    """Whether a generation was rolled back."""
    return not (data / FOLDER / name).exists()


def place(data: Path, name: str) -> Path:
    """The folder of a generation, rolled back or not."""
    return data / FOLDER / (name + WITHDRAWN if is_withdrawn(data, name) else name)


def newest_manifest(data: Path) -> Manifest | None:
    """Manifest of the newest generation whose manifest is whole, or None. Its files may not be."""
    for name in reversed(names(data)):
        try:
            return generation.read_manifest(place(data, name))
        except IndexDamaged as error:
            _tell(name, error)
    return None


def newest_opened(data: Path, opened: Callable[[Contents], T]) -> tuple[T | None, tuple[str, ...]]:
    """What `opened` makes of the newest generation that is whole; the damage of each newer one.

    One of which `opened` raises IndexDamaged is not whole. None if there is none.
    """
    damage: list[str] = []
    for name in reversed(names(data)):
        try:
            return opened(generation.read(place(data, name), name)), tuple(damage)
        except IndexDamaged as error:
            _tell(name, error)
            damage.append(str(error))
    return None, tuple(damage)


def next_name(data: Path) -> str:
    """Name for the next generation; names count up and are never used again while one is left."""
    return f"{int(max(all_names(data), key=int, default='0')) + 1:06}"


def clear_away(data: Path) -> None:
    """Delete what a build that was cut off left behind. Only for the holder of the lock."""
    for left in (data / FOLDER).glob(f"{BUILDING}*"):
        _delete(left)


def begin(data: Path) -> Path:
    """An empty folder to build in; the folders above it are sure to outlive a power cut."""
    (data / FOLDER).mkdir(exist_ok=True)
    if not all_names(data):  # the first: whoever made the folders may not have flushed them
        sync_way_to(data)
    folder = data / FOLDER / f"{BUILDING}-{os.getpid()}"
    folder.mkdir()
    return folder


def publish(folder: Path, data: Path, name: str) -> None:
    """Give a sealed folder its name."""
    _rename(folder, data / FOLDER / name)


def answer_from(data: Path, name: str) -> None:
    """Withdraw every generation newer than one, the newest first, and give that one its name."""
    for newer in reversed(names(data)):
        if int(newer) > int(name):
            _rename(data / FOLDER / newer, data / FOLDER / (newer + WITHDRAWN))
    if is_withdrawn(data, name):
        _rename(place(data, name), data / FOLDER / name)


def prune(data: Path, keep: int) -> None:
    """Delete what is older than the newest `keep` whole generations, and what was rolled back.

    A damaged one counts for none, so that it never costs a whole one its place. What was rolled
    back from a newer number than the newest stays: it may be wanted again. Each loses its name
    first: what a crash leaves of it is cleared away by the next build.
    """
    kept = _down_to_whole(data, keep)
    for name in all_names(data):
        if name in kept or (kept and int(name) > int(kept[0])):
            continue
        leaving = data / FOLDER / f"{BUILDING}-{name}-old"
        _rename(place(data, name), leaving)
        _delete(leaving)


def _down_to_whole(data: Path, keep: int) -> list[str]:
    """Names from the newest down to the one that is the last of `keep` whole ones."""
    found = list(reversed(names(data)))
    whole = 0
    for number, name in enumerate(found, start=1):
        whole += _is_whole(data, name)
        if whole == keep:
            return found[:number]
    return found


def _is_whole(data: Path, name: str) -> bool:
    try:
        generation.check(place(data, name), name)
    except IndexDamaged:
        return False
    return True


def _delete(left: Path) -> None:
    """Delete a folder; also what someone put in its place, a file or a link."""
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()


def _tell(name: str, error: IndexDamaged) -> None:
    log.warning("generation damaged=%s reason=%r", name, str(error))


def _rename(old: Path, new: Path) -> None:
    old.rename(new)
    sync(new.parent)
