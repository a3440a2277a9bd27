"""Looks at the documents from time to time, and reindexes when they have changed and settled."""

import asyncio

import structlog

from bot.upkeep.unasked import reindex_unasked
from bot.upkeep.upkeep import Upkeep

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

WHY = "the documents changed"


async def watch(upkeep: Upkeep, every_seconds: float) -> None:
    """Look at the documents every so many seconds, once the index is opened, until cancelled."""
    await upkeep.opened.wait()
    seen: str | None = None
    while not upkeep.stopping:
        await asyncio.sleep(every_seconds)
        try:
            seen = await watch_once(upkeep, seen)
        except Exception:  # the next time may do better
            log.exception("watching_failed")


async def watch_once(upkeep: Upkeep, seen: str | None) -> str | None:
    """Reindex if the documents have changed and settled. Returns their mark as it is now.

    `seen` is their mark as it was the time before: only documents that have not changed since are
    indexed, so that none is read half written. What was tried before, even in vain, is not again.
    """
    if upkeep.build or upkeep.stopping:
        return seen
    mark = await upkeep.mark()
    if mark != seen or mark == upkeep.settled:
        return mark
    reason = await upkeep.staleness()
    if reason is None:
        upkeep.settled = mark
        return mark
    log.info("documents_changed", reason=reason)
    await reindex_unasked(upkeep, WHY)
    return mark
