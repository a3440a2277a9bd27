"""The folder that holds the index: made, written to in plain words, by one reindex at a time."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BuildRunning, DataError, DataFull, DataReadOnly

FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def sync(path: Path) -> None:
    """Flush a file or folder to disk. Windows cannot open a folder for it and needs no such."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_way_to(folder: Path) -> None:
    """Flush a folder and all above it, so that a power cut leaves it where it is."""
    for above in (folder, *folder.resolve().parents):
        with suppress(PermissionError):  # above a folder that was given to us we may have no rights
            sync(above)


@contextmanager
def writable(data: Path) -> Iterator[None]:
    """Make the folder, and say in plain words why it cannot be written."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DataFull(f"the disk of {data} is full; make room and reindex") from error
        kind = DataReadOnly if error.errno in FORBIDDEN else DataError
        raise kind(
            f"the data folder {data} cannot be written: {error.strerror or error}; "
            "choose another (--data) or mend its rights"
        ) from error


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the data folder's lock, which ends with the process whatever happens to it.

    Raises BuildRunning, with the holder and since when, if another process or thread has it.
    """
    holder = data / "reindex.json"
    with writable(data):
        lock = _locked(data, holder)
    try:
        with writable(data):
            mine = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
            holder.write_text(json.dumps(mine), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _locked(data: Path, holder: Path) -> FileLock:
    lock = FileLock(data / "reindex.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        since, by = _holder(holder)
        raise BuildRunning(f"another reindex is running{by}; wait for it", since) from error
    return lock


def way_to(corpus: Path, data: Path) -> str:
    """The corpus as seen from the data folder, so that both may be moved or mounted together.

    By its name: a link that is turned to other documents is still the same corpus.
    """
    try:
        return Path(os.path.relpath(corpus, data)).as_posix()
    except ValueError:  # on two drives of Windows
        return corpus.absolute().as_posix()


def _holder(file: Path) -> tuple[datetime | None, str]:
    """Since when the lock is held, and that and by whom in words; nothing if it is not known."""
    try:
        held = json.loads(file.read_bytes())
        since = datetime.fromisoformat(held["since"])
        return since, f" since {held['since']} (process {held['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""
