"""Threads for what blocks, so that the event loop only waits."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """A few threads, and how many calls in them have not come back."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._counting = threading.Lock()
        self.running = 0

    async def run(self, call: Callable[..., T], *arguments: object) -> T:
        """Do a call in a thread; waits for one to be free. Raises what the call raises."""

        def counted() -> T:
            with self._counting:
                self.running += 1
            try:
                return call(*arguments)
            finally:
                with self._counting:
                    self.running -= 1

        return await asyncio.get_running_loop().run_in_executor(self._pool, counted)

    def close(self) -> None:
        """Begin nothing more, and wait for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)
