"""Why the bot will not do something now, or cannot reach what it remembers."""

from bot.records import Build
from index import QuothError


class Refused(Exception):  # a refusal is no error: it has its words ready
    """The bot will not do this now; its text is what the member is told."""


class Busy(Refused):
    """All workers have work and the queue is full."""

    def __init__(self) -> None:
        super().__init__("Many questions at once: I'm busy. Please ask again in a minute.")


class Stopping(Refused):
    """The bot is being stopped."""

    def __init__(self) -> None:
        super().__init__("I'm restarting just now. Please ask again in a minute.")


class TooSlow(Refused):
    """Discord stops taking an answer a quarter of an hour after the question."""

    def __init__(self) -> None:
        super().__init__("This took too long, so I stopped. Please ask again in a few minutes.")


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


class StateError(QuothError):
    """What the bot remembers cannot be read or written."""
