"""`quoth run`: the bot from its start to its orderly end."""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from functools import partial
from types import FrameType
from typing import NoReturn

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.connection.connect import NO_TOKEN, WRONG_TOKEN, CannotStart, stay_connected
from bot.logs import configure_logs
from bot.refusals import StateError
from bot.settings import Settings
from bot.state import State
from bot.state.forgetting import keep_forgetting
from bot.upkeep.watch import watch
from index import Engine, reindex_apart

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

CANNOT_START = 2
STOPPED_AT_ONCE = 130
WHOLE_STOP_SECONDS = 7.8
"""Docker kills after ten; whatever hangs, the process is gone before."""

LEAVE_SECONDS = 0.5


def run(settings: Settings) -> int:
    """Be the bot until told to stop, then end the process: 0 stopped, 2 cannot start.

    Returns only if it could not even begin, with that exit code.
    """
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    configure_logs(settings.log_level, settings.log_format, (token,))
    if not token or not token.isascii() or not token.isprintable():
        sys.stderr.write(f"error: {WRONG_TOKEN if token else NO_TOKEN}\n")
        return CANNOT_START
    state = State(settings.index.data, settings.discord.keep_days)
    reindex = partial(reindex_apart, settings.index)
    longest = settings.index.question_max_characters
    desk = Desk(Engine(settings.index), settings.discord, reindex, state, longest)
    try:
        asyncio.run(_live(settings, desk, token))
    except CannotStart as error:
        sys.stderr.write(f"error: {error}\n")
        return _leave(CANNOT_START)
    log.info("stopped", engine_calls_left=desk.running_calls())
    return _leave(0)


async def _live(settings: Settings, desk: Desk, token: str) -> None:
    discord.http.Route.BASE = settings.discord.api.rstrip("/")
    stop = asyncio.Event()
    _on_signals(_Stopper(stop))
    try:
        await desk.state.open()
    except StateError as error:
        raise CannotStart(str(error)) from error
    upkeep = [
        asyncio.create_task(desk.open()),
        asyncio.create_task(keep_forgetting(desk.state.exchanges)),
    ]
    if settings.discord.watch_seconds:
        upkeep.append(asyncio.create_task(watch(desk.upkeep, settings.discord.watch_seconds)))

    connection = asyncio.create_task(stay_connected(partial(Client, desk), token))
    stopping = asyncio.create_task(stop.wait())
    log.info("starting")
    await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if connection.done():
        await desk.close(0)
        connection.result()
        return
    await desk.close(settings.discord.shutdown_seconds)
    for task in (*upkeep, connection):
        task.cancel()
    await asyncio.wait({connection}, timeout=LEAVE_SECONDS)


class _Stopper:
    """What a signal does: the first asks for an orderly end, the second ends at once."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._loop = asyncio.get_running_loop()

    def __call__(self) -> None:
        """Answer one signal. Called on the event loop's thread."""
        if self._stop.is_set():
            _end(STOPPED_AT_ONCE, "told to stop twice")
        self._stop.set()
        log.info("stopping")
        guard = threading.Timer(WHOLE_STOP_SECONDS, _end, (0, "stopping took too long"))
        guard.daemon = True
        guard.start()

    def from_handler(self, _number: int, _frame: FrameType | None) -> None:
        """Answer a signal where the loop takes none itself."""
        self._loop.call_soon_threadsafe(self)


def _on_signals(stopper: _Stopper) -> None:
    loop = asyncio.get_running_loop()
    wanted = [signal.SIGINT, signal.SIGTERM]
    try:
        for number in wanted:
            loop.add_signal_handler(number, stopper)
    except NotImplementedError:  # Windows
        if hasattr(signal, "SIGBREAK"):
            wanted.append(signal.SIGBREAK)
        for number in wanted:
            signal.signal(number, stopper.from_handler)


def _end(code: int, reason: str) -> NoReturn:
    """End the process now, without waiting for any thread."""
    log.warning("ended_at_once", reason=reason)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process without Python's clearing up.

    That would wait for every call of the engine that has not come back, and with the models
    loaded it takes seconds which Docker's ten do not hold. A reindex that was called off and has
    not ended yet is killed, which loses nothing: the next one clears up.
    """
    for process in multiprocessing.active_children():
        process.kill()
    sys.stderr.flush()
    sys.stdout.flush()
    os._exit(code)
