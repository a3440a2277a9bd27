"""The button "Delete": an answer goes, its call for a person, and what is remembered of it.

The same happens when the message is deleted in Discord itself. Of an answer that was shared, only
the private message goes: the public one needs what is remembered.
"""

from collections.abc import Collection
from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge_press, deliver, tell_alone
from bot.connection.messages import edit_of_posted, remove_response
from bot.controls.call_message import withdraw
from bot.logs import failure
from bot.records import Exchange
from bot.refusals import StateError
from bot.rendering.calls import render_withdrawn
from bot.rendering.declined import ASKER_FORGOTTEN, MAY_NOT_DELETE
from bot.rendering.reply import Reply
from bot.rights import may_moderate

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


async def delete(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Delete an answer for who asked, or for those who may manage messages."""
    refused = await _refusal(desk, interaction, name)
    if refused:
        await tell_alone(interaction, refused)
    elif await acknowledge_press(interaction):
        if await _is_copy(desk, interaction, name):
            await remove_response(interaction)
            return
        await _withdraw(desk, interaction, name)
        await remove_response(interaction)
        await desk.state.exchanges.forget(name)
        log.info("answer_deleted")


async def forget_deleted(desk: Desk, client: discord.Client, messages: Collection[int]) -> None:
    """Forget what was answered in messages that anyone deleted in Discord itself."""
    try:
        for exchange in await desk.state.exchanges.answered_in(messages):
            await _withdraw_posted(desk, client, exchange)
            await desk.state.exchanges.forget(exchange.name)
            log.info("deleted_answer_forgotten")
    except StateError as error:  # it goes after its days
        log.error("not_forgotten", error=failure(error))


async def _withdraw_posted(desk: Desk, client: discord.Client, exchange: Exchange) -> None:
    """Withdraw the call about an exchange, unless the button "Delete" is at it."""
    before = await desk.state.calls.find(exchange.name)
    call = await desk.state.calls.withdraw(exchange.name)
    if before and not before.withdrawn and call and call.channel and call.message:
        edit = edit_of_posted(client, call.channel, call.message)
        await deliver(edit, render_withdrawn(exchange, call))


async def _withdraw(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Withdraw the call before the answer goes: a kill in between leaves a button to press."""
    try:
        # by itself: for a held file it waits longer than the look-up that follows
        await desk.state.calls.withdraw(name)
        await withdraw(desk, interaction, name)
    except StateError as error:  # the answer goes all the same
        log.error("not_withdrawn", error=failure(error))


async def _is_copy(desk: Desk, interaction: discord.Interaction[Any], name: str) -> bool:
    """Whether what was pressed under is the private message of an answer that was shared."""
    if not _is_private(interaction):
        return False
    exchange = await desk.state.exchanges.find(name)
    return exchange is not None and exchange.shared


def _is_private(interaction: discord.Interaction[Any]) -> bool:
    """Whether none but who presses sees what was pressed under."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def _refusal(desk: Desk, interaction: discord.Interaction[Any], name: str) -> Reply | None:
    if interaction.guild_id is None or _is_private(interaction) or may_moderate(interaction):
        return None
    exchange = await desk.state.exchanges.find(name)
    if exchange is None:
        return ASKER_FORGOTTEN
    return None if exchange.asker == interaction.user.id else MAY_NOT_DELETE
