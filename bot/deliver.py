"""Getting one true message to Discord, although its answers can be lost on the way.

A lost answer leaves open whether Discord did what was asked. Acknowledging twice is refused
with a code of its own, an edit can be repeated, and a message carries a nonce: so each of them
is tried again until it is certain, and none can show twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import aiohttp
import discord
import structlog

from bot.faults import UNKNOWN
from bot.logs import failure
from bot.render import Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

Edit: TypeAlias = Callable[[Reply], Awaitable[object]]
"""Replaces what the one message of a conversation says."""

NO_MENTIONS = discord.AllowedMentions.none()

LOST = (aiohttp.ClientError, discord.DiscordServerError, OSError)
"""Discord's answer did not come, or it was an apology: nobody knows whether the deed is done."""

ALREADY_ACKNOWLEDGED = 40060
TOO_MANY_REQUESTS = 429

ACKNOWLEDGE_PAUSES = (0.0, 0.2, 0.5, 1.0)
EDIT_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try."""

ACKNOWLEDGE_SECONDS = 2.0
EDIT_SECONDS = 15.0
"""How long Discord's answer to one try is waited for."""


async def acknowledge(interaction: discord.Interaction[Any], *, private: bool) -> bool:
    """Say "thinking…" within Discord's three seconds; False if Discord no longer wants it."""
    for pause in ACKNOWLEDGE_PAUSES:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await interaction.response.defer(ephemeral=private, thinking=True)
        except discord.InteractionResponded:
            return True
        except LOST as error:
            log.warning("acknowledge_lost", error=failure(error))
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                return True
            if error.status == TOO_MANY_REQUESTS:
                continue
            log.warning("acknowledge_refused", error=failure(error))
            return False
        else:
            return True
    return True  # it may have arrived all the same: the edit will show


async def deliver(edit: Edit, reply: Reply) -> bool:
    """Make the conversation's message say `reply`, once; False if it cannot be."""
    try:
        return await _edit_until_certain(edit, reply)
    except (discord.NotFound, discord.Forbidden) as error:  # deleted, or rights taken away
        log.warning("answer_undeliverable", error=failure(error))
    except RuntimeError as error:  # the connection that the question came by is closed
        log.warning("answer_undeliverable", error=failure(error))
    except discord.HTTPException as error:
        log.error("answer_refused", error=failure(error))  # noqa: TRY400  # no trace is needed
        return await deliver(edit, Reply(UNKNOWN)) if reply.content != UNKNOWN else False
    return False


async def _edit_until_certain(edit: Edit, reply: Reply) -> bool:
    for pause in EDIT_PAUSES:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(EDIT_SECONDS):
                await edit(reply)
        except LOST as error:
            log.warning("edit_lost", error=failure(error))
        except discord.HTTPException as error:
            if error.status != TOO_MANY_REQUESTS:
                raise
        else:
            return True
    log.error("answer_undeliverable", tries=len(EDIT_PAUSES))
    return False


def edit_of_response(interaction: discord.Interaction[Any]) -> Edit:
    """The edit of an interaction's acknowledged message."""

    def edit(reply: Reply) -> Awaitable[object]:
        return interaction.edit_original_response(
            content=reply.content, allowed_mentions=NO_MENTIONS
        )

    return edit


def edit_of_message(message: discord.Message) -> Edit:
    """The edit of a message that the bot sent."""

    def edit(reply: Reply) -> Awaitable[object]:
        # left out, `suppress` would mean False and bring previews of links back
        return message.edit(content=reply.content, allowed_mentions=NO_MENTIONS, suppress=True)

    return edit


async def send(
    channel: discord.abc.Messageable, reply: Reply, answering: discord.Message | None, nonce: str
) -> discord.Message:
    """Send one message, as a reply where `answering` is given, without pinging its author.

    The same `nonce` on every try keeps Discord from posting twice. Raises the last failure.
    """
    *pauses, last = ACKNOWLEDGE_PAUSES
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(EDIT_SECONDS):
                return await _send(channel, reply, answering, nonce)
        except LOST as error:
            log.warning("send_lost", error=failure(error))
    await asyncio.sleep(last)
    return await _send(channel, reply, answering, nonce)


async def _send(
    channel: discord.abc.Messageable, reply: Reply, answering: discord.Message | None, nonce: str
) -> discord.Message:
    options: dict[str, Any] = {"nonce": nonce, "allowed_mentions": NO_MENTIONS}
    if answering:
        options["reference"] = answering.to_reference(fail_if_not_exists=False)
        options["mention_author"] = False
    return await channel.send(reply.content, suppress_embeds=True, **options)
