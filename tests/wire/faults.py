"""What can go wrong between the bot and Discord, to be scripted per route."""

import itertools
import time
from dataclasses import dataclass
from typing import Any, Literal

Loss = Literal["closed", "reset"]
"""How a connection ends without an answer: an orderly close, or a reset."""

OPEN_ROUTES = ("/interactions/", "/webhooks/")
"""Routes whose token stands in the address; the others want the bot's own, and share its limit."""

FOR_EVER = 600.0
"""Seconds, more than any test takes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One request going wrong. Without `acts`, Discord does nothing of what was asked.

    `delay` is the time before the deed, `silence` that between it and the answer, `retry_after` the
    one asked for before the next try (`everywhere`: on all routes), all in seconds. With `loss` no
    answer comes at all; without it, `status` is answered, or the true answer where that is None.
    With `saying`, it waits for a request whose message has these words.
    """

    acts: bool = True
    status: int | None = None
    loss: Loss | None = None
    delay: float = 0.0
    silence: float = 0.0
    retry_after: float = 0.0
    everywhere: bool = False
    saying: str = ""

    def meets(self, body: Any) -> bool:
        """Whether a request with this body goes wrong so."""
        content = body.get("content") if isinstance(body, dict) else None
        return self.saying in str(content or "")


def rate_limited(retry_after: float, *, everywhere: bool = False) -> Fault:
    """Do nothing and ask to come back after that many seconds."""
    return Fault(acts=False, status=429, retry_after=retry_after, everywhere=everywhere)


def server_error(status: int = 500) -> Fault:
    """Do nothing and say that something broke."""
    return Fault(acts=False, status=status)


def forbidden() -> Fault:
    """Do nothing and say that the bot may not."""
    return Fault(acts=False, status=403)


def lost_answer(status: int = 502) -> Fault:
    """Do what was asked, then answer as if it had not been done."""
    return Fault(status=status)


def dropped_after(loss: Loss = "closed", saying: str = "") -> Fault:
    """Do what was asked, then end the connection without an answer."""
    return Fault(loss=loss, saying=saying)


def dropped_before(loss: Loss = "closed") -> Fault:
    """Do nothing and end the connection without an answer."""
    return Fault(acts=False, loss=loss)


def delayed(seconds: float) -> Fault:
    """Do what was asked, but late."""
    return Fault(delay=seconds)


def unanswered(*, acts: bool) -> Fault:
    """Do what was asked or not, and never say so."""
    return Fault(acts=acts, silence=FOR_EVER)


class FaultScript:
    """Faults waiting for their route; each happens once, in the order they were put in."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], list[Fault]] = {}
        self.outage: Fault | None = None
        self._limited_until = 0.0

    def put(self, method: str, route: str, *faults: Fault) -> None:
        """Let the next requests to a route go wrong."""
        self._waiting.setdefault((method, route), []).extend(faults)

    def take(self, method: str, route: str, body: Any) -> Fault | None:
        """Take the fault for this request; an outage meets every one, and so does a limit."""
        if self.outage is not None:
            return self.outage
        left = self._limited_until - time.monotonic()
        if left > 0 and not route.startswith(OPEN_ROUTES):
            return rate_limited(left, everywhere=True)
        waiting = self._waiting.get((method, route))
        if not waiting or not waiting[0].meets(body):
            return None
        fault = waiting.pop(0)
        if fault.everywhere:
            self._limited_until = time.monotonic() + fault.retry_after
        return fault

    def left(self) -> list[Fault]:
        """List the faults that no request has met."""
        return list(itertools.chain.from_iterable(self._waiting.values()))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._waiting.clear()
        self.outage = None
        self._limited_until = 0.0
