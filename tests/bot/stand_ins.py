"""Values and an engine made by hand, for what the real engine cannot be made to do."""

import asyncio
import contextlib
import re
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.settings import DiscordSettings
from bot.state import State
from bot.upkeep.upkeep import Reindex
from index import (
    Answer,
    Before,
    BuildCancelled,
    BuildReport,
    Engine,
    Explanation,
    Progress,
    Quote,
    Wanted,
)
from index import Settings as IndexSettings
from index.generations.build import AS_USUAL

A_SECRET = "a-secret-token-that-is-set"  # noqa: S105  # no one's

PATIENCE_SECONDS = 60.0
"""How long a test waits for what must come: on a busy machine that takes as long as it takes."""

TOLD = re.compile(r"\\([^0-9A-Za-z\s])|‹U\+([0-9A-F]{4,6})›")


def tell(shown: str) -> str:
    """The words that inert text shows: the inverse of `inert`."""
    return TOLD.sub(lambda found: found[1] or chr(int(found[2], 16)), shown)


def a_quote(
    text: str = "The Secretary General is Jürgen Stock.", answer: str = "", url: str | None = None
) -> Quote:
    """A quote as the engine would make it, `answer` marked."""
    start = text.index(answer) if answer else None
    return Quote(
        text=text,
        answer=answer or None,
        answer_start=start,
        answer_end=start + len(answer) if start is not None else None,
        document="article.txt",
        title="The article",
        section=None,
        page=None,
        line_start=3,
        line_end=3,
        start=0,
        end=len(text),
        url=url,
        date=None,
        score=0.9,
    )


def an_answer(*quotes: Quote, question: str = "who?") -> Answer:
    """An answer with these quotes."""
    return Answer(question, answered=True, confidence="direct", quotes=quotes, closest=(), ms=1.0)


class HeldEngine(Engine):
    """An engine that answers when the test lets it: the real one cannot be made slow or broken."""

    def __init__(self) -> None:
        super().__init__(IndexSettings())
        self.let_load, self.let_ask, self.let_build = (threading.Event() for _ in range(3))
        self.let_load.set()
        self.asked: list[str] = []
        self.url: str | None = None
        self.fault: Exception | None = None
        self.load_fault: Exception | None = None
        self.builds = 0
        self.wanted = AS_USUAL
        self.heeds = True
        self.due: str | None = None
        self.due_fault: Exception | None = None

    def load(self) -> None:
        self.let_load.wait(PATIENCE_SECONDS)
        if self.load_fault:
            raise self.load_fault

    def explain(self, question: str, after: Before | None = None) -> Explanation:  # noqa: ARG002
        self.asked.append(question)
        self.let_ask.wait(PATIENCE_SECONDS)
        if self.fault:
            raise self.fault
        answer = an_answer(a_quote(answer="Jürgen Stock", url=self.url), question=question)
        return Explanation(answer, "en", (), {})

    def reindex(
        self,
        progress: Progress | None = None,
        wanted: Wanted = AS_USUAL,
    ) -> BuildReport:
        self.builds += 1
        self.wanted = wanted
        while progress and not self.let_build.wait(0.02):
            if self.heeds:
                progress("embedding", 3, 9)
        if self.fault:
            raise self.fault
        self.load_fault = None
        return BuildReport(("a.txt",), (), (), (), (), 4, 4, 0.1, "000001", published=True)

    def staleness(self) -> str | None:
        if self.due_fault:
            raise self.due_fault
        return self.due

    def corpus_mark(self) -> str:
        return "as ever"

    def let_all(self) -> None:
        """Let everything go on."""
        for event in (self.let_load, self.let_ask, self.let_build):
            event.set()


class Remembering(Engine):
    """A real engine whose index stays, so that what it found once is what it finds again.

    These tests ask the same few questions again and again; that answers do not differ from one time
    to the next is tested with the engine.
    """

    def __init__(self, real: Engine) -> None:
        self.__dict__ = real.__dict__
        self._found: dict[tuple[str, Before | None], Explanation]
        self._found = self.__dict__.setdefault("_found", {})

    def explain(self, question: str, after: Before | None = None) -> Explanation:
        asked = (question, after)
        if asked not in self._found:
            self._found[asked] = super().explain(question, after)
        return self._found[asked]


class Abstaining(Remembering):
    """The real engine's abstention does not come at will, so its look is tested with one made."""

    def explain(self, question: str, after: Before | None = None) -> Explanation:
        found = super().explain(question, after).answer
        closest = found.quotes or found.closest
        nothing = Answer(question, False, None, (), closest, found.ms, leading=0)  # noqa: FBT003
        return Explanation(nothing, "en", (), {})


