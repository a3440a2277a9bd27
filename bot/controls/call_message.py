"""The message that calls a person: posted once whatever happens, kept true, withdrawn."""

import asyncio
from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.certain import LOST_FOR_GOOD, may_be_done
from bot.connection.deliver import acknowledge_press, deliver
from bot.connection.messages import Edit, edit_of_posted, edit_of_response, send
from bot.connection.posted import CannotLook, is_cut_off, posted_for
from bot.controls.passages import still_quoted
from bot.logs import failure
from bot.records import Call, Exchange
from bot.refusals import StateError
from bot.rendering.calls import CALLED, SOLVE, TAKE, render_call, render_later, render_withdrawn
from bot.rendering.controls import shown
from bot.rendering.declined import (
    BEING_CALLED,
    BOT_MAY_NOT_WRITE,
    CALL_REFUSED,
    CALL_UNSURE,
    CALLED_ALREADY,
    CALLED_THERE,
    CANNOT_LOOK_FOR_CALL,
)
from bot.rendering.reply import Reply, custom_id
from index import Quote, QuothError

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

PASSAGES_SECONDS = 30.0
"""How long a call waits for its passages: it must be posted, or not, within CLAIM_SECONDS."""


async def post_once(
    desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange, role: int
) -> Reply:
    """Post the call, once whatever happens, and say what came of it. Needs a channel."""
    message = render_call(exchange, await _passages(desk, exchange), role)
    channel = interaction.channel_id or 0
    there = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    if taken := await _claim(desk, interaction, exchange.name):
        return taken
    try:
        posted = await send(there, message, nonce=exchange.name)
    except LOST_FOR_GOOD as error:
        log.warning("call_not_posted", error=failure(error))
        return await _not_posted(desk, interaction, exchange, error)
    log.info("call", state="waiting")
    await _note(desk, interaction, exchange, posted)
    return CALLED


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
    if exchange is None or call is None:
        return
    edit = await _edit_of_call(interaction, call)
    if edit is None:
        return
    if await deliver(edit, render_withdrawn(exchange, call)):
        log.info("call", state=_state(call))


def may_be_posted(call: Call | None, press: int) -> bool:
    """Whether a press may post a call: there is none, or the press that claimed it was cut off."""
    return call is None or (
        call.left_open and call.claim is not None and is_cut_off(call.claim, press)
    )


def why_not(call: Call | None, guild: int | None) -> Reply:
    """What is said to who may not post it, with a link to the call where it is known."""
    if call is None or call.left_open:
        return BEING_CALLED
    if call.message is None:
        return CALLED_ALREADY
    url = f"https://discord.com/channels/{guild}/{call.channel}/{call.message}"
    return Reply(CALLED_THERE.format(url=url))


async def _claim(desk: Desk, interaction: discord.Interaction[Any], name: str) -> Reply | None:
    """Claim the right to post a call, also after a press that was cut off; else why not."""
    before = await desk.state.calls.find(name)
    if not may_be_posted(before, interaction.id):
        return why_not(before, interaction.guild_id)
    if before and before.claim:
        try:
            found = await posted_for(interaction, before.claim, _controls(name))
        except CannotLook as error:
            log.warning("call_not_looked_for", error=failure(error))
            return CANNOT_LOOK_FOR_CALL
        if found:
            await desk.state.calls.place(name, found.channel.id, found.id)
            placed = replace(before, channel=found.channel.id, message=found.id)
            return why_not(placed, interaction.guild_id)
    instead_of = before.claim if before else None
    claimed = await desk.state.calls.claim(name, interaction.id, instead_of)
    return None if claimed else BEING_CALLED


async def _edit_of_call(interaction: discord.Interaction[Any], call: Call) -> Edit | None:
    """The edit of a call's message, looked for where it was not noted; None if there is none."""
    channel, message = call.channel, call.message
    if message is None and call.claim is not None:
        try:
            found = await posted_for(interaction, call.claim, _controls(call.exchange))
        except CannotLook as error:
            log.warning("call_not_looked_for", error=failure(error))
            return None
        channel, message = (found.channel.id, found.id) if found else (None, None)
    if channel is None or message is None:
        return None
    return edit_of_posted(interaction.client, channel, message)


def _controls(name: str) -> frozenset[str]:
    """The buttons by which a call's message is told from all others."""
    return frozenset({custom_id(TAKE, name), custom_id(SOLVE, name)})


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
        log.error("not_remembered", error=failure(error))
        return
    edit = edit_of_posted(interaction.client, posted.channel.id, posted.id)
    await deliver(edit, render_withdrawn(exchange, Call(exchange.name, "waiting")))


async def _not_posted(
    desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange, error: Exception
) -> Reply:
    if may_be_done(error):
        return CALL_UNSURE  # it may be there: never a second one
    await desk.state.calls.give_back(exchange.name, interaction.id)
    return BOT_MAY_NOT_WRITE if isinstance(error, discord.Forbidden) else CALL_REFUSED


async def _passages(desk: Desk, exchange: Exchange) -> list[Quote]:
    """What the answer showed, if documents still say it; a person can be called without it too."""
    try:
        async with asyncio.timeout(PASSAGES_SECONDS):
            return await desk.in_worker(still_quoted, desk.engine, shown(exchange.answer))
    except (QuothError, TimeoutError) as error:
        log.warning("call_without_passages", error=failure(error))
        return []
