"""What the admins of each server set. Read from memory, so that no question waits for a disk."""

import sqlite3
from collections.abc import Callable

from pydantic import TypeAdapter

from bot.records import ServerSettings
from bot.state.database import Database

DEFAULT = ServerSettings()

_settings = TypeAdapter(ServerSettings)


class Servers:
    """The settings of all servers; `load` them first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, ServerSettings] = {}

    async def load(self) -> None:
        """Read all. Raises StateError."""
        self._known = await self._database.run(_load)

    def of(self, server: int | None) -> ServerSettings:
        """The settings of one server; the default ones for direct messages."""
        return self._known.get(server, DEFAULT) if server is not None else DEFAULT

    async def change(
        self, server: int, change: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """Change some of a server's settings, the others as they are by then; gives them all.

        Raises StateError; then they stay as they were.
        """
        # one act of the file: two admins at once do not undo what the other one chose
        changed = await self._database.run(_change, server, change)
        self._known[server] = changed
        return changed

    async def forget(self, server: int) -> None:
        """Forget a server's settings. Raises StateError; then they stay as they were."""
        await self._database.run(_forget, server)
        self._known.pop(server, None)


def _load(connection: sqlite3.Connection) -> dict[int, ServerSettings]:
    rows = connection.execute("SELECT server, settings FROM servers")
    return {server: _settings.validate_json(settings) for server, settings in rows}


def _change(
    connection: sqlite3.Connection,
    server: int,
    change: Callable[[ServerSettings], ServerSettings],
) -> ServerSettings:
    found = connection.execute(
        "SELECT settings FROM servers WHERE server = ?", (server,)
    ).fetchone()
    changed = change(_settings.validate_json(found[0]) if found else DEFAULT)
    connection.execute(
        "INSERT OR REPLACE INTO servers VALUES (?, ?)",
        (server, _settings.dump_json(changed).decode()),
    )
    return changed


def _forget(connection: sqlite3.Connection, server: int) -> None:
    connection.execute("DELETE FROM servers WHERE server = ?", (server,))
