"""A reindex in a process of its own: members go on asking, and it never outlives the bot."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_asyncio

from . import faults, payloads, rules
from .discord_server import DiscordServer, until
from .gateway import HEARTBEAT_SECONDS
from .openapi import OpenApi
from .payloads import CHANNEL_ID, MANAGER
from .process import CORPUS, START_SECONDS, Program
from .state import Interaction, Message

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER = "Secretary General Jürgen Stock"
STOP_SECONDS = 8.0
GONE_SECONDS = 2.0
"""For the processes that Python keeps beside such a process to see that the bot has ended."""

REINDEX_SECONDS = 120.0
PARAGRAPHS = 1500
"""More than is embedded by the time a test has done its work."""
FEW_PARAGRAPHS = 100


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def built(tmp_path_factory: pytest.TempPathFactory, description: OpenApi) -> Path:
    """A folder that holds the article in `corpus` and its index in `data`."""
    assert description is not None  # no build where the tests will be skipped
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(CORPUS, folder / "corpus")
    program = Program(folder)
    await program.start("reindex")
    assert await program.exit_code() == 0, program.log()
    return folder


@pytest.fixture
def corpus(built: Path, tmp_path: Path) -> Path:
    """The documents of one test."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "corpus"


@pytest_asyncio.fixture(loop_scope="session")
async def ready(discord: DiscordServer, program: Program, corpus: Path, tmp_path: Path) -> Program:
    """The bot with its index opened, and much that takes time put beside the article."""
    await program.run_bot(discord.address, tmp_path / "data", corpus)
    await program.logged_in(discord)
    await program.says("index_opened")
    (corpus / "vessels.md").write_text(vessels(PARAGRAPHS), encoding="utf-8")
    return program


def vessels(paragraphs: int) -> str:
    """A document of so many passages."""
    return "\n\n".join(
        f"# Part {number}\n\n" + f"Vessel {number} sails to harbour {number} at noon. " * 20
        for number in range(paragraphs)
    )


