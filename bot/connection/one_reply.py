"""The bot's one message under a member's: sent with its first words, edited into its last.

So whoever is notified of it reads the answer, and a bot that is killed leaves nothing half said.
"""

import asyncio

import discord
import structlog

from bot.connection.certain import LOST_FOR_GOOD, Unwritable, is_refusal
from bot.connection.messages import edit_of_message, post
from bot.logs import failure
from bot.rendering.reply import Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

NO_REPLY = 160002
"""Discord's code for a reply where the bot may not read the history of the channel."""

TYPING_SECONDS = 8.0
"""How long Discord's answer is waited for; what it shows ends after ten."""


class Channels:
    """What is known of channels that the bot replies in; for one connection to Discord."""

    def __init__(self) -> None:
        self.refused: set[int] = set()
        self._typing: dict[int, asyncio.Task[None]] = {}

    def show_typing(self, message: discord.Message) -> None:
        """Have the bot seen typing where that message was written; nothing waits for it.

        Does nothing where a typing request is under way, or where the bot may not write.
        """
        channel = message.channel
        if channel.id not in self._typing and channel.id not in self.refused:
            self._typing[channel.id] = asyncio.create_task(self._type(channel))

    async def _type(self, channel: "discord.abc.MessageableChannel") -> None:
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                await channel.typing()
        except LOST_FOR_GOOD as error:  # the answer matters, this does not
            log.info("typing_lost", error=failure(error))
        finally:
            del self._typing[channel.id]


class OneReply:
    """The reply to a message: the first call sends it, later ones edit it. An `Edit`.

    Every try of the first call has the same nonce, so that Discord posts it once. Raises Unwritable
    where the bot may not write, which the log then tells once a channel, and what discord.py does.
    """

    def __init__(self, message: discord.Message, channels: Channels) -> None:
        self._message = message
        self._channels = channels
        self._first: Reply | None = None
        self._sent: discord.Message | None = None

    async def __call__(self, reply: Reply) -> discord.Message:
        """Make the reply say this."""
        if self._sent is None:
            first = self._first = self._first or reply  # a try that was lost may stand there
            self._sent = await self._send(first)
            if reply is first:
                return self._sent
        return await edit_of_message(self._sent)(reply)

    async def _send(self, reply: Reply) -> discord.Message:
        channel = self._message.channel
        try:
            sent = await self._post(reply)
        except discord.HTTPException as error:
            if is_refusal(error):
                self._first = None
            if isinstance(error, discord.Forbidden):
                self._tell_refused(channel.id, error)
                raise Unwritable(str(error)) from error
            raise
        self._channels.refused.discard(channel.id)
        return sent

    def _tell_refused(self, channel: int, error: discord.Forbidden) -> None:
        if channel not in self._channels.refused:
            log.warning("cannot_reply", channel=channel, error=failure(error))
        self._channels.refused.add(channel)

    async def _post(self, reply: Reply) -> discord.Message:
        """Post as a reply, or by itself where the bot may write but not read the history."""
        message, nonce = self._message, str(self._message.id)
        try:
            return await post(message.channel, reply, message, nonce)
        except discord.HTTPException as error:
            if error.code != NO_REPLY:
                raise
            return await post(message.channel, reply, None, nonce)
