"""One question, from its acknowledgement to the one edit that answers it."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass

import structlog

from bot.asking.desk import Desk
from bot.asking.line import Turn
from bot.asking.question import Question
from bot.connection.certain import ANSWER_PAUSES, EDIT_SECONDS, LOST_FOR_GOOD, may_be_done
from bot.connection.deliver import deliver_or_raise
from bot.connection.messages import Edit
from bot.faults import tell_fault
from bot.logs import failure
from bot.records import Exchange
from bot.refusals import StateError
from bot.rendering.answer import render
from bot.rendering.controls import controls, links
from bot.rendering.reply import Reply
from index import Explanation

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

LOOKING = "Looking it up…"
IN_LINE = "Looking it up… {ahead} before you in line."
PLACE_SECONDS = 2.5
"""Between two looks at a question's place in line."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What a question came to; `exchange` is what is remembered of it, if anything is."""

    outcome: str
    reply: Reply
    engine_ms: float = 0.0
    exchange: Exchange | None = None


async def converse(desk: Desk, question: Question, edit: Edit, *, acknowledged: bool) -> None:
    """Answer a question, or say plainly why not, by the one message that `edit` makes or changes.

    `acknowledged`: whether that message is there, and says "thinking…".
    """
    started = time.perf_counter()
    try:
        given = await _given(desk, question, edit, 0 if acknowledged else None)
    except Exception as error:  # noqa: BLE001  # whatever it is, the member is told one true thing
        given = _Given(type(error).__name__, tell_fault(error, question.via))
    delivered = await _deliver(desk, given, edit)
    log.info(
        "question",
        via=question.via,
        outcome=given.outcome,
        delivered=delivered,
        engine_ms=given.engine_ms,
        total_ms=round((time.perf_counter() - started) * 1000),
    )


async def _given(desk: Desk, question: Question, edit: Edit, told: int | None) -> _Given:
    explanation = await _explanation(desk, question, edit, told)
    answer = explanation.answer
    exchange = await _remember(desk, question, explanation)
    rows = links(answer)
    if exchange:
        rows = controls(exchange, desk.state.servers.of(exchange.server))
    asked = question.text if question.shown else None
    return _Given(
        answer.confidence or "abstained", render(answer, asked, rows), answer.ms, exchange
    )


async def _explanation(desk: Desk, question: Question, edit: Edit, told: int | None) -> Explanation:
    """What the engine finds; nothing said meanwhile is still on its way to Discord."""
    with desk.line.turn() as turn:
        asking = asyncio.create_task(desk.ask(question.text, question.after))
        telling = asyncio.create_task(_tell_place(turn, asking, edit, told))
        try:
            await asyncio.wait({asking})
        finally:
            asking.cancel()
    await telling
    return asking.result()


async def _tell_place(
    turn: Turn, asking: asyncio.Task[Explanation], edit: Edit, told: int | None
) -> None:
    """Until there is an answer, say how many are answered first, whenever that changes.

    `told` is what the member knows of that: nothing where there is no message yet.
    """
    while not (await asyncio.wait({asking}, timeout=PLACE_SECONDS))[0]:
        if turn.ahead == told:
            continue
        told = turn.ahead
        try:
            async with asyncio.timeout(EDIT_SECONDS):
                await edit(Reply(IN_LINE.format(ahead=told) if told else LOOKING))
        except LOST_FOR_GOOD as error:  # the answer matters, this does not
            log.info("place_lost", error=failure(error))


async def _remember(desk: Desk, question: Question, explanation: Explanation) -> Exchange | None:
    """Keep the exchange for its buttons; None if that cannot be: the answer matters more."""
    asker = question.asker
    exchange = Exchange(
        asker.member,
        asker.server,
        asker.channels[0] if asker.channels else None,
        bool(question.private),
        explanation.answer,
        explanation.others,
        question.after,
        generation=explanation.generation,
    )
    try:
        await desk.state.exchanges.keep(exchange)
    except StateError as error:
        log.error("not_remembered", error=failure(error))
        return None
    return exchange


async def _deliver(desk: Desk, given: _Given, edit: Edit) -> bool:
    """Deliver, and note where the answer stands; one that surely stands nowhere is forgotten."""
    exchanges, exchange = desk.state.exchanges, given.exchange
    try:
        message = await deliver_or_raise(edit, given.reply, ANSWER_PAUSES)
    except LOST_FOR_GOOD as error:
        if exchange and not may_be_done(error):
            await _note(exchanges.forget(exchange.name))
        return False
    if exchange:
        await _note(exchanges.place(exchange.name, message.channel.id, message.id))
    return True


async def _note(act: Awaitable[None]) -> None:
    try:
        await act
    except StateError as error:
        log.error("not_remembered", error=failure(error))
