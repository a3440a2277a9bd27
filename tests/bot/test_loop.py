"""The event loop never waits for the disk or the engine."""

import asyncio
import time
from pathlib import Path

import pytest
import simcord
from blockbuster import BlockingError
from stand_ins import HeldEngine, a_desk, said, until

from bot.asking import conversation
from bot.settings import DiscordSettings
from index import Before, Engine, Explanation


async def test_the_guard_of_these_tests_sees_what_blocks() -> None:
    """Else "nothing blocks" would say nothing."""
    blocking = compile("def wait():\n    time.sleep(0.01)\n", conversation.__file__, "exec")
    space = {"time": time}
    exec(blocking, space)  # noqa: S102  # a function that blocks inside a file of `bot`
    wait = space["wait"]
    assert callable(wait)
    with pytest.raises(BlockingError):
        wait()


class Sleeping(HeldEngine):
    """Blocks for as long as an engine may, by the calls that engines make."""

    def explain(self, question: str, after: Before | None = None) -> Explanation:
        time.sleep(0.3)
        return super().explain(question, after)


class TestASlowEngine:
    @pytest.fixture
    def engine(self) -> Engine:
        engine = Sleeping()
        engine.let_all()
        return engine

    async def test_blocks_only_its_thread(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor
    ) -> None:
        assert "Jürgen Stock" in said(await member.slash(channel, "ask", question="who?"))

    async def test_leaves_the_loop_free(self, held_engine: HeldEngine, tmp_path: Path) -> None:
        desk = a_desk(held_engine, tmp_path, DiscordSettings(workers=2))
        await desk.open()
        questions = [asyncio.create_task(desk.ask(str(number))) for number in range(8)]
        await until(lambda: len(held_engine.asked) == 2)
        assert not any(question.done() for question in questions)
        held_engine.let_ask.set()  # by the loop, which is not held
        assert all(found.answer.answered for found in await asyncio.gather(*questions))
        await desk.close(1)
