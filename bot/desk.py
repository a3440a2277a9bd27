"""Between Discord and the engine: so many questions at once, so many waiting, none at the end.

The engine blocks, so all of its work runs in threads of ours; the event loop only waits.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from bot.faults import Busy, Refused, Stopping, TooSlow
from bot.logs import failure
from bot.settings import DiscordSettings
from index import (
    Answer,
    BuildReport,
    Engine,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    QuothError,
)

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 14 * 60.0
"""Discord takes an answer for 15 minutes after the question; past that nobody would see it."""

CLOSING_SECONDS = 1.0
"""For telling those whose question could not be finished."""

NOTE_SECONDS = 10.0
"""Between two lines of the log on one stage of a reindex."""


@dataclass(frozen=True, slots=True)
class Build:
    """A reindex under way: who asked for it (None: the bot itself, at its start) and when."""

    by: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a reindex has come."""

    name: str
    done: int
    total: int


class AlreadyBuilding(Refused):
    """A reindex is under way."""

    def __init__(self, build: Build) -> None:
        super().__init__("A reindex is already running.")
        self.build = build


class Desk:
    """Takes questions and reindexes for one engine. Its methods belong to one event loop."""

    def __init__(self, engine: Engine, settings: DiscordSettings) -> None:
        self._engine = engine
        self._seats = settings.workers + settings.waiting
        self._workers = ThreadPoolExecutor(settings.workers, thread_name_prefix="question")
        self._upkeep = ThreadPoolExecutor(1, thread_name_prefix="upkeep")
        self._counting = threading.Lock()
        self._running = 0
        self._taken = 0
        self._conversations: set[asyncio.Task[Any]] = set()
        self._opened = asyncio.Event()
        self._noted = 0.0
        self.stopping = False
        self._cut_off = asyncio.Event()
        self.build: Build | None = None
        self.stage: Stage | None = None

    async def open(self) -> None:
        """Load models and index, building first where there is none that fits.

        Questions wait until this is done, whether it went well or not: the engine says itself
        what it lacks, and a later reindex may mend it.
        """
        try:
            await self._load()
            if reason := await self._in_thread(self._upkeep, self._engine.staleness):
                log.warning("index_stale", reason=reason, remedy="/reindex in Discord")
        except Stopping:
            log.info("index_not_opened", reason="stopping")
        except QuothError as error:
            log.error("index_not_opened", error=failure(error))  # noqa: TRY400  # its text says it
        except Exception:  # the bot goes on, and says so when asked
            log.exception("index_not_opened")
        finally:
            self._opened.set()

    async def ask(self, question: str) -> Answer:
        """Answer in a worker; waits for a seat's turn and for the index to be opened.

        Raises Busy, Stopping, TooSlow, and whatever the engine raises.
        """
        if self.stopping:
            raise Stopping
        if self._taken >= self._seats:
            raise Busy
        self._taken += 1
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as patience:
                return await self._unless_cut_off(self._answer(question))
        except TimeoutError as error:
            raise (TooSlow if patience.expired() else error) from None
        finally:
            self._taken -= 1

    async def reindex(self, by: str | None) -> BuildReport:
        """Build a new generation while questions go on being answered.

        Raises AlreadyBuilding, Stopping, and whatever the engine raises.
        """
        if self.stopping:
            raise Stopping
        if self.build:
            raise AlreadyBuilding(self.build)
        self.build = Build(by, datetime.now(UTC))
        try:
            building = self._in_thread(self._upkeep, self._engine.reindex, self._note)
            # nobody waits to be told of the bot's own
            report = await (self._unless_cut_off(building) if by else building)
        finally:
            self.build = self.stage = None
        log.info(
            "reindexed",
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            quarantined=len(report.quarantined),
            seconds=report.seconds,
            generation=report.generation,
        )
        return report

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """Count the current task among those that an orderly stop waits for."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a conversation is held by a task")
        self._conversations.add(task)
        try:
            yield
        finally:
            self._conversations.discard(task)

    async def close(self, seconds: float) -> None:
        """Take nothing new, give what is under way `seconds`, then have it told and closed."""
        self.stopping = True
        under_way = len(self._conversations)
        unfinished = await self.end_conversations(seconds)
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._upkeep.shutdown(wait=False, cancel_futures=True)
        log.info("drained", under_way=under_way, unfinished=unfinished)

    async def end_conversations(self, seconds: float) -> int:
        """Give conversations `seconds`, then have the rest told that the bot restarts.

        Returns how many those were. The bot's own first build goes on.
        """
        await self._quiet(seconds)
        unfinished = len(self._conversations)
        cut_off, self._cut_off = self._cut_off, asyncio.Event()  # not for those of the next client
        cut_off.set()
        await self._quiet(CLOSING_SECONDS)
        return unfinished

    def running_calls(self) -> int:
        """Calls of the engine that have not come back. They keep the process from ending."""
        return self._running

    async def _load(self) -> None:
        try:
            await self._in_thread(self._upkeep, self._engine.load)
        except (IndexMissing, IndexMismatch, IndexDamaged) as lack:
            log.info("index_build", reason=failure(lack))
            await self.reindex(by=None)
        log.info("index_opened")

    async def _answer(self, question: str) -> Answer:
        await self._opened.wait()
        return await self._in_thread(self._workers, self._engine.ask, question)

    async def _in_thread(
        self, pool: ThreadPoolExecutor, call: Callable[..., T], *arguments: object
    ) -> T:
        def counted() -> T:
            with self._counting:
                self._running += 1
            try:
                return call(*arguments)
            finally:
                with self._counting:
                    self._running -= 1

        return await asyncio.get_running_loop().run_in_executor(pool, counted)

    async def _unless_cut_off(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        cut_off = asyncio.create_task(self._cut_off.wait())
        try:
            await asyncio.wait({task, cut_off}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Stopping
            return task.result()
        finally:
            task.cancel()
            cut_off.cancel()

    async def _quiet(self, seconds: float) -> None:
        if self._conversations:
            await asyncio.wait(set(self._conversations), timeout=seconds)

    def _note(self, stage: str, done: int, total: int) -> None:
        # called in the worker: one assignment, which the event loop reads when it likes
        before, self.stage = self.stage, Stage(stage, done, total)
        now = time.monotonic()
        if before is None or before.name != stage or now - self._noted > NOTE_SECONDS:
            self._noted = now
            log.info("index_build", stage=stage, done=done, total=total)
