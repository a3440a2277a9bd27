"""What the bot does to the index unasked: at its start, and when the documents changed."""

from typing import Literal, TypeAlias

import structlog

from bot.faults import tell_fault
from bot.logs import failure
from bot.refusals import CalledOff, Refused, Stopping
from bot.rendering.report import render_cancelled, render_report, unasked, unasked_in_vain
from bot.upkeep.upkeep import Upkeep
from index import BuildRunning, IndexDamaged, IndexMismatch, IndexMissing

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

Outcome: TypeAlias = Literal["done", "failed", "busy"]
"""`busy`: something else was at it, or the bot stops; nobody is told."""

REASONS = {
    IndexMissing: "there was no index yet",
    IndexMismatch: "the index was made with other settings than today's",
    IndexDamaged: "no build of the index on disk was whole",
}


async def open_index(upkeep: Upkeep) -> None:
    """Load models and index, building first where there is none that fits. Raises nothing."""
    try:
        if await _loaded(upkeep):
            log.info("index_opened")
            if reason := await upkeep.staleness():
                log.warning("index_stale", reason=reason, remedy="/reindex in Discord")
    except Exception as error:  # noqa: BLE001  # the bot goes on, and says so when asked
        _tell_failed_open(upkeep, error)
    finally:
        upkeep.opened.set()


async def reindex_unasked(upkeep: Upkeep, why: str) -> Outcome:
    """Reindex and tell admins how that went; raises nothing."""
    begun = f"reindex unasked at {upkeep.now()}"
    try:
        report = await upkeep.reindex(by=None)
    except CalledOff as ended:
        told = render_cancelled(ended.by)
    except (BuildRunning, Refused) as refusal:
        log.info("reindex_postponed", reason=failure(refusal))
        return "busy"
    except Exception as error:  # noqa: BLE001  # whatever it is, the admins are told one true thing
        told = tell_fault(error, "reindex_unasked")
    else:
        upkeep.notices.add(begun, render_report(report, unasked(why)))
        return "done"
    upkeep.notices.add(begun, unasked_in_vain(why, told))
    return "failed"


async def _loaded(upkeep: Upkeep) -> bool:
    try:
        await upkeep.load()
    except (IndexMissing, IndexMismatch, IndexDamaged) as error:
        log.info("index_build", reason=failure(error))
        lack = type(error)
    else:
        return True
    outcome = await reindex_unasked(upkeep, REASONS[lack])
    if outcome != "done":
        log.error("index_not_opened", reason=outcome)
    return outcome == "done"


def _tell_failed_open(upkeep: Upkeep, error: Exception) -> None:
    if isinstance(error, Stopping) or upkeep.stopping:
        log.info("index_not_opened", reason="stopping")
        return
    told = tell_fault(error, "open")
    upkeep.notices.add(f"not opened at {upkeep.now()}", unasked_in_vain("I was started", told))
