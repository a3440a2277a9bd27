"""Questions that a person was asked to answer."""

import sqlite3

from bot.records import Call
from bot.state.database import Database


class Calls:
    """All calls. All methods raise StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, exchange: str, claim: int, instead_of: int | None = None) -> bool:
        """Claim the one right to post a call, by the id of a press; False if it is taken.

        `instead_of` is a claim that was left open, and is given up if it still is.
        """
        return await self._database.run(_claim, exchange, claim, instead_of)

    async def find(self, exchange: str) -> Call | None:
        """The call about an exchange, or None."""
        return await self._database.run(_find, exchange)

    async def place(self, exchange: str, channel: int, message: int) -> bool:
        """Note the message of a call; False if its question was deleted meanwhile."""
        return await self._database.run(_place, exchange, channel, message)

    async def withdraw(self, exchange: str) -> Call | None:
        """Note that the question of a call is being deleted; the call as it is then."""
        return await self._database.run(_withdraw, exchange)

    async def give_back(self, exchange: str, claim: int) -> None:
        """Give the right back by the press that claimed it, since nothing was posted."""
        await self._database.run(_give_back, exchange, claim)

    async def take(self, exchange: str, helper: int) -> Call | None:
        """Take a call that waits; the call as it is then, which may be another's already."""
        return await self._database.run(_take, exchange, helper)

    async def solve(self, exchange: str, helper: int) -> Call | None:
        """Mark a call as solved, by whoever took it or now says so."""
        return await self._database.run(_solve, exchange, helper)


def _claim(
    connection: sqlite3.Connection, exchange: str, claim: int, instead_of: int | None
) -> bool:
    done = connection.execute(
        "INSERT INTO calls (exchange, state, claim) VALUES (?1, 'waiting', ?2) "
        "ON CONFLICT (exchange) DO UPDATE SET claim = ?2 WHERE claim = ?3 AND message IS NULL "
        "AND state = 'waiting' AND NOT withdrawn",
        (exchange, claim, instead_of),
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


def _give_back(connection: sqlite3.Connection, exchange: str, claim: int) -> None:
    connection.execute("DELETE FROM calls WHERE exchange = ? AND claim = ?", (exchange, claim))


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
        "SELECT exchange, state, helper, channel, message, withdrawn, claim FROM calls "
        "WHERE exchange = ?",
        (exchange,),
    ).fetchone()
    if row is None:
        return None
    name, state, helper, channel, message, withdrawn, claim = row
    return Call(name, state, helper, channel, message, bool(withdrawn), claim)
