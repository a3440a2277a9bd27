"""The system calls of a reindex that change files, as strace wrote them down."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .reindexer import LOCK

LINE = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
HEX = re.compile(r"(?:\\x[0-9a-f]{2})+")
DESCRIPTOR = re.compile(r"(?P<number>-?\d+|AT_FDCWD)<(?P<path>[^>]*)>")

FOLDERS = ("mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2")
CONTENTS = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync")
OPENINGS = ("open", "openat", "creat")
UNKNOWN = (
    *("writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "splice", "fallocate"),
    *("truncate", "link", "linkat", "symlink", "symlinkat", "sync_file_range", "syncfs"),
)
"""Calls that a reindex does not make; if it did, the tests would have to learn them."""

TRACED = (*FOLDERS, *CONTENTS, *OPENINGS, *UNKNOWN, "lseek")
EVERYTHING = (
    f"--trace={','.join(TRACED)}",
    "--decode-fds=path",
    "-xx",  # strings in hexadecimal
    f"--string-limit={1 << 24}",
)
"""Options of strace for a trace that `read_trace` reads."""


@dataclass(frozen=True, slots=True)
class Call:
    """One system call. `number` counts those of its name from 1, as strace's `when` does.

    `paths` are absolute: those it names, or that of its descriptor. `words` are its arguments as
    they were written, strings decoded to `strings`.
    """

    name: str
    number: int
    paths: tuple[str, ...]
    words: tuple[str, ...]
    strings: tuple[bytes, ...]
    result: int

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({' -> '.join(Path(p).name for p in self.paths)})"


def read_trace(text: str) -> Iterator[Call]:
    """Every call in what strace wrote; one thread only, since `when` counts by thread."""
    counts: Counter[str] = Counter()
    lines = [found for line in text.splitlines() if (found := LINE.match(line))]
    assert len({line["thread"] for line in lines}) == 1
    for line in lines:
        counts[line["name"]] += 1
        words = tuple(line["arguments"].split(", "))  # strings are all in hexadecimal
        strings = tuple(_bytes(word) for word in words if word.startswith('"'))
        paths = tuple(_paths(line["name"], words))
        call = Call(line["name"], counts[line["name"]], paths, words, strings, int(line["result"]))
        yield call


def changing(calls: Sequence[Call]) -> list[Call]:
    """The calls that may change something in the data folder, or the folder itself."""
    data = data_folder(calls)
    found = [c for c in calls if changes(c) and any(Path(p).is_relative_to(data) for p in c.paths)]
    unknown = {call.name for call in found} & set(UNKNOWN)
    assert not unknown, f"a reindex calls {unknown}: teach these tests what they do"
    return found


def data_folder(calls: Sequence[Call]) -> Path:
    """The data folder that the calls work in: where the lock lies."""
    return next(Path(p).parent for call in calls for p in call.paths if Path(p).name == LOCK)


def spread(calls: Sequence[Call], most: float) -> list[Call]:
    """Every rename and the call behind it, and others, evenly spread, up to `most`."""
    renames = {n for n, call in enumerate(calls) if "rename" in call.name}
    chosen = renames | {n + 1 for n in renames if n + 1 < len(calls)}
    others = min(most, len(calls)) - len(chosen)
    chosen |= {round(n * (len(calls) - 1) / (others - 1)) for n in range(int(others))}
    return [calls[n] for n in sorted(chosen)] if most < len(calls) else list(calls)


def changes(call: Call) -> bool:
    """Whether a call is made to change something, whatever came of it."""
    if call.name in OPENINGS:
        return any(flag in " ".join(call.words) for flag in ("O_WRONLY", "O_RDWR", "O_CREAT"))
    return call.name != "lseek"


def descriptor(word: str) -> int:
    """The number of a descriptor argument, or of one that a call returned."""
    found = DESCRIPTOR.match(word)
    assert found, word
    return int(found["number"])


def _paths(name: str, words: Sequence[str]) -> Iterator[str]:
    if name in (*CONTENTS, "lseek"):
        yield _path(words[0])
        return
    folder = ""
    for word in words:
        if word.startswith('"'):
            yield os.path.join(folder, os.fsdecode(_bytes(word)))  # noqa: PTH118  # may be absolute
            folder = ""
        elif DESCRIPTOR.match(word):
            folder = _path(word)


def _path(word: str) -> str:
    found = DESCRIPTOR.match(word)
    return os.fsdecode(_bytes(found["path"])) if found else ""


def _bytes(word: str) -> bytes:
    return b"".join(bytes.fromhex(run.replace("\\x", "")) for run in HEX.findall(word))
