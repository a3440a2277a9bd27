"""The message that calls a person: posted once whatever happens, kept true, withdrawn."""

from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.deliver import (
    LOST_FOR_GOOD,
    acknowledge_press,
    deliver,
    edit_of_posted,
    edit_of_response,
    is_certain,
    send,
)
from bot.controls.passages import standing
from bot.logs import failure
from bot.rendering.calls import render_call, render_later, render_withdrawn
from bot.rendering.controls import shown
from bot.rendering.reply import Reply
from bot.state.calls import Call
from bot.state.database import StateError
from bot.state.exchanges import Exchange
from index import Quote, QuothError

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

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


async def post_once(
    desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange, role: int
) -> Reply:
    """Post the call, once whatever happens, and say what came of it. Needs a channel."""
    message = render_call(exchange, await _passages(desk, exchange), role)
    channel = interaction.channel_id or 0
    there = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    if not await desk.state.calls.begin(exchange.name):
        return ASKED_ALREADY
    try:
        posted = await send(there, message, None, nonce=exchange.name)
    except LOST_FOR_GOOD as error:
        log.warning("call_not_posted", error=failure(error))
        return await _not_posted(desk, exchange, error)
    log.info("call", state="waiting")
    await _note(desk, interaction, exchange, posted)
    return ASKED


async def show(
    desk: Desk,
    interaction: discord.Interaction[Any],
    exchange: Exchange | None,
    call: Call | None,
) -> None:
    """Make the call's message say how it stands, in place; again if that changed meanwhile."""
    message = interaction.message
    if not await acknowledge_press(interaction):
        return
    if call and message and call.message is None:  # posted, and not noted
        await desk.state.calls.place(call.exchange, message.channel.id, message.id)
        call = replace(call, channel=message.channel.id, message=message.id)
    before = message.content if message else ""
    while True:
        await deliver(edit_of_response(interaction), render_later(before, exchange, call))
        log.info("call", state=_state(call))
        if call is None:
            return
        latest = await desk.state.calls.find(call.exchange) or replace(call, withdrawn=True)
        if latest == call:
            return
        call = latest


async def withdraw(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Make a call's message say that its question is withdrawn. Raises StateError."""
    exchange, call = await desk.state.exchanges.find(name), await desk.state.calls.withdraw(name)
    if exchange is None or call is None or call.channel is None or call.message is None:
        return
    edit = edit_of_posted(interaction.client, call.channel, call.message)
    if await deliver(edit, render_withdrawn(exchange, call)):
        log.info("call", state=_state(call))


def _state(call: Call | None) -> str:
    if call is None:
        return "forgotten"
    return "withdrawn" if call.withdrawn else call.state


async def _note(
    desk: Desk,
    interaction: discord.Interaction[Any],
    exchange: Exchange,
    posted: discord.Message,
) -> None:
    """Remember a call's message; withdraw it if its question was deleted meanwhile."""
    try:
        if await desk.state.calls.place(exchange.name, posted.channel.id, posted.id):
            return
    except StateError as error:
        log.error("not_remembered", error=failure(error))  # noqa: TRY400  # no trace is needed
        return
    edit = edit_of_posted(interaction.client, posted.channel.id, posted.id)
    await deliver(edit, render_withdrawn(exchange, Call(exchange.name, "waiting")))


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
