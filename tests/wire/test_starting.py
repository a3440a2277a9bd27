"""Coming up: Discord away for a while, a wrong token, a refused login, a second start."""

from pathlib import Path

import pytest

from . import faults
from .api import COMMANDS
from .discord_server import DiscordServer, until
from .gateway import (
    AUTHENTICATION_FAILED,
    DISALLOWED_INTENTS,
    INVALID_INTENTS,
    INVALID_SHARD,
    INVALID_VERSION,
    SHARDING_REQUIRED,
)
from .openapi import OpenApi
from .payloads import DIRECT_CHANNEL_ID
from .process import START_SECONDS, Program

QUICK_SECONDS = 30.0
"""For a refusal: the start of Python and its imports, nothing that waits."""


async def helped(discord: DiscordServer) -> None:
    """See that the bot is there for members; asks nothing that needs the models."""
    greeting = await discord.mention("")
    await discord.reply(greeting, "question")


def said(program: Program) -> str:
    """The sentence for whoever started it; all else that it writes are log lines."""
    lines = [line for line in program.log().splitlines() if not line.startswith("timestamp=")]
    assert len(lines) == 1, program.log()
    return lines[0]


async def test_the_bot_comes_up_when_discord_does(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    port = discord.port
    await discord.stop()  # refuses connections
    await program.run_bot(discord.address, data)
    await program.says("discord_unreachable", "retry_seconds")
    discord.faults.outage = faults.server_error(503)
    await discord.start(port)
    await until(lambda: bool(discord.rest.requests), "the bot to try again")
    discord.faults.outage = None
    await program.logged_in(discord)
    await helped(discord)


async def test_the_bot_comes_up_when_the_gateway_fails_at_first(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    discord.gateway.refuse_connections = 1
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    assert discord.gateway.refuse_connections == 0
    await helped(discord)


async def test_every_shard_that_discord_asks_for_is_served(
    description: OpenApi, tmp_path: Path, data: Path
) -> None:
    discord, program = DiscordServer(description, shards=2), Program(tmp_path)
    try:
        await discord.start()
        await program.run_bot(discord.address, data)
        await program.logged_in(discord)
        await helped(discord)
        direct = await discord.write("", channel_id=DIRECT_CHANNEL_ID)
        await discord.reply(direct, "question")
    finally:
        await program.kill()
        await discord.stop()
    assert [identify["shard"] for identify in discord.gateway.identifies] == [[0, 2], [1, 2]]
    assert discord.violations == []


@pytest.mark.parametrize("code", [INVALID_SHARD, SHARDING_REQUIRED])
async def test_when_discord_wants_more_shards_the_bot_comes_back_with_them(
    discord: DiscordServer, program: Program, data: Path, code: int
) -> None:
    discord.gateway.refuse_identify = code
    await program.run_bot(discord.address, data)
    await program.says("discord_unreachable", str(code))
    discord.gateway.shards, discord.gateway.refuse_identify = 2, None
    await program.logged_in(discord)
    assert [one["shard"] for one in discord.gateway.identifies][-2:] == [[0, 2], [1, 2]]
    await helped(discord)


async def test_a_failed_registration_of_commands_stops_nothing(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    discord.faults.put("PUT", COMMANDS, faults.server_error(503))
    await program.run_bot(discord.address, data)
    await until(discord.gateway.ready, "the bot to log in", START_SECONDS)
    assert discord.api.commands == []
    await helped(discord)
    await program.logged_in(discord)


async def test_a_wrong_token_is_said_plainly_and_at_once(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    wrong = discord.rest.token.replace("only", "else")
    await program.run_bot(discord.address, data, token=wrong)
    assert await program.exit_code(QUICK_SECONDS) == 2
    assert "DISCORD_TOKEN" in said(program)
    assert wrong not in program.log()
    assert discord.gateway.identifies == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (AUTHENTICATION_FAILED, "DISCORD_TOKEN"),
        (INVALID_VERSION, "update Quoth"),
        (INVALID_INTENTS, "does not know an intent"),
        (DISALLOWED_INTENTS, "does not allow an intent"),
    ],
)
async def test_a_refused_login_is_said_plainly_and_at_once(
    discord: DiscordServer, program: Program, data: Path, code: int, words: str
) -> None:
    discord.gateway.refuse_identify = code
    await program.run_bot(discord.address, data)
    assert await program.exit_code(QUICK_SECONDS) == 2
    assert words in said(program)
    assert len(discord.gateway.identifies) == 1


async def test_without_a_token_the_bot_says_where_to_get_one(
    program: Program, discord: DiscordServer
) -> None:
    await program.start("run", QUOTH_DISCORD__API=discord.address)
    assert await program.exit_code(QUICK_SECONDS) == 2
    assert "DISCORD_TOKEN is not set" in said(program)
    assert discord.rest.requests == []
