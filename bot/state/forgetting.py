"""Forgets in time what is too old, also where nobody asks anything."""

import asyncio

import structlog

from bot.logs import failure
from bot.refusals import StateError
from bot.state.exchanges import Exchanges

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

EVERY_SECONDS = 3600.0


async def keep_forgetting(exchanges: Exchanges) -> None:
    """Forget what is too old every hour, until cancelled. It was done at the start."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await exchanges.forget_old()
        except StateError as error:  # the next hour may do better
            log.error("not_forgotten", error=failure(error))
