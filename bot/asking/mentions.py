"""Questions in messages: the bot is mentioned in one, or written to directly.

Discord hands over the text of such messages without the privileged message-content intent.
"""

import re

import discord
import structlog

from bot.asking.admission import not_allowed
from bot.asking.conversation import converse
from bot.asking.desk import Desk
from bot.asking.question import Question, author_of, own_role, words_of
from bot.connection.deliver import deliver
from bot.connection.one_reply import Channels, OneReply
from bot.logs import failure
from bot.refusals import StateError
from bot.rendering.declined import REPLY_UNREADABLE
from bot.rendering.help import HOW_TO_ASK
from bot.rendering.reply import Reply
from index import Before

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)


def question_in(message: discord.Message, bot_id: int) -> str | None:
    """What `message` asks the bot, without the mention; None if it is not for the bot.

    A reply to the bot's message that pings it is for the bot too. Bots, webhooks and the bot
    itself are never answered: two bots would never stop.
    """
    if message.author.bot or message.webhook_id or message.type not in WRITTEN_BY_PEOPLE:
        return None
    named = any(one.id == bot_id for one in message.mentions)
    role = own_role(message)
    named = named or role in [one.id for one in message.role_mentions]
    if message.guild and not named and not _is_written(message, bot_id):
        return None
    return words_of(message, bot_id)


async def answer_message(
    desk: Desk, message: discord.Message, bot_id: int, channels: Channels
) -> None:
    """Reply to `message` if it asks something; meanwhile the bot is seen typing."""
    question = question_in(message, bot_id)
    if question is None:
        return
    with desk.conversation():
        after = await _followed(desk, message)
        if _is_for_others(message, bot_id, after):
            return
        asker = author_of(message)
        instead = desk.admission.refusal(asker, question) if question else _help(desk, message)
        if instead and message.guild and not desk.admission.may_be_told(asker):
            return
        reply = OneReply(message, channels)
        if instead:
            await deliver(reply, instead)
            return
        channels.show_typing(message)
        via = "mention" if message.guild else "direct_message"
        asked = Question(question, asker, via, after=after)
        await converse(desk, asked, reply, acknowledged=False)


def _is_written(message: discord.Message, bot_id: int) -> bool:
    """Whether the bot is mentioned in the words themselves."""
    return re.search(rf"<@!?{bot_id}>", message.content) is not None


def _is_for_others(message: discord.Message, bot_id: int, after: Before | None) -> bool:
    """Whether a message pings the bot only by replying to something that answers no question.

    A helper replies to a call, say, or an admin to a report.
    """
    if message.reference is None or after or not message.guild or _is_written(message, bot_id):
        return False
    replied_to = message.reference.resolved
    to_someone = isinstance(replied_to, discord.Message) and replied_to.reference is not None
    return not to_someone


def _help(desk: Desk, message: discord.Message) -> Reply:
    """What is said to a message in which no question can be read."""
    asker = author_of(message)
    if elsewhere := not_allowed(asker, desk.state.servers.of(asker.server)):
        return elsewhere
    unread = message.guild and message.reference and not message.content
    return REPLY_UNREADABLE if unread else HOW_TO_ASK


async def _followed(desk: Desk, message: discord.Message) -> Before | None:
    """What a reply to an answer follows; None where that is not remembered."""
    replied_to = message.reference.message_id if message.reference else None
    if replied_to is None:
        return None
    try:
        exchange = await desk.state.exchanges.find_by_message(replied_to)
    except StateError as error:
        log.error("not_remembered", error=failure(error))
        return None
    return exchange.before if exchange else None
