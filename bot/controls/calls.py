"""The button "Ask a human": one message that calls the server's helpers, and its own buttons."""

from typing import Any

import discord

from bot.asking.desk import Desk
from bot.asking.question import asker_of
from bot.connection.deliver import acknowledge, acknowledge_press, deliver, tell_alone, tell_beside
from bot.connection.messages import edit_of_response
from bot.controls.call_message import may_be_posted, post_once, show, why_not
from bot.records import Exchange
from bot.rendering.calls import CALLED, confirm
from bot.rendering.declined import (
    CALL_UNSURE,
    FORGOTTEN,
    MAY_NOT_CALL,
    MAY_NOT_SOLVE,
    MAY_NOT_TAKE,
    NO_HELPERS,
    TAKEN_ALREADY,
)
from bot.rendering.reply import Reply
from bot.rights import may_moderate


async def ask_human(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Call a person for who asked; of a private answer only after they were told who sees it."""
    if not await acknowledge(interaction, private=True):
        return
    found = await _callable(desk, interaction, name)
    if isinstance(found, Exchange):
        found = confirm(found) if found.private else await _call(desk, interaction, found)
    await deliver(edit_of_response(interaction), found)


async def post_call(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Call a person for who agreed that others see the question."""
    if not await acknowledge_press(interaction):
        return
    found = await _callable(desk, interaction, name)
    if isinstance(found, Exchange):
        found = await _call(desk, interaction, found)
    await deliver(edit_of_response(interaction), found)


async def take(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Note that a helper takes a call, unless another was quicker."""
    if not _is_helper(desk, interaction):
        await tell_alone(interaction, MAY_NOT_TAKE)
        return
    if not await acknowledge_press(interaction):
        return
    call = await desk.state.calls.take(name, interaction.user.id)
    taken = call is not None and call.state == "taken" and not call.withdrawn
    if call and taken and call.helper != interaction.user.id:
        await tell_beside(interaction, Reply(TAKEN_ALREADY.format(helper=call.helper)))
    else:
        await show(desk, interaction, await desk.state.exchanges.find(name), call)


async def solve(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Note that a call is solved, for helpers and who asked."""
    if not await acknowledge_press(interaction):
        return
    exchange = await desk.state.exchanges.find(name)
    asked = exchange is not None and exchange.asker == interaction.user.id
    if not asked and not _is_helper(desk, interaction):
        await tell_beside(interaction, MAY_NOT_SOLVE)
        return
    await show(desk, interaction, exchange, await desk.state.calls.solve(name, interaction.user.id))


def may_call(desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange) -> bool:
    """Whether whoever pressed may call a person about an exchange, and there are helpers."""
    asked = exchange.asker == interaction.user.id
    return _role(desk, interaction) is not None and (asked or may_moderate(interaction))


async def _callable(
    desk: Desk, interaction: discord.Interaction[Any], name: str
) -> Exchange | Reply:
    """The exchange that a person may be called about, or why not."""
    exchange = await desk.state.exchanges.find(name)
    if exchange is None:
        return FORGOTTEN
    if _role(desk, interaction) is None:
        return NO_HELPERS
    if not may_call(desk, interaction, exchange):
        return MAY_NOT_CALL
    call = await desk.state.calls.find(name)
    return exchange if may_be_posted(call, interaction.id) else why_not(call, interaction.guild_id)


async def _call(desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange) -> Reply:
    role = _role(desk, interaction)
    if role is None or interaction.channel_id is None:
        return NO_HELPERS
    asker = asker_of(interaction)
    if refused := desk.admission.call_refusal(asker):
        return refused
    reply = None
    try:
        reply = await post_once(desk, interaction, exchange, role)
    finally:
        if reply not in (CALLED, CALL_UNSURE):
            desk.admission.uncount_call(asker)
    return reply


def _role(desk: Desk, interaction: discord.Interaction[Any]) -> int | None:
    """The role of the server's helpers, if it has one that still is there."""
    role = desk.state.servers.of(interaction.guild_id).helper_role
    guild = interaction.guild
    gone = role is not None and guild is not None and guild.roles and guild.get_role(role) is None
    return None if gone else role


def _is_helper(desk: Desk, interaction: discord.Interaction[Any]) -> bool:
    return _role(desk, interaction) in asker_of(interaction).roles or may_moderate(interaction)
