"""System calls become operations on files and folders, as a disk sees them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .calls import OPENINGS, Call, data_folder, descriptor
from .reindexer import CACHE, HOLDER, LOCK

STANDARD_OUTPUT = 1
"""The descriptor on which a reindex reports."""


@dataclass(frozen=True, slots=True)
class MakeFolder:
    path: Path


@dataclass(frozen=True, slots=True)
class Open:
    """Make the file if it is not there; empty it if asked."""

    path: Path
    empties: bool


@dataclass(frozen=True, slots=True)
class Write:
    path: Path
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Flush a file's content, or a folder's entries."""

    path: Path


@dataclass(frozen=True, slots=True)
class Rename:
    path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a file or an empty folder."""

    path: Path


@dataclass(frozen=True, slots=True)
class Report:
    """The reindex says that it is done."""


Operation: TypeAlias = MakeFolder | Open | Write | Truncate | Sync | Rename | Remove | Report


def operations(calls: Sequence[Call]) -> list[Operation]:
    """What the calls did, in order, to the data folder and its entry in the folder above.

    Paths are as seen from the folder above. The cache of vectors and the lock are left out, and so
    is what SQLite flushes for its own sake.
    """
    data = data_folder(calls)
    return list(
        _all((call for call in calls if call.result >= 0 and _counts(call, data)), data.parent)
    )


def _counts(call: Call, data: Path) -> bool:
    path = Path(call.paths[0])
    if path == data.parent:
        return call.name == "fsync"
    apart = path.name.startswith(CACHE) or path.name in {LOCK, HOLDER}
    return (path.is_relative_to(data) and not apart) or _reports(call)


def _reports(call: Call) -> bool:
    return call.name == "write" and descriptor(call.words[0]) == STANDARD_OUTPUT


def _all(calls: Iterable[Call], above: Path) -> Iterator[Operation]:
    places: dict[int, int] = {}
    for call in calls:
        if call.name in OPENINGS:
            assert "O_APPEND" not in "".join(call.words)
            places[call.result] = 0
        elif call.name == "lseek":
            places[descriptor(call.words[0])] = call.result
        elif _reports(call):
            yield Report()
            continue
        yield from _one(call, [Path(p).relative_to(above) for p in call.paths], places)


def _one(call: Call, paths: Sequence[Path], places: dict[int, int]) -> Iterator[Operation]:
    """The operation of one call, if it is one; `places` is where each descriptor writes next."""
    path, *targets = paths
    match call.name:
        case "mkdir" | "mkdirat":
            yield MakeFolder(path)
        case "open" | "openat" | "creat" if "O_CREAT" in "".join(call.words):
            yield Open(path, "O_TRUNC" in "".join(call.words))
        case "write":
            number = descriptor(call.words[0])
            yield Write(path, places[number], call.strings[0][: call.result])
            places[number] += call.result
        case "pwrite64":
            yield Write(path, int(call.words[3]), call.strings[0][: call.result])
        case "ftruncate":
            yield Truncate(path, int(call.words[1]))
        case "fsync":
            yield Sync(path)
        case "rename" | "renameat" | "renameat2":
            yield Rename(path, *targets)
        case "unlink" | "unlinkat" | "rmdir":
            yield Remove(path)
