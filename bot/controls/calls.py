"""The button "Ask a human": one message that calls the server's helpers, and its own buttons."""

from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.asking.question import asker_of
from bot.connection.deliver import (
    LOST_FOR_GOOD,
    acknowledge,
    acknowledge_press,
    deliver,
    edit_of_response,
    is_certain,
    send,
    tell_alone,
)
from bot.controls.passages import standing
from bot.logs import failure
from bot.rendering.calls import confirm, render_call, render_later
from bot.rendering.controls import shown
from bot.rendering.reply import Reply
from bot.rendering.words import FORGOTTEN
from bot.rights import may_moderate
from bot.state.calls import Call
from bot.state.exchanges import Exchange
from index import Quote, QuothError

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

NOT_YOURS = Reply("Only the one who asked can do that, and members who may manage messages.")
NO_HELPERS = Reply("This server has no helpers at the moment. Please ask in one of its channels.")
ASKED_ALREADY = Reply(
    "A person was asked already. If you can't find that here, please ask in this channel yourself."
)
ASKED = Reply("I asked this server's helpers, in this channel.")
MAY_NOT_WRITE = Reply("I may not write in this channel. Please ask the helpers yourself.")
NOT_TAKEN = Reply("Discord did not take my message. Please ask the helpers yourself.")
UNSURE = Reply(
    "Discord did not answer, so I can't tell whether my message is here. If you don't see it, "
    "please ask the helpers yourself."
)
NO_HELPER = Reply("Only this server's helpers can do that, and members who may manage messages.")
NOT_SOLVER = Reply("Only the one who asked can do that, or one of this server's helpers.")


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
        await tell_alone(interaction, NO_HELPER)
        return
    call = await desk.state.calls.take(name, interaction.user.id)
    if call and call.state == "taken" and call.helper != interaction.user.id:
        await tell_alone(interaction, Reply(f"<@{call.helper}> has taken this already."))
    else:
        await _show(interaction, await desk.state.exchanges.find(name), call)


async def solve(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Note that a call is solved, for helpers and who asked."""
    exchange = await desk.state.exchanges.find(name)
    asked = exchange is not None and exchange.asker == interaction.user.id
    if not asked and not _is_helper(desk, interaction):
        await tell_alone(interaction, NOT_SOLVER)
        return
    await _show(interaction, exchange, await desk.state.calls.solve(name, interaction.user.id))


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
        return Reply(FORGOTTEN)
    if _role(desk, interaction) is None:
        return NO_HELPERS
    if not may_call(desk, interaction, exchange):
        return NOT_YOURS
    return ASKED_ALREADY if await desk.state.calls.find(name) else exchange


async def _call(desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange) -> Reply:
    """Post the call, once whatever happens, and say what came of it."""
    role, channel = _role(desk, interaction), interaction.channel_id
    if role is None or channel is None:
        return NO_HELPERS
    message = render_call(exchange, await _passages(desk, exchange), role)
    if not await desk.state.calls.begin(exchange.name):
        return ASKED_ALREADY
    there = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    try:
        await send(there, message, None, nonce=exchange.name)
    except LOST_FOR_GOOD as error:
        log.warning("call_not_posted", error=failure(error))
        return await _not_posted(desk, exchange, error)
    log.info("call", state="waiting")
    return ASKED


async def _not_posted(desk: Desk, exchange: Exchange, error: Exception) -> Reply:
    if not is_certain(error):
        return UNSURE  # it may be there: never a second one
    await desk.state.calls.take_back(exchange.name)
    return MAY_NOT_WRITE if isinstance(error, discord.Forbidden) else NOT_TAKEN


async def _passages(desk: Desk, exchange: Exchange) -> list[Quote]:
    """What the answer showed and still stands; a person can be called without it too."""
    try:
        return await desk.read(standing, desk.engine, shown(exchange.answer))
    except QuothError as error:
        log.warning("call_without_passages", error=failure(error))
        return []


async def _show(
    interaction: discord.Interaction[Any], exchange: Exchange | None, call: Call | None
) -> None:
    """Make the call's message say how it stands, in place."""
    before = interaction.message.content if interaction.message else ""
    if await acknowledge_press(interaction):
        await deliver(edit_of_response(interaction), render_later(before, exchange, call))
        log.info("call", state=call.state if call else "forgotten")


def _role(desk: Desk, interaction: discord.Interaction[Any]) -> int | None:
    """The role of the server's helpers, if it has one that still is there."""
    role = desk.state.servers.of(interaction.guild_id).helper_role
    guild = interaction.guild
    gone = role is not None and guild is not None and guild.roles and guild.get_role(role) is None
    return None if gone else role


def _is_helper(desk: Desk, interaction: discord.Interaction[Any]) -> bool:
    return _role(desk, interaction) in asker_of(interaction).roles or may_moderate(interaction)
