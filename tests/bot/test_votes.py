"""The buttons "Helpful" and "Not helpful": what is kept, who is offered a person."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
import pytest
import simcord
from people import People
from stand_ins import HeldEngine, answer_of, begin, in_file, labels, memory_held, said, told

from bot.asking.desk import Desk
from bot.records import ServerSettings, Tally
from bot.rendering.calls import THEN_A_PERSON
from bot.rendering.votes import HELPED, NOT_HELPED
from bot.settings import DiscordSettings
from bot.state.exchanges import DAY_SECONDS


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    held_engine.let_ask.set()
    return held_engine


@pytest.fixture
async def answer(channel: simcord.ChannelHandle, member: simcord.MemberActor) -> discord.Message:
    """A public answer to ann."""
    return answer_of(await member.slash(channel, "ask", question="who?"))


@pytest.fixture
def zoe(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    return server.add_member(simcord_env.create_user("zoe"))


async def helpers(desk: Desk, server: simcord.GuildHandle) -> None:
    role = server.create_role("helpers")
    await desk.state.servers.change(server.id, lambda _: ServerSettings(helper_role=role.id))


def kept(desk: Desk) -> list[tuple[object, ...]]:
    """Every vote: helpful, reason, words."""
    return in_file(desk.state.path, "SELECT helpful, reason, words FROM votes")


async def forgotten(desk: Desk) -> None:
    """Let the answer be too old, and be forgotten."""
    old = int(time.time()) - 31 * DAY_SECONDS
    in_file(desk.state.path, "UPDATE exchanges SET asked = ?", old)
    await desk.state.exchanges.forget_old()


async def test_a_helpful_vote_is_kept_and_thanked_for_privately(
    desk: Desk, answer: discord.Message, member: simcord.MemberActor
) -> None:
    pressed = await member.click(answer, label="Helpful")
    assert pressed.ephemeral
    assert said(pressed) == HELPED.content
    assert kept(desk) == [(1, None, None)]


async def test_anyone_who_sees_an_answer_may_vote_once_and_the_last_vote_counts(
    desk: Desk,
    answer: discord.Message,
    member: simcord.MemberActor,
    zoe: simcord.MemberActor,
) -> None:
    for who in (member, zoe, zoe):
        await who.click(answer, label="Helpful")
    assert await desk.state.votes.tally() == Tally(2, 0)
    form = await zoe.click(answer, label="Not helpful")
    await zoe.submit_modal(form, {"reason": "outdated"})
    assert await desk.state.votes.tally() == Tally(1, 1)


async def test_of_two_who_vote_at_once_both_count(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    answer: discord.Message,
    people: People,
) -> None:
    async with memory_held(desk) as waiting:
        await begin(people.ann.click(answer, label="Helpful"), lambda: waiting() == 1)
        await begin(people.zoe.click(answer, label="Helpful"), lambda: waiting() == 2)
        await begin(people.zoe.click(answer, label="Helpful"), lambda: waiting() == 3)
    await simcord_env.settle()
    assert await desk.state.votes.tally() == Tally(2, 0)
    for who in (people.ann, people.zoe):
        assert told(channel, who).content == HELPED.content


async def test_not_helpful_asks_for_a_reason_and_for_no_words_unless_these_are_kept(
    desk: Desk, answer: discord.Message, member: simcord.MemberActor
) -> None:
    form = await member.click(answer, label="Not helpful")
    assert form.modal
    (field,) = [label["component"] for label in form.modal["components"]]
    assert [option["value"] for option in field["options"]] == [
        "wrong",
        "beside",
        "outdated",
        "missed",
        "other",
    ]
    done = await member.submit_modal(form, {"reason": "beside"})
    assert done.ephemeral
    assert said(done) == NOT_HELPED
    assert kept(desk) == [(0, "beside", None)]


async def test_the_form_opens_without_a_look_at_what_is_remembered(
    desk: Desk, answer: discord.Message, member: simcord.MemberActor
) -> None:
    async with memory_held(desk):
        assert (await member.click(answer, label="Not helpful")).modal


class TestWithWordsKept:
    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(keep_vote_words=True)

    @pytest.mark.parametrize(("written", "words"), [("  It is Bob. ", "It is Bob."), ("  ", None)])
    async def test_words_are_kept_where_any_were_written(
        self,
        desk: Desk,
        answer: discord.Message,
        member: simcord.MemberActor,
        written: str,
        words: str | None,
    ) -> None:
        form = await member.click(answer, label="Not helpful")
        await member.submit_modal(form, {"reason": "wrong", "words": written})
        assert kept(desk) == [(0, "wrong", words)]

    async def test_words_of_a_form_that_was_open_when_they_were_turned_off_are_not_kept(
        self, desk: Desk, answer: discord.Message, member: simcord.MemberActor
    ) -> None:
        form = await member.click(answer, label="Not helpful")
        desk.settings = DiscordSettings()
        await member.submit_modal(form, {"reason": "wrong", "words": "It is Bob."})
        assert kept(desk) == [(0, "wrong", None)]


async def test_the_asker_is_offered_a_person_where_the_server_has_helpers(
    desk: Desk,
    server: simcord.GuildHandle,
    answer: discord.Message,
    member: simcord.MemberActor,
    zoe: simcord.MemberActor,
) -> None:
    await helpers(desk, server)
    offered = []
    for who in (member, zoe):
        form = await who.click(answer, label="Not helpful")
        done = await who.submit_modal(form, {"reason": "wrong"})
        offered.append(labels(answer_of(done)))
        assert (THEN_A_PERSON in said(done)) is (who is member)
    assert offered == [["Ask a human"], []]


async def test_a_vote_counts_after_the_answer_was_forgotten(
    desk: Desk,
    server: simcord.GuildHandle,
    answer: discord.Message,
    member: simcord.MemberActor,
) -> None:
    await helpers(desk, server)
    await forgotten(desk)
    await member.click(answer, label="Helpful")
    form = await member.click(answer, label="Not helpful")
    done = await member.submit_modal(form, {"reason": "other"})
    assert said(done) == NOT_HELPED
    assert await desk.state.votes.tally() == Tally(0, 1)


async def test_a_form_that_was_open_when_the_bot_restarted_still_counts(
    answer: discord.Message,
    member: simcord.MemberActor,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    form = await member.click(answer, label="Not helpful")
    fresh = await restart()
    assert said(await member.submit_modal(form, {"reason": "wrong"})) == NOT_HELPED
    assert said(await member.click(answer, label="Helpful")) == HELPED.content
    assert await fresh.state.votes.tally() == Tally(1, 0)


async def test_in_direct_messages_votes_count_and_no_person_is_offered(
    simcord_env: simcord.Env, desk: Desk
) -> None:
    bob = simcord_env.create_user("bob")
    answer = answer_of(await bob.slash("ask", question="who?"))
    form = await bob.click(answer, label="Not helpful")
    done = await bob.submit_modal(form, {"reason": "wrong"})
    assert said(done) == NOT_HELPED
    assert await desk.state.votes.tally() == Tally(0, 1)


async def test_nothing_kept_of_a_vote_names_the_member(
    desk: Desk, answer: discord.Message, member: simcord.MemberActor, tmp_path: Path
) -> None:
    await member.click(answer, label="Helpful")
    (vote,) = in_file(desk.state.path, "SELECT * FROM votes")
    assert str(member.id) not in repr(vote)
    assert (tmp_path / "state" / "state.sqlite").exists()
