"""With an answer that is deleted its call for a person goes too: in place, without a ping."""

from collections.abc import Awaitable, Callable

import discord
import pytest
import simcord
from people import People, forget_where
from stand_ins import Abstaining, again, begin, in_file, labels, sent

from bot.asking.desk import Desk
from bot.rendering.calls import WITHDRAWN
from index import Engine

AS_IT_STOOD = {"I'll take it": "Taken", "Solved": "Solved"}


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    return Abstaining(real_engine)


def withdrawn(people: People, *below: str) -> str:
    return "\n".join([WITHDRAWN.format(asker=people.ann.id), *below])


def taken(people: People) -> str:
    return withdrawn(people, f"-# Taken by {people.hal.mention}.")


async def test_one_that_waits_is_withdrawn_and_its_question_gone(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    await people.ann.click(answer, label="Delete")
    (left,) = channel.history()
    assert (left.id, left.content) == (call.id, withdrawn(people))
    assert left.components == []
    assert sent(simcord_env, "PATCH")[-1]["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("presses", [["I'll take it"], ["I'll take it", "Solved"]])
async def test_who_took_or_solved_it_stays_to_be_seen(
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
    presses: list[str],
) -> None:
    for label in presses:
        await people.hal.click(again(channel, call), label=label)
    await people.ann.click(answer, label="Delete")
    below = f"-# {AS_IT_STOOD[presses[-1]]} by {people.hal.mention}."
    assert again(channel, call).content == withdrawn(people, below)
    assert labels(again(channel, call)) == []


async def test_after_a_restart_too_and_by_who_manages_messages(
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    await restart()
    await people.kim.click(answer, label="Delete")
    assert [one.content for one in channel.history()] == [withdrawn(people)]
    assert again(channel, call).id == call.id


async def test_one_whose_message_was_not_noted_is_noted_when_it_is_taken(
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    forget_where(desk)
    await people.hal.click(call, label="I'll take it")
    await people.ann.click(answer, label="Delete")
    assert again(channel, call).content == taken(people)


async def test_one_that_is_gone_keeps_no_answer_from_being_deleted(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    simcord_env.backend.delete_message(channel.id, call.id)
    await people.ann.click(answer, label="Delete")
    assert channel.history() == []


async def test_an_edit_that_says_it_is_taken_and_comes_last_does_not_bring_it_back(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=503)
    before = len(sent(simcord_env, "PATCH"))
    taking = people.hal.click(call, label="I'll take it")
    await begin(taking, lambda: len(sent(simcord_env, "PATCH")) > before)
    await people.ann.click(answer, label="Delete")
    assert again(channel, call).content == taken(people)


async def test_one_that_is_being_posted_is_withdrawn_as_soon_as_it_stands_there(
    desk: Desk, channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> None:
    meanwhile = "CREATE TRIGGER meanwhile AFTER INSERT ON calls BEGIN DELETE FROM exchanges; END"
    in_file(desk.state.path, meanwhile)
    await people.ann.click(answer, label="Ask a human")
    assert withdrawn(people) in [one.content for one in channel.history()]


async def test_a_file_that_cannot_be_read_keeps_no_moderator_from_deleting_an_answer(
    desk: Desk, channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> None:
    in_file(desk.state.path, "DROP TABLE calls")
    await people.kim.click(answer, label="Delete")
    assert channel.history() == []
