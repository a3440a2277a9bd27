"""A room to play a scene in: the bot with its engine, and a server with Ann and Kim."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import discord
import simcord

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.settings import DiscordSettings
from bot.state import State
from bot.upkeep.notices import post_notices
from index import BuildCancelled, BuildReport, Engine, Progress, Settings, Wanted

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "corpus"
LIBRARY = ROOT / "docs" / "gallery" / "library"
FORUM = ROOT / "docs" / "gallery" / "forum"

HELD_SECONDS = 60.0
"""The longest that a reindex is held up to be photographed."""

Prepare: TypeAlias = Callable[[Path], None]
"""Makes `data` of a scene's own folder, in which a copy of its `corpus` lies."""


@dataclass
class Room:
    """What a scene plays with; `hold` stops a reindex in the midst of its embedding.

    `corpus` may be changed by scenes that have one of their own: those that are prepared.
    """

    corpus: Path
    env: simcord.Env
    desk: Desk
    server: simcord.GuildHandle
    channel: simcord.ChannelHandle
    admins: simcord.ChannelHandle
    ann: simcord.MemberActor
    kim: simcord.MemberActor
    hold: threading.Event
    until_drawn: ExitStack

    @property
    def bot(self) -> str:
        """A mention of the bot."""
        if self.env.bot.user is None:
            raise RuntimeError("the bot is not logged in")
        return f"<@{self.env.bot.user.id}>"

    async def allow(self, member: simcord.MemberActor, name: str) -> None:
        """Let a member use a command, as a server's admins can."""
        client = self.env.bot
        if not isinstance(client, Client):
            raise TypeError("another bot")
        found = {command.name: command for command in await client.tree.fetch_commands()}
        self.server.set_command_permissions(found[name], {member: True})

    async def begin(self, act: Awaitable[object], seconds: float = 3.5) -> None:
        """Let something begin that cannot end yet, and have it drawn while it is under way."""
        usual, self.env.settle_timeout = self.env.settle_timeout, seconds
        try:
            await act
        except TimeoutError:
            self._draw_unsettled()
        else:
            raise RuntimeError("it has ended, so there is nothing to photograph")
        finally:
            self.env.settle_timeout = usual

    async def pass_time(self, seconds: float) -> None:
        """Let the bot's timers run on beside what is under way."""
        for _again in range(2):
            with suppress(TimeoutError):  # first of the wait that `begin` gave up
                await self.env.advance_time(seconds)
        soon = asyncio.get_running_loop().time() + 2
        with suppress(TimeoutError):
            await simcord.Env._settle_internal(self.env, _deadline=soon)  # noqa: SLF001

    async def end(self) -> None:
        """Let what was begun come to its end."""
        self.hold.set()
        self.until_drawn.close()
        await self.env.settle()

    def _draw_unsettled(self) -> None:
        """Keep simcord from waiting for the end of what is under way before it draws."""

        async def not_at_all(**_options: object) -> None:
            """Wait for nothing."""

        as_is = self.env._settle_internal  # noqa: SLF001  # no option of simcord
        self.env._settle_internal = not_at_all  # type: ignore[assignment,method-assign]  # noqa: SLF001
        self.until_drawn.callback(setattr, self.env, "_settle_internal", as_is)


class Rooms:
    """Opens rooms. Each corpus is indexed once, in a folder that is thrown away at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engines: dict[Path, Engine] = {}

    @asynccontextmanager
    async def open(
        self, corpus: Path, settings: DiscordSettings, prepare: Prepare | None
    ) -> AsyncIterator[Room]:
        """A room whose bot answers from `corpus`, or from a copy of it that was prepared."""
        engine, documents = await asyncio.to_thread(self._engine, corpus, prepare)
        hold = threading.Event()
        hold.set()
        state = State(Path(tempfile.mkdtemp(dir=self._folder)), settings.keep_days)
        desk = Desk(engine, settings, _held(engine, hold), state)
        await state.open()
        async with simcord.run(Client(desk), shard_count=1, settle_timeout=60) as env:
            room = _furnished(documents, env, desk, hold)
            posting = asyncio.create_task(post_notices(desk.notices, env.bot))
            await desk.open()
            with room.until_drawn:
                yield room
                hold.set()
            posting.cancel()
            await desk.close(1)

    def _engine(self, corpus: Path, prepare: Prepare | None) -> tuple[Engine, Path]:
        if corpus not in self._engines:
            self._engines[corpus] = _engine(corpus, self._folder / corpus.name)
            self._engines[corpus].reindex()
        if prepare is None:
            return self._engines[corpus], corpus
        own = Path(tempfile.mkdtemp(dir=self._folder))
        shutil.copytree(corpus, own / "corpus")
        prepare(own)
        return _engine(own / "corpus", own / "data"), own / "corpus"


def reindex(own: Path) -> None:
    """Build a generation more of a scene's own documents."""
    _engine(own / "corpus", own / "data").reindex()


def _engine(corpus: Path, data: Path) -> Engine:
    return Engine(Settings(corpus=corpus, data=data))


def _held(
    engine: Engine, hold: threading.Event
) -> Callable[[Progress, Wanted, threading.Event], BuildReport]:
    """Reindexing by the engine itself, in this process."""

    def build(progress: Progress, wanted: Wanted, called_off: threading.Event) -> BuildReport:
        def step(stage: str, done: int, total: int) -> None:
            progress(stage, done, total)
            if stage == "embedding" and done:
                hold.wait(HELD_SECONDS)
            if called_off.is_set():
                raise BuildCancelled("called off; the last index stays")

        return engine.reindex(step, wanted)

    return build


def _furnished(corpus: Path, env: simcord.Env, desk: Desk, hold: threading.Event) -> Room:
    env.backend.bot_user.name = "Quoth"
    env.backend.advance_clock((datetime.now(UTC) - env.now()).total_seconds())
    server = env.create_guild("Reading room")
    admins = server.create_text_channel("keepers")
    desk.notices.channel = admins.id
    keeper = server.create_role("Keeper", permissions=discord.Permissions(manage_guild=True))
    return Room(
        corpus,
        env,
        desk,
        server,
        server.create_text_channel("reading-room"),
        admins,
        server.add_member(env.create_user("ann", global_name="Ann")),
        server.add_member(env.create_user("kim", global_name="Kim"), roles=[keeper]),
        hold,
        ExitStack(),
    )
