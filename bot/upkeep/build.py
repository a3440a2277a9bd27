"""A reindex under way, and why another cannot begin or this one did not end."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from bot.faults import Refused


@dataclass(frozen=True, slots=True)
class Build:
    """A reindex under way: who asked for it (None: the bot itself), when, and who cancelled it.

    `name` tells it from others, those before a restart included.
    """

    by: str | None
    since: datetime
    cancelled_by: str | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(6))


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


class RollingBack(Refused):
    """The index is going back to an earlier build."""

    def __init__(self) -> None:
        super().__init__("I'm going back to an earlier build just now. Please try again.")


class CalledOff(Refused):
    """A reindex was cancelled by someone who may."""

    def __init__(self, by: str) -> None:
        super().__init__("The reindex was cancelled. The last index still answers.")
        self.by = by
