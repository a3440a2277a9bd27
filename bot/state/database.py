"""One SQLite file and the one thread that uses it, so that each act is whole."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from bot.asking.threads import Threads
from bot.state.migrations import MIGRATIONS
from index import QuothError

T = TypeVar("T")
P = ParamSpec("P")

BUSY_SECONDS = 5.0
"""How long another program that holds the file is waited for."""

DAMAGED = "restore a copy of it, or move it away to begin anew"
REMEDIES = {
    sqlite3.SQLITE_BUSY: "end the other program that uses it",
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_READONLY: "let the bot write there",
    sqlite3.SQLITE_IOERR: "look at the disk",
}
MAIN_CODE = 0xFF
"""The part of SQLite's error codes that tells the kind."""


class StateError(QuothError):
    """What the bot remembers cannot be read or written."""


class Database:
    """A file in which every act is one transaction. Its methods belong to one event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = Threads(1, "state")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file, made where there is none, and bring it to this version's form.

        Raises StateError if it cannot be opened, is damaged, or is of a later version.
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

    async def flush(self) -> None:
        """Bring the file itself up to date, so that what was deleted stands nowhere beside it."""
        await self.run(_flush)

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        if self._connection:
            await self._threads.run(self._connection.close)
        self._connection = None
        self._threads.close()

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise StateError(f"{self._path} cannot be opened: {error}") from error
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
            self._check(connection)
            self._migrate(connection)
            # from here on sqlite3 begins a transaction by itself before each change
            connection.isolation_level = "IMMEDIATE"
        except (StateError, sqlite3.Error) as error:
            connection.close()
            if isinstance(error, StateError):
                raise
            raise StateError(f"{self._path} cannot be used: {error}; {_remedy(error)}") from error
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StateError(f"{self._path} is damaged: {found}; {DAMAGED}")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Apply what this file lacks, each migration whole with its number."""
        (done,) = connection.execute("PRAGMA user_version").fetchone()
        if done > len(MIGRATIONS):
            raise StateError(
                f"{self._path} was written by a later version of Quoth; update Quoth, or move the "
                "file away to begin anew"
            )
        for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
            connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _flush(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remedy(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", None) or 0
    return REMEDIES.get(code & MAIN_CODE, DAMAGED)
