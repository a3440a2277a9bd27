"""What the bot remembers: `State`, one SQLite file in the data folder."""

from pathlib import Path

import structlog

from bot.logs import failure
from bot.refusals import StateError
from bot.state.calls import Calls
from bot.state.database import Database
from bot.state.exchanges import Exchanges
from bot.state.servers import Servers
from bot.state.votes import Votes

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

FILE = "state.sqlite"


class State:
    """What the bot remembers, by kind. Made closed; `open` it before anything else."""

    def __init__(self, data: Path, keep_days: int) -> None:
        self.path = data / FILE
        self._database = Database(self.path)
        self.exchanges = Exchanges(self._database, keep_days)
        self.votes = Votes(self._database)
        self.calls = Calls(self._database)
        self.servers = Servers(self._database)

    async def open(self) -> None:
        """Open the file, making or migrating it; raises StateError."""
        await self._database.open()
        await self.servers.load()
        try:
            await self.exchanges.forget_old()
        except StateError as error:  # a full disk: what is kept can be read all the same
            log.error("not_forgotten", error=failure(error))

    async def forget_server(self, server: int) -> None:
        """Forget a server: its settings, and its questions with their votes and calls.

        Raises StateError.
        """
        await self.servers.forget(server)
        await self.exchanges.forget_server(server)

    async def close(self) -> None:
        """Close the file; what is under way is finished first."""
        await self._database.close()
