"""What was posted for a claim, also where the bot was ended before it could note that.

Whatever may be posted only once is claimed first, in the file that outlives the bot, by the id of
the press that asks for it. Such an id holds the time of Discord's clock, so that this machine's
does not matter.
"""

from collections.abc import Iterator
from typing import Any

import discord
from discord.utils import snowflake_time

from bot.connection.certain import ACKNOWLEDGE_PAUSES, EDIT_SECONDS, LOST_FOR_GOOD, until_certain

CLAIM_SECONDS = 300.0
"""More than a post takes with all its tries: whoever made an older claim has stopped."""


class CannotLook(Exception):
    """Discord does not show the bot a channel's messages."""


def is_cut_off(claim: int, press: int) -> bool:
    """Whether whoever made the claim must have stopped by the time of this press.

    Both are Discord ids, which hold times.
    """
    return press > claim and _seconds_between(claim, press) > CLAIM_SECONDS


async def posted_for(
    interaction: discord.Interaction[Any], claim: int, controls: frozenset[str]
) -> discord.Message | None:
    """The message posted for a claim in the channel of a press, or None if surely none was.

    It is recognised by a button whose custom id is one of `controls`. Raises CannotLook.
    """
    may = interaction.app_permissions
    if interaction.channel_id is None or not (may.read_message_history or may.administrator):
        raise CannotLook("the bot may not read message history here")  # Discord would show none
    client: discord.Client = interaction.client
    channel = client.get_partial_messageable(interaction.channel_id)

    async def search() -> discord.Message | None:
        async for message in channel.history(limit=None, after=discord.Object(claim)):
            if _seconds_between(claim, message.id) > CLAIM_SECONDS:
                return None
            if message.author == client.user and not controls.isdisjoint(_custom_ids(message)):
                return message
        return None

    try:
        return await until_certain(ACKNOWLEDGE_PAUSES, EDIT_SECONDS, search)
    except LOST_FOR_GOOD as error:
        raise CannotLook(str(error)) from error


def _seconds_between(one: int, other: int) -> float:
    return (snowflake_time(other) - snowflake_time(one)).total_seconds()


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if item.custom_id:
                yield item.custom_id
