"""Between Discord and the engine: answers some questions at once, and ends in an orderly way."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, ParamSpec, TypeVar

import structlog

from bot.asking.admission import Admission
from bot.asking.line import Line
from bot.refusals import Stopping, TooSlow
from bot.settings import DiscordSettings
from bot.state import State
from bot.threads import Threads
from bot.upkeep.notices import Notices
from bot.upkeep.unasked import open_index
from bot.upkeep.upkeep import Reindex, Upkeep
from index import Before, Engine, Explanation

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

ANSWER_SECONDS = 14 * 60.0
"""Discord takes an answer for 15 minutes after the question; past that nobody would see it."""

CLOSING_SECONDS = 1.0
"""For telling those whose question could not be finished."""


class Desk:
    """Takes questions for one engine, whose index is in its `upkeep`.

    What it remembers, `state`, is opened before and closed with it. `since` is when it was made,
    with the program's start. Its methods belong to one event loop.
    """

    def __init__(
        self,
        engine: Engine,
        settings: DiscordSettings,
        reindex: Reindex,
        state: State,
        longest_question: int = 1000,
    ) -> None:
        self.settings = settings
        self.since = datetime.now(UTC)
        self.longest_question = longest_question
        self.state = state
        self.notices = Notices(settings.admin_channel)
        self.admission = Admission(settings, state.servers, longest_question)
        self.line = Line(settings.workers, settings.waiting)
        self.engine = engine
        self._workers = Threads(settings.workers, "question")
        self._conversations: set[asyncio.Task[Any]] = set()
        self._cut_off = asyncio.Event()
        self.upkeep = Upkeep(engine, reindex, self.notices)

    @property
    def stopping(self) -> bool:
        """Whether nothing new is taken any more."""
        return self.upkeep.stopping

    async def open(self) -> None:
        """Load models and index, building first where there is none that fits.

        Questions wait until this is done, whether it went well or not: the engine says itself
        what it lacks, and a later reindex may mend it.
        """
        await open_index(self.upkeep)

    async def ask(self, question: str, after: Before | None = None) -> Explanation:
        """Answer in a worker, once one is free and the index is opened.

        Raises Stopping, TooSlow, and whatever the engine raises.
        """
        return await self.in_worker(self.engine.explain, question, after)

    async def in_worker(self, call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Do a call in a worker, once the index is opened. Raises what `ask` raises."""
        if self.stopping:
            raise Stopping
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as patience:
                work = self._when_opened(partial(call, *arguments, **options))
                return await self.unless_cut_off(work)
        except TimeoutError as error:
            raise (TooSlow if patience.expired() else error) from None

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

    async def unless_cut_off(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work of a conversation; raises Stopping when conversations are ended."""
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

    async def close(self, seconds: float) -> None:
        """Take nothing new, give what is under way `seconds`, then have it told and closed.

        A reindex is called off at once.
        """
        self.upkeep.stop()
        under_way = len(self._conversations)
        unfinished = await self.end_conversations(seconds)
        self._workers.close()
        self.upkeep.close()
        await self.state.close()
        log.info("drained", under_way=under_way, unfinished=unfinished)

    async def end_conversations(self, seconds: float) -> int:
        """Give conversations `seconds`, then have the rest told that the bot restarts.

        Returns how many those were. A reindex goes on.
        """
        await self._quiet(seconds)
        unfinished = len(self._conversations)
        cut_off, self._cut_off = self._cut_off, asyncio.Event()  # not for those of the next client
        cut_off.set()
        await self._quiet(CLOSING_SECONDS)
        return unfinished

    def running_calls(self) -> int:
        """Calls of the engine that have not come back. They keep the process from ending."""
        return self._workers.running + self.upkeep.running_calls

    async def _when_opened(self, call: Callable[[], T]) -> T:
        await self.upkeep.opened.wait()
        try:
            return await self._workers.run(call)
        finally:
            self.upkeep.tell_damage()  # that it has come upon a new build

    async def _quiet(self, seconds: float) -> None:
        if self._conversations:
            await asyncio.wait(set(self._conversations), timeout=seconds)