def processes(parent: int) -> list[int]:
    """The processes that another has started and that still run."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [pid for pid in found if parent_of(pid) == parent]


def parent_of(pid: int) -> int | None:
    """Who started a process that still runs; None if it does not."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def at_work(parent: int) -> list[int]:
    """Those of them that reindex."""
    return [
        pid
        for pid in processes(parent)
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


async def begun(discord: DiscordServer, program: Program) -> tuple[Interaction, int]:
    """A reindex that an admin asked for, and its process."""
    asked = await discord.interaction("reindex", {"full": True}, member=MANAGER)
    await until(lambda: bool(at_work(program.pid)), "the process of the reindex")
    return asked, at_work(program.pid)[0]


def says(asked: Interaction, words: str) -> Callable[[], bool]:
    return lambda: any(words in message.plain for message in asked.shown)


def the_message(asked: Interaction) -> Message:
    (message,) = asked.shown
    return message


@pytest.mark.parametrize("stage", ["before its models are loaded", "while it embeds"])
async def test_told_to_stop_the_bot_leaves_no_process_behind(
    discord: DiscordServer, ready: Program, stage: str
) -> None:
    asked, worker = await begun(discord, ready)
    everyone = processes(ready.pid)
    if stage == "while it embeds":
        await ready.says("stage=embedding", seconds=REINDEX_SECONDS)
    code, seconds = await ready.terminate()
    assert (code, seconds < STOP_SECONDS) == (0, True)
    assert worker in everyone
    await until(
        lambda: not any(parent_of(pid) for pid in everyone),
        "all its processes to be gone",
        GONE_SECONDS,
    )
    assert "told to stop before the reindex was finished" in the_message(asked).plain
    assert the_message(asked).components == []


async def test_members_ask_and_the_gateway_lives_while_it_runs_and_is_cancelled(
    discord: DiscordServer, ready: Program, tmp_path: Path
) -> None:
    asked, worker = await begun(discord, ready)
    await ready.says("stage=embedding", seconds=REINDEX_SECONDS)
    beats, begin = discord.gateway.heartbeats, time.monotonic()
    for _ in range(3):
        question = await discord.interaction("ask", {"question": QUESTION})
        assert ANSWER in await discord.final(question)
        assert question.acknowledged_after < 3
        await asyncio.sleep(HEARTBEAT_SECONDS)
    passed = (time.monotonic() - begin) / HEARTBEAT_SECONDS
    assert discord.gateway.heartbeats - beats >= int(passed) - 1
    assert len(discord.gateway.identifies) == 1
    assert worker in at_work(ready.pid), "it was done too early: nothing was shown"

    message = the_message(asked)
    assert message.labels == ["Cancel"]
    refused = await discord.press(message, "Cancel")
    assert "Only members who may manage" in await discord.final(refused)
    pressed = await discord.press(message, "Cancel", MANAGER)
    assert "I'm stopping the reindex" in await discord.final(pressed)
    assert pressed.acknowledged_after < 3
    await until(says(asked, "cancelled by Edith"), "the message to say so", REINDEX_SECONDS)
    assert message.components == []
    assert at_work(ready.pid) == []
    assert sorted(path.name for path in (tmp_path / "data" / "generations").iterdir()) == ["000001"]


async def test_its_report_comes_although_the_connection_drops_and_the_session_ends_meanwhile(
    discord: DiscordServer, ready: Program, corpus: Path
) -> None:
    (corpus / "vessels.md").write_text(vessels(FEW_PARAGRAPHS), encoding="utf-8")
    asked, _ = await begun(discord, ready)
    discord.gateway.drop()
    await until(discord.gateway.ready, "the session to be resumed")
    assert len(discord.gateway.resumes) == 1
    await discord.gateway.invalidate()
    await until(discord.gateway.ready, "a new session")
    assert len(discord.gateway.identifies) == 2
    assert at_work(ready.pid), "it was done too early: nothing was shown"
    await until(says(asked, "+1 added"), "the report", REINDEX_SECONDS)
    assert the_message(asked).components == []


async def test_killed_from_outside_it_is_told_as_that_and_the_next_one_works(
    discord: DiscordServer, ready: Program, corpus: Path
) -> None:
    asked, worker = await begun(discord, ready)
    await ready.says("stage=embedding", seconds=REINDEX_SECONDS)
    os.kill(worker, signal.SIGKILL)
    await until(says(asked, "ended from outside"), "the admin to be told", START_SECONDS)
    assert "last index still answers" in the_message(asked).plain
    (corpus / "vessels.md").unlink()
    (corpus / "short.md").write_text("The lighthouse was lit in 1871.", encoding="utf-8")
    again = await discord.interaction("reindex", member=MANAGER)
    await until(says(again, "+1 added"), "the next report", REINDEX_SECONDS)
    question = await discord.interaction("ask", {"question": "When was the lighthouse lit?"})
    assert "1871" in await discord.final(question)


async def test_watched_documents_are_indexed_and_the_admins_told_once_although_answers_are_lost(
    discord: DiscordServer, program: Program, corpus: Path, tmp_path: Path
) -> None:
    await program.run_bot(
        discord.address,
        tmp_path / "data",
        corpus,
        QUOTH_DISCORD__WATCH_SECONDS="1",
        QUOTH_DISCORD__ADMIN_CHANNEL=CHANNEL_ID,
    )
    await program.logged_in(discord)
    await program.says("index_opened")
    discord.faults.put("POST", rules.MESSAGES, faults.lost_answer(502), faults.dropped_after())
    (corpus / "light.md").write_text("The lighthouse was lit in 1871.", encoding="utf-8")

    def notices() -> list[str]:
        return [m.plain for m in discord.api.messages.values() if m.author == payloads.BOT]

    await until(lambda: bool(notices()), "the admins to be told", REINDEX_SECONDS)
    question = await discord.interaction("ask", {"question": "When was the lighthouse lit?"})
    assert "1871" in await discord.final(question)
    await discord.quiet()
    told = [text for text in notices() if "by myself, because the documents changed" in text]
    assert len(told) == 1
    assert "+1 added" in told[0]
    code, seconds = await program.terminate()
    assert (code, seconds < STOP_SECONDS) == (0, True)


async def test_a_build_that_is_damaged_at_the_start_is_told_in_a_channel_that_is_there(
    discord: DiscordServer, program: Program, corpus: Path, tmp_path: Path
) -> None:
    generations = tmp_path / "data" / "generations"
    shutil.copytree(generations / "000001", generations / "000002")
    (generations / "000002" / "manifest.json").write_text("{}", encoding="utf-8")
    await program.run_bot(
        discord.address, tmp_path / "data", corpus, QUOTH_DISCORD__ADMIN_CHANNEL=CHANNEL_ID
    )
    await program.logged_in(discord)
    words = "the manifest of generation 000002"
    await until(
        lambda: any(words in message.plain for message in discord.api.messages.values()),
        "the admins to be told",
        START_SECONDS,
    )
