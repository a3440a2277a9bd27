"""What the bot remembers: `State`, one SQLite file in the data folder."""

from pathlib import Path

from bot.state.calls import Calls
from bot.state.database import Database
from bot.state.exchanges import Exchanges
from bot.state.servers import Servers
from bot.state.votes import Votes

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

    async def close(self) -> None:
        """Close the file; what is under way is finished first."""
        await self._database.close()
