"""`/generations` and `/rollback`: what there is, and going back to it."""

import re
from pathlib import Path

import pytest
import simcord
from parts import MakeEngine
from stand_ins import HeldEngine, begin, let, said, stands, told

from bot.records import RolledBack
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.generations import (
    NONE,
    render_generations,
    render_rolled_back,
    render_unknown,
)
from bot.rendering.reply import LIMIT
from index import Engine, GenerationSummary


class TestOnTheRealEngine:
    """Two builds: the first of one document, the second of two."""

    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "apples.txt").write_text("Apples grow on trees.", encoding="utf-8")
        return corpus

    @pytest.fixture
    def engine(self, corpus: Path, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        engine = make_engine(corpus, tmp_path / "data")
        engine.reindex()
        (corpus / "pears.txt").write_text("Pears grow on trees.", encoding="utf-8")
        engine.reindex()
        return engine

    async def test_each_build_has_a_line_newest_first_and_for_the_asker_alone(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        result = await admin.slash(channel, "generations")
        assert result.ephemeral
        _head, second, first, _foot = said(result).splitlines()
        line = r"- \*\*%s\*\* %s · <t:\d{10}:f> · %s · model · \d+\.\d [Mk]B"
        assert re.fullmatch(line % ("000002", "answers now", "2 documents, 2 passages"), second), (
            second
        )
        assert re.fullmatch(line % ("000001", "kept", "1 document, 1 passage"), first), first

    async def test_a_damaged_build_is_told_with_what_is_wrong(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, tmp_path: Path
    ) -> None:
        (tmp_path / "data" / "generations" / "000001" / "words.zip").write_bytes(b"broken")
        shown = said(await admin.slash(channel, "generations"))
        assert (
            r"- **000001** is damaged: words.zip of generation 000001 is not what was written"
            in shown
        )

    async def test_a_member_to_whom_it_was_handed_is_shown_nothing(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
    ) -> None:
        await let(simcord_env, server, member, "generations")
        result = await member.slash(channel, "generations")
        assert result.ephemeral
        assert said(result) == MAY_NOT_MANAGE.content

    async def test_rolling_back_says_what_answers_what_was_withdrawn_and_how_to_get_it_back(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, engine: Engine
    ) -> None:
        result = await admin.slash(channel, "rollback")
        assert not result.ephemeral
        told = said(result)
        assert re.match(
            r"\*\*Answers come from generation 000001 now\*\*: <t:\d+:f> · 1 document, ", told
        )
        assert "Withdrawn: 000002." in told
        assert "`/rollback generation:000002` answers from it again" in told
        assert engine.staleness() is None
        shown = said(await admin.slash(channel, "generations"))
        assert "**000002** withdrawn" in shown
        assert "**000001** answers now" in shown
        back = said(await admin.slash(channel, "rollback", generation="000002"))
        assert back.startswith("**Answers come from generation 000002 now**")
        assert "Withdrawn:" not in back

    async def test_where_there_is_none_before_nothing_changes(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        await admin.slash(channel, "rollback")
        told = said(await admin.slash(channel, "rollback"))
        assert told == (
            "There is no whole generation before the one that answers. Nothing has changed."
        )

    async def test_an_unknown_name_is_refused_with_those_there_are(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "rollback", generation="**7**"))
        assert told.startswith(r"There is no generation \*\*7\*\*; there are 000001, 000002.")

    async def test_the_one_that_answers_is_no_change(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        told = said(await admin.slash(channel, "rollback", generation="2"))
        assert told == "Generation 000002 answers already: nothing has changed."

    async def test_a_damaged_one_is_refused(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, tmp_path: Path
    ) -> None:
        (tmp_path / "data" / "generations" / "000001" / "words.zip").write_bytes(b"broken")
        told = said(await admin.slash(channel, "rollback", generation="000001"))
        assert told.startswith("That build is damaged")
        assert "Nothing has changed." in told

    async def test_names_are_offered_while_one_types_to_those_who_may(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
    ) -> None:
        (offered,) = await admin.autocomplete(channel, "rollback", "generation", "0")
        assert offered["value"] == "000001"
        assert offered["name"].startswith("000001 · kept · 1 document · 20")
        assert await admin.autocomplete(channel, "rollback", "generation", "9") == []
        await let(simcord_env, server, member, "rollback")
        assert await member.autocomplete(channel, "rollback", "generation", "0") == []

    async def test_the_offer_follows_a_rollback_at_once(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        await admin.autocomplete(channel, "rollback", "generation", "")
        await admin.slash(channel, "rollback")
        (offered,) = await admin.autocomplete(channel, "rollback", "generation", "")
        assert offered["name"].startswith("000002 · withdrawn")

    async def test_a_member_to_whom_it_was_handed_is_refused_privately(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        engine: Engine,
    ) -> None:
        await let(simcord_env, server, member, "rollback")
        result = await member.slash(channel, "rollback")
        assert result.ephemeral
        assert said(result) == MAY_NOT_MANAGE.content
        assert [one.state for one in engine.generations()] == ["kept", "answering"]


class TestDuringAReindex:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    async def test_rolling_back_is_refused_privately(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, held_engine: HeldEngine
    ) -> None:
        refusal = "A reindex is already running, started by kim"
        await begin(admin.slash(channel, "reindex"), lambda: held_engine.builds == 1)
        await begin(admin.slash(channel, "rollback"), lambda: stands(channel, refusal, admin))
        assert told(channel, admin).content.startswith(refusal)


def test_however_many_there_are_they_fit_into_one_message() -> None:
    found = [
        GenerationSummary(
            f"{number:06}",
            "damaged" if number % 3 else "kept",
            "2026-01-01T00:00:00+00:00",
            10**6,
            10**7,
            "a/" + "model*" * 30,
            10**9,
            "_what_ is wrong " * 30 if number % 3 else None,
        )
        for number in range(200)
    ]
    shown = render_generations(found).content
    assert units(shown) <= LIMIT
    assert shown.splitlines()[1].startswith("- **000199**")
    assert re.fullmatch(r"- … and \d+ older", shown.splitlines()[-2])


@pytest.mark.parametrize("count", [2, 10, 11, 5000])
def test_however_many_are_withdrawn_it_is_told_in_one_message(count: int) -> None:
    names = tuple(f"{number:06}" for number in range(2, count + 2))
    answering = GenerationSummary("000001", "answering", "2026-01-01T00:00:00+00:00", 1, 2, "m", 3)
    told = render_rolled_back(RolledBack(answering, moved=True, withdrawn=names)).content
    assert units(told) <= LIMIT
    assert f"`/rollback generation:{names[-1]}`" in told
    newest = ", ".join(reversed(names[-10:]))
    older = f" and {count - 10} older" if count > 10 else ""
    assert f"Withdrawn: {newest}{older}. Nothing is deleted yet" in told


def test_however_many_could_be_named_instead_it_is_told_in_one_message() -> None:
    there_are = ", ".join(f"{number:06}" for number in range(5000))
    told = render_unknown(f"there is no generation {'*' * 20}; there are {there_are}").content
    assert units(told) <= LIMIT
    assert re.fullmatch(
        r"There is no generation (\\\*){20}; there are 000000, .*…\. Nothing has changed\.", told
    )


def test_nothing_built_is_said() -> None:
    assert render_generations([]) == NONE
