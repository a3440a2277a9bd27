"""A bot that is killed while it posts something, when Discord has that already or not yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.connection.posted import CLAIM_SECONDS

from . import payloads, rules
from .conftest import check_log, have_helpers
from .discord_server import DiscordServer, until
from .faults import unanswered
from .process import START_SECONDS, Program
from .state import Message
from .test_controls import CALLBACK, EDIT, UNANSWERED, answer, says_once

CALLED, SHARED = "a person's answer", "Shared by"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """One for each life of the bot."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    return first, second


@pytest_asyncio.fixture(loop_scope="session")
async def lives(
    folders: tuple[Path, Path], discord: DiscordServer, data: Path
) -> AsyncIterator[tuple[Program, Program]]:
    """A bot that runs, and the one that comes after it."""
    await have_helpers(data)
    first, second = (Program(folder) for folder in folders)
    await first.run_bot(discord.address, data)
    await first.logged_in(discord)
    yield first, second
    for life in (first, second):
        await life.kill()
        check_log(life, discord)


def saying(discord: DiscordServer, words: str) -> int:
    """How many messages say these words."""
    return sum(words in one.plain for one in discord.api.messages.values())


async def stands(discord: DiscordServer, words: str) -> None:
    """Wait for a message that says these words."""
    await until(lambda: saying(discord, words) > 0, words)


async def kill_while_posting(
    discord: DiscordServer, bot: Program, *, posted: bool
) -> tuple[Message, Message]:
    """Kill it while it calls a person and shares an answer; gives what was pressed for that."""
    asked = await discord.interaction("ask", {"question": UNANSWERED})
    await discord.final(asked, START_SECONDS)
    (public,), private = asked.shown, await answer(discord, private=True)
    for message, button, route, words in (
        (public, "Ask a human", ("POST", rules.MESSAGES), CALLED),
        (private, "Share", EDIT if posted else CALLBACK, SHARED),
    ):
        discord.faults.put(*route, unanswered(acts=posted))
        await discord.press(message, button)
        await until(lambda: not discord.faults.left(), "the fault to be met")
        if posted:
            await stands(discord, words)
    await bot.kill()
    return public, private


async def press_later(
    discord: DiscordServer,
    pressed: tuple[Message, Message],
    said: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Press both again, at once and when no one can be at it any more; what is said then."""
    public, private = pressed
    at_once = await discord.press(public, "Ask a human")
    await says_once(discord, at_once, "is being asked just now")
    passed = round(CLAIM_SECONDS * 1000) + 1
    monkeypatch.setattr(payloads, "DISCORD_EPOCH_MS", payloads.DISCORD_EPOCH_MS - passed)
    await says_once(discord, await discord.press(public, "Ask a human"), said[0])
    await says_once(discord, await discord.press(private, "Share"), said[1])
    assert [saying(discord, words) for words in (CALLED, SHARED)] == [1, 1]


@pytest.mark.parametrize(
    "case",
    [
        (True, ("A person was asked already", "This was shared already")),
        (False, ("I asked this server's helpers", SHARED)),
    ],
    ids=["Discord has it", "Discord has it not"],
)
async def test_after_five_minutes_it_is_posted_unless_it_stands_there_when(
    discord: DiscordServer,
    data: Path,
    lives: tuple[Program, Program],
    case: tuple[bool, tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posted, said = case
    first, second = lives
    pressed = await kill_while_posting(discord, first, posted=posted)
    await second.run_bot(discord.address, data)
    await second.logged_in(discord, times=2)
    await press_later(discord, pressed, said, monkeypatch)
