"""`/reindex`: who may, what it shows, and that members go on asking."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import simcord
from stand_ins import PATIENCE_SECONDS, HeldEngine, begin, last, said, stands, told, until

from bot.asking.desk import Desk
from bot.commands import reindex
from bot.commands.reindex import show_progress
from bot.connection.client import Client
from bot.records import Build
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.inert import inert_text
from bot.rendering.reply import LIMIT, Reply
from bot.rendering.report import (
    GOES_ON,
    NOT_FINISHED,
    OUT_OF_TIME,
    render_build,
    render_cancelled,
    render_press,
    render_report,
    render_stage,
    undeliverable,
    unheard,
)
from bot.settings import DiscordSettings
from index import (
    BuildEnded,
    BuildReport,
    BuildRunning,
    CorpusError,
    DataError,
    DataFull,
    DataReadOnly,
    Engine,
    Guessed,
    Quarantined,
    QuothError,
    Wanted,
)
from index import Settings as IndexSettings

ARTICLE = Path(__file__).parents[2] / "corpus" / "london-interior-commitments.txt"

NOON_UNIX = 1_700_000_000
NOON = datetime.fromtimestamp(NOON_UNIX, UTC)


class TestOnTheRealEngine:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        shutil.copy(ARTICLE, corpus)
        return corpus

    @pytest.fixture
    def engine(self, corpus: Path, tmp_path: Path) -> Engine:
        return Engine(IndexSettings(corpus=corpus, data=tmp_path / "data"))

    async def test_the_report_says_what_changed_and_what_was_set_aside(
        self,
        corpus: Path,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
    ) -> None:
        (corpus / "zeppelin.md").write_text("# Zeppelins\n\nThe LZ 129 was built by Ludwig Dürr.\n")
        (corpus / "broken.txt").write_bytes(b"\x00\x01\x02\xff\xfe binary \x00")
        result = await admin.slash(channel, "reindex")
        report = said(result)
        assert not result.ephemeral
        assert "+1 added · ~0 changed · −0 removed · =1 unchanged" in report
        assert "broken.txt" in report
        assert "generation" in report
        answer = await admin.slash(channel, "ask", question="who built the LZ 129 zeppelin?")
        assert "Ludwig Dürr" in said(answer)

    async def test_nothing_changed_is_said(
        self, corpus: Path, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        (corpus / "broken.txt").write_bytes(b"\x00\x01\x02\xff\xfe binary \x00")
        assert "generation 000002" in said(await admin.slash(channel, "reindex"))
        again = said(await admin.slash(channel, "reindex"))
        assert again.startswith("Nothing has changed: generation 000002 stays.")
        assert "+0 added · ~0 changed · −0 removed · =1 unchanged" in again
        assert "passages, none embedded · " in again
        assert "broken.txt" in again

    async def test_a_shrunk_corpus_is_refused_in_plain_words_with_the_option_that_allows_it(
        self, corpus: Path, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        (corpus / ARTICLE.name).write_text("A line is left.", encoding="utf-8")
        refused = said(await admin.slash(channel, "reindex"))
        assert refused.startswith("I did not reindex: the documents shrank from ")
        assert "`/reindex allow_shrink:True`" in refused
        allowed = said(await admin.slash(channel, "reindex", allow_shrink=True))
        assert allowed.startswith("**Reindexed**")

    async def test_an_emptied_corpus_is_refused_and_can_be_allowed_and_then_nothing_is_answered(
        self, corpus: Path, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        (corpus / ARTICLE.name).unlink()
        refused = said(await admin.slash(channel, "reindex"))
        assert refused.startswith("I did not reindex: the folder of documents is empty")
        assert "`/reindex allow_shrink:True`" in refused
        assert str(corpus) not in refused
        allowed = said(await admin.slash(channel, "reindex", allow_shrink=True))
        assert "+0 added · ~0 changed · −1 removed · =0 unchanged" in allowed
        asked = said(await admin.slash(channel, "ask", question="who leads interpol?"))
        assert asked.startswith("I couldn't find this in the indexed documents.")


def full_report() -> Reply:
    """A report that sets more aside than a message can name."""
    bad = tuple(Quarantined(f"_{number}_" * 40, "it *is* binary " * 9) for number in range(9999))
    many = ("a",) * 99_999
    odd = tuple(Guessed(f"_{number}_" * 40, "windows-1252") for number in range(9999))
    report = BuildReport(
        many, many, many, many, bad, 10**7, 10**7, 10**5, "000001", published=True, guessed=odd
    )
    return render_report(report)


def test_documents_whose_encoding_was_guessed_are_named() -> None:
    guessed = (Guessed("menu_de.txt", "windows-1252"),)
    report = BuildReport(
        ("a",), (), (), (), (), 4, 4, 0.1, "000001", published=True, guessed=guessed
    )
    told = render_report(report).content
    assert "**Encoding guessed, save as UTF-8 (1):**\n- menu\\_de.txt: read as windows" in told


@pytest.mark.parametrize(
    "name",
    ["\u3164" * 32, "_" * 32, "👩‍👩‍👧‍👦" * 4, "a" * 32],
    ids=["invisible", "escaped", "families", "plain"],
)
def test_whoever_asked_for_it_what_is_said_fits_into_one_message(name: str) -> None:
    by, since = name, datetime.now(UTC)
    build = Build(by, since, cancelled_by=by)
    said = [
        unheard(by, full_report()),
        undeliverable(by, full_report()),
        render_cancelled(by),
        render_build(build),
        render_press(build, "someone else"),
        render_stage(None, build),
    ]
    assert [reply.content for reply in said if units(reply.content) > LIMIT] == []
    longest = max(units(reply.content) for reply in said[2:])
    assert longest < 200  # a name takes no more room than a name needs
    assert all(inert_text(name[:3]) in reply.content for reply in said)


class TestWhoMay:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        held_engine.let_all()
        return held_engine

    async def test_a_member_without_the_right_is_not_shown_the_command(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor
    ) -> None:
        assert member.available_commands(channel) == ("ask", "help")

    async def test_a_member_whom_the_admins_gave_the_command_is_still_refused_privately(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        held_engine: HeldEngine,
    ) -> None:
        assert isinstance(simcord_env.bot, Client)
        known = await simcord_env.bot.tree.fetch_commands()
        (command,) = [one for one in known if one.name == "reindex"]
        server.set_command_permissions(command, {member: True})
        result = await member.slash(channel, "reindex")
        assert result.ephemeral
        assert said(result) == MAY_NOT_MANAGE.content
        assert held_engine.builds == 0

    async def test_admin_and_owner_may(
        self,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        simcord_env: simcord.Env,
        held_engine: HeldEngine,
    ) -> None:
        role = server.create_role("admin", permissions=discord.Permissions(administrator=True))
        chief = server.add_member(simcord_env.create_user("chief"), roles=[role])
        result = await chief.slash(channel, "reindex")
        assert said(result).startswith("**Reindexed**")
        assert held_engine.builds == 1

    async def test_it_does_not_exist_in_direct_messages(self, simcord_env: simcord.Env) -> None:
        assert simcord_env.create_user("ann").available_commands() == ("ask", "help")

    async def test_what_the_operator_must_mend_is_said_and_the_rest_goes_on(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        held_engine: HeldEngine,
        logs: Callable[[], str],
    ) -> None:
        held_engine.fault = CorpusError("no folder /srv/corpus")
        result = await admin.slash(channel, "reindex")
        assert "I can't read the documents" in said(result)
        assert "/srv" not in said(result)
        assert "/srv/corpus" in logs()
        held_engine.fault = None
        again = await admin.slash(channel, "reindex")
        assert said(again).startswith("**Reindexed**")

    async def test_one_that_was_killed_is_told_as_that(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, held_engine: HeldEngine
    ) -> None:
        held_engine.fault = BuildEnded("process 7 was ended from outside")
        told = said(await admin.slash(channel, "reindex"))
        assert "ended from outside" in told
        assert "last index still answers" in told
        assert "disk" not in told

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (DataFull("the disk of /srv is full"), "it is full"),
            (DataReadOnly("/srv cannot be written"), "I may only read there"),
            (DataError("/srv cannot be written"), "the disk fails"),
            (BuildRunning("another"), "started outside Discord. Please wait"),
            (BuildRunning("another", NOON), f"started outside Discord, begun <t:{NOON_UNIX}:R>."),
        ],
    )
    async def test_why_it_could_not_be_is_told_exactly(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        held_engine: HeldEngine,
        fault: QuothError,
        words: str,
    ) -> None:
        held_engine.fault = fault
        told = said(await admin.slash(channel, "reindex"))
        assert words in told
        assert "/srv" not in told

    async def test_its_options_are_handed_on(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, held_engine: HeldEngine
    ) -> None:
        await admin.slash(channel, "reindex", full=True)
        assert held_engine.wanted == Wanted(full=True)
        await admin.slash(channel, "reindex", allow_shrink=True)
        assert held_engine.wanted == Wanted(allow_shrink=True)


class TestWhileItRuns:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        held_engine.let_ask.set()
        return held_engine

    @pytest.fixture
    async def begun(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, held_engine: HeldEngine
    ) -> None:
        await begin(
            admin.slash(channel, "reindex"),
            lambda: held_engine.builds == 1 and stands(channel, "Reindexing"),
        )

    @pytest.mark.usefixtures("begun")
    async def test_members_go_on_asking(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor
    ) -> None:
        asking = member.slash(channel, "ask", question="who?")
        await begin(asking, lambda: stands(channel, "Jürgen Stock"))
        assert "Jürgen Stock" in last(channel).content

    @pytest.mark.usefixtures("begun")
    async def test_a_second_one_is_told_who_began_and_when(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        held_engine: HeldEngine,
    ) -> None:
        refusal = "A reindex is already running, started by kim <t:"
        await begin(admin.slash(channel, "reindex"), lambda: stands(channel, refusal, admin))
        assert told(channel, admin).content.startswith(refusal)
        assert held_engine.builds == 1

    @pytest.mark.usefixtures("begun")
    async def test_past_a_quarter_of_an_hour_the_report_is_a_message_of_the_channel(
        self, simcord_env: simcord.Env, channel: simcord.ChannelHandle, held_engine: HeldEngine
    ) -> None:
        simcord_env.backend.advance_clock(14.6 * 60)
        held_engine.let_build.set()
        await simcord_env.settle()
        _acknowledged, report = channel.history()
        assert report.content.startswith("**Reindexed**")

    @pytest.mark.usefixtures("begun")
    @pytest.mark.parametrize("refusal", [(401, 50027, 1), (404, 10008, 1), (503, 0, 0)])
    async def test_the_channel_has_the_report_only_if_the_edit_surely_was_not_made(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        held_engine: HeldEngine,
        monkeypatch: pytest.MonkeyPatch,
        refusal: tuple[int, int, int],
    ) -> None:
        status, code, posted = refusal
        monkeypatch.setattr("bot.connection.deliver.EDIT_PAUSES", (0.0, 0.0))
        simcord_env.inject_error("PATCH", "/webhooks/*", status=status, code=code, times=None)
        held_engine.let_build.set()
        await simcord_env.settle()
        reports = [one for one in channel.history() if one.content.startswith("**Reindexed**")]
        assert len(reports) == posted

    async def test_where_that_channel_takes_no_message_the_admins_channel_has_the_report(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        admin: simcord.MemberActor,
        desk: Desk,
        held_engine: HeldEngine,
    ) -> None:
        desk.notices.channel = 7
        assert simcord_env.bot.user
        mute = discord.PermissionOverwrite(send_messages=False)
        silent = server.create_text_channel("silent", overwrites={simcord_env.bot.user: mute})
        await begin(admin.slash(silent, "reindex"), lambda: held_engine.builds == 1)
        simcord_env.backend.advance_clock(14.6 * 60)
        held_engine.let_build.set()
        notice = await desk.notices.first()
        assert notice.reply.content.startswith("kim asked for a reindex, and I can't post in that")
        assert "**Reindexed**" in notice.reply.content

    @pytest.mark.usefixtures("begun")
    async def test_a_stop_is_told_as_it_is(
        self, channel: simcord.ChannelHandle, desk: Desk
    ) -> None:
        await desk.close(0.1)
        await until(lambda: last(channel).content == NOT_FINISHED.content)

    @pytest.mark.usefixtures("begun")
    async def test_it_outlives_a_connection_and_whoever_asked_is_told(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        desk: Desk,
        held_engine: HeldEngine,
        logs: Callable[[], str],
    ) -> None:
        await desk.end_conversations(0.1)
        await until(lambda: last(channel).content == GOES_ON.content)
        assert desk.upkeep.build
        held_engine.let_build.set()
        await simcord_env.settle()
        assert desk.upkeep.build is None
        assert "event=reindexed" in logs()

    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(workers=1)


class TestProgress:
    """On the event loop's own clock: simcord's stands still while a thread is at work."""

    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    async def shown(
        self, desk: Desk, held_engine: HeldEngine, minutes_left: float, count: int
    ) -> list[str]:
        """What is shown until it was `count` times, for some looks more, and once it is built."""
        shown: list[str] = []

        async def edit(reply: Reply) -> None:
            shown.append(reply.content)

        async def build() -> None:
            await desk.upkeep.reindex(by="kim")
            await asyncio.sleep(0.15)  # it is over, and its report is on the way

        editable_until = discord.utils.utcnow() + timedelta(minutes=minutes_left)
        building = asyncio.create_task(build())
        showing = asyncio.create_task(show_progress(desk, building, edit, editable_until, 0.05))
        await until(lambda: len(shown) == count and held_engine.builds == 1)
        await asyncio.sleep(0.15)
        held_engine.let_build.set()
        await showing
        return shown

    async def test_news_are_shown_once_each(self, desk: Desk, held_engine: HeldEngine) -> None:
        first, second = await self.shown(desk, held_engine, minutes_left=15, count=2)
        assert first == "Reindexing…"
        assert second.startswith("Reindexing… Embedding passages: 3 of 9")

    async def test_a_closed_connection_ends_no_build(
        self, desk: Desk, held_engine: HeldEngine
    ) -> None:
        tries: list[str] = []

        async def edit(reply: Reply) -> None:
            tries.append(reply.content)
            raise RuntimeError("Session is closed")

        editable_until = discord.utils.utcnow() + timedelta(minutes=15)
        building = asyncio.create_task(desk.upkeep.reindex(by="kim"))
        showing = asyncio.create_task(show_progress(desk, building, edit, editable_until, 0.05))
        await until(lambda: len(tries) == 2)
        held_engine.let_build.set()
        await showing
        assert (await building).generation == "000001"

    async def test_news_that_discord_does_not_take_do_not_hold_up_the_report(
        self, desk: Desk, held_engine: HeldEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reindex, "PROGRESS_EDIT_SECONDS", 0.05)
        tries: list[str] = []

        async def edit(reply: Reply) -> None:
            tries.append(reply.content)
            await asyncio.sleep(PATIENCE_SECONDS)

        editable_until = discord.utils.utcnow() + timedelta(minutes=15)
        building = asyncio.create_task(desk.upkeep.reindex(by="kim"))
        async with asyncio.timeout(PATIENCE_SECONDS / 2):
            showing = asyncio.create_task(show_progress(desk, building, edit, editable_until, 0.05))
            await until(lambda: len(tries) == 2)
            held_engine.let_build.set()
            await showing

    async def test_the_last_edit_says_where_the_report_will_come(
        self, desk: Desk, held_engine: HeldEngine
    ) -> None:
        shown = await self.shown(desk, held_engine, minutes_left=-1, count=1)
        assert shown == [OUT_OF_TIME.content]
