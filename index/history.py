"""The generations of a data folder, in order: which there are, publish, roll back, delete.

A generation is a folder with a number for a name, and the newest that is whole answers. Every
step is one rename, which a crash cannot halve. One that was rolled back keeps its number behind
`.withdrawn`; what is being built or deleted lies behind `.building`, and is nobody's.
"""

import logging
import os
import shutil
from pathlib import Path

from index import generation
from index.data_folder import sync, sync_way_to
from index.errors import IndexDamaged
from index.generation import Contents, Manifest

log = logging.getLogger(__name__)

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


def newest_contents(data: Path) -> tuple[Contents | None, tuple[str, ...]]:
    """The newest generation that is whole, if any, and what is damaged in each newer one."""
    damage: list[str] = []
    for name in reversed(names(data)):
        try:
            return _read(data, name), tuple(damage)
        except IndexDamaged as error:
            _tell(name, error)
            damage.append(str(error))
    return None, tuple(damage)


def _read(data: Path, name: str) -> Contents:
    contents = generation.read(place(data, name))
    if contents.manifest.name != name:
        raise IndexDamaged(f"generation {name} is a copy of {contents.manifest.name}")
    return contents


def next_name(data: Path) -> str:
    """Name for the next generation; names count up and are never used again while one is left."""
    return f"{int(max(all_names(data), key=int, default='0')) + 1:06}"


def clear_away(data: Path) -> None:
    """Delete what a build that was cut off left behind. Only for the holder of the lock."""
    for left in (data / FOLDER).glob(f"{BUILDING}*"):
        shutil.rmtree(left)


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
    """Delete all but the newest `keep` generations, and what was rolled back before the newest.

    Each loses its name first: what a crash leaves of it is cleared away by the next build.
    """
    kept = names(data)[-keep:]
    for name in all_names(data):
        if name in kept or (kept and int(name) > int(kept[-1])):
            continue  # a newer one was rolled back and may be wanted again
        leaving = data / FOLDER / f"{BUILDING}-{name}-old"
        _rename(place(data, name), leaving)
        shutil.rmtree(leaving)


def _tell(name: str, error: IndexDamaged) -> None:
    log.warning("generation damaged=%s reason=%r", name, str(error))


def _rename(old: Path, new: Path) -> None:
    old.rename(new)
    sync(new.parent)
