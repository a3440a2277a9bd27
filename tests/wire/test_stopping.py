"""SIGTERM: nothing new is taken, nothing is left thinking, and the process ends well."""

import asyncio
from pathlib import Path

from .api import COMMANDS
from .discord_server import QUIET_SECONDS, DiscordServer, until
from .payloads import Member, snowflake
from .process import START_SECONDS, Program

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER = "Secretary General Jürgen Stock"
STOP_SECONDS = 8.0
"""Docker waits ten before it kills."""
TOLD_TWICE = 130
MANY = 16
"""More than can be answered by the time the last is acknowledged."""
LATER = "restarting"
"""What one is told whose question could not be finished."""


async def test_questions_under_way_are_finished_before_the_end(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    first = await discord.interaction("ask", {"question": QUESTION})  # the models still load
    assert ANSWER in await discord.final(first, START_SECONDS)
    members = [Member(snowflake(), f"member{number}") for number in range(MANY)]
    asked = [await discord.interaction("ask", {"question": QUESTION}, member) for member in members]
    await until(lambda: all(one.acknowledged_at for one in asked), "all acknowledgements")
    before = sum(one.final for one in asked)
    code, seconds = await program.terminate()
    assert before < MANY, "all were answered before the signal: nothing was shown"
    assert (code, seconds < STOP_SECONDS) == (0, True)
    told = [message for one in asked for message in one.shown]
    assert len(told) == MANY
    assert all(ANSWER in message.plain or LATER in message.plain for message in told)
    assert sum(ANSWER in message.plain for message in told) > before


async def test_a_question_that_cannot_be_finished_is_told_so(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    asked = await discord.interaction("ask", {"question": QUESTION})  # the models still load
    mention = await discord.mention(QUESTION)
    await until(lambda: asked.acknowledged_at is not None, "the acknowledgement")
    await until(lambda: bool(discord.replies(mention)), "the first words to the mention")
    code, seconds = await program.terminate()
    assert (code, seconds < STOP_SECONDS) == (0, True)
    told = [*asked.shown, *discord.replies(mention)]
    assert len(told) == 2
    assert all(LATER in m.plain or ANSWER in m.plain for m in told)


async def test_the_bot_ends_in_order_while_discord_is_down(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    await discord.stop()
    await program.run_bot(discord.address, data)
    await program.says("discord_unreachable")
    code, seconds = await program.terminate()
    assert (code, seconds < STOP_SECONDS) == (0, True)


async def test_a_second_start_does_not_register_the_commands_again(
    discord: DiscordServer, data: Path, tmp_path: Path
) -> None:
    for start in (1, 2):
        program = Program(tmp_path)
        try:
            await program.run_bot(discord.address, data)
            await program.logged_in(discord, start)
            await program.says("commands_synced")
            code, seconds = await program.terminate()
        finally:
            await program.kill()
        assert (code, seconds < STOP_SECONDS) == (0, True)
        assert len(discord.requests("PUT", COMMANDS)) == 1


async def test_a_second_signal_ends_it_at_once(
    discord: DiscordServer, program: Program, data: Path
) -> None:
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    asked = await discord.interaction("ask", {"question": QUESTION})  # the models still load
    await until(lambda: asked.acknowledged_at is not None, "the acknowledgement")
    ending = asyncio.create_task(program.terminate())
    await program.says("event=stopping")
    await program.terminate()
    code, seconds = await ending
    assert (code, seconds < STOP_SECONDS) == (TOLD_TWICE, True)


async def test_an_idle_bot_ends_at_once_and_says_goodbye_to_discord(
    shared_at_its_end: tuple[DiscordServer, Program],
) -> None:
    discord, program = shared_at_its_end
    await asyncio.sleep(QUIET_SECONDS)  # between tests Discord is silent: if that was long, the bot
    await program.logged_in(discord)  # has given its connection up, and comes back now
    last = discord.gateway.session()  # others may be left of tests in which none was resumed
    assert last
    code, seconds = await program.terminate()
    assert (code, seconds < STOP_SECONDS) == (0, True)
    assert last.id not in discord.gateway.sessions
