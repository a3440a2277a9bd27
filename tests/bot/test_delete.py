"""The button "Delete": who may, what goes, and that a message gone already is no fault."""

from collections.abc import Awaitable, Callable

import discord
import pytest
import simcord
from people import People
from stand_ins import HeldEngine, answer_of, begin, last, memory_held, said

from bot.asking.desk import Desk
from bot.records import Tally
from bot.rendering.declined import ASKER_FORGOTTEN, MAY_NOT_DELETE


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    held_engine.let_ask.set()
    return held_engine


@pytest.fixture
async def answer(channel: simcord.ChannelHandle, member: simcord.MemberActor) -> discord.Message:
    """A public answer to ann."""
    return answer_of(await member.slash(channel, "ask", question="who?"))


@pytest.fixture
async def private(channel: simcord.ChannelHandle, member: simcord.MemberActor) -> discord.Message:
    """An answer that ann alone sees."""
    return answer_of(await member.slash(channel, "ask", question="who?", private=True))


@pytest.fixture
def zoe(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    return server.add_member(simcord_env.create_user("zoe"))


@pytest.fixture
def moderator(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    role = server.create_role("moderators", permissions=discord.Permissions(manage_messages=True))
    return server.add_member(simcord_env.create_user("max"), roles=[role])


async def test_the_asker_s_press_takes_the_answer_away_and_all_that_is_kept_of_it(
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    zoe: simcord.MemberActor,
    answer: discord.Message,
) -> None:
    await zoe.click(answer, label="Helpful")
    pressed = await member.click(answer, label="Delete")
    assert pressed.followups == []
    assert all(message.flags.ephemeral for message in channel.history())
    assert await desk.state.exchanges.find_by_message(answer.id) is None
    assert await desk.state.votes.tally() == Tally(0, 0)


async def test_an_answer_that_could_not_be_deleted_stays_as_it_is_and_can_be_pressed_again(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    answer: discord.Message,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.connection.messages.EDIT_PAUSES", (0.0, 0.0))
    simcord_env.inject_error(
        "DELETE", "/webhooks/*", status=500, code=0, times=2, message="an apology"
    )
    pressed = await member.click(answer, label="Delete")
    assert last(channel).content == answer.content
    (told,) = pressed.followups
    assert "Reference: " in told.content
    await member.click(answer, label="Delete")
    assert answer.id not in [message.id for message in channel.history()]


async def test_another_member_is_refused_privately(
    channel: simcord.ChannelHandle, zoe: simcord.MemberActor, answer: discord.Message
) -> None:
    pressed = await zoe.click(answer, label="Delete")
    assert pressed.ephemeral
    assert said(pressed) == MAY_NOT_DELETE.content
    assert answer.id in [message.id for message in channel.history()]


async def test_pressed_by_two_at_once_it_goes_and_no_one_is_told_of_a_fault(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
) -> None:
    async with memory_held(desk) as waiting:
        await begin(people.ann.click(answer, label="Delete"), lambda: waiting() == 1)
        await begin(people.kim.click(answer, label="Delete"), lambda: waiting() == 2)
    await simcord_env.settle()
    for viewer in (people.ann, people.kim):
        assert channel.history(viewer=viewer) == []
    assert await desk.state.exchanges.find_by_message(answer.id) is None


@pytest.mark.parametrize("who", ["moderator", "admin"])
async def test_those_who_manage_messages_or_the_server_may(
    channel: simcord.ChannelHandle,
    answer: discord.Message,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    await request.getfixturevalue(who).click(answer, label="Delete")
    assert channel.history() == []


async def test_once_the_asker_is_forgotten_only_moderators_may(
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    moderator: simcord.MemberActor,
    answer: discord.Message,
) -> None:
    exchange = await desk.state.exchanges.find_by_message(answer.id)
    assert exchange
    await desk.state.exchanges.forget(exchange.name)
    assert said(await member.click(answer, label="Delete")) == ASKER_FORGOTTEN.content
    await moderator.click(answer, label="Delete")
    assert all(message.flags.ephemeral for message in channel.history())


async def test_it_works_after_a_restart(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    answer: discord.Message,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    await restart()
    await member.click(answer, label="Delete")
    assert channel.history() == []


async def test_in_a_direct_message_it_is_allowed_even_once_the_asker_is_forgotten(
    simcord_env: simcord.Env, desk: Desk
) -> None:
    bob = simcord_env.create_user("bob")
    await bob.slash("ask", question="who?")
    exchange = await desk.state.exchanges.find_by_message(last(bob.dm_channel).id)
    assert exchange
    await desk.state.exchanges.forget(exchange.name)
    await bob.click(last(bob.dm_channel), label="Delete")
    assert bob.dm_channel.history() == []


async def test_a_message_that_a_moderator_deleted_meanwhile_is_forgotten_all_the_same(
    simcord_env: simcord.Env, desk: Desk, member: simcord.MemberActor, answer: discord.Message
) -> None:
    simcord_env.inject_error("DELETE", "/webhooks/*", status=404, code=10008)
    await member.click(answer, label="Delete")
    assert await desk.state.exchanges.find_by_message(answer.id) is None


@pytest.mark.parametrize("status", [500, 503])
async def test_an_apology_of_discord_is_no_reason_to_leave_it(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    answer: discord.Message,
    status: int,
) -> None:
    simcord_env.inject_error("DELETE", "/webhooks/*", status=status)
    await member.click(answer, label="Delete")
    assert channel.history() == []


async def test_a_press_that_discord_gave_up_changes_nothing(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    answer: discord.Message,
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await member.click(answer, label="Delete")
    assert len(channel.history()) == 1
    assert await desk.state.exchanges.find_by_message(answer.id)


async def test_a_private_answer_goes_with_all_that_is_kept_of_it_after_a_restart_too(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    again = await restart()
    assert await again.state.exchanges.find_by_message(private.id)
    pressed = await member.click(private, label="Delete")
    assert pressed.followups == []
    assert channel.history() == []
    assert await again.state.exchanges.find_by_message(private.id) is None


async def test_a_private_answer_goes_even_once_it_is_forgotten(
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    exchange = await desk.state.exchanges.find_by_message(private.id)
    assert exchange
    await desk.state.exchanges.forget(exchange.name)
    await member.click(private, label="Delete")
    assert channel.history() == []
