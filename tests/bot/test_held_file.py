"""Another program holds the file: each press is acknowledged in time, and told what is the case."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import discord
import pytest
import simcord
from people import People
from stand_ins import Abstaining, again, answer_of, begin, sent, stands

from bot.asking.desk import Desk
from bot.rendering.declined import NOT_CHECKED_IN_TIME
from bot.state import database
from index import Engine

UNREACHABLE = "I can't reach what I remember"

Posted: TypeAlias = Callable[[], list[Any]]
"""What the bot has posted to Discord so far."""

Waiting: TypeAlias = Callable[[], contextlib.AbstractAsyncContextManager[Posted]]


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    return Abstaining(real_engine)


@pytest.fixture(autouse=True)
def long_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the end of `held` lets an act come to its turn."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 60.0)


@contextlib.contextmanager
def held(desk: Desk) -> Iterator[None]:
    """The file can't be written until the block ends."""
    other = sqlite3.connect(desk.state.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@pytest.fixture
def waiting(
    simcord_env: simcord.Env, desk: Desk, people: People, answer: discord.Message
) -> Waiting:
    """Until the block ends, zoe's vote waits for the file, and with it whatever comes after."""
    posted = partial(sent, simcord_env, "POST")

    @contextlib.asynccontextmanager
    async def waiting() -> AsyncIterator[Posted]:
        with held(desk):
            before = len(posted())
            voting = people.zoe.click(answer, label="Helpful")
            await begin(voting, lambda: len(posted()) > before)
            yield posted
        await simcord_env.settle()

    return waiting


@pytest.mark.parametrize("label", ["I'll take it", "Solved"])
async def test_a_call_is_acknowledged_at_once_and_answered_when_the_file_is_free(
    waiting: Waiting,
    channel: simcord.ChannelHandle,
    people: People,
    call: discord.Message,
    label: str,
) -> None:
    async with waiting() as posted:
        before = len(posted())
        await begin(people.hal.click(call, label=label), lambda: len(posted()) > before)
        assert posted()[-1] == {"type": 6}
    assert f"by {people.hal.mention}." in again(channel, call).content


@pytest.mark.parametrize("label", ["Delete", "Rephrase"])
async def test_what_cannot_be_looked_up_in_time_is_told_and_can_be_pressed_again(
    waiting: Waiting,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    label: str,
) -> None:
    async with waiting():
        with pytest.MonkeyPatch.context() as impatient:  # simcord's clock waits for no thread
            impatient.setattr(database, "IN_TIME_SECONDS", 0.0)
            pressing = people.ann.click(answer, label=label)
            await begin(pressing, lambda: stands(channel, UNREACHABLE, people.ann))
            assert answer.id in [one.id for one in channel.history()]
    await people.ann.click(answer, label="Delete")
    assert answer.id not in [one.id for one in channel.history()]


async def test_a_claim_to_share_that_comes_too_late_is_given_back(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = await people.ann.slash(channel, "ask", question="who leads interpol?", private=True)
    private = answer_of(asked)
    claim_sharing = desk.state.exchanges.claim_sharing

    async def slow(*claim: Any) -> bool:
        """As if the look before had taken all the time, while the file gets to the claim."""
        async with asyncio.timeout(0):
            return await claim_sharing(*claim)

    with monkeypatch.context() as impatient, held(desk):
        impatient.setattr(desk.state.exchanges, "claim_sharing", slow)
        pressing = people.ann.click(private, label="Share")
        await begin(pressing, lambda: stands(channel, NOT_CHECKED_IN_TIME.content, people.ann))
    await simcord_env.settle()
    assert channel.history() == []
    await people.ann.click(private, label="Share")
    assert len(channel.history()) == 1
