"""What can go wrong between the bot and Discord, to be scripted per route."""

import itertools
from dataclasses import dataclass
from typing import Literal

Loss = Literal["closed", "reset"]
"""How a connection ends without an answer: an orderly close, or a reset."""

FOR_EVER = 600.0
"""Seconds, more than any test takes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One request going wrong. Without `acts`, Discord does nothing of what was asked.

    `delay` is the time before the deed, `silence` that between it and the answer, `retry_after` the
    one asked for before the next try, all in seconds. With `loss` no answer comes at all; without
    it, `status` is answered, or the true answer where that is None.
    """

    acts: bool = True
    status: int | None = None
    loss: Loss | None = None
    delay: float = 0.0
    silence: float = 0.0
    retry_after: float = 0.0


def rate_limited(retry_after: float) -> Fault:
    """Do nothing and ask to come back after that many seconds."""
    return Fault(acts=False, status=429, retry_after=retry_after)


def server_error(status: int = 500) -> Fault:
    """Do nothing and say that something broke."""
    return Fault(acts=False, status=status)


def lost_answer(status: int = 502) -> Fault:
    """Do what was asked, then answer as if it had not been done."""
    return Fault(status=status)


def dropped_after(loss: Loss = "closed") -> Fault:
    """Do what was asked, then end the connection without an answer."""
    return Fault(loss=loss)


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

    def put(self, method: str, route: str, *faults: Fault) -> None:
        """Let the next requests to a route go wrong."""
        self._waiting.setdefault((method, route), []).extend(faults)

    def take(self, method: str, route: str) -> Fault | None:
        """Take the fault for this request; an outage meets every one."""
        if self.outage is not None:
            return self.outage
        waiting = self._waiting.get((method, route))
        return waiting.pop(0) if waiting else None

    def left(self) -> list[Fault]:
        """List the faults that no request has met."""
        return list(itertools.chain.from_iterable(self._waiting.values()))
