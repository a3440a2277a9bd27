"""Making certain what Discord did: its answers can be lost on the way.

A lost answer leaves open whether Discord did what was asked. Acknowledging twice is refused
with a code of its own, an edit can be repeated, and a message carries a nonce: so each of them
is tried again until it is certain, and none can show twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import aiohttp
import discord
import structlog

from bot.logs import failure

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

FAILURES = (aiohttp.ClientError, discord.HTTPException, OSError)
"""The ways in which a call of Discord fails and may do better at the next try."""

LOST_FOR_GOOD = (*FAILURES, RuntimeError)
"""All the ways in which a call may fail; a RuntimeError means that the client is closed."""

TOKEN_EXPIRED = 50027
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500

ACKNOWLEDGE_PAUSES = (0.0, 0.2, 0.5, 1.0)
EDIT_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try."""

ANSWER_PAUSES = (*EDIT_PAUSES, 15.0, 30.0, 60.0, 120.0)
"""The same for an answer, of which nothing else is left: it outlasts an outage of some minutes."""

ACKNOWLEDGE_SECONDS = 2.0
EDIT_SECONDS = 15.0
"""How long Discord's answer to one try is waited for."""


class Unwritable(RuntimeError):
    """The bot may not write there, as the log has said."""


def is_refusal(error: Exception) -> bool:
    """Whether Discord definitely refused.

    Otherwise (no response, 429, 5xx) it may have been done.
    """
    if not isinstance(error, discord.HTTPException):
        return False
    return error.status < SERVER_ERROR and error.status != TOO_MANY_REQUESTS


def is_lost(error: BaseException | None) -> bool:
    """Whether a call failed without a refusal (no response, 429, 5xx): it may have been done."""
    return isinstance(error, FAILURES) and not is_refusal(error)


def may_be_done(error: Exception) -> bool:
    """Whether Discord may have done it although we saw only failures.

    Some response was lost, that of the last try or of one before, and Discord does not say that
    the target is gone. `error` is what `until_certain` raised.
    """
    gone = isinstance(error, discord.NotFound)
    return not gone and (is_lost(error) or is_lost(error.__cause__))


def is_gone(error: Exception) -> bool:
    """Whether Discord would take no other words either.

    The message is deleted, rights are taken away, its quarter of an hour is over, or the client
    that the question came by is closed.
    """
    if getattr(error, "code", None) == TOKEN_EXPIRED:
        return True
    return isinstance(error, discord.NotFound | discord.Forbidden | RuntimeError)


async def until_certain(
    pauses: Sequence[float], seconds: float, act: Callable[[], Awaitable[T]]
) -> T:
    """Do `act` until it is certain that it was done or refused; returns what it gave.

    `pauses` are the seconds before each try, `seconds` the time that Discord's answer to one is
    waited for. Raises a refusal, or a closed client's RuntimeError, at once; its `__cause__` is the
    try before, if there was one, since that was lost. Else raises what the last try raised.
    """
    lost: Exception | None = None
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(seconds):
                return await act()
        except LOST_FOR_GOOD as error:
            if not is_lost(error):
                raise error from lost
            log.warning("answer_of_discord_lost", error=failure(error))
            lost = error
    raise lost or ValueError("no try at all")
