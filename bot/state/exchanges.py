"""Questions and their answers, for as long as the buttons under them shall work."""

import sqlite3
import time
from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter

from bot.records import Exchange
from bot.state.database import Database
from index import Answer, Before, Quote

DAY_SECONDS = 86_400
SCRUB_VOTERS = """
    UPDATE votes SET voter = randomblob(8)
    WHERE length(voter) = 16 AND exchange NOT IN (SELECT name FROM exchanges)
"""
"""Votes outlive their exchange, and then tell nothing of who gave them: eight random bytes."""

SELECT = (
    "SELECT asker, server, channel, private, answer, others, follows, message, shared, name, "
    "asked, generation, share_claim FROM exchanges"
)

_answers = TypeAdapter(Answer)
_quotes = TypeAdapter(tuple[Quote, ...])
_befores = TypeAdapter(Before | None)


class Exchanges:
    """The exchanges of the last `keep_days` days. All methods raise StateError."""

    def __init__(self, database: Database, keep_days: int) -> None:
        self._database = database
        self._keep_seconds = keep_days * DAY_SECONDS

    async def keep(self, exchange: Exchange) -> None:
        """Remember an exchange, and forget those that are too old."""
        await self._database.run(_keep, exchange, self._oldest())

    async def forget_old(self) -> None:
        """Delete those that are too old and who voted on them, and every trace in the file."""
        await self._database.run(_forget_old, self._oldest())
        await self._database.flush()

    async def place(self, name: str, channel: int, message: int) -> None:
        """Note the message that holds an exchange's answer."""
        await self._database.run(_place, name, channel, message)

    async def publish(self, name: str, channel: int, message: int) -> None:
        """Note that an exchange is public now, and the message that all can see."""
        await self._database.run(_publish, name, channel, message)

    async def find(self, name: str) -> Exchange | None:
        """The exchange of that name, or None once it is forgotten or too old.

        Presses wait for this before Discord hears of them, so it also raises when it takes long.
        """
        return await self._database.run_in_time(_find, name, None, self._oldest())

    async def find_by_message(self, message: int) -> Exchange | None:
        """The exchange whose answer stands in that message; None if it is forgotten or too old."""
        return await self._database.run(_find, None, message, self._oldest())

    async def answered_in(self, messages: Collection[int]) -> list[Exchange]:
        """The exchanges whose answers stand in these messages: to be forgotten, so old ones too."""
        return await self._database.run(_answered_in, messages)

    async def claim_sharing(self, name: str, claim: int, instead_of: int | None = None) -> bool:
        """Claim the one right to share an exchange, by the id of a press; False if it is taken.

        `instead_of` is a claim that was left open, and is given up if it still is.
        """
        return await self._database.run(_claim_sharing, name, claim, instead_of)

    async def give_back_sharing(self, name: str, claim: int) -> None:
        """Give the right back by the press that claimed it, since nothing was shared."""
        await self._database.run(_give_back_sharing, name, claim)

    async def forget(self, name: str) -> None:
        """Delete an exchange, its votes and its call, and every trace of them in the file.

        One that is just being shared stays: the message for all needs it.
        """
        await self._database.run(_forget, name)
        await self._database.flush()

    async def forget_server(self, server: int) -> None:
        """Delete all exchanges of a server in the same way."""
        await self._database.run(_forget_server, server)
        await self._database.flush()

    def _oldest(self) -> int:
        return int(time.time()) - self._keep_seconds


def _keep(connection: sqlite3.Connection, exchange: Exchange, oldest: int) -> None:
    _forget_old(connection, oldest)
    connection.execute(
        "INSERT INTO exchanges (name, asked, asker, server, channel, message, private, follows, "
        "answer, others, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            exchange.name,
            exchange.asked,
            exchange.asker,
            exchange.server,
            exchange.channel,
            exchange.message,
            exchange.private,
            _befores.dump_json(exchange.follows).decode(),
            _answers.dump_json(exchange.answer).decode(),
            _quotes.dump_json(exchange.others).decode(),
            exchange.generation,
        ),
    )


def _forget_old(connection: sqlite3.Connection, oldest: int) -> None:
    connection.execute("DELETE FROM exchanges WHERE asked < ?", (oldest,))
    connection.execute(SCRUB_VOTERS)


def _place(connection: sqlite3.Connection, name: str, channel: int, message: int) -> None:
    connection.execute(
        "UPDATE exchanges SET channel = ?, message = ? WHERE name = ?", (channel, message, name)
    )


def _publish(connection: sqlite3.Connection, name: str, channel: int, message: int) -> None:
    _place(connection, name, channel, message)
    connection.execute("UPDATE exchanges SET private = 0 WHERE name = ?", (name,))


def _find(
    connection: sqlite3.Connection, name: str | None, message: int | None, oldest: int
) -> Exchange | None:
    row = connection.execute(
        f"{SELECT} WHERE (name = ? OR message = ?) AND asked >= ?", (name, message, oldest)
    ).fetchone()
    return _exchange(*row) if row else None


def _answered_in(connection: sqlite3.Connection, messages: Collection[int]) -> list[Exchange]:
    marks = ", ".join("?" * len(messages))
    rows = connection.execute(f"{SELECT} WHERE message IN ({marks})", tuple(messages))
    return [_exchange(*row) for row in rows]


def _exchange(*row: Any) -> Exchange:
    asker, server, channel, private, answer, others, follows, at, shared, name, *rest = row
    return Exchange(
        asker,
        server,
        channel,
        bool(private),
        _answers.validate_json(answer),
        _quotes.validate_json(others),
        _befores.validate_json(follows),
        at,
        bool(shared),
        name,
        *rest,
    )


def _claim_sharing(
    connection: sqlite3.Connection, name: str, claim: int, instead_of: int | None
) -> bool:
    done = connection.execute(
        "UPDATE exchanges SET shared = 1, share_claim = ? "
        "WHERE name = ? AND (NOT shared OR (private AND share_claim = ?))",
        (claim, name, instead_of),
    )
    return done.rowcount == 1


def _give_back_sharing(connection: sqlite3.Connection, name: str, claim: int) -> None:
    connection.execute(
        "UPDATE exchanges SET shared = 0, share_claim = NULL WHERE name = ? AND share_claim = ?",
        (name, claim),
    )


def _forget(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM exchanges WHERE name = ? AND NOT (private AND shared)", (name,))
    connection.execute(
        "DELETE FROM votes WHERE exchange = ? AND exchange NOT IN (SELECT name FROM exchanges)",
        (name,),
    )


def _forget_server(connection: sqlite3.Connection, server: int) -> None:
    connection.execute(
        "DELETE FROM votes WHERE exchange IN (SELECT name FROM exchanges WHERE server = ?)",
        (server,),
    )
    connection.execute("DELETE FROM exchanges WHERE server = ?", (server,))
