"""What members see when the engine is slow, full, broken, or the bot is told to stop."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import simcord
from stand_ins import (
    PATIENCE_SECONDS,
    HeldEngine,
    a_desk,
    begin,
    in_file,
    in_line,
    last,
    said,
    stands,
    until,
)

from bot.asking import conversation
from bot.asking.desk import Desk
from bot.asking.question import Asker, Question
from bot.connection.client import Client
from bot.faults import UNKNOWN
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings
from index import IndexMissing, ModelError

RESTARTING = "I'm restarting just now. Please ask again in a minute."


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    return held_engine


@pytest.fixture
def limits() -> DiscordSettings:
    return DiscordSettings(workers=1, waiting=1)


def says(channel: simcord.ChannelHandle) -> list[str]:
    return [message.content for message in channel.history()]


async def ask_held(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, engine: HeldEngine
) -> None:
    """Ask something that the engine is at, and cannot answer yet."""
    await begin(member.slash(channel, "ask", question="one"), lambda: engine.asked == ["one"])


def kept(desk: Desk) -> int:
    """How many questions are remembered."""
    ((count,),) = in_file(desk.state.path, "SELECT count(*) FROM exchanges")
    return int(count)


async def test_the_acknowledgement_does_not_wait_for_the_answer(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    held_engine: HeldEngine,
) -> None:
    await begin(
        member.slash(channel, "ask", question="who?"), lambda: held_engine.asked == ["who?"]
    )
    assert last(channel).flags.loading
    held_engine.let_ask.set()
    await simcord_env.settle()
    assert says(channel) == [
        """> The Secretary General is **Jürgen Stock**.
-# **Direct match** · The article · line 3
-# Question: who?"""
    ]


async def test_one_question_too_many_is_told_politely_to_come_back(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    held_engine: HeldEngine,
) -> None:
    await ask_held(channel, member, held_engine)
    await begin(member.slash(channel, "ask", question="two"), in_line(desk, 2))
    await begin(member.slash(channel, "ask", question="three"), lambda: stands(channel, "busy"))
    assert "busy" in says(channel)[-1]
    held_engine.let_ask.set()
    await simcord_env.settle()
    assert held_engine.asked == ["one", "two"]
    assert ["Direct match" in said for said in says(channel)] == [True, True, False]


async def test_what_broke_is_told_without_details_and_can_be_found_in_the_log(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    held_engine: HeldEngine,
    logs: Callable[[], str],
) -> None:
    held_engine.fault = ZeroDivisionError("words of ann")
    held_engine.let_ask.set()
    await member.slash(channel, "ask", question="words of ann")
    said = says(channel)[0]
    assert said.startswith(UNKNOWN)
    reference = said.rpartition(" ")[2]
    (line,) = [line for line in logs().splitlines() if reference in line]
    assert "error=ZeroDivisionError" in line
    assert "stand_ins.py" in line
    assert "words of ann" not in line


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (IndexMissing("nothing is built in /srv/data"), "No documents are indexed yet."),
        (ModelError("/srv/model is damaged"), "I can't load the model"),
    ],
)
async def test_what_the_operator_must_mend_is_said_without_paths(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    held_engine: HeldEngine,
    fault: Exception,
    words: str,
) -> None:
    held_engine.fault = fault
    held_engine.let_ask.set()
    result = await member.slash(channel, "ask", question="who?")
    assert said(result).startswith(words)
    assert "/srv" not in said(result)


async def test_stopping_closes_what_is_under_way_and_takes_no_more(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    held_engine: HeldEngine,
) -> None:
    await ask_held(channel, member, held_engine)
    await desk.close(0.2)
    assert desk.running_calls() == 1  # the engine was not waited for
    await until(lambda: says(channel) == [RESTARTING])
    held_engine.let_ask.set()
    await simcord_env.settle()
    await member.slash(channel, "ask", question="two")
    assert says(channel) == [RESTARTING] * 2


async def test_the_end_of_a_connection_is_told_and_the_next_one_is_served(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    held_engine: HeldEngine,
) -> None:
    await ask_held(channel, member, held_engine)
    await desk.end_conversations(0.2)
    await until(lambda: says(channel) == [RESTARTING])
    held_engine.let_ask.set()
    await member.slash(channel, "ask", question="two")
    assert "Jürgen Stock" in last(channel).content


