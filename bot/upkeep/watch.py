"""Looks at the documents from time to time, and reindexes when they have changed and settled."""

import asyncio

import structlog

from bot.upkeep.unasked import reindex_unasked
from bot.upkeep.upkeep import Upkeep

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

WHY = "the documents changed"


async def watch(upkeep: Upkeep, every_seconds: float) -> None:
    """Look every so many seconds, once the index is opened, until cancelled."""
    await upkeep.opened.wait()
    seen: str | None = None
    while not upkeep.stopping:
        await asyncio.sleep(every_seconds)
        try:
            seen = await look(upkeep, seen)
        except Exception:  # the next look may do better
            log.exception("watching_failed")


async def look(upkeep: Upkeep, seen: str | None) -> str | None:
    """Look once; `seen` is the mark of the documents at the last look. Returns that of this one.

    They are indexed when they are as they were at the last look, so that none is read half
    written; and not when they were tried before, be it in vain.
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
