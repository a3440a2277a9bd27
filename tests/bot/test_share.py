"""The button "Share": by whom, what is checked, what is said, and never two messages."""

from collections.abc import Awaitable, Callable

import discord
import pytest
import simcord
from stand_ins import (
    PATIENCE_SECONDS,
    Remembering,
    answer_of,
    begin,
    in_file,
    labels,
    last,
    memory_held,
    said,
    sent,
    told,
)

from bot.asking.desk import Desk
from bot.controls import share
from bot.controls.followups import FIELD
from bot.rendering.declined import (
    BEING_SHARED,
    CHANGED,
    FORGOTTEN,
    MAY_NOT_SHARE,
    NOT_CHECKED_IN_TIME,
    SHARED_ALREADY,
)
from bot.state import database
from index import Engine, Quote

QUESTION = "who is the secretary general of interpol"


@pytest.fixture(autouse=True)
def time_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as a busy machine may need."""
    monkeypatch.setattr(share, "CHECK_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(database, "IN_TIME_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
async def private(channel: simcord.ChannelHandle, member: simcord.MemberActor) -> discord.Message:
    """An answer that ann alone sees."""
    return answer_of(await member.slash(channel, "ask", question=QUESTION, private=True))


def all_see(channel: simcord.ChannelHandle) -> list[discord.Message]:
    return [message for message in channel.history() if not message.flags.ephemeral]


async def test_it_is_posted_where_all_see_it_with_the_question_and_who_shared_it(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    before = len(simcord_env.http_requests)
    await member.click(private, label="Share")
    calls = simcord_env.http_requests[before:]
    assert [call.method for call in calls] == ["POST", "PATCH"]
    assert calls[0].json == {"type": 5}  # no flag: for all to see
    (public,) = all_see(channel)
    quoted, _, below = public.content.partition("\n-# Question: ")
    assert quoted == private.content.partition("\n-# Question: ")[0]
    assert below == f"{QUESTION}\n-# Shared by <@{member.id}>"
    assert sent(simcord_env, "PATCH")[-1]["allowed_mentions"] == {"parse": []}


async def test_what_was_shared_has_the_buttons_of_a_public_answer(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, private: discord.Message
) -> None:
    await member.click(private, label="Share")
    (public,) = all_see(channel)
    assert labels(public) == [label for label in labels(private) if label != "Share"]


async def test_a_reply_to_what_was_shared_follows_it_and_the_asker_may_delete_it(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    await member.click(private, label="Share")
    (public,) = all_see(channel)
    exchange = await desk.state.exchanges.find_by_message(public.id)
    assert exchange
    assert not exchange.private
    await member.click(public, label="Delete")
    assert all_see(channel) == []
    assert said(await member.click(private, label="Share")) == FORGOTTEN.content
    assert simcord_env.errors == []


async def test_what_follows_the_private_copy_is_private(
    private: discord.Message, member: simcord.MemberActor
) -> None:
    await member.click(private, label="Share")
    form = await member.click(private, label="Follow up")
    assert (await member.submit_modal(form, {FIELD: "and who joined in person?"})).ephemeral


async def test_pressed_again_it_says_politely_that_it_was_shared(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, private: discord.Message
) -> None:
    await member.click(private, label="Share")
    second = await member.click(private, label="Share")
    assert second.ephemeral
    assert said(second) == SHARED_ALREADY.content
    assert len(all_see(channel)) == 1


async def test_pressed_twice_at_once_it_is_posted_once(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    async with memory_held(desk) as waiting:
        await begin(member.click(private, label="Share"), lambda: waiting() == 1)
        await begin(member.click(private, label="Share"), lambda: waiting() == 2)
    await simcord_env.settle()
    assert len(all_see(channel)) == 1
    assert told(channel, member).content == BEING_SHARED.content


async def test_after_a_restart_it_can_be_shared_and_not_twice(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    await restart()
    await member.click(private, label="Share")
    assert "Jürgen Stock" in last(channel).content
    assert said(await member.click(private, label="Share")) == SHARED_ALREADY.content
    assert len(all_see(channel)) == 1


async def test_a_question_that_was_asked_publicly_or_in_a_direct_message_has_no_such_button(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    public = answer_of(await member.slash(channel, "ask", question=QUESTION))
    assert "Share" not in labels(public)
    alone = await simcord_env.create_user("bob").slash("ask", question=QUESTION, private=True)
    assert "Share" not in labels(answer_of(alone))


@pytest.mark.parametrize(
    "fault",
    [
        ("/interactions/*/callback", 404, 10062),
        ("/webhooks/*/messages/@original", 404, 10008),
        ("/webhooks/*/messages/@original", 403, 50013),
        ("/webhooks/*/messages/@original", 400, 50035),
    ],
)
async def test_what_discord_does_not_take_gives_the_right_back_and_leaves_nothing(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
    fault: tuple[str, int, int],
) -> None:
    path, status, code = fault
    simcord_env.inject_error("*", path, status=status, code=code)
    await member.click(private, label="Share")
    assert all_see(channel) == []
    await member.click(private, label="Share")
    assert len(all_see(channel)) == 1


@pytest.mark.parametrize("status", [500, 503])
async def test_an_apology_of_discord_makes_no_second_message(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
    status: int,
) -> None:
    for path in ("/interactions/*/callback", "/webhooks/*/messages/@original"):
        simcord_env.inject_error("*", path, status=status)
    await member.click(private, label="Share")
    assert len(all_see(channel)) == 1
    assert said(await member.click(private, label="Share")) == SHARED_ALREADY.content


class Moved(Remembering):
    """The real engine, whose documents have changed since each answer."""

    def stands(self, quote: Quote) -> bool:  # noqa: ARG002
        return False


class TestWhenTheDocumentsHaveChanged:
    @pytest.fixture
    def engine(self, real_engine: Engine) -> Engine:
        return Moved(real_engine)

    async def test_what_no_longer_stands_there_is_not_shared(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor, private: discord.Message
    ) -> None:
        pressed = await member.click(private, label="Share")
        assert pressed.ephemeral
        assert said(pressed) == CHANGED.content
        assert all_see(channel) == []


async def test_a_look_that_takes_too_long_is_told_in_time_and_nothing_is_shared(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(share, "CHECK_SECONDS", 0.0)
        assert said(await member.click(private, label="Share")) == NOT_CHECKED_IN_TIME.content
    assert all_see(channel) == []
    await member.click(private, label="Share")
    assert len(all_see(channel)) == 1


async def test_another_s_answer_is_not_shared(
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    """Discord shows a private answer to its asker alone, but what presses send can be made up."""
    in_file(desk.state.path, "UPDATE exchanges SET asker = 1")
    assert said(await member.click(private, label="Share")) == MAY_NOT_SHARE.content
    assert all_see(channel) == []


async def test_delete_under_the_private_message_leaves_what_was_shared_and_its_buttons(
    desk: Desk,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    private: discord.Message,
) -> None:
    await member.click(private, label="Share")
    await member.click(private, label="Delete")
    assert channel.history() == all_see(channel)
    (public,) = all_see(channel)
    await member.click(public, label="Delete")
    assert all(message.flags.ephemeral for message in channel.history())
    assert await desk.state.exchanges.find_by_message(public.id) is None
