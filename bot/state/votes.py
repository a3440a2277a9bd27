"""Whether answers helped: one vote a member and answer, kept without the member's name."""

import hashlib
import hmac
import sqlite3

from bot.records import Tally, Vote
from bot.state.database import Database

VOTER_BYTES = 16


class Votes:
    """All votes. All methods raise StateError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, exchange: str, member: int, vote: Vote) -> None:
        """Count a vote, in place of the one that this member gave before."""
        await self._database.run(_cast, exchange, member, vote)

    async def tally(self) -> Tally:
        """Count them all."""
        return await self._database.run(_tally)


def _cast(connection: sqlite3.Connection, exchange: str, member: int, vote: Vote) -> None:
    (secret,) = connection.execute("SELECT value FROM secret").fetchone()
    voter = hmac.digest(secret, f"{exchange}:{member}".encode(), hashlib.sha256)[:VOTER_BYTES]
    connection.execute(
        "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?)",
        (exchange, voter, vote.helpful, vote.reason, vote.words),
    )


def _tally(connection: sqlite3.Connection) -> Tally:
    found = dict(connection.execute("SELECT helpful, count(*) FROM votes GROUP BY helpful"))
    return Tally(found.get(1, 0), found.get(0, 0))
