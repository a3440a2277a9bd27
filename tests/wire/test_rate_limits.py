"""Discord asks to wait, on any route that the bot uses: members see what they see without that."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.connection.messages import send
from bot.controls.route import ACTS, CUSTOM_ID
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings
from bot.state import State
from index import Engine, Settings, reindex_apart

from . import faults, features, rules
from .api import COMMANDS
from .discord_server import QUIET_SECONDS, TOKEN, DiscordServer, until
from .payloads import CHANNEL_ID, Json
from .process import Program
from .rest import Request
from .test_starting import helped

Route: TypeAlias = tuple[str, str]
Act: TypeAlias = Callable[[DiscordServer], Awaitable[None]]
Seen: TypeAlias = list[tuple[str, bool, bool, list[str]]]
"""Of each message its words, whether it is for one alone, whether it is deleted, its buttons."""

LINK = re.compile(r"\(https://discord\.com/\S+\)")

WAIT_SECONDS = 0.4
LONG_SECONDS = 2.5
SLACK_SECONDS = 0.02
"""By how much two clocks may differ in what they call that."""

AT_START: tuple[Route, ...] = (
    ("GET", "/users/@me"),
    ("GET", "/oauth2/applications/@me"),
    ("GET", "/gateway/bot"),
    ("GET", COMMANDS),
    ("PUT", COMMANDS),
)
IN_USE: dict[Route, Act] = {
    ("POST", rules.CALLBACK): features.ask,
    ("PATCH", rules.ORIGINAL): features.ask,
    ("DELETE", rules.ORIGINAL): features.delete,
    ("POST", rules.FOLLOWUP): features.call,
    ("POST", rules.MESSAGES): features.mention,
    ("POST", rules.TYPING): features.mention,
    ("GET", rules.MESSAGES): features.call_again,
    ("PATCH", rules.MESSAGE): features.withdraw,
}
"""Every route that the bot uses, and what members do that leads there."""


async def outcome(discord: DiscordServer, act: Act, quiet_seconds: float = QUIET_SECONDS) -> Seen:
    """What members see that was not there before they did something, but for where links lead."""
    before = set(discord.api.messages)
    await act(discord)
    await discord.quiet(quiet_seconds)
    return [
        (LINK.sub("", message.text), message.ephemeral, message.deleted, message.labels)
        for name, message in discord.api.messages.items()
        if name not in before
    ]


def has_waited(discord: DiscordServer, route: Route, since: int = 0) -> bool:
    """Whether the first request to a route, not counting some, was made again when it was time."""
    refused, again = discord.requests(*route)[since : since + 2]
    return again.at - refused.at >= WAIT_SECONDS - SLACK_SECONDS


def routes(requests: list[Request]) -> set[Route]:
    """Which routes these went to."""
    return {(request.method, request.route) for request in requests}


def controls(used: list[Json]) -> set[str]:
    """What the buttons and forms among these do."""
    names = (str(one.get("custom_id")) for one in used)
    return {found["act"] for found in map(CUSTOM_ID.fullmatch, names) if found}


def commands(used: list[Json]) -> set[str]:
    """The commands among these, those of menus too."""
    return {str(one["name"]) for one in used if "name" in one}


@pytest.mark.parametrize("route", AT_START, ids=" ".join)
async def test_the_bot_comes_up_as_ever_when_asked_to_wait_on(
    discord: DiscordServer, program: Program, data: Path, route: Route
) -> None:
    discord.faults.put(*route, faults.rate_limited(WAIT_SECONDS))
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    await program.says("commands_synced")
    await helped(discord)
    assert has_waited(discord, route)
    made = {each: len(discord.requests(*each)) for each in AT_START}
    assert made == {each: 2 if each == route else 1 for each in AT_START}
    assert len(discord.gateway.identifies) == 1


@pytest.mark.parametrize("route", IN_USE, ids=" ".join)
async def test_members_see_what_they_do_without_a_wait_when_asked_for_one_on(
    running: DiscordServer, route: Route
) -> None:
    without = await outcome(running, IN_USE[route], quiet_seconds=0)
    before = len(running.requests(*route))
    running.faults.put(*route, faults.rate_limited(WAIT_SECONDS))
    assert await outcome(running, IN_USE[route]) == without
    assert has_waited(running, route, before)


async def test_the_bot_comes_up_when_asked_to_wait_everywhere(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    discord.faults.put("GET", COMMANDS, faults.rate_limited(WAIT_SECONDS, everywhere=True))
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    await program.says("commands_synced")
    await helped(discord)
    assert has_waited(discord, ("GET", COMMANDS))
    assert [len(discord.requests("PUT", COMMANDS)), len(discord.gateway.identifies)] == [1, 1]


async def test_asked_to_wait_everywhere_only_what_needs_no_token_goes_on(
    running: DiscordServer,
) -> None:
    running.faults.put(*features.POST, faults.rate_limited(LONG_SECONDS, everywhere=True))
    before = len(running.rest.requests)
    first = await running.mention(features.QUESTION)
    await until(lambda: not running.faults.left(), "the wait to be asked for")
    second = await running.mention(features.QUESTION)
    await features.ask(running)
    since = running.rest.requests[before:]
    (at,) = [at for at, request in enumerate(since) if request.route == rules.MESSAGES]
    refused, *meanwhile = since[at:]
    assert {request.route for request in meanwhile} == {rules.CALLBACK, rules.ORIGINAL}
    assert meanwhile[-1].at - refused.at < LONG_SECONDS
    for question in (first, second):
        await running.reply(question, features.ANSWER)
    await running.quiet()
    assert [one.reference is not None for one in running.replies(first)] == [True, True]


async def test_a_wait_everywhere_that_our_patience_ends_in_does_not_last_for_ever(
    discord: DiscordServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.http.Route.BASE", discord.address)
    for module in ("client", "deliver"):
        monkeypatch.setattr(f"bot.connection.{module}.EDIT_SECONDS", WAIT_SECONDS / 2)
    settings = Settings(data=data)
    reindex = partial(reindex_apart, settings)
    desk = Desk(Engine(settings), DiscordSettings(), reindex, State(data, 30))
    async with Client(desk) as client:
        await client.login(TOKEN)
        await until(lambda: bool(discord.api.commands), "the commands to be registered")
        await discord.quiet(WAIT_SECONDS)
        discord.faults.put(*features.POST, faults.rate_limited(WAIT_SECONDS, everywhere=True))
        channel = client.get_partial_messageable(int(CHANNEL_ID))
        await send(channel, Reply("told"), nonce="1")
    assert [message.plain for message in discord.api.messages.values()] == ["told"]


async def test_no_route_is_left_out_when_all_is_done_that_can_be_and_each_asks_to_wait(
    running: DiscordServer, shared: tuple[DiscordServer, Program]
) -> None:
    _, program = shared
    for route in IN_USE:
        running.faults.put(*route, faults.rate_limited(WAIT_SECONDS))
    requests, used = len(running.rest.requests), len(running.used)
    for act in features.MEMBERS_DO:
        await act(running)
    await features.reindex(running, program)
    await running.quiet()
    assert routes(running.rest.requests[requests:]) == set(IN_USE)
    assert controls(running.used[used:]) == set(ACTS)
    assert commands(running.used[used:]) == commands(running.api.commands)


def test_no_route_is_left_out_that_is_used_in_any_test_here(served: list[DiscordServer]) -> None:
    seen = set().union(*(routes(discord.rest.requests) for discord in served))
    assert seen - {*AT_START, *IN_USE} == set()
