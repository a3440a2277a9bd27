"""The button "Share": a private answer is posted where all see it, once."""

import asyncio
from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.certain import EDIT_PAUSES, EDIT_SECONDS, FAILURES, until_certain
from bot.connection.deliver import acknowledge, tell_alone
from bot.connection.messages import edit_of_response, remove_response
from bot.connection.posted import CannotLook, is_cut_off, posted_for
from bot.controls.passages import still_quoted
from bot.logs import failure
from bot.records import Exchange
from bot.refusals import StateError
from bot.rendering.answer import render
from bot.rendering.controls import DELETE, controls, shown
from bot.rendering.declined import (
    BEING_SHARED,
    CANNOT_LOOK_FOR_SHARED,
    CHANGED,
    FORGOTTEN,
    MAY_NOT_SHARE,
    NOT_CHECKED_IN_TIME,
    SHARED_ALREADY,
)
from bot.rendering.reply import Reply, custom_id

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

CHECK_SECONDS = 1.5
"""How long it may take to find out whether an answer may be shared. The acknowledgement, due within
three seconds, must already say whether all see the reply or one member alone."""


async def share(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Post an answer for all in the channel, for the one who asked."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            found = await _claim(desk, interaction, name)
    except TimeoutError:
        await tell_alone(interaction, NOT_CHECKED_IN_TIME)
        await _give_back(desk, interaction, name)  # the claim may have come through all the same
        return
    if isinstance(found, Reply):
        await tell_alone(interaction, found)
    else:
        await _share(desk, interaction, found)


async def _claim(desk: Desk, interaction: discord.Interaction[Any], name: str) -> Exchange | Reply:
    """Claim the right to share an exchange; the exchange, or why it is not to be shared."""
    found = await _shareable(desk, interaction, name)
    if isinstance(found, Reply):
        return found
    claimed = await desk.state.exchanges.claim_sharing(name, interaction.id, found.share_claim)
    return found if claimed else BEING_SHARED


async def _give_back(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    try:
        await desk.state.exchanges.give_back_sharing(name, interaction.id)
    except StateError as error:
        log.error("claim_not_given_back", error=failure(error))


async def _shareable(
    desk: Desk, interaction: discord.Interaction[Any], name: str
) -> Exchange | Reply:
    """The exchange that may be shared, or why none may."""
    exchange = await desk.state.exchanges.find(name)
    if exchange is None:
        return FORGOTTEN
    if exchange.asker != interaction.user.id:
        return MAY_NOT_SHARE
    if exchange.shared and (shared := await _as_shared(desk, interaction, exchange)):
        return shared
    quotes = shown(exchange.answer)
    still = await desk.in_worker(still_quoted, desk.engine, quotes)
    return exchange if len(still) == len(quotes) else CHANGED


async def _as_shared(
    desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange
) -> Reply | None:
    """What is said of an answer that was claimed to be shared; None if surely nothing was posted.

    So it is when the bot was ended between its claim and its message.
    """
    claim = exchange.share_claim
    if claim is None or not exchange.private:
        return SHARED_ALREADY
    if not is_cut_off(claim, interaction.id):
        return BEING_SHARED
    try:
        found = await posted_for(interaction, claim, frozenset({custom_id(DELETE, exchange.name)}))
    except CannotLook as error:
        log.warning("share_not_looked_for", error=failure(error))
        return CANNOT_LOOK_FOR_SHARED
    if found is None:
        return None
    await desk.state.exchanges.publish(exchange.name, found.channel.id, found.id)
    return SHARED_ALREADY


async def _share(desk: Desk, interaction: discord.Interaction[Any], exchange: Exchange) -> None:
    """Post it with the buttons of a public answer; the right goes back if it surely failed."""
    public = replace(exchange, private=False, shared=True)
    rows = controls(public, desk.state.servers.of(exchange.server))
    reply = render(exchange.answer, exchange.answer.question, rows, shared_by=exchange.asker)
    message = await _post(interaction, reply)
    log.info("answer_shared", delivered=message is not None)
    if message is None:
        await desk.state.exchanges.give_back_sharing(exchange.name, interaction.id)
        return
    try:
        await desk.state.exchanges.publish(exchange.name, message.channel.id, message.id)
    except StateError as error:
        log.error("not_remembered", error=failure(error))


async def _post(interaction: discord.Interaction[Any], reply: Reply) -> discord.Message | None:
    """The public message, or None if there surely is none. Raises what leaves that open."""
    if not await acknowledge(interaction, private=False):
        return None
    edit = edit_of_response(interaction)
    try:
        return await until_certain(EDIT_PAUSES, EDIT_SECONDS, lambda: edit(reply))
    except FAILURES as error:
        log.warning("share_undeliverable", error=failure(error))
        await remove_response(interaction)  # whatever came of it: now nothing is there
        return None
