"""Coming into Discord and staying there, or saying plainly why that cannot be."""

import random
from asyncio import sleep
from collections.abc import Callable

import discord
import structlog

from bot.connection.client import Client
from bot.logs import failure
from bot.settings import PORTAL
from index import QuothError

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 180.0
"""With the jitter 90 at least, so 960 logins a day at most: at 1,000 Discord resets the token."""

STEADY_SECONDS = 300.0
"""A life of this length was a good one: what ends it is a new failure, not the last one again."""

UNAUTHORIZED = 401
NO_TOKEN = (
    "DISCORD_TOKEN is not set. Put DISCORD_TOKEN=… into a file named .env in this folder; "
    f"get the token at {PORTAL}: your application, Bot, Reset Token."
)
WRONG_TOKEN = (
    "Discord does not accept DISCORD_TOKEN. It may have been reset, or copied in part: get a new "
    f"one at {PORTAL} (your application, Bot, Reset Token) and put it into .env."
)
FATAL = {
    4004: WRONG_TOKEN,
    4012: "Discord no longer speaks this version of its gateway: update Quoth.",
    4013: "Discord does not know an intent that this version of Quoth asks for: update Quoth.",
    4014: "Discord does not allow an intent that this version of Quoth asks for. It should need "
    f"no privileged one: look at {PORTAL} (your application, Bot) or update Quoth.",
}
"""Close codes of the gateway that no waiting mends, and what does."""


class CannotStart(QuothError):
    """The bot cannot come into Discord until someone changes something."""


async def stay_connected(make_client: Callable[[], Client], token: str) -> None:
    """Be in Discord until cancelled, waiting longer after each failure to come in.

    discord.py resumes a connection that it once had. A client whose first connection failed is
    of no further use (its issue 10520), so each attempt has a fresh one. Raises CannotStart.
    """
    failures = 0
    while True:
        client = make_client()
        try:
            async with client:
                await client.start(token)
            reason = "the connection ended"
        except Exception as error:  # noqa: BLE001  # whatever was sent, the next try may be fine
            raise_if_fatal(error)
            reason = failure(error)
        failures = 1 if client.ready_seconds() >= STEADY_SECONDS else failures + 1
        pause = min(LONGEST_PAUSE_SECONDS, 2.0**failures) * random.uniform(0.5, 1)  # noqa: S311  # jitter
        log.warning("discord_unreachable", reason=reason, retry_seconds=round(pause, 1))
        await sleep(pause)


def raise_if_fatal(error: BaseException) -> None:
    """Raise CannotStart if `error` is of those that no waiting mends."""
    if isinstance(error, discord.LoginFailure):
        raise CannotStart(WRONG_TOKEN) from error
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise CannotStart(FATAL[4014]) from error
    if isinstance(error, discord.ConnectionClosed) and error.code in FATAL:
        raise CannotStart(FATAL[error.code]) from error
    if isinstance(error, discord.HTTPException) and error.status == UNAUTHORIZED:
        raise CannotStart(WRONG_TOKEN) from error
