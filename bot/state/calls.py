"""Questions that the documents did not answer and a person was asked to."""

import sqlite3
from dataclasses import dataclass
from typing import Literal

from bot.state.database import Database

CallState = Literal["waiting", "taken", "solved"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call for a person, by the exchange it is about; `helper` is who took it.

    `channel` and `message` are the ids of what was posted, None until these are known.
    `withdrawn`: whether its question is being deleted.
    """

    exchange: str
    state: CallState
    helper: int | None = None
    channel: int | None = None
    message: int | None = None
    withdrawn: bool = False


class Calls:
    """All calls. All methods raise StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, exchange: str) -> bool:
        """Note a call; False if there is one for that exchange already."""
        return await self._database.run(_begin, exchange)

    async def find(self, exchange: str) -> Call | None:
        """The call about an exchange, or None."""
        return await self._database.run(_find, exchange)

    async def place(self, exchange: str, channel: int, message: int) -> bool:
        """Note the message of a call; False if its question was deleted meanwhile."""
        return await self._database.run(_place, exchange, channel, message)

    async def withdraw(self, exchange: str) -> Call | None:
        """Note that the question of a call is being deleted; the call as it is then."""
        return await self._database.run(_withdraw, exchange)

    async def take_back(self, exchange: str) -> None:
        """Forget a call that could not be posted."""
        await self._database.run(_take_back, exchange)

    async def take(self, exchange: str, helper: int) -> Call | None:
        """Take a call that waits; the call as it is then, which may be another's already."""
        return await self._database.run(_take, exchange, helper)

    async def solve(self, exchange: str, helper: int) -> Call | None:
        """Mark a call as solved, by whoever took it or now says so."""
        return await self._database.run(_solve, exchange, helper)


def _begin(connection: sqlite3.Connection, exchange: str) -> bool:
    done = connection.execute(
        "INSERT OR IGNORE INTO calls (exchange, state) VALUES (?, 'waiting')", (exchange,)
    )
    return done.rowcount == 1


def _place(connection: sqlite3.Connection, exchange: str, channel: int, message: int) -> bool:
    done = connection.execute(
        "UPDATE calls SET channel = ?, message = ? WHERE exchange = ? AND NOT withdrawn",
        (channel, message, exchange),
    )
    return done.rowcount == 1


def _withdraw(connection: sqlite3.Connection, exchange: str) -> Call | None:
    connection.execute("UPDATE calls SET withdrawn = 1 WHERE exchange = ?", (exchange,))
    return _find(connection, exchange)


def _take_back(connection: sqlite3.Connection, exchange: str) -> None:
    connection.execute("DELETE FROM calls WHERE exchange = ?", (exchange,))


def _take(connection: sqlite3.Connection, exchange: str, helper: int) -> Call | None:
    connection.execute(
        "UPDATE calls SET state = 'taken', helper = ? "
        "WHERE exchange = ? AND state = 'waiting' AND NOT withdrawn",
        (helper, exchange),
    )
    return _find(connection, exchange)


def _solve(connection: sqlite3.Connection, exchange: str, helper: int) -> Call | None:
    connection.execute(
        "UPDATE calls SET state = 'solved', helper = coalesce(helper, ?) "
        "WHERE exchange = ? AND NOT withdrawn",
        (helper, exchange),
    )
    return _find(connection, exchange)


def _find(connection: sqlite3.Connection, exchange: str) -> Call | None:
    row = connection.execute(
        "SELECT exchange, state, helper, channel, message, withdrawn FROM calls WHERE exchange = ?",
        (exchange,),
    ).fetchone()
    if row is None:
        return None
    name, state, helper, channel, message, withdrawn = row
    return Call(name, state, helper, channel, message, bool(withdrawn))
