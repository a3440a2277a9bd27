"""Connections to the gateway that end, and questions asked around that moment."""

from pathlib import Path

import pytest

from .discord_server import DiscordServer, until
from .gateway import AUTHENTICATION_FAILED
from .process import Program

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER = "Secretary General Jürgen Stock"
LATER = "restarting"
"""What one is told whose question could not be finished."""
INTERNAL_CLOSES = (4000, 1000, 1012)
"""Unknown error, and two with which Discord's machines close for their own reasons."""


async def ask(running: DiscordServer) -> None:
    asked = await running.interaction("ask", {"question": QUESTION})
    assert ANSWER in await running.final(asked)
    assert len(asked.shown) == 1


async def test_after_a_drop_the_session_is_resumed_where_discord_says(
    running: DiscordServer,
) -> None:
    identifies, resumes = len(running.gateway.identifies), len(running.gateway.resumes)
    running.gateway.drop()
    await until(running.gateway.ready, "the session to be resumed")
    assert len(running.gateway.identifies) == identifies
    assert len(running.gateway.resumes) == resumes + 1
    assert running.gateway.connected_at[-1][0] == "/gateway/resume"
    await ask(running)


async def test_a_question_asked_while_the_connection_is_gone_is_answered(
    running: DiscordServer,
) -> None:
    running.gateway.lose_connections()  # from here on nothing arrives, but all is kept
    asked = await running.interaction("ask", {"question": QUESTION})
    running.gateway.drop()
    assert ANSWER in await running.final(asked)
    assert len(asked.shown) == 1


async def test_questions_under_way_when_the_connection_drops_are_answered(
    running: DiscordServer,
) -> None:
    asked = [await running.interaction("ask", {"question": QUESTION}) for _ in range(10)]
    await until(lambda: asked[0].acknowledged_at is not None, "the first acknowledgement")
    running.gateway.drop()
    answers = [await running.final(one) for one in asked]
    assert all(ANSWER in answer for answer in answers)
    assert [len(one.shown) for one in asked] == [1] * 10


async def test_a_mention_missed_during_a_drop_is_answered_once(running: DiscordServer) -> None:
    running.gateway.lose_connections()
    question = await running.mention(QUESTION)
    running.gateway.drop()
    reply = await running.reply(question, ANSWER)
    assert running.replies(question) == [reply]


async def test_the_bot_comes_back_when_asked_to_reconnect(running: DiscordServer) -> None:
    resumes = len(running.gateway.resumes)
    await running.gateway.ask_to_reconnect()
    await until(lambda: len(running.gateway.resumes) == resumes + 1, "a resume")
    await until(running.gateway.ready, "the session to be resumed")
    await ask(running)


@pytest.mark.parametrize("code", INTERNAL_CLOSES)
async def test_the_bot_resumes_after_a_close_with(running: DiscordServer, code: int) -> None:
    resumes = len(running.gateway.resumes)
    await running.gateway.close(code)
    await until(lambda: len(running.gateway.resumes) == resumes + 1, "a resume")
    await until(running.gateway.ready, "the session to be resumed")
    await ask(running)


async def test_after_an_invalid_session_the_bot_logs_in_anew(running: DiscordServer) -> None:
    identifies = len(running.gateway.identifies)
    await running.gateway.invalidate()
    await until(running.gateway.ready, "a new session")
    assert len(running.gateway.identifies) == identifies + 1
    await ask(running)


async def test_the_bot_comes_back_when_the_gateway_is_away_for_a_while(
    running: DiscordServer,
) -> None:
    running.gateway.refuse_connections = 2
    running.gateway.drop()
    await until(lambda: running.gateway.refuse_connections == 0, "two tries in vain")
    await until(running.gateway.ready, "a session")
    await ask(running)


async def test_a_question_under_way_when_discord_ends_the_session_for_good_is_told(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    asked = await discord.interaction("ask", {"question": QUESTION})  # the models still load
    mention = await discord.mention(QUESTION)
    await until(lambda: asked.acknowledged_at is not None, "the acknowledgement")
    await until(lambda: bool(discord.replies(mention)), "the first words to the mention")
    await discord.gateway.close(AUTHENTICATION_FAILED)
    assert await program.exit_code() == 2
    told = [*asked.shown, *discord.replies(mention)]
    assert len(told) == 2
    assert all(LATER in m.plain or ANSWER in m.plain for m in told)
