"""One question, from its acknowledgement to the one edit that answers it."""

import time

import structlog

from bot.asking.desk import Desk
from bot.connection.deliver import Edit, deliver
from bot.faults import tell_fault
from bot.rendering.answer import render

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


async def converse(desk: Desk, question: str, edit: Edit, *, via: str, show: bool) -> None:
    """Answer an acknowledged question, or say plainly why not, by editing that one message.

    `via` is how it was asked, for the log; `show`: whether others cannot see the question.
    """
    started = time.perf_counter()
    engine_ms, outcome = 0.0, "answered"
    try:
        answer = await desk.ask(question)
        engine_ms = answer.ms
        outcome = answer.confidence or "abstained"
        reply = render(answer, question if show else None)
    except Exception as error:  # noqa: BLE001  # whatever it is, the member is told one true thing
        outcome = type(error).__name__
        reply = tell_fault(error, via)
    delivered = await deliver(edit, reply)
    log.info(
        "question",
        via=via,
        outcome=outcome,
        delivered=delivered,
        engine_ms=engine_ms,
        total_ms=round((time.perf_counter() - started) * 1000),
    )
