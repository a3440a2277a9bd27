"""`/sources`: the indexed documents, a page at a time, to admins alone."""

import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st
from parts import MakeEngine
from stand_ins import HeldEngine, let, said, sent, take_rights, tell

from bot.asking.desk import Desk
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.reply import LIMIT, Button
from bot.rendering.short import short_path
from bot.rendering.sources import render_sources
from index import Engine, GenerationSummary, Source, Wanted

ADMIN_COMMANDS = {"generations", "reindex", "rollback", "sources", "status"}
MANAGE_SERVER = 32
GENERATION = GenerationSummary("000007", "answering", "2026-01-01T00:00:00+00:00", 1, 7)
NASTY = st.text() | st.sampled_from(
    ["**bold** @everyone <@1>", "[a](https://a.b)", "\u202e" * 300, "x" * 400, "`a\n# b"]
)

SOURCES = st.builds(
    Source,
    document=NASTY,
    title=NASTY,
    language=NASTY,
    size=st.integers(0, 2**40),
    passages=st.integers(0, 2**40),
    url=st.none() | NASTY | st.just("https://a.b/" + "x" * 280),
    date=st.none(),
)


def labels(content: simcord.InteractionResult) -> dict[str, bool]:
    """The buttons under an answer, and whether each can be pressed."""
    assert content.response
    return {
        button["label"]: not button.get("disabled")
        for row in content.response.components
        for button in row["components"]
    }


def leave_ten(corpus: Path) -> None:
    for path in sorted(corpus.iterdir())[10:]:
        path.unlink()


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, make_engine: MakeEngine) -> Path:
    """A folder with a hundred documents and their index, to be copied."""
    folder = tmp_path_factory.mktemp("indexed")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(98):
        (corpus / f"d{number:02}.txt").write_text(f"Apples, {number}.", encoding="utf-8")
    (corpus / "_e_*1*.md").write_text(
        "---\ntitle: '**Bold** @everyone <@1> [x](https://a.b)'\n---\nPears.", encoding="utf-8"
    )
    (corpus / "z.md").write_text(
        "---\ntitle: Rules\nurl: https://example.org/rules\n---\nBe kind.", encoding="utf-8"
    )
    make_engine(corpus, folder / "data").reindex()
    return folder


class TestAHundredDocuments:
    @pytest.fixture
    def corpus(self, indexed: Path, tmp_path: Path) -> Path:
        shutil.copytree(indexed, tmp_path, dirs_exist_ok=True)
        return tmp_path / "corpus"

    @pytest.fixture
    def engine(self, corpus: Path, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        return make_engine(corpus, tmp_path / "data")

    async def test_the_first_page_says_how_many_there_are_and_of_which_generation(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        result = await admin.slash(channel, "sources")
        assert result.ephemeral
        head, *documents, foot = said(result).splitlines()
        assert head == "**100 documents** in the index, by path:"
        assert re.fullmatch(r"-# Page 1 of 10 · generation 000001, built <t:\d+:f>", foot)
        assert len(documents) == 20
        assert documents[2:4] == ["**2** d00", "-# d00.txt · en · 1 passage · 10 bytes"]
        assert labels(result) == {"Previous": False, "Next": True}

    async def test_a_title_and_a_path_do_nothing(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        _head, title, path, *_ = said(await admin.slash(channel, "sources")).splitlines()
        assert title == r"**1** \*\*Bold\*\* \@everyone \<\@1\> \[x\](https\:\/\/a.b)"
        assert path.startswith(r"-# \_e\_\*1\*.md · ")

    async def test_next_and_previous_turn_the_same_message(
        self, simcord_env: simcord.Env, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        first = await admin.slash(channel, "sources")
        assert first.response
        second = await admin.click(first.response, label="Next")
        assert second.response
        assert second.response.id == first.response.id
        assert said(second).splitlines()[1] == "**11** d09"
        assert labels(second) == {"Previous": True, "Next": True}
        assert said(await admin.click(second.response, label="Previous")) == said(first)
        assert len(channel.history(viewer=admin)) == 1
        assert all(body["allowed_mentions"] == {"parse": []} for body in sent(simcord_env, "PATCH"))

    async def test_the_last_page_ends_it_and_its_document_can_be_opened(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        shown = await admin.slash(channel, "sources")
        for _ in range(9):
            assert shown.response
            shown = await admin.click(shown.response, label="Next")
        assert said(shown).splitlines()[-3] == "**100** Rules"
        assert labels(shown) == {"Open 100": True, "Previous": True, "Next": False}
        assert shown.response
        (link,) = shown.response.components[0]["components"]
        assert link["url"] == "https://example.org/rules"

    async def test_a_button_from_before_a_restart_turns_the_page(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        first = await admin.slash(channel, "sources")
        assert first.response
        await restart()
        assert said(await admin.click(first.response, label="Next")).splitlines()[1] == "**11** d09"

    async def test_a_page_that_is_no_longer_there_gives_the_last(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        corpus: Path,
        engine: Engine,
    ) -> None:
        first = await admin.slash(channel, "sources")
        assert first.response
        leave_ten(corpus)
        engine.reindex(wanted=Wanted(allow_shrink=True))
        last = await admin.click(first.response, label="Next")
        assert said(last).startswith("**10 documents** in the index")
        assert "-# Page 1 of 1 · generation 000002" in said(last)
        assert labels(last) == {}

    async def test_whoever_lost_the_right_meanwhile_is_refused_at_the_button(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
    ) -> None:
        first = await admin.slash(channel, "sources")
        assert first.response
        before = said(first)
        take_rights(simcord_env, server, "keepers")
        refused = await admin.click(first.response, label="Next")
        assert refused.ephemeral
        assert said(refused) == MAY_NOT_MANAGE.content
        assert first.response.content == before


async def test_a_member_to_whom_it_was_handed_is_shown_nothing(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> None:
    await let(simcord_env, server, member, "sources")
    result = await member.slash(channel, "sources")
    assert result.ephemeral
    assert said(result) == MAY_NOT_MANAGE.content


class TestWithoutAnIndex:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    async def test_that_is_said_with_the_next_step(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "sources"))
        assert told.startswith("No documents are indexed yet.")
        assert "`/reindex`" in told


async def test_discord_is_told_that_it_is_for_admins_in_servers(simcord_env: simcord.Env) -> None:
    (synced,) = sent(simcord_env, "PUT")
    for_admins = [command for command in synced if command["name"] in ADMIN_COMMANDS]
    assert len(for_admins) == len(ADMIN_COMMANDS)
    for command in for_admins:
        assert command["default_member_permissions"] == MANAGE_SERVER
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]


@given(st.lists(SOURCES, max_size=25), st.integers(-5, 9))
def test_a_page_fits_whatever_documents_are_called(sources: list[Source], page: int) -> None:
    reply = render_sources(sources, GENERATION, page)
    assert units(reply.content) <= LIMIT
    assert len(reply.rows) <= 5
    assert all(1 <= len(row) <= 5 for row in reply.rows)
    ids = [item.custom_id for row in reply.rows for item in row if isinstance(item, Button)]
    assert len(set(ids)) == len(ids)


def test_of_a_long_path_the_end_is_shown() -> None:
    assert tell(short_path("a/b.md", 10)) == "a/b.md"
    assert short_path("handbook/rules_of_conduct.md", 20) == r"…les\_of\_conduct.md"
    assert units(short_path("\u202e" * 50, 20)) <= 20
