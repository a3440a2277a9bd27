"""The line of questions: so many are answered at once, so many wait, and each knows its place."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.refusals import Busy


class Turn:
    """One question's place in the line."""

    def __init__(self, line: "Line") -> None:
        self._line = line

    @property
    def ahead(self) -> int:
        """How many questions must end before this one begins; 0 once it can."""
        return self._line.ahead(self)


class Line:
    """First come, first served. `at_once` are answered together, and `waiting` more may wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._seats = at_once + waiting
        self._turns: list[Turn] = []

    def __len__(self) -> int:
        """How many questions there are, those being answered included."""
        return len(self._turns)

    @property
    def answering(self) -> int:
        """How many are being answered."""
        return min(len(self._turns), self._at_once)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._turns) - self.answering

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Take a place until the question is answered. Raises Busy where none is left."""
        if len(self._turns) >= self._seats:
            raise Busy
        turn = Turn(self)
        self._turns.append(turn)
        try:
            yield turn
        finally:
            self._turns.remove(turn)

    def ahead(self, turn: Turn) -> int:
        """How many must end before that one begins."""
        return max(self._turns.index(turn) - self._at_once + 1, 0)
