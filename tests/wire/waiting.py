"""Waiting for something to become true."""

import asyncio
import time
from collections.abc import Callable

WAIT_SECONDS = 30.0


async def until(condition: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> float:
    """Wait for something to become true; the seconds it took. Fails by name when it does not."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        await asyncio.sleep(0.02)
    return time.monotonic() - begun
