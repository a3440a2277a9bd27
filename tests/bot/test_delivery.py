"""Answers of Discord that are lost on the way: never two messages, never "thinking…" for ever."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import simcord
from stand_ins import a_quote, an_answer, said, sent

from bot.connection.certain import ANSWER_PAUSES, EDIT_PAUSES, until_certain
from bot.connection.deliver import acknowledge, deliver, deliver_or_raise, may_have_delivered
from bot.connection.sync import same_commands
from bot.rendering.answer import render
from bot.rendering.reply import Button, Link, Reply


class Wire:
    """Discord at the far end of a bad line: fails as told, and counts."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.edits: list[str] = []

    async def edit(self, reply: Reply) -> Reply:
        self.edits.append(reply.content)
        if self.failures:
            raise self.failures.pop(0)
        return reply


async def test_an_edit_whose_answer_is_lost_is_made_again() -> None:
    wire = Wire(aiohttp.ServerDisconnectedError())
    assert await deliver(wire.edit, Reply("the answer"))
    assert wire.edits == ["the answer"] * 2


async def test_every_try_ends_the_last_one_too() -> None:
    tries = 0

    async def hang() -> None:
        nonlocal tries
        tries += 1
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await until_certain((0.0, 0.0), 0.05, hang)
    assert tries == 2


def expired() -> discord.HTTPException:
    """What Discord says to an edit once the quarter of an hour of a press is over."""
    answer: Any = SimpleNamespace(status=401, reason="Unauthorized")
    return discord.HTTPException(answer, {"code": 50027, "message": "Invalid Webhook Token"})


async def test_an_edit_that_comes_too_late_is_made_once_and_told_in_one_line(
    logs: Callable[[], str],
) -> None:
    wire = Wire(expired(), expired())
    assert not await deliver(wire.edit, Reply("the answer"))
    assert wire.edits == ["the answer"]
    assert logs().count("event=answer_") == 1
    assert logs().count("event=answer_undeliverable") == 1


@pytest.mark.parametrize(
    ("failures", "shows"),
    [
        ([], "yes"),
        ([aiohttp.ServerDisconnectedError()], "yes"),
        ([aiohttp.ServerDisconnectedError(), TimeoutError()], "perhaps"),
        ([expired()], "no"),
        ([RuntimeError("Session is closed")], "no"),
    ],
)
async def test_what_may_show_is_told_from_what_surely_does_not(
    monkeypatch: pytest.MonkeyPatch, failures: list[Exception], shows: str
) -> None:
    monkeypatch.setattr("bot.connection.deliver.EDIT_PAUSES", (0.0, 0.0))
    assert await may_have_delivered(Wire(*failures).edit, Reply("the answer")) is (shows != "no")


async def test_an_answer_outlasts_what_other_messages_do_not() -> None:
    assert len(ANSWER_PAUSES) > len(EDIT_PAUSES) + 1
    lost = [aiohttp.ServerDisconnectedError() for _ in range(len(EDIT_PAUSES) + 1)]
    wire = Wire(*lost)
    assert await deliver_or_raise(wire.edit, Reply("the answer"), [0.0] * len(ANSWER_PAUSES))
    assert len(wire.edits) == len(lost) + 1


async def test_a_closed_connection_is_no_fault_of_a_conversation(
    logs: Callable[[], str],
) -> None:
    wire = Wire(RuntimeError("Session is closed"))
    assert not await deliver(wire.edit, Reply("the answer"))
    assert wire.edits == ["the answer"]
    assert logs().count("event=answer_undeliverable") == 1


async def test_what_cannot_be_acknowledged_for_want_of_a_connection_is_left_alone() -> None:
    wire = Wire(RuntimeError("Session is closed"))

    async def defer(**_options: bool) -> None:
        await wire.edit(Reply(""))

    interaction: Any = SimpleNamespace(response=SimpleNamespace(defer=defer))
    assert not await acknowledge(interaction, private=True)
    assert len(wire.edits) == 1


@pytest.mark.parametrize("path", ["/interactions/*/callback", "/webhooks/*/messages/@original"])
@pytest.mark.parametrize("status", [500, 503])
async def test_a_question_survives_one_apology_of_discord(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    path: str,
    status: int,
) -> None:
    simcord_env.inject_error("*", path, status=status)
    result = await member.slash(channel, "ask", question="who is the head of interpol")
    assert result.acknowledged
    assert said(result).startswith("> ")
    assert len(channel.history()) == 1


async def test_a_retried_acknowledgement_counts_as_one(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
    await member.slash(channel, "ask", question="who?")
    assert len(sent(simcord_env, "PATCH")) == 1


async def test_a_question_that_discord_gave_up_is_left_alone_and_logged(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    logs: Callable[[], str],
) -> None:
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await member.slash(channel, "ask", question="who?")
    assert sent(simcord_env, "PATCH") == []
    assert logs().count("event=acknowledge_refused") == 1


async def test_what_discord_refuses_becomes_one_plain_sentence(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=400, code=50035, times=2)
    result = await member.slash(channel, "ask", question="who leads interpol?")
    assert said(result) == "Something went wrong on my side; it is in the log."


async def test_where_discord_refuses_a_button_the_answer_stands_without(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=400, code=50035)
    result = await member.slash(channel, "ask", question="who leads interpol?")
    assert said(result).startswith("> ")
    assert not sent(simcord_env, "PATCH")[-1]["components"]


async def test_below_a_refused_reply_less_and_less_is_tried() -> None:
    link, button = Link("Open source", "https://a.b/"), Button("Delete", "quoth:delete:x")
    tried: list[Reply] = []

    async def refused(reply: Reply) -> None:
        tried.append(reply)
        response: Any = SimpleNamespace(status=400, reason="")
        raise discord.HTTPException(response, {"code": 50035})

    with pytest.raises(discord.HTTPException):
        await deliver_or_raise(refused, Reply("It is.", ((link,), (button,))), (0,))
    assert [(one.content == "It is.", one.rows) for one in tried] == [
        (True, ((link,), (button,))),
        (True, ((button,),)),
        (True, ()),
        (False, ()),
    ]


async def test_a_deleted_message_is_not_made_again(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    logs: Callable[[], str],
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=404, code=10008, times=None)
    await member.slash(channel, "ask", question="who leads interpol?")
    assert len(sent(simcord_env, "PATCH")) == 1
    assert logs().count("event=answer_undeliverable") == 1


async def test_commands_are_sent_to_discord_only_when_they_changed(
    simcord_env: simcord.Env,
) -> None:
    assert len(sent(simcord_env, "PUT")) == 1
    bot = simcord_env.bot
    assert isinstance(bot, discord.Client)
    await bot.setup_hook()
    await simcord_env.settle()
    assert len(sent(simcord_env, "PUT")) == 1


def test_commands_differ_when_words_options_or_number_do() -> None:
    ours = {"name": "ask", "type": 1, "description": "a", "options": [{"name": "q"}], "nsfw": False}
    theirs = {**ours, "id": "1", "options": [{"name": "q", "required": False}]}
    assert same_commands([ours], [theirs])
    assert not same_commands([{**ours, "description": "b"}], [theirs])
    assert not same_commands([{**ours, "options": []}], [theirs])
    assert not same_commands([ours], [theirs, {**theirs, "name": "old"}])
    assert not same_commands([ours, {**ours, "name": "new"}], [theirs])


def test_a_reply_is_what_is_rendered() -> None:
    assert render(an_answer(a_quote())) == Reply(
        "> The Secretary General is Jürgen Stock.\n-# **Direct match** · The article · line 3"
    )
