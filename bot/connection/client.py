"""The connection to Discord: what it asks for, what it hears, and its last error handler."""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.asking.desk import Desk
from bot.asking.mentions import answer_message
from bot.commands.ask import ask_about_menu, ask_command
from bot.commands.generations import generations_command
from bot.commands.help import help_command
from bot.commands.reindex import reindex_command
from bot.commands.rollback import rollback_command
from bot.commands.settings import settings_command
from bot.commands.sources import sources_command
from bot.commands.status import status_command
from bot.commands.why import why_command, why_menu
from bot.connection.certain import EDIT_SECONDS
from bot.connection.deliver import tell_alone
from bot.connection.messages import NO_MENTIONS
from bot.connection.one_reply import Channels
from bot.connection.sync import sync_commands
from bot.controls.delete import forget_deleted
from bot.controls.route import answer_control
from bot.faults import tell_fault
from bot.logs import failure
from bot.refusals import StateError
from bot.upkeep.notices import post_notices

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

Command: TypeAlias = app_commands.Command[Any, ..., None] | app_commands.ContextMenu

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""No privileged one: Discord hands over the text of mentions and direct messages anyway."""

READY_SECONDS = 0.5
"""How long READY waits for one more server; nothing of ours waits for all of them."""


ENDING_SECONDS = 10.0
"""Time that questions under way get to finish when a connection ends that cannot be resumed."""


COMMANDS: tuple[Callable[[Desk], Command], ...] = (
    ask_command,
    ask_about_menu,
    help_command,
    reindex_command,
    generations_command,
    rollback_command,
    sources_command,
    status_command,
    settings_command,
    why_command,
    why_menu,
)

CONTROLS = (discord.InteractionType.component, discord.InteractionType.modal_submit)


class GatewayUnreachable(discord.DiscordException):
    """The gateway could not be reached; a fresh client has to try again."""


class Gate(asyncio.Event):
    """Where requests are held back while Discord asks for a wait from all; opens by itself too.

    discord.py opens it after that wait, but not if it is cut short, as our own time limits do.
    """

    def clear(self) -> None:
        """Hold requests back, for as long as the answer to one is waited for at most."""
        super().clear()
        asyncio.get_running_loop().call_later(EDIT_SECONDS, self.set)


class Client(discord.AutoShardedClient):
    """One life of the bot in Discord. After a failed start it is thrown away."""

    def __init__(self, desk: Desk) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NO_MENTIONS,
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=READY_SECONDS,
        )
        self.tree = Tree(self)
        for command in COMMANDS:
            self.tree.add_command(command(desk))
        self._ready_since: float | None = None
        self._desk = desk
        self._channels = Channels()
        self._tasks: list[asyncio.Task[None]] = []
        self._tried_shards: set[int] = set()

    async def setup_hook(self) -> None:
        """Logged in: see to the commands, and to what admins must know, while it connects."""
        self.http._global_over = Gate()  # noqa: SLF001  # it would stay closed for ever
        self.http._global_over.set()  # noqa: SLF001
        self._tasks = [
            asyncio.create_task(sync_commands(self.tree)),
            asyncio.create_task(post_notices(self._desk.notices, self)),
        ]

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect one shard, with two tries.

        discord.py tries for ever, one call deeper each time; and it starts a new session at an
        address of its own instead of the one that Discord gave.
        """
        if shard_id in self._tried_shards:
            raise GatewayUnreachable(f"no connection to {gateway.host}")
        self._tried_shards.add(shard_id)
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Every shard has its servers."""
        self._ready_since = self._ready_since or time.monotonic()
        log.info("ready", servers=len(self.guilds), shards=self.shard_count)

    async def on_message(self, message: discord.Message) -> None:
        """A message in a server or a direct one: answer it if it asks the bot."""
        if self.user:
            await answer_message(self._desk, message, self.user.id, self._channels)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A button was pressed, a menu or a form used; commands come by the tree."""
        if interaction.type in CONTROLS:
            await answer_control(self._desk, interaction)

    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        """Someone deleted a message: forget what was answered in it."""
        await self._forget_deleted({deleted.message_id})

    async def on_raw_bulk_message_delete(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        """Someone deleted many messages: forget what was answered in them."""
        await self._forget_deleted(deleted.message_ids)

    async def _forget_deleted(self, messages: set[int]) -> None:
        with self._desk.conversation():
            await forget_deleted(self._desk, self, messages)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, which no outage is: forget that server."""
        with self._desk.conversation():
            try:
                await self._desk.state.forget_server(guild.id)
            except StateError as error:
                log.error("not_forgotten", error=failure(error))
            else:
                log.info("server_forgotten")

    async def on_error(self, event: str, /, *_arguments: Any, **_options: Any) -> None:
        """Log what no one else caught; there is nobody to tell."""
        log.error("failed", act=event, exc_info=sys.exception())

    def ready_seconds(self) -> float:
        """How long ago every shard had its servers for the first time; 0 if that never was."""
        return time.monotonic() - self._ready_since if self._ready_since else 0.0

    async def close(self) -> None:
        """Leave Discord: hear nothing new, let conversations end, close what they answer by.

        discord.py calls this too, when the gateway ends a life of the bot.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()))
        await self._desk.end_conversations(ENDING_SECONDS)
        await super().close()


class Tree(app_commands.CommandTree[Client]):
    """The commands, and what is said when one of them fails."""

    async def on_error(
        self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /
    ) -> None:
        """The last handler: one true sentence to whoever asked, the rest to the log."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        reply = tell_fault(cause, f"/{interaction.command.name}" if interaction.command else "?")
        await tell_alone(interaction, reply)
