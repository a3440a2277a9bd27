"""What became of a reindex is told once, wherever that is, although Discord's answers are lost."""

import os
import signal
from typing import TypeAlias

import pytest

from bot.connection.certain import ACKNOWLEDGE_PAUSES, EDIT_PAUSES

from . import faults, rules
from .discord_server import DiscordServer, until
from .payloads import ADMIN_CHANNEL_ID, CHANNEL_ID
from .process import Program
from .state import Interaction, Message
from .test_reindexing import begun

Bot: TypeAlias = tuple[DiscordServer, Program]

REPORT = "ended from outside"
"""So a reindex is reported that is killed, which takes no time."""

EDIT, POST = ("PATCH", rules.ORIGINAL), ("POST", rules.MESSAGES)
LOST = faults.dropped_after(saying=REPORT)
"""Discord does as the report asks, and its answer is lost."""


@pytest.fixture
def bot(running: DiscordServer, shared: Bot) -> Bot:
    """The shared bot, and its Discord without the messages of other tests."""
    running.api.messages.clear()
    return shared


def reports(discord: DiscordServer) -> list[Message]:
    """Every message that says what became of the reindex."""
    return [one for one in discord.api.messages.values() if REPORT in one.plain]


async def the_report(discord: DiscordServer) -> Message:
    """The one message that has the report once the bot is done with it."""
    await until(lambda: bool(reports(discord)), "the report")
    await discord.quiet()
    (report,) = reports(discord)
    return report


async def reindex(bot: Bot, *, editable: bool) -> Interaction:
    """A reindex that ends when its message can still be edited, or no longer."""
    asked, worker = await begun(*bot)
    asked.expired = not editable
    os.kill(worker, signal.SIGKILL)
    return asked


async def test_it_stands_in_its_message_alone_when_no_edit_is_ever_answered(
    bot: Bot,
) -> None:
    discord, _ = bot
    discord.faults.put(*EDIT, *[LOST] * len(EDIT_PAUSES))
    asked = await reindex(bot, editable=True)
    assert [await the_report(discord)] == asked.shown


async def test_it_stands_in_its_message_alone_when_its_time_is_over_before_an_answer(
    bot: Bot,
) -> None:
    discord, _ = bot
    discord.faults.put(*EDIT, LOST)
    asked = await reindex(bot, editable=True)
    await until(lambda: bool(reports(discord)), "the report")
    asked.expired = True
    assert [await the_report(discord)] == asked.shown


async def test_it_stands_in_the_channel_alone_when_no_post_is_ever_answered(
    bot: Bot,
) -> None:
    discord, _ = bot
    discord.faults.put(*POST, *[LOST] * len(ACKNOWLEDGE_PAUSES))
    asked = await reindex(bot, editable=False)
    report = await the_report(discord)
    assert (report.channel_id, report in asked.shown) == (CHANNEL_ID, False)


async def test_it_stands_in_the_admins_channel_alone_when_no_post_there_is_answered(
    bot: Bot,
) -> None:
    discord, _ = bot
    discord.faults.put(*POST, faults.forbidden(), *[LOST] * (len(ACKNOWLEDGE_PAUSES) - 1))
    await reindex(bot, editable=False)
    report = await the_report(discord)
    assert report.channel_id == ADMIN_CHANNEL_ID
    assert "can't post in that channel" in report.plain