async def test_a_client_leaves_when_its_conversations_have_ended(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    held_engine: HeldEngine,
) -> None:
    await ask_held(channel, member, held_engine)
    async with Client(desk) as client:
        closing = asyncio.create_task(client.close())
        await asyncio.sleep(0.1)
        assert not client.is_closed()
        held_engine.let_ask.set()
        await closing
    assert client.is_closed()
    assert "Jürgen Stock" in says(channel)[0]


async def test_what_is_under_way_may_end_before_the_stop(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    held_engine: HeldEngine,
) -> None:
    await ask_held(channel, member, held_engine)
    closing = asyncio.create_task(desk.close(PATIENCE_SECONDS))
    await asyncio.sleep(0.1)
    held_engine.let_ask.set()
    await closing
    assert "Jürgen Stock" in says(channel)[0]


class TestLoading:
    @pytest.fixture
    async def desk(self, held_engine: HeldEngine, tmp_path: Path) -> Desk:
        return a_desk(held_engine, tmp_path)

    @pytest.fixture
    async def simcord_bot(self, desk: Desk) -> object:
        return Client(desk)

    async def test_questions_wait_for_the_models(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
        held_engine: HeldEngine,
    ) -> None:
        held_engine.let_load.clear()
        held_engine.let_ask.set()
        opening = asyncio.create_task(desk.open())
        await begin(member.slash(channel, "ask", question="one"), in_line(desk, 1))
        assert held_engine.asked == []
        held_engine.let_load.set()
        await opening
        await simcord_env.settle()
        assert "Jürgen Stock" in says(channel)[0]
        await desk.close(1)

    async def test_the_bot_s_own_first_build_outlives_a_connection(
        self, desk: Desk, held_engine: HeldEngine
    ) -> None:
        held_engine.load_fault = IndexMissing("nothing is built")
        opening = asyncio.create_task(desk.open())
        await until(lambda: held_engine.builds == 1)
        await desk.end_conversations(0)
        assert not opening.done()
        assert desk.upkeep.build
        held_engine.let_all()
        await opening
        assert desk.upkeep.build is None
        await desk.close(1)

    async def test_a_missing_index_is_built_at_the_start(
        self, desk: Desk, held_engine: HeldEngine
    ) -> None:
        held_engine.load_fault = IndexMissing("nothing is built")
        held_engine.let_all()
        await desk.open()
        assert held_engine.builds == 1
        assert (await desk.ask("who?")).answer.answered
        await desk.close(1)


async def test_a_channel_that_is_deleted_under_its_questions_leaves_no_fault_and_nothing_kept(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
    logs: Callable[[], str],
) -> None:
    assert simcord_env.bot.user
    assert isinstance(desk.engine, HeldEngine)
    await ask_held(channel, member, desk.engine)
    words = f"<@{simcord_env.bot.user.id}> two"
    await begin(member.send(channel, words), in_line(desk, 2))
    simcord_env.backend.delete_channel(channel.id)
    desk.engine.let_ask.set()
    await simcord_env.settle()
    assert logs().count("event=answer_undeliverable") == 2
    assert "event=failed" not in logs()
    assert kept(desk) == 0


GONE: Any = SimpleNamespace(status=404, reason="Not Found")


@pytest.mark.parametrize(
    ("failure", "remembered"),
    [
        pytest.param(discord.NotFound(GONE, "Unknown Message"), 0, id="is gone"),
        pytest.param(aiohttp.ServerDisconnectedError(), 1, id="may show it"),
    ],
)
async def test_an_answer_is_kept_unless_its_message_surely_does_not_show_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failure: Exception, remembered: int
) -> None:
    monkeypatch.setattr(conversation, "ANSWER_PAUSES", (0.0,))
    assert isinstance(desk.engine, HeldEngine)
    desk.engine.let_all()
    await desk.open()

    async def edit(_: Reply) -> Any:
        raise failure

    question = Question("who?", Asker(7, None, (1,)), "slash")
    await conversation.converse(desk, question, edit, acknowledged=True)
    assert kept(desk) == remembered
