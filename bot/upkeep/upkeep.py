"""The index in the bot's keeping: opened, reindexed, rolled back, one act at a time.

All of it blocks, so it is done in threads of its own, apart from those that answer.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog

from bot.faults import tell_fault
from bot.records import Build, RolledBack, Stage
from bot.refusals import AlreadyBuilding, CalledOff, RollingBack, Stopping
from bot.rendering.report import render_damage, render_report, unheard
from bot.threads import Threads
from bot.upkeep.notices import Notices
from index import (
    BuildCancelled,
    BuildReport,
    BuildRunning,
    CorpusError,
    Engine,
    GenerationSummary,
    Progress,
    Wanted,
)

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

Reindex: TypeAlias = Callable[[Progress, Wanted, threading.Event], BuildReport]
"""Reindexes and blocks until it is done; raises BuildCancelled once the event is set."""

NOTE_SECONDS = 10.0
"""Between two lines of the log on one stage of a reindex."""

THREADS = 2
"""One for a reindex, one for a look at the index meanwhile."""

LISTED_SECONDS = 20.0
"""How long a list of builds is good enough to choose from; checking them reads all of them."""

AS_USUAL = Wanted()


@dataclass(frozen=True, slots=True)
class Listed:
    """The finished builds as they were found at a time of the monotonic clock."""

    found: list[GenerationSummary]
    at: float


class Upkeep:
    """Keeps one engine's index. Its methods belong to one event loop.

    `opened` is set when the start is over, well or not. `settled` is the mark of the documents that
    are not to be tried again: they are indexed, or cannot be.
    """

    def __init__(self, engine: Engine, reindex: Reindex, notices: Notices) -> None:
        self._engine = engine
        self._reindex = reindex
        self._threads = Threads(THREADS, "upkeep")
        self._called_off = threading.Event()
        self._noted = 0.0
        self._rolling_back = False
        self._listed: Listed | None = None
        self._listing = asyncio.Lock()
        self._building: asyncio.Task[BuildReport] | None = None
        self.notices = notices
        self.opened = asyncio.Event()
        self.settled: str | None = None
        self.stopping = False
        self.build: Build | None = None
        self.stage: Stage | None = None

    async def load(self) -> None:
        """Load models and index, and tell of damage."""
        await self._threads.run(self._engine.load)
        self.tell_damage()

    def tell_damage(self) -> None:
        """Tell of newer builds than the one that answers that are damaged, each once."""
        for damage in self._engine.damage():
            self.notices.add(damage, render_damage(damage))

    async def reindex(self, by: str | None, wanted: Wanted = AS_USUAL) -> BuildReport:
        """Build a new generation and take it up while questions go on being answered.

        Raises AlreadyBuilding, CalledOff, Stopping, and whatever the engine raises.
        """
        return await self.begin(by, wanted)

    def begin(self, by: str | None, wanted: Wanted = AS_USUAL) -> Coroutine[Any, Any, BuildReport]:
        """Begin a reindex now; what is returned waits for its report, as `reindex` does.

        It goes on if that is cancelled. Raises AlreadyBuilding, RollingBack and Stopping.
        """
        self._raise_if_busy()
        self.build = Build(by, datetime.now(UTC))
        self._called_off = threading.Event()
        self._building = asyncio.create_task(self._build(wanted))
        return self._report_of(self._building, by)

    def call_off(self, name: str, by: str) -> Build | None:
        """Cancel the reindex of that name: it, and who cancelled it first; None if it has ended."""
        if self.build is None or self.build.name != name:
            return None
        if self.build.cancelled_by is None:
            self.build = replace(self.build, cancelled_by=by)
            self._called_off.set()
            log.info("reindex_called_off", reason="cancelled")
        return self.build

    async def roll_back(self, to: str | None) -> RolledBack:
        """Answer from the build before, or from the one named.

        Raises AlreadyBuilding, RollingBack, Stopping, and whatever the engine raises; then nothing
        changes.
        """
        self._raise_if_busy()
        self._rolling_back = True
        try:
            done = await self._threads.run(self._roll_back, to)
        finally:
            self._rolling_back = False
            self._listed = None
        log.info("rolled_back", generation=done.answering.name, withdrawn=",".join(done.withdrawn))
        return done

    async def current(self) -> GenerationSummary:
        """The build that answers. Raises IndexMissing and IndexDamaged."""
        return await self._threads.run(self._engine.current)

    async def generations(self) -> list[GenerationSummary]:
        """Every finished build on disk, oldest first, each with its hashes checked."""
        found = await self._threads.run(self._engine.generations)
        self._listed = Listed(found, time.monotonic())
        return found

    async def listed(self) -> list[GenerationSummary]:
        """The same as it was a moment ago: asked at each letter that someone types."""
        async with self._listing:
            listed = self._listed
            if listed and time.monotonic() - listed.at < LISTED_SECONDS:
                return listed.found
            return await self.generations()

    async def mark(self) -> str:
        """A mark of the documents as they are now: another one when they change."""
        try:
            return await self._threads.run(self._engine.corpus_mark)
        except CorpusError as error:
            return str(error)

    async def staleness(self) -> str | None:
        """Why a reindex is due, or None; that documents cannot be looked at is a reason too."""
        try:
            return await self._threads.run(self._engine.staleness)
        except CorpusError as error:
            return str(error)

    def now(self) -> str:
        """The time, to tell one event from others of its kind."""
        return datetime.now(UTC).isoformat()

    def stop(self) -> None:
        """Begin nothing more, and call off what runs."""
        self.stopping = True
        self._called_off.set()

    def close(self) -> None:
        """Give the threads up; what still runs in them is not waited for."""
        self._threads.close()

    @property
    def running_calls(self) -> int:
        """Calls of the engine that have not come back."""
        return self._threads.running

    async def _report_of(self, building: asyncio.Task[BuildReport], by: str | None) -> BuildReport:
        try:
            return await asyncio.shield(building)
        except asyncio.CancelledError:
            building.add_done_callback(lambda done: self._tell_unheard(done, by))
            raise

    def _raise_if_busy(self) -> None:
        if self.stopping:
            raise Stopping
        if self.build:
            raise AlreadyBuilding(self.build)
        if self._rolling_back:
            raise RollingBack

    def _roll_back(self, to: str | None) -> RolledBack:
        before = [one for one in self._engine.generations() if one.state in {"answering", "kept"}]
        answering = self._engine.roll_back(to)
        newer = tuple(one.name for one in before if int(one.name) > int(answering.name))
        moved = not before or before[-1].name != answering.name
        return RolledBack(answering, moved, newer)

    async def _build(self, wanted: Wanted) -> BuildReport:
        try:
            mark = await self.mark()  # before: what changes meanwhile is another mark
            report = await self._built(wanted, mark)
        finally:
            self.build = self.stage = self._listed = None
        self.settled = mark
        _log_report(report)
        return report

    async def _built(self, wanted: Wanted, mark: str) -> BuildReport:
        try:
            report = await self._threads.run(self._reindex, self._note, wanted, self._called_off)
            if not self.stopping:
                await self.load()  # here, so that no question waits for it
        except BuildCancelled:
            by = self.build.cancelled_by if self.build else None
            self.settled = mark
            raise (CalledOff(by) if by else Stopping()) from None
        except BuildRunning:
            raise  # of another program, which may end otherwise: the documents are not settled
        except Exception:
            self.settled = mark
            if self.stopping:  # a service's stop may reach the process of the reindex first
                raise Stopping from None
            raise
        return report

    def _tell_unheard(self, building: asyncio.Task[BuildReport], by: str | None) -> None:
        """Tell of a reindex for which no one waits any more."""
        if building.cancelled():
            return
        error = building.exception()
        if isinstance(error, Stopping):
            log.info("reindex_called_off", reason="stopping")
            return
        told = tell_fault(error, "reindex") if error else render_report(building.result())
        self.notices.add(f"reindex unheard at {self.now()}", unheard(by, told))

    def _note(self, stage: str, done: int, total: int) -> None:
        # called in a thread: one assignment, which the event loop reads when it likes
        before, self.stage = self.stage, Stage(stage, done, total)
        now = time.monotonic()
        if before is None or before.name != stage or now - self._noted > NOTE_SECONDS:
            self._noted = now
            log.info("index_build", stage=stage, done=done, total=total)


def _log_report(report: BuildReport) -> None:
    log.info(
        "reindexed",
        added=len(report.added),
        changed=len(report.changed),
        removed=len(report.removed),
        quarantined=len(report.quarantined),
        seconds=report.seconds,
        generation=report.generation,
        published=report.published,
    )
