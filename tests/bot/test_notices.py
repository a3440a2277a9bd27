"""What admins must know stands in their channel: once, inert, without a ping."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import simcord
from parts import MakeEngine
from stand_ins import PATIENCE_SECONDS, HeldEngine, a_desk, last, sent, until

from bot.asking.desk import Desk
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings
from bot.upkeep.notices import Notices, post_notices
from index import CorpusError, CorpusShrank, Engine, IndexMissing

SOMETHING = Reply("something is the case")


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    held_engine.let_all()
    return held_engine


@pytest.fixture
def notices(channel: simcord.ChannelHandle) -> Notices:
    return Notices(channel.id)


@pytest.fixture
async def posting(simcord_env: simcord.Env, notices: Notices) -> AsyncIterator[None]:
    """The client posts what is told."""
    posting = asyncio.create_task(post_notices(notices, simcord_env.bot, 0.1))
    yield
    posting.cancel()


def says(channel: simcord.ChannelHandle) -> list[str]:
    return [message.content for message in channel.history()]


async def posted(channel: simcord.ChannelHandle, count: int) -> list[str]:
    """What stands in the channel as soon as there are so many messages."""
    await until(lambda: len(says(channel)) >= count)
    return says(channel)


@pytest.mark.usefixtures("posting")
class TestPosting:
    async def test_a_fact_is_told_once(
        self, channel: simcord.ChannelHandle, notices: Notices
    ) -> None:
        notices.add("a", SOMETHING)
        notices.add("a", SOMETHING)
        notices.add("b", Reply("the last"))
        assert await posted(channel, 2) == [SOMETHING.content, "the last"]

    async def test_nothing_in_it_pings(
        self, simcord_env: simcord.Env, channel: simcord.ChannelHandle, notices: Notices
    ) -> None:
        notices.add("a", SOMETHING)
        await posted(channel, 1)
        (body,) = [body for body in sent(simcord_env, "POST") if "content" in body]
        assert body["allowed_mentions"] == {"parse": []}
        assert body["nonce"]
        assert body["enforce_nonce"]

    async def test_one_whose_answer_is_lost_is_posted_again_until_it_stands_there(
        self, simcord_env: simcord.Env, channel: simcord.ChannelHandle, notices: Notices
    ) -> None:
        simcord_env.inject_error("POST", "/channels/*/messages", status=502, times=5)
        notices.add("a", SOMETHING)
        assert await posted(channel, 1) == [SOMETHING.content]
        nonces = {body["nonce"] for body in sent(simcord_env, "POST") if "content" in body}
        assert len(nonces) == 1

    async def test_a_channel_that_may_not_be_written_to_is_logged_once_and_holds_up_nothing(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        notices: Notices,
        logs: Callable[[], str],
    ) -> None:
        simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
        for fact in "abc":
            notices.add(fact, Reply(fact))
        assert await posted(channel, 1) == ["c"]
        assert logs().count("event=admin_channel_unusable") == 1


async def test_one_fact_has_one_nonce_also_after_a_restart() -> None:
    nonces = []
    for _ in range(2):
        notices = Notices(1)
        notices.add("a", SOMETHING)
        nonces.append((await notices.first()).nonce)
    assert nonces[0] == nonces[1]
    assert len(nonces[0]) <= 25


async def test_without_a_channel_nothing_is_kept() -> None:
    notices = Notices(None)
    notices.add("a", SOMETHING)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(notices.first(), 0.05)


async def told(desk: Desk) -> str:
    """What the next notice says."""
    notice = await asyncio.wait_for(desk.notices.first(), PATIENCE_SECONDS)
    desk.notices.drop()
    return notice.reply.content


async def silent(desk: Desk) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(desk.notices.first(), 0.1)


class TestWhatIsTold:
    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(admin_channel=7)

    async def test_a_start_where_all_is_well_tells_nothing(self, desk: Desk) -> None:
        await desk.open()
        await silent(desk)

    async def test_what_was_built_at_the_start(self, desk: Desk, held_engine: HeldEngine) -> None:
        held_engine.load_fault = IndexMissing("nothing is built in /srv/data")
        await desk.open()
        notice = await told(desk)
        assert notice.startswith("I reindexed by myself, because there was no index yet.")
        assert "+1 added" in notice
        assert "/srv" not in notice
        await silent(desk)

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (CorpusError("there is no folder /srv/docs"), "I can't read the documents"),
            (CorpusShrank("the documents shrank from 9 to 1 documents; …"), "allow_shrink:True"),
            (ZeroDivisionError("/srv"), "Something went wrong on my side"),
        ],
    )
    async def test_what_could_not_be_built_at_the_start(
        self, desk: Desk, held_engine: HeldEngine, fault: Exception, words: str
    ) -> None:
        held_engine.load_fault = IndexMissing("nothing is built in /srv/data")
        held_engine.fault = fault
        await desk.open()
        notice = await told(desk)
        assert notice.startswith("**I tried by myself to bring the index up to date, because there")
        assert words in notice
        assert "/srv" not in notice
        await silent(desk)

    async def test_a_start_that_failed_otherwise(
        self, desk: Desk, held_engine: HeldEngine, logs: Callable[[], str]
    ) -> None:
        held_engine.load_fault = OSError("no such device")
        await desk.open()
        assert "Reference: " in await told(desk)
        assert "no such device" in logs()

    async def test_a_reindex_that_someone_asked_for_and_saw_is_not_told_again(
        self, desk: Desk
    ) -> None:
        await desk.open()
        await desk.upkeep.reindex(by="kim")
        await silent(desk)

    async def test_one_whose_asker_lost_the_connection_is(
        self, desk: Desk, held_engine: HeldEngine
    ) -> None:
        held_engine.let_build.clear()
        waiting = asyncio.create_task(desk.unless_cut_off(desk.upkeep.begin("*kim*")))
        await until(lambda: held_engine.builds == 1)
        await desk.end_conversations(0)
        with pytest.raises(Exception, match="restarting"):
            await waiting
        held_engine.let_build.set()
        notice = await told(desk)
        assert notice.startswith(r"\*kim\* asked for a reindex while my connection was lost.")
        assert "+1 added" in notice


class TestDamage:
    @pytest.fixture
    def engine(self, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "apples.txt").write_text("Apples grow on trees.", encoding="utf-8")
        make_engine(corpus, tmp_path / "data").reindex()
        (corpus / "pears.txt").write_text("Pears grow on trees.", encoding="utf-8")
        make_engine(corpus, tmp_path / "data").reindex()
        damaged = tmp_path / "data" / "generations" / "000002" / "words.zip"
        damaged.write_bytes(b"broken")
        return make_engine(corpus, tmp_path / "data")

    async def test_found_in_a_new_build_while_answering_is_told(
        self, engine: Engine, tmp_path: Path, make_engine: MakeEngine
    ) -> None:
        desk = a_desk(engine, tmp_path, DiscordSettings(admin_channel=7))
        await desk.open()
        assert "generation 000002" in await told(desk)
        settings = engine._settings
        (settings.corpus / "plums.txt").write_text("Plums grow on trees.", encoding="utf-8")
        report = make_engine(settings.corpus, settings.data).reindex()
        (settings.data / "generations" / report.generation / "words.zip").write_bytes(b"broken")
        assert (await desk.ask("where do apples grow?")).generation == "000001"
        assert f"words.zip of generation {report.generation}" in await told(desk)
        await desk.close(1)

    async def test_found_at_the_opening_stands_in_the_channel_once(
        self,
        engine: Engine,
        tmp_path: Path,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
    ) -> None:
        desk = a_desk(engine, tmp_path, DiscordSettings(admin_channel=channel.id))
        posting = asyncio.create_task(post_notices(desk.notices, simcord_env.bot))
        await desk.open()
        await desk.upkeep.load()
        await posted(channel, 1)
        await desk.close(1)
        posting.cancel()
        assert len(says(channel)) == 1
        message = last(channel)
        assert message.content.startswith("**A build of the index on disk is damaged**")
        assert "words.zip of generation 000002 is not what was written" in message.content
