"""Getting one true message to whoever asked or pressed: acknowledged, answered, never twice."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import discord
import structlog

from bot.connection.certain import (
    ACKNOWLEDGE_PAUSES,
    ACKNOWLEDGE_SECONDS,
    EDIT_PAUSES,
    EDIT_SECONDS,
    LOST_FOR_GOOD,
    Unwritable,
    is_gone,
    is_lost,
    is_refusal,
    may_be_done,
    until_certain,
)
from bot.connection.components import modal
from bot.connection.messages import NO_MENTIONS, edit_of_response
from bot.faults import UNKNOWN
from bot.logs import failure
from bot.rendering.reply import Form, Link, Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

PRESSED = "pressed"
"""Key of an interaction's `extras`: it is answered by an edit of the message pressed under."""

ALREADY_ACKNOWLEDGED = 40060


async def acknowledge(interaction: discord.Interaction[Any], *, private: bool) -> bool:
    """Say "thinking…" within Discord's three seconds; False if Discord no longer wants it."""
    return await _respond(lambda: interaction.response.defer(ephemeral=private, thinking=True))


async def acknowledge_press(interaction: discord.Interaction[Any]) -> bool:
    """Acknowledge a press whose answer is an edit of the message that was pressed under.

    False if Discord no longer wants it.
    """
    interaction.extras[PRESSED] = True
    return await _respond(interaction.response.defer)


def is_press(interaction: discord.Interaction[Any]) -> bool:
    """Whether it was acknowledged as a press, also where Discord's answer to that was lost."""
    return PRESSED in interaction.extras


async def open_form(interaction: discord.Interaction[Any], form: Form) -> bool:
    """Open a form for whoever pressed; False if Discord no longer wants it."""
    return await _respond(lambda: interaction.response.send_modal(modal(form)))


async def _respond(respond: Callable[[], Awaitable[object]]) -> bool:
    try:
        await until_certain(ACKNOWLEDGE_PAUSES, ACKNOWLEDGE_SECONDS, respond)
    except discord.InteractionResponded:
        return True
    except LOST_FOR_GOOD as error:
        if is_lost(error):
            return True  # it may have arrived all the same: the edit will show
        if getattr(error, "code", None) == ALREADY_ACKNOWLEDGED:
            return True
        log.warning("acknowledge_refused", error=failure(error))
        return False
    return True


async def deliver(edit: Callable[[Reply], Awaitable[T]], reply: Reply) -> T | None:
    """Make the conversation's message say `reply`, once; that message, or None if it cannot be."""
    with contextlib.suppress(*LOST_FOR_GOOD):
        return await deliver_or_raise(edit, reply, EDIT_PAUSES)
    return None


async def may_have_delivered(edit: Callable[[Reply], Awaitable[object]], reply: Reply) -> bool:
    """Deliver; False if the message surely does not show it, so that it can be said elsewhere."""
    try:
        await deliver_or_raise(edit, reply, EDIT_PAUSES)
    except LOST_FOR_GOOD as error:
        return may_be_done(error)
    return True


async def deliver_or_raise(
    edit: Callable[[Reply], Awaitable[T]], reply: Reply, pauses: Sequence[float]
) -> T:
    """Deliver; what Discord refuses is tried with less below it, then as the words of a fault.

    Logs and raises the failure.
    """
    try:
        return await until_certain(pauses, EDIT_SECONDS, lambda: edit(reply))
    except Unwritable:
        raise
    except LOST_FOR_GOOD as error:
        if is_gone(error):
            log.warning("answer_undeliverable", error=failure(error))
        elif is_refusal(error):
            log.error("answer_refused", error=failure(error))
            if plainer := _plainer(reply):
                return await deliver_or_raise(edit, plainer, pauses)
        else:
            log.error("answer_undeliverable", tries=len(pauses))
        raise


def _plainer(reply: Reply) -> Reply | None:
    """What is tried in place of a refused reply: no links, then no rows, then a fault's words."""
    unlinked = (tuple(one for one in row if not isinstance(one, Link)) for row in reply.rows)
    rows = tuple(row for row in unlinked if row)
    if reply.rows:
        return replace(reply, rows=rows if rows != reply.rows else ())
    return Reply(UNKNOWN) if reply.content != UNKNOWN else None


async def tell_alone(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Answer whoever used a control, so that nobody else sees it."""
    if await acknowledge(interaction, private=True):
        await deliver(edit_of_response(interaction), reply)


async def tell_beside(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Tell whoever pressed alone, beside the message that they pressed under.

    Tried once: a second try could post it twice.
    """
    try:
        async with asyncio.timeout(EDIT_SECONDS):
            await interaction.followup.send(
                reply.content, ephemeral=True, allowed_mentions=NO_MENTIONS, wait=True
            )
    except LOST_FOR_GOOD as error:
        log.warning("answer_undeliverable", error=failure(error))
