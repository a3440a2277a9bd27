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

from bot.build import AlreadyBuilding, Build, CalledOff, RollingBack, Stage
from bot.faults import Stopping
from bot.generations import RolledBack
from bot.logs import failure
from bot.threads import Threads
from index import (
    BuildCancelled,
    BuildEnded,
    BuildReport,
    Engine,
    GenerationSummary,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    Progress,
    QuothError,
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
    """Keeps one engine's index. Its methods belong to one event loop."""

    def __init__(self, engine: Engine, reindex: Reindex) -> None:
        self._engine = engine
        self._reindex = reindex
        self._threads = Threads(THREADS, "upkeep")
        self._called_off = threading.Event()
        self._noted = 0.0
        self._rolling_back = False
        self._listed: Listed | None = None
        self._listing = asyncio.Lock()
        self._building: asyncio.Task[BuildReport] | None = None
        self.stopping = False
        self.build: Build | None = None
        self.stage: Stage | None = None

    async def open(self) -> None:
        """Load models and index, building first where there is none that fits. Raises nothing."""
        try:
            await self._load()
            if reason := await self._threads.run(self._engine.staleness):
                log.warning("index_stale", reason=reason, remedy="/reindex in Discord")
        except Stopping:
            log.info("index_not_opened", reason="stopping")
        except QuothError as error:
            log.error("index_not_opened", error=failure(error))  # noqa: TRY400  # its text says it
        except Exception:  # the bot goes on, and says so when asked
            log.exception("index_not_opened")

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
        self._building = asyncio.create_task(self._build(wanted))
        return _report_of(self._building)

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

    async def _load(self) -> None:
        try:
            await self._threads.run(self._engine.load)
        except (IndexMissing, IndexMismatch, IndexDamaged) as lack:
            log.info("index_build", reason=failure(lack))
            await self.reindex(by=None)
        log.info("index_opened")

    async def _build(self, wanted: Wanted) -> BuildReport:
        self._called_off = threading.Event()
        try:
            report = await self._threads.run(self._reindex, self._note, wanted, self._called_off)
            if not self.stopping:
                await self._threads.run(self._engine.load)  # so that no question waits for it
        except BuildCancelled:
            by = self.build.cancelled_by if self.build else None
            raise (CalledOff(by) if by else Stopping()) from None
        except BuildEnded as error:  # a service's stop may reach the process of the reindex first
            raise (Stopping() if self.stopping else error) from None
        finally:
            self.build = self.stage = self._listed = None
        _log_report(report)
        return report

    def _note(self, stage: str, done: int, total: int) -> None:
        # called in a thread: one assignment, which the event loop reads when it likes
        before, self.stage = self.stage, Stage(stage, done, total)
        now = time.monotonic()
        if before is None or before.name != stage or now - self._noted > NOTE_SECONDS:
            self._noted = now
            log.info("index_build", stage=stage, done=done, total=total)


async def _report_of(building: asyncio.Task[BuildReport]) -> BuildReport:
    try:
        return await asyncio.shield(building)
    except asyncio.CancelledError:
        building.add_done_callback(_log_outcome)
        raise


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


def _log_outcome(building: asyncio.Task[BuildReport]) -> None:
    """Tell the log of a reindex for which no one waits any more."""
    error = None if building.cancelled() else building.exception()
    if error:
        log.error("reindex_failed", error=failure(error))
