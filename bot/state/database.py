"""One SQLite file and the one thread that uses it, so that each act is whole."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import structlog

from bot.logs import failure
from bot.refusals import StateError
from bot.state.migrations import MIGRATIONS
from bot.threads import Threads

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

BUSY_SECONDS = 5.0
"""How long another program that holds the file is waited for."""

IN_TIME_SECONDS = 1.5
"""How long a read may take that a reply due within three seconds depends on."""

FLUSH_PAUSE_SECONDS = 5.0
"""Until the file is brought up to date again, where another program was just reading it."""

UNWRITABLE = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
)
"""Kinds of errors with which a file may still be read."""

READ_ONLY = ("mode=ro", "immutable=1")
"""Ways to open a file that cannot be written; the second needs no file beside it."""

DAMAGED = "restore a copy of it, or move it away to begin anew"
REMEDIES = {
    sqlite3.SQLITE_BUSY: "end the other program that uses it",
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_READONLY: "let the bot write there",
    sqlite3.SQLITE_CANTOPEN: "let the bot read and write there",
    sqlite3.SQLITE_IOERR: "look at the disk",
}
MAIN_CODE = 0xFF
"""The part of SQLite's error codes that tells the kind."""


class Database:
    """A file in which every act is one transaction. Its methods belong to one event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = Threads(1, "state")
        self._connection: sqlite3.Connection | None = None
        self._flushing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the file, made where there is none, and bring it to this version's form.

        Where it cannot be written it is read, and each act that changes it fails; where there is
        none either, all is kept in memory until the end. The log says so. Raises StateError if it
        cannot be read, is damaged, or is of another version that it cannot be brought from.
        """
        self._connection = await self._threads.run(self._open)

    async def run(
        self,
        act: Callable[Concatenate[sqlite3.Connection, P], T],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> T:
        """Do `act` in one transaction, undone if it raises. Raises StateError for SQLite's."""
        connection = self._connection
        if connection is None:
            raise StateError(f"{self._path} is not open")

        def whole() -> T:
            try:
                with connection:
                    return act(connection, *arguments, **options)
            except sqlite3.Error as error:
                raise StateError(f"{self._path}: {error}") from error

        return await self._threads.run(whole)

    async def run_in_time(
        self,
        act: Callable[Concatenate[sqlite3.Connection, P], T],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> T:
        """Run a read under IN_TIME_SECONDS, since a reply due within three seconds depends on it.

        Raises StateError, on timeout too.
        """
        try:
            async with asyncio.timeout(IN_TIME_SECONDS):
                return await self.run(act, *arguments, **options)
        except TimeoutError as error:
            raise StateError(
                f"{self._path} does not answer; {REMEDIES[sqlite3.SQLITE_BUSY]}"
            ) from error

    async def flush(self) -> None:
        """Bring the file itself up to date, so that what was deleted stands nowhere beside it.

        While another program reads it that cannot be, and is tried again until it can.
        """
        if not await self.run(_flush) and self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_later())

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        if self._flushing:
            self._flushing.cancel()
        if self._connection:
            await self._threads.run(self._connection.close)
        self._connection = None
        self._threads.close()

    async def _flush_later(self) -> None:
        done = False
        while not done:
            await asyncio.sleep(FLUSH_PAUSE_SECONDS)
            with suppress(StateError):
                done = await self.run(_flush)
        self._flushing = None

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = self._connect(self._path.absolute().as_uri())
            self._make_ready(connection)
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, sqlite3.Error) and _kind(error) not in UNWRITABLE:
                raise self._unusable(error) from error
            return self._unwritable(error)
        return connection

    def _unwritable(self, error: OSError | sqlite3.Error) -> sqlite3.Connection:
        """What can be had of a file that cannot be written."""
        if not self._exists():
            log.error("state_kept_in_memory", file=str(self._path), error=failure(error))
            connection = self._connect("file::memory:")
            self._make_ready(connection)
            return connection
        for way in READ_ONLY:
            with suppress(sqlite3.Error):
                connection = self._connect(f"{self._path.absolute().as_uri()}?{way}")
                self._check(connection)
                if _version(connection) != len(MIGRATIONS):
                    break
                log.error("state_only_read", file=str(self._path), error=failure(error))
                return connection
        raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StateError:
        return StateError(f"{self._path} cannot be used: {error}; {_remedy(error)}")

    def _exists(self) -> bool:
        try:
            return self._path.exists()
        except OSError:
            return False

    def _connect(self, uri: str) -> sqlite3.Connection:
        return sqlite3.connect(
            uri, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None, uri=True
        )

    def _make_ready(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
            self._check(connection)
            self._migrate(connection)
            # from here on sqlite3 begins a transaction by itself before each change
            connection.isolation_level = "IMMEDIATE"
        except (StateError, sqlite3.Error):
            connection.close()
            raise

    def _check(self, connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StateError(f"{self._path} is damaged: {found}; {DAMAGED}")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Apply what this file lacks, each migration whole with its number."""
        done = _version(connection)
        if done > len(MIGRATIONS):
            raise StateError(
                f"{self._path} was written by a later version of Quoth; update Quoth, or move the "
                "file away to begin anew"
            )
        for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
            connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _flush(connection: sqlite3.Connection) -> bool:
    """Whether the file could be brought up to date.

    Waits for no other program, since every other act would wait too.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _remedy(error: Exception) -> str:
    return REMEDIES.get(_kind(error), DAMAGED)


def _kind(error: Exception) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & MAIN_CODE
