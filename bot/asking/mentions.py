"""Questions in messages: the bot is mentioned in one, or written to directly.

Discord hands over the text of such messages without the privileged message-content intent.
"""

import re

import discord
import structlog

from bot.asking.conversation import converse
from bot.asking.desk import Desk
from bot.asking.question import Question, author_of
from bot.connection.deliver import LOST_FOR_GOOD, edit_of_message, send
from bot.logs import failure
from bot.rendering.reply import Reply
from bot.state.database import StateError
from index import Before

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

LOOKING = Reply("Looking it up…")
HELP = Reply(
    "Mention me together with your question, or use `/ask`, and I'll look for the answer "
    "in the indexed documents and quote it."
)
UNREADABLE = Reply(
    "Discord doesn't show me the words of a reply to an answer of `/ask`. Press *Follow up* under "
    "that answer, or mention me in the reply."
)
WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)


def question_in(message: discord.Message, bot_id: int) -> str | None:
    """What `message` asks the bot, without the mention; None if it is not for the bot.

    A reply to the bot's message that pings it is for the bot too. Bots, webhooks and the bot
    itself are never answered: two bots would never stop.
    """
    if message.author.bot or message.webhook_id or message.type not in WRITTEN_BY_PEOPLE:
        return None
    mention = re.compile(rf"<@!?{bot_id}>")
    named = mention.search(message.content) or any(one.id == bot_id for one in message.mentions)
    if message.guild and not named:
        return None
    return " ".join(mention.sub(" ", message.content).split())


async def answer_message(
    desk: Desk, message: discord.Message, bot_id: int, refused: set[int]
) -> None:
    """Reply to `message` if it asks something, then edit that reply into the answer.

    `refused` holds the channels where the bot may not write, so that the log says it once each.
    """
    question = question_in(message, bot_id)
    if question is None:
        return
    with desk.conversation():
        instead = desk.admission.refusal(author_of(message)) if question else _help(message)
        sent = await _reply(message, instead or LOOKING, refused)
        if sent and not instead:
            await converse(desk, await _asked(desk, message, question), edit_of_message(sent))


def _help(message: discord.Message) -> Reply:
    """What is said to a message in which no question can be read."""
    return UNREADABLE if message.reference and not message.content else HELP


async def _asked(desk: Desk, message: discord.Message, text: str) -> Question:
    """The question of a message, which may be a reply to an answer of before."""
    via = "mention" if message.guild else "direct_message"
    return Question(text, author_of(message), via, after=await _followed(desk, message))


async def _followed(desk: Desk, message: discord.Message) -> Before | None:
    """What a reply to an answer follows; None where that is not remembered."""
    replied_to = message.reference.message_id if message.reference else None
    if replied_to is None:
        return None
    try:
        exchange = await desk.state.exchanges.find_by_message(replied_to)
    except StateError as error:
        log.error("not_remembered", error=failure(error))  # noqa: TRY400  # no trace is needed
        return None
    return exchange.before if exchange else None


async def _reply(
    message: discord.Message, reply: Reply, refused: set[int]
) -> discord.Message | None:
    channel = message.channel
    try:
        sent = await send(channel, reply, message, nonce=str(message.id))
    except LOST_FOR_GOOD as error:
        if not isinstance(error, discord.Forbidden) or channel.id not in refused:
            log.warning("cannot_reply", channel=channel.id, error=failure(error))
        if isinstance(error, discord.Forbidden):
            refused.add(channel.id)
        return None
    refused.discard(channel.id)
    return sent
