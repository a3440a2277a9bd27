"""The bot's messages in Discord: posted with a nonce, edited, removed, and pinging nobody."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord

from bot.connection.certain import ACKNOWLEDGE_PAUSES, EDIT_PAUSES, EDIT_SECONDS, until_certain
from bot.connection.components import view
from bot.rendering.reply import Reply

Edit: TypeAlias = Callable[[Reply], Awaitable[discord.Message]]
"""Replaces what the one message of a conversation says, and gives that message."""

NO_MENTIONS = discord.AllowedMentions.none()


def edit_of_response(interaction: discord.Interaction[Any]) -> Edit:
    """The edit of an interaction's acknowledged message."""

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        return interaction.edit_original_response(
            content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS
        )

    return edit


def edit_of_message(message: discord.Message) -> Edit:
    """The edit of a message that the bot sent."""

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        # left out, `suppress` would mean False and bring previews of links back
        return message.edit(
            content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS, suppress=True
        )

    return edit


def edit_of_posted(client: discord.Client, channel: int, message: int) -> Edit:
    """The edit of a message that the bot posted some time ago, by its ids."""
    there = client.get_partial_messageable(channel).get_partial_message(message)

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        return there.edit(content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS)

    return edit


async def send(channel: discord.abc.Messageable, reply: Reply, nonce: str) -> discord.Message:
    """Send one message, with as many tries as it takes within some seconds.

    The same `nonce` on every try keeps Discord from posting twice. Raises the last failure.
    """
    return await until_certain(
        ACKNOWLEDGE_PAUSES, EDIT_SECONDS, lambda: post(channel, reply, None, nonce)
    )


def post(
    channel: discord.abc.Messageable, reply: Reply, answering: discord.Message | None, nonce: str
) -> Awaitable[discord.Message]:
    """Post one message, as a reply where `answering` is given, without pinging its author.

    Pings none but the role that `reply` says. Of two with one `nonce` Discord posts the first, and
    gives that one for both.
    """
    options: dict[str, Any] = {"nonce": nonce, "allowed_mentions": NO_MENTIONS}
    if reply.pings:
        only = discord.AllowedMentions.none()
        only.roles = [discord.Object(reply.pings)]
        options["allowed_mentions"] = only
    if buttons := view(reply):
        options["view"] = buttons
    if answering:
        options["reference"] = answering.to_reference(fail_if_not_exists=False)
        options["mention_author"] = False
    return channel.send(reply.content, suppress_embeds=True, **options)


async def remove_response(interaction: discord.Interaction[Any]) -> None:
    """Delete the message that an edit would change; one that is gone already is as good.

    Raises a refusal of Discord, or what the last try raised.
    """
    with contextlib.suppress(discord.NotFound):
        await until_certain(EDIT_PAUSES, EDIT_SECONDS, interaction.delete_original_response)