def in_this_process(engine: Engine) -> Reindex:
    """Reindexing by the engine itself, which can be called off at each step."""

    def reindex(progress: Progress, wanted: Wanted, called_off: threading.Event) -> BuildReport:
        def step(stage: str, done: int, total: int) -> None:
            if called_off.is_set():
                raise BuildCancelled("called off; the last index stays")
            progress(stage, done, total)

        return engine.reindex(step, wanted)

    return reindex


def a_desk(engine: Engine, folder: Path, limits: DiscordSettings | None = None) -> Desk:
    """A desk as the bot has one, remembering in `folder`; reindexes in this process."""
    wanted = limits or DiscordSettings()
    state = State(folder, wanted.keep_days)
    return Desk(engine, wanted, in_this_process(engine), state)


def in_file(file: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What one statement of another program finds in the bot's file, or changes there."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement, values).fetchall()


@contextlib.asynccontextmanager
async def memory_held(desk: Desk) -> AsyncIterator[Callable[[], int]]:
    """Nothing is remembered or looked up until the block ends: what waits then comes in order.

    Gives what tells how many acts wait.
    """
    threads = desk.state._database._threads
    let = threading.Event()
    holding = asyncio.create_task(threads.run(let.wait, PATIENCE_SECONDS))
    await until(lambda: threads.running == 1)
    try:
        yield threads._pool._work_queue.qsize
    finally:
        let.set()
        await holding


def labels(message: discord.Message) -> list[str]:
    """What the buttons under a message say."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [
        str(item.label) for row in rows for item in row.children if isinstance(item, discord.Button)
    ]


def again(channel: simcord.ChannelHandle, message: discord.Message) -> discord.Message:
    """A message as it is now."""
    return next(one for one in channel.history() if one.id == message.id)


def told(channel: simcord.ChannelHandle, member: simcord.MemberActor) -> discord.Message:
    """The newest message that is for a member alone."""
    return [one for one in channel.history(viewer=member) if one.flags.ephemeral][-1]


def answer_of(result: simcord.InteractionResult) -> discord.Message:
    """The one message of an interaction."""
    assert result.response is not None
    assert not result.followups
    return result.response.message


def said(result: simcord.InteractionResult) -> str:
    """What the one message of an interaction says."""
    assert result.response is not None
    assert not result.followups
    return result.response.content


def last(channel: simcord.ChannelHandle) -> discord.Message:
    """The newest message of a channel."""
    assert channel.last_message is not None
    return channel.last_message


def stands(
    channel: simcord.ChannelHandle, words: str, viewer: simcord.MemberActor | None = None
) -> bool:
    """Whether a message says these words: to all, or also to `viewer` alone."""
    return any(words in one.content for one in channel.history(viewer=viewer))


def in_line(desk: Desk, count: int) -> Callable[[], bool]:
    """Tells whether so many questions are asked and not answered yet."""
    return lambda: len(desk.line) == count


async def begin(act: Coroutine[Any, Any, object], reached: Callable[[], bool]) -> None:
    """Let something begin that cannot end yet, and come as far as is told.

    A short time for simcord to settle would not do instead: a busy machine does little in it, and
    a timer of the bot that fires meanwhile is given no more, which fails what the test does next.
    """
    acting = asyncio.create_task(act)
    await until(lambda: acting.done() or reached())
    assert not acting.done(), f"it has ended: {acting}"
    acting.cancel()  # this only waits for the end; what the bot began goes on
    await asyncio.wait({acting})


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that threads or other tasks bring about."""
    loop = asyncio.get_running_loop()
    patience_ends = loop.time() + PATIENCE_SECONDS
    while not condition():
        assert loop.time() < patience_ends, "waited in vain"
        await asyncio.sleep(0.005)


def sent(env: simcord.Env, *methods: str) -> list[Any]:
    """The bodies of what the bot sent to Discord by these methods, in order."""
    return [call.json for call in env.http_requests if call.method in methods]


async def let(
    env: simcord.Env,
    server: simcord.GuildHandle,
    member: simcord.MemberActor,
    command: str,
) -> None:
    """Hand a command to a member, as a server's admins can."""
    assert isinstance(env.bot, Client)
    known = await env.bot.tree.fetch_commands()
    (found,) = [one for one in known if one.name == command]
    server.set_command_permissions(found, {member: True})


def take_rights(env: simcord.Env, server: simcord.GuildHandle, role: str) -> None:
    """Take all rights from a role, as an admin can at any time."""
    env.backend.edit_role(server.id, server.roles[role].id, {"permissions": 0})
