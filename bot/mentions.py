"""Questions in messages: the bot is mentioned in one, or written to directly.

Discord hands over the text of such messages without the privileged message-content intent.
"""

import re

import discord
import structlog

from bot.desk import Desk
from bot.conversation import converse
from bot.deliver import LOST, edit_of_message, send
from bot.logs import failure
from bot.render import Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

LOOKING = Reply("Looking it up…")
HELP = Reply(
    "Mention me together with your question, or use `/ask`, and I'll look for the answer "
    "in the indexed documents and quote it."
)
WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)


def question_in(message: discord.Message, bot_id: int) -> str | None:
    """What `message` asks the bot, without the mention; None if it is not for the bot.

    Bots, webhooks and the bot itself are never answered: two bots would never stop.
    """
    if message.author.bot or message.webhook_id or message.type not in WRITTEN_BY_PEOPLE:
        return None
    mention = re.compile(rf"<@!?{bot_id}>")
    if message.guild and not mention.search(message.content):
        return None
    return " ".join(mention.sub(" ", message.content).split())


class Mentions:
    """Answers messages; remembers where it may not write, to say so once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mute: set[int] = set()

    async def answer(self, message: discord.Message, bot_id: int) -> None:
        """Reply to `message` if it asks something, then edit that reply into the answer."""
        question = question_in(message, bot_id)
        if question is None:
            return
        with self._desk.conversation():
            sent = await self._reply(message, LOOKING if question else HELP)
            if sent and question:
                via = "mention" if message.guild else "direct_message"
                edit = edit_of_message(sent)
                await converse(self._desk, question, edit, via=via, show=False)

    async def _reply(self, message: discord.Message, reply: Reply) -> discord.Message | None:
        try:
            return await send(message.channel, reply, message, nonce=str(message.id))
        except (*LOST, discord.HTTPException) as error:  # no right to write here, most often
            if message.channel.id not in self._mute:
                self._mute.add(message.channel.id)
                log.warning("cannot_reply", channel=message.channel.id, error=failure(error))
            return None
