"""A disk as POSIX describes it: what is sure on it, and what is still on its way.

A file's content is sure once the file was flushed; until then each write may be there, may not, or
may be there in part. An entry of a folder is sure once that folder was flushed; until then each
change of entries may or may not be there, whatever became of the others. A rename is one change:
the old name or the new one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .operations import (
    MakeFolder,
    Open,
    Operation,
    Remove,
    Rename,
    Report,
    Sync,
    Truncate,
    Write,
)

SECTOR = 512
"""Bytes that a disk writes at once; a torn write shows in pieces of this size."""

Change = Write | Truncate


@dataclass(eq=False, slots=True)
class File:
    """`sure` is its content when it was last flushed, `unsure` what was done to it since."""

    sure: bytes = b""
    unsure: list[Change] = field(default_factory=list)

    def flush(self) -> None:
        self.sure, self.unsure = _done(self.sure, self.unsure), []

    def possible(self) -> list[bytes]:
        """Contents after a power cut: that of before first, all that was done last."""
        if not self.unsure:
            return [self.sure]
        whole = _done(self.sure, self.unsure)
        parts = (_done(self.sure, some) for some in _some(self.unsure))
        found = dict.fromkeys([self.sure, *parts, *_torn(len(self.sure), whole)])
        return [*(content for content in found if content != whole), whole]


@dataclass(eq=False, slots=True)
class Folder:
    """`sure` are its entries when it was last flushed, `unsure` the changes since."""

    sure: dict[str, "Folder | File"] = field(default_factory=dict)
    unsure: list[Mapping[str, "Folder | File | None"]] = field(default_factory=list)

    def flush(self) -> None:
        self.sure, self.unsure = self.entries(range(len(self.unsure))), []

    def entries(self, changes: Iterable[int]) -> dict[str, "Folder | File"]:
        """The entries where these of the unsure changes have reached the disk, and no other."""
        found: dict[str, Folder | File | None] = dict(self.sure)
        for number in changes:
            found |= self.unsure[number]
        return {name: node for name, node in found.items() if node is not None}

    def now(self) -> dict[str, "Folder | File"]:
        return self.entries(range(len(self.unsure)))


class Disk:
    """The folder `path` and all in it, sure as it is at the beginning.

    Operations name their paths as seen from there.
    """

    def __init__(self, path: Path) -> None:
        self.nodes: list[Folder | File] = []
        self.root = self._folder(path)

    def apply(self, made: Operation) -> None:
        """Do one operation; whether it lasts is another thing."""
        match made:
            case Sync(path):
                self._find(path).flush()
            case MakeFolder(path):
                self._enter(path, self._known(Folder()))
            case Open(path):
                self._open(made)
            case Write(path) | Truncate(path):
                self._file(path).unsure.append(made)
            case Rename(path, target):
                assert path.parent == target.parent, "teach these tests what such a rename does"
                self._above(path).unsure.append({path.name: None, target.name: self._find(path)})
            case Remove(path):
                self._enter(path, None)
            case Report():
                pass

    def idle(self, sync: Sync) -> bool:
        """Whether there is nothing that it would flush."""
        return not self._find(sync.path).unsure

    def _open(self, made: Open) -> None:
        if made.path.name not in self._above(made.path).now():
            self._enter(made.path, self._known(File()))
        elif made.empties:
            self._file(made.path).unsure.append(Truncate(made.path, 0))

    def _enter(self, path: Path, node: Folder | File | None) -> None:
        self._above(path).unsure.append({path.name: node})

    def _known(self, node: Folder | File) -> Folder | File:
        self.nodes.append(node)
        return node

    def _folder(self, path: Path) -> Folder:
        folder = Folder()
        self._known(folder)
        for inner in sorted(path.iterdir()):
            file = not inner.is_dir() and self._known(File(inner.read_bytes()))
            folder.sure[inner.name] = file or self._folder(inner)
        return folder

    def _find(self, path: Path) -> Folder | File:
        node: Folder | File = self.root
        for name in path.parts:
            assert isinstance(node, Folder)
            node = node.now()[name]
        return node

    def _file(self, path: Path) -> File:
        node = self._find(path)
        assert isinstance(node, File)
        return node

    def _above(self, path: Path) -> Folder:
        node = self._find(path.parent)
        assert isinstance(node, Folder)
        return node


def _done(content: bytes, changes: Sequence[Change]) -> bytes:
    for change in changes:
        match change:
            case Write(_, offset, written):
                before = content[:offset].ljust(offset, b"\0")
                content = before + written + content[offset + len(written) :]
            case Truncate(_, size):
                content = content[:size].ljust(size, b"\0")
    return content


def _some(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """The first of the changes, all but one, and all with a part of the last."""
    for number in range(len(changes)):
        yield changes[:number]
        yield [*changes[:number], *changes[number + 1 :]]
    if changes and isinstance(last := changes[-1], Write):
        for size in (1, len(last.content) // 2, len(last.content) - 1):
            yield [*changes[:-1], Write(last.path, last.offset, last.content[:size])]


def _torn(sure: int, whole: bytes) -> Iterator[bytes]:
    """The content behind what was sure, grown to its size, with sectors that were not written."""
    sectors = range(sure, len(whole), SECTOR)
    for lost in (sectors, sectors[:1], sectors[-1:], sectors[::2]):
        torn = bytearray(whole)
        for start in lost:
            torn[start : start + SECTOR] = bytes(len(torn[start : start + SECTOR]))
        yield bytes(torn)
