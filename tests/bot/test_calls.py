"""The button "Ask a human": one call whatever happens, who may answer it, and how it ends."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import pytest
import simcord
from people import QUESTION, People, calls
from stand_ins import (
    Abstaining,
    again,
    answer_of,
    begin,
    labels,
    memory_held,
    said,
    sent,
    told,
)

from bot.asking.desk import Desk
from bot.controls.call_message import why_not
from bot.faults import WORDS
from bot.records import Call, ServerSettings
from bot.refusals import StateError
from bot.rendering.calls import CALLED, NO_LONGER_KEPT, TAKE, render_call
from bot.rendering.cut import units
from bot.rendering.declined import (
    BEING_CALLED,
    BOT_MAY_NOT_WRITE,
    CALL_REFUSED,
    CALL_UNSURE,
    CALLED_ALREADY,
    CALLED_THERE,
    FORGOTTEN,
    MAY_NOT_CALL,
    MAY_NOT_SOLVE,
    MAY_NOT_TAKE,
    NO_HELPERS,
    TOO_MANY_CALLS,
)
from bot.rendering.reply import LIMIT, custom_id
from bot.rendering.words import CLOSEST
from index import Engine, IndexMissing, Quote


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    return Abstaining(real_engine)


def state(message: discord.Message) -> str:
    return message.content.rpartition("\n")[2]


async def test_one_message_pings_the_helpers_and_no_one_else(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    helpers: simcord.RoleHandle,
) -> None:
    pressed = await people.ann.click(answer, label="Ask a human")
    assert pressed.ephemeral
    assert said(pressed) == CALLED.content
    (call,) = calls(channel)
    posted = sent(simcord_env, "POST")[-1]
    assert posted["allowed_mentions"] == {"parse": [], "roles": [helpers.id]}
    assert posted["enforce_nonce"]
    first, second, third, *_ = call.content.splitlines()
    assert first == f"{helpers.mention}, {people.ann.mention} would like a person's answer:"
    assert second == f"> {QUESTION}"
    assert third == f"-# {CLOSEST}"
    assert "Jürgen Stock" in call.content
    assert labels(call) == ["I'll take it", "Solved"]


async def test_there_is_no_such_button_without_helpers_or_in_a_direct_message(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    here = answer_of(await member.slash(channel, "ask", question=QUESTION))
    alone = answer_of(await simcord_env.create_user("bob").slash("ask", question=QUESTION))
    assert "Ask a human" not in labels(here) + labels(alone)


async def test_from_a_private_answer_it_is_asked_first_whether_others_may_see_the_question(
    channel: simcord.ChannelHandle, people: People
) -> None:
    private = answer_of(await people.ann.slash(channel, "ask", question=QUESTION, private=True))
    asked = await people.ann.click(private, label="Ask a human")
    assert asked.ephemeral
    assert QUESTION in said(asked)
    assert calls(channel) == []
    done = await people.ann.click(answer_of(asked), label="Post it")
    assert said(done) == CALLED.content
    assert labels(answer_of(done)) == []
    assert len(calls(channel)) == 1


async def test_only_the_asker_and_staff_may_call(
    channel: simcord.ChannelHandle, answer: discord.Message, people: People
) -> None:
    assert said(await people.zoe.click(answer, label="Ask a human")) == MAY_NOT_CALL.content
    assert calls(channel) == []
    assert said(await people.kim.click(answer, label="Ask a human")) == CALLED.content


async def test_pressed_again_it_says_that_a_person_was_asked(
    channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> None:
    await people.ann.click(answer, label="Ask a human")
    said_again = said(await people.ann.click(answer, label="Ask a human"))
    (call,) = calls(channel)
    assert said_again == CALLED_THERE.format(url=call.jump_url)


def test_a_call_of_which_no_one_noted_where_it_is_has_no_link() -> None:
    assert why_not(Call("some", "waiting"), guild=1) == CALLED_ALREADY


async def test_pressed_by_two_at_once_it_is_posted_once(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
) -> None:
    async with memory_held(desk) as waiting:
        await begin(people.ann.click(answer, label="Ask a human"), lambda: waiting() == 1)
        await begin(people.kim.click(answer, label="Ask a human"), lambda: waiting() == 2)
    await simcord_env.settle()
    assert len(calls(channel)) == 1
    heard = {told(channel, who).content for who in (people.ann, people.kim)}
    assert CALLED.content in heard
    there = CALLED_THERE.format(url=calls(channel)[0].jump_url)
    assert heard & {there, BEING_CALLED.content}  # the first may have ended by then


@pytest.mark.parametrize(
    "refusal",
    [
        (403, 50013, BOT_MAY_NOT_WRITE.content),
        (404, 10003, CALL_REFUSED.content),
        (400, 200000, CALL_REFUSED.content),
    ],
)
async def test_what_discord_refuses_is_said_and_can_be_tried_again(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    refusal: tuple[int, int, str],
) -> None:
    status, code, words = refusal
    simcord_env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    assert said(await people.ann.click(answer, label="Ask a human")) == words
    assert calls(channel) == []
    assert said(await people.ann.click(answer, label="Ask a human")) == CALLED.content
    assert len(calls(channel)) == 1


async def test_where_the_bot_may_not_write_the_one_who_asked_is_told(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    people: People,
) -> None:
    assert simcord_env.bot.user
    mute = discord.PermissionOverwrite(send_messages=False)
    silent = server.create_text_channel("silent", overwrites={simcord_env.bot.user: mute})
    answer = answer_of(await people.ann.slash(silent, "ask", question=QUESTION))
    assert said(await people.ann.click(answer, label="Ask a human")) == BOT_MAY_NOT_WRITE.content
    assert calls(silent) == []


async def test_when_discord_leaves_it_open_there_is_never_a_second_call(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.connection.messages.ACKNOWLEDGE_PAUSES", (0.0,))
    simcord_env.inject_error("POST", "/channels/*/messages", status=503)
    assert said(await people.ann.click(answer, label="Ask a human")) == CALL_UNSURE.content
    assert said(await people.ann.click(answer, label="Ask a human")) == BEING_CALLED.content
    assert calls(channel) == []


async def test_a_refusal_after_an_apology_leaves_it_open_too(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
) -> None:
    """The try that Discord apologised for may have been posted all the same."""
    for status, code in ((503, 0), (403, 50013)):
        simcord_env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    assert said(await people.ann.click(answer, label="Ask a human")) == CALL_UNSURE.content
    assert said(await people.ann.click(answer, label="Ask a human")) == BEING_CALLED.content
    assert calls(channel) == []


async def test_an_apology_of_discord_makes_no_second_call(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=503)
    assert said(await people.ann.click(answer, label="Ask a human")) == CALLED.content
    assert len(calls(channel)) == 1
    nonces = [body["nonce"] for body in sent(simcord_env, "POST") if "nonce" in body]
    assert len(nonces) == 2
    assert len(set(nonces)) == 1


async def test_without_the_right_to_mention_the_role_it_is_posted_all_the_same(
    channel: simcord.ChannelHandle, call: discord.Message, helpers: simcord.RoleHandle
) -> None:
    """The role is not mentionable here, and the bot may not mention everyone."""
    assert helpers.mention in call.content
    assert len(calls(channel)) == 1


async def test_after_an_admin_unset_the_helpers_no_one_is_called(
    desk: Desk, channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> None:
    await desk.state.servers.change(people.ann.guild.id, lambda _: ServerSettings())
    assert said(await people.ann.click(answer, label="Ask a human")) == NO_HELPERS.content
    assert calls(channel) == []


async def test_helpers_whose_role_was_deleted_are_said_to_be_none(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    helpers: simcord.RoleHandle,
) -> None:
    simcord_env.backend.delete_role(people.ann.guild.id, helpers.id)
    await simcord_env.settle()
    assert said(await people.ann.click(answer, label="Ask a human")) == NO_HELPERS.content
    assert calls(channel) == []


async def test_a_helper_takes_it_and_it_is_solved_all_in_the_one_message(
    channel: simcord.ChannelHandle, call: discord.Message, people: People
) -> None:
    await people.hal.click(call, label="I'll take it")
    taken = again(channel, call)
    assert state(taken) == f"-# Taken by {people.hal.mention}."
    assert labels(taken) == ["Solved"]
    await people.hal.click(taken, label="Solved")
    solved = again(channel, call)
    assert state(solved) == f"-# Solved by {people.hal.mention}."
    assert labels(solved) == []
    assert solved.content.splitlines()[:-1] == call.content.splitlines()[:-1]
    assert len(calls(channel)) == 1


async def test_an_edit_pings_no_one(
    simcord_env: simcord.Env, call: discord.Message, people: People
) -> None:
    await people.hal.click(call, label="I'll take it")
    assert sent(simcord_env, "PATCH")[-1]["allowed_mentions"] == {"parse": []}


async def test_of_two_helpers_at_one_button_one_gets_it_and_the_other_is_told_who(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    call: discord.Message,
    people: People,
) -> None:
    async with memory_held(desk) as waiting:
        await begin(people.hal.click(call, label="I'll take it"), lambda: waiting() == 1)
        await begin(people.hetty.click(call, label="I'll take it"), lambda: waiting() == 2)
    await simcord_env.settle()
    assert state(again(channel, call)) == f"-# Taken by {people.hal.mention}."
    assert told(channel, people.hetty).content == f"{people.hal.mention} has taken this already."


async def test_of_two_who_call_it_solved_at_once_both_are_right(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    call: discord.Message,
    people: People,
) -> None:
    await people.hal.click(call, label="I'll take it")
    taken = again(channel, call)
    async with memory_held(desk) as waiting:
        await begin(people.ann.click(taken, label="Solved"), lambda: waiting() == 1)
        await begin(people.hal.click(taken, label="Solved"), lambda: waiting() == 2)
    await simcord_env.settle()
    assert state(again(channel, call)) == f"-# Solved by {people.hal.mention}."
    assert len(calls(channel)) == 1
    assert not channel.history(viewer=people.ann)[-1].flags.ephemeral


async def test_members_who_are_no_helpers_are_refused_politely(
    channel: simcord.ChannelHandle, people: People, call: discord.Message
) -> None:
    assert said(await people.ann.click(call, label="I'll take it")) == MAY_NOT_TAKE.content
    assert said(await people.zoe.click(call, label="I'll take it")) == MAY_NOT_TAKE.content
    (told_zoe,) = (await people.zoe.click(call, label="Solved")).followups
    assert told_zoe.content == MAY_NOT_SOLVE.content
    assert told_zoe.ephemeral
    assert again(channel, call).content == call.content


async def test_the_asker_and_staff_may_say_that_it_is_solved(
    channel: simcord.ChannelHandle, people: People, call: discord.Message
) -> None:
    await people.hal.click(call, label="I'll take it")
    await people.ann.click(again(channel, call), label="Solved")
    assert state(again(channel, call)) == f"-# Solved by {people.hal.mention}."


async def test_staff_may_take_and_solve_when_there_are_no_helpers_any_more(
    desk: Desk,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    call: discord.Message,
    people: People,
) -> None:
    await desk.state.servers.change(server.id, lambda _: ServerSettings())
    assert said(await people.hal.click(call, label="I'll take it")) == MAY_NOT_TAKE.content
    await people.kim.click(call, label="I'll take it")
    assert state(again(channel, call)) == f"-# Taken by {people.kim.mention}."
    await people.kim.click(again(channel, call), label="Solved")
    assert state(again(channel, call)) == f"-# Solved by {people.kim.mention}."


async def test_a_restart_between_the_call_and_its_buttons_changes_nothing(
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    await restart()
    said_again = said(await people.ann.click(answer, label="Ask a human"))
    assert said_again == CALLED_THERE.format(url=call.jump_url)
    await people.hal.click(call, label="I'll take it")
    assert state(again(channel, call)) == f"-# Taken by {people.hal.mention}."


async def test_a_message_whose_edit_was_lost_is_mended_by_the_next_press(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, call: discord.Message, people: People
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=404, code=10015)
    await people.hal.click(call, label="I'll take it")
    assert again(channel, call).content == call.content
    await people.hal.click(call, label="I'll take it")
    assert state(again(channel, call)) == f"-# Taken by {people.hal.mention}."


async def test_a_question_that_is_no_longer_kept_has_no_more_buttons(
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    exchange = await desk.state.exchanges.find_by_message(answer.id)
    assert exchange
    await desk.state.exchanges.forget(exchange.name)
    await people.hal.click(call, label="I'll take it")
    assert state(again(channel, call)) == f"-# {NO_LONGER_KEPT}"
    assert labels(again(channel, call)) == []


async def test_an_answer_that_is_forgotten_is_said_to_be(
    desk: Desk, people: People, answer: discord.Message
) -> None:
    exchange = await desk.state.exchanges.find_by_message(answer.id)
    assert exchange
    await desk.state.exchanges.forget(exchange.name)
    assert said(await people.ann.click(answer, label="Ask a human")) == FORGOTTEN.content


async def test_a_person_can_be_called_after_a_vote_that_an_answer_did_not_help(
    channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> None:
    form = await people.ann.click(answer, label="Not helpful")
    offered = answer_of(await people.ann.submit_modal(form, {"reason": "missed"}))
    await people.ann.click(offered, label="Ask a human")
    assert len(calls(channel)) == 1


async def test_words_of_a_member_can_ping_and_format_nothing(
    channel: simcord.ChannelHandle, people: People, helpers: simcord.RoleHandle
) -> None:
    asked = f"**who** is @everyone of {helpers.mention}\n# interpol"
    answer = answer_of(await people.ann.slash(channel, "ask", question=asked))
    await people.ann.click(answer, label="Ask a human")
    assert calls(channel)[0].content.splitlines()[1] == (
        rf"> \*\*who\*\* is \@everyone of \<\@&{helpers.id}\> \# interpol"
    )


async def test_a_call_fits_one_message_however_long_question_and_passages_are(
    desk: Desk, answer: discord.Message
) -> None:
    exchange = await desk.state.exchanges.find_by_message(answer.id)
    assert exchange
    passage = exchange.answer.closest[0]
    long = [passage] * 3
    object.__setattr__(exchange.answer, "question", "*" * 6000)
    reply = render_call(exchange, long, 1234567890123456789)
    assert units(reply.content) < LIMIT
    assert reply.rows[-1][0].custom_id == custom_id(TAKE, exchange.name)  # type: ignore[union-attr]


class Moved(Abstaining):
    """Its documents have changed since each answer."""

    def stands(self, quote: Quote) -> bool:  # noqa: ARG002
        return False


class Lost(Abstaining):
    """Its index is gone since each answer."""

    def stands(self, quote: Quote) -> bool:  # noqa: ARG002
        raise IndexMissing("nothing is built")


class TestWhenTheDocumentsHaveChanged:
    @pytest.fixture(params=[Moved, Lost])
    def engine(self, real_engine: Engine, request: pytest.FixtureRequest) -> Engine:
        changed: Engine = request.param(real_engine)
        return changed

    async def test_a_person_is_called_without_the_passages(
        self, channel: simcord.ChannelHandle, people: People, answer: discord.Message
    ) -> None:
        await people.ann.click(answer, label="Ask a human")
        assert len(calls(channel)[0].content.splitlines()) == 3


async def test_a_helper_who_replies_to_the_call_is_not_answered(
    channel: simcord.ChannelHandle, people: People, call: discord.Message
) -> None:
    before = len(channel.history())
    await people.hal.send(channel, "It is on page three of the handbook, I think", reply_to=call)
    assert len(channel.history()) == before + 1


async def test_a_call_that_was_not_posted_does_not_count(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    people: People,
) -> None:
    assert simcord_env.bot.user
    mute = discord.PermissionOverwrite(send_messages=False)
    silent = server.create_text_channel("silent", overwrites={simcord_env.bot.user: mute})
    for _ in range(3):
        asked = answer_of(await people.ann.slash(silent, "ask", question=QUESTION))
        assert said(await people.ann.click(asked, label="Ask a human")) == BOT_MAY_NOT_WRITE.content
    asked = answer_of(await people.ann.slash(channel, "ask", question=QUESTION))
    assert said(await people.ann.click(asked, label="Ask a human")) == CALLED.content


async def test_a_fault_after_a_lost_acknowledgement_leaves_the_call_as_it_is(
    channel: simcord.ChannelHandle,
    people: People,
    call: discord.Message,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, tries = discord.InteractionResponse.defer, iter([True])

    async def defer(response: Any, **options: bool) -> None:
        await real(response, **options)
        if next(tries, False):
            response._response_type = None  # as discord.py leaves it where the answer was lost
            raise OSError("lost")

    async def take(*_given: object) -> None:
        raise StateError("database is locked")

    monkeypatch.setattr(discord.InteractionResponse, "defer", defer)
    monkeypatch.setattr(desk.state.calls, "take", take)
    pressed = await people.hal.click(call, label="I'll take it")
    assert again(channel, call).content == call.content
    assert labels(again(channel, call)) == labels(call)
    (told_hal,) = pressed.followups
    assert told_hal.content.startswith(WORDS[StateError])


async def test_what_stands_beside_is_never_said_twice(
    people: People, call: discord.Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = discord.Webhook.send

    async def send(*given: Any, **options: Any) -> None:
        await real(*given, **options)
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(discord.Webhook, "send", send)
    pressed = await people.zoe.click(call, label="Solved")
    assert [one.content for one in pressed.followups] == [MAY_NOT_SOLVE.content]


async def test_one_member_cannot_have_the_helpers_pinged_again_and_again(
    channel: simcord.ChannelHandle, people: People
) -> None:
    for _ in range(4):
        asked = answer_of(await people.ann.slash(channel, "ask", question=QUESTION))
        pressed = await people.ann.click(asked, label="Ask a human")
    assert len(calls(channel)) == 3
    assert said(pressed) == TOO_MANY_CALLS.format(minutes=60)
    assert "Ask a human" in labels(asked)
    other = answer_of(await people.zoe.slash(channel, "ask", question=QUESTION))
    assert said(await people.zoe.click(other, label="Ask a human")) == CALLED.content


async def test_nor_by_pressing_under_many_answers_at_once(
    simcord_env: simcord.Env, desk: Desk, channel: simcord.ChannelHandle, people: People
) -> None:
    asked = [answer_of(await people.ann.slash(channel, "ask", question=QUESTION)) for _ in range(5)]
    async with memory_held(desk) as waiting:
        for number, one in enumerate(asked, start=1):
            pressing = people.ann.click(one, label="Ask a human")
            await begin(pressing, lambda number=number: waiting() == number)  # type: ignore[misc]  # bound now
    await simcord_env.settle()
    assert len(calls(channel)) == 3


async def test_a_helper_is_known_before_the_server_is(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    call: discord.Message,
    server: simcord.GuildHandle,
) -> None:
    guild = simcord_env.bot.get_guild(server.id)
    assert guild
    guild._roles.clear()  # as between READY and the server's own event
    await people.hal.click(call, label="I'll take it")
    assert people.hal.mention in state(again(channel, call))
