"""What the tests of the Discord front share: a real index, and a Discord in this process."""

import io
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import discord
import pytest
import simcord
import structlog
from blockbuster import BlockBuster, blockbuster_ctx
from people import answer, call, helpers, people
from stand_ins import A_SECRET, PATIENCE_SECONDS, HeldEngine, Remembering, a_desk

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.logs import configure_logs
from bot.settings import DiscordSettings
from index import Engine

__all__ = ["answer", "call", "helpers", "people"]


@pytest.fixture(scope="session")
def real_engine(article_engine: Engine) -> Engine:
    """The shipped engine over the shipped article, built and loaded once."""
    article_engine.load()
    return Remembering(article_engine)


@pytest.fixture
def held_engine() -> Iterator[HeldEngine]:
    engine = HeldEngine()
    yield engine
    engine.let_all()


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    """What the bot answers from; a module that needs another overrides it."""
    return real_engine


@pytest.fixture
def limits() -> DiscordSettings:
    return DiscordSettings()


@pytest.fixture
async def desk(
    engine: Engine,
    limits: DiscordSettings,
    tmp_path: Path,
    logs: object,  # noqa: ARG001  # its stream must outlive the desk
) -> AsyncIterator[Desk]:
    desk = a_desk(engine, tmp_path / "state", limits)
    await desk.state.open()
    yield desk
    if isinstance(engine, HeldEngine):
        engine.let_all()
    await desk.close(5)


@pytest.fixture
async def simcord_bot(desk: Desk) -> Client:
    await desk.open()
    return Client(desk)


@pytest.fixture
async def simcord_env(simcord_bot: Client, engine: Engine) -> AsyncIterator[simcord.Env]:
    env = simcord.Env(simcord_bot, shard_count=1, settle_timeout=PATIENCE_SECONDS)
    await env.start()
    yield env
    if isinstance(engine, HeldEngine):
        engine.let_all()
    await env.shutdown()
    env.raise_errors()


@pytest.fixture
async def restart(
    simcord_env: simcord.Env, desk: Desk, tmp_path: Path
) -> AsyncIterator[Callable[[], Awaitable[Desk]]]:
    """Stops the bot and starts it anew: what it knows then is what it kept on disk."""
    started = [desk]

    async def restart() -> Desk:
        await started[-1].close(5)
        anew = a_desk(desk.engine, tmp_path / "state", desk.settings)
        started.append(anew)
        await anew.state.open()
        await anew.open()
        await simcord_env.restart_bot(Client(anew))
        return anew

    yield restart
    await started[-1].close(5)


@pytest.fixture
def server(simcord_env: simcord.Env) -> simcord.GuildHandle:
    return simcord_env.create_guild("Reading room")


@pytest.fixture
def channel(server: simcord.GuildHandle) -> simcord.ChannelHandle:
    return server.create_text_channel("questions")


@pytest.fixture
def member(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    return server.add_member(simcord_env.create_user("ann"))


@pytest.fixture
def admin(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    role = server.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
    return server.add_member(simcord_env.create_user("kim"), roles=[role])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no setting of this machine: no test may find a real token."""
    for name in list(os.environ):
        if name.startswith("QUOTH_") or name == "DISCORD_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def logs() -> Iterator[Callable[[], str]]:
    """The bot's own log set-up; gives what has been written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("info", "text", (A_SECRET,))
    written = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    root.handlers += handlers
    yield written.getvalue
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def nothing_blocks() -> Iterator[BlockBuster | None]:
    """Whatever blocks the event loop inside `bot` fails the test that did it."""
    with blockbuster_ctx("bot") as blockbuster:
        yield blockbuster
