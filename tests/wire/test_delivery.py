"""Answers that get lost, late or refused on the way: one true message, never two, never none."""

import asyncio

import pytest

from . import faults, rules
from .components import numbered
from .discord_server import QUIET_SECONDS, DiscordServer, until
from .faults import Fault
from .payloads import BOT, CHANNEL_ID, MANAGER, Json, snowflake
from .state import Message

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER = "Secretary General Jürgen Stock"
WAIT_SECONDS = 1.5
OUTAGE_SECONDS = 25.0
CANCEL: Json = {"type": 2, "style": 4, "label": "Cancel", "custom_id": "quoth:cancel:0123"}
"""A button of a reindex that has long ended."""

ON_ACKNOWLEDGE: dict[str, list[Fault]] = {
    "its answer is lost": [faults.lost_answer(502)],
    "its answer is lost twice": [faults.dropped_after(), faults.dropped_after("reset")],
    "the connection closes after it": [faults.dropped_after()],
    "the connection is reset after it": [faults.dropped_after("reset")],
    "the connection drops before it": [faults.dropped_before()],
    "Discord has an error": [faults.server_error(500)],
    "Discord is overloaded": [faults.server_error(503)],
    "Discord asks to wait": [faults.rate_limited(1.0)],
    "it is slow": [faults.delayed(1.5)],
    "it hangs": [faults.delayed(2.7)],
}

ON_EDIT: dict[str, list[Fault]] = {
    "its answer is lost": [faults.lost_answer(502)],
    "its answer is lost twice": [faults.lost_answer(504), faults.dropped_after()],
    "the connection closes after it": [faults.dropped_after()],
    "the connection is reset after it": [faults.dropped_after("reset")],
    "the connection drops before it": [faults.dropped_before()],
    "the connection is reset before it": [faults.dropped_before("reset")],
    "Discord has errors": [faults.server_error(500), faults.server_error(503)],
    "it is slow": [faults.delayed(2.0)],
}


ON_TYPING: dict[str, list[Fault]] = {
    "Discord has errors": [faults.server_error(503)],
    "Discord asks to wait": [faults.rate_limited(QUIET_SECONDS / 2)],
    "it is slow": [faults.delayed(QUIET_SECONDS / 2)],
}
ON_SEND = {trouble: ON_EDIT[trouble] for trouble in [*list(ON_EDIT)[:5], "Discord has errors"]}


async def ask(running: DiscordServer) -> None:
    """Ask, and see that the one message which stands in the end is the answer."""
    asked = await running.interaction("ask", {"question": QUESTION})
    assert ANSWER in await running.final(asked)
    await running.quiet()
    assert [message.thinking for message in asked.shown] == [False]
    assert ANSWER in asked.shown[0].plain
    assert asked.acknowledged_after < 3


@pytest.mark.parametrize("trouble", ON_ACKNOWLEDGE)
async def test_a_question_is_answered_once_when_on_acknowledging(
    running: DiscordServer, trouble: str
) -> None:
    running.faults.put("POST", rules.CALLBACK, *ON_ACKNOWLEDGE[trouble])
    await ask(running)


@pytest.mark.parametrize("trouble", ON_EDIT)
async def test_a_question_is_answered_once_when_on_editing(
    running: DiscordServer, trouble: str
) -> None:
    running.faults.put("PATCH", rules.ORIGINAL, *ON_EDIT[trouble])
    await ask(running)


async def test_a_wait_that_discord_asks_for_is_honoured(running: DiscordServer) -> None:
    running.faults.put("PATCH", rules.ORIGINAL, faults.rate_limited(WAIT_SECONDS))
    before = len(running.requests("PATCH", rules.ORIGINAL))
    asked = await running.interaction("ask", {"question": QUESTION})
    assert ANSWER in await running.final(asked)
    refused, done = running.requests("PATCH", rules.ORIGINAL)[before:]
    assert done.at - refused.at >= WAIT_SECONDS
    assert [message.edits for message in asked.shown] == [1]


@pytest.mark.parametrize("trouble", ON_SEND)
async def test_a_mention_is_answered_once_when_on_sending(
    running: DiscordServer, trouble: str
) -> None:
    running.faults.put("POST", rules.MESSAGES, *ON_SEND[trouble])
    question = await running.mention(QUESTION)
    reply = await running.reply(question, ANSWER)
    await running.quiet()
    assert running.replies(question) == [reply]


async def test_a_mention_waits_as_long_as_discord_asks(running: DiscordServer) -> None:
    posts = ("POST", rules.MESSAGES)
    running.faults.put(*posts, faults.rate_limited(WAIT_SECONDS))
    before = len(running.requests(*posts))
    question = await running.mention(QUESTION)
    reply = await running.reply(question, ANSWER)
    assert running.replies(question) == [reply]
    refused, done = running.requests(*posts)[before:]
    assert done.at - refused.at >= WAIT_SECONDS


@pytest.mark.parametrize("trouble", ON_TYPING)
async def test_no_answer_waits_for_the_bot_to_be_seen_typing(
    running: DiscordServer, trouble: str
) -> None:
    running.faults.put("POST", rules.TYPING, *ON_TYPING[trouble])
    question = await running.mention(QUESTION)
    reply = await running.reply(question, ANSWER)
    await running.quiet()
    assert running.replies(question) == [reply]


@pytest.mark.parametrize(
    "outage", [faults.lost_answer(503), faults.server_error(503)], ids=["acting", "doing nothing"]
)
async def test_an_outage_longer_than_most_does_not_end_in_thinking(
    running: DiscordServer, outage: Fault
) -> None:
    asked = await running.interaction("ask", {"question": QUESTION})
    await until(lambda: bool(asked.shown), "the acknowledgement")
    running.faults.outage = outage
    question = await running.mention(QUESTION)
    await asyncio.sleep(OUTAGE_SECONDS)
    running.faults.outage = None
    assert ANSWER in await running.final(asked)
    reply = await running.reply(question, ANSWER)
    await running.quiet()
    assert [message.thinking for message in asked.shown] == [False]
    assert running.replies(question) == [reply]


@pytest.mark.parametrize("trouble", ["its answer is lost", "the connection drops before it"])
@pytest.mark.parametrize(
    ("doing", "troubles"),
    [(("POST", rules.CALLBACK), ON_ACKNOWLEDGE), (("PATCH", rules.ORIGINAL), ON_EDIT)],
)
async def test_a_press_is_answered_once_when(
    running: DiscordServer,
    doing: tuple[str, str],
    troubles: dict[str, list[Fault]],
    trouble: str,
) -> None:
    row = {"type": 1, "components": [CANCEL]}
    under = Message(snowflake(), CHANNEL_ID, BOT, "Reindexing…", components=numbered([row]))
    running.faults.put(*doing, *troubles[trouble])
    pressed = await running.press(under, "Cancel", MANAGER)
    assert "nothing to cancel" in await running.final(pressed)
    await running.quiet()
    assert [message.thinking for message in pressed.shown] == [False]
    assert pressed.acknowledged_after < 3


async def test_a_response_deleted_meanwhile_stays_deleted(running: DiscordServer) -> None:
    running.faults.put("PATCH", rules.ORIGINAL, faults.rate_limited(WAIT_SECONDS))
    before = len(running.requests("PATCH", rules.ORIGINAL))
    asked = await running.interaction("ask", {"question": QUESTION})
    await until(lambda: len(running.requests("PATCH", rules.ORIGINAL)) > before, "the edit")
    asked.shown[0].deleted = True
    await running.quiet(WAIT_SECONDS + 1)
    assert asked.shown == []
    afterwards = await running.interaction("ask", {"question": QUESTION})
    assert ANSWER in await running.final(afterwards)
