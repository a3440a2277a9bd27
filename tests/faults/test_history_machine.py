"""Any history of an index: documents change, reindexes end or are killed or rolled back, files are
damaged.

What is answered must always be what a plain model says: the newest state that was published, not
rolled back, and is still whole on disk.
"""

import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from .conftest import Tell
from .form import HISTORIES, SECONDS, STEPS
from .program import Outcome, Place, Program
from .reindexer import (
    CACHE,
    FILES,
    GENERATIONS,
    KNOWN_FAULT,
    all_names,
    answers,
    holding,
    names,
    roll_back,
    state,
)
from .scenarios import Documents, litter, write

KEPT = 3

CHANGES = 60
"""Some more changes of files than a reindex makes, so that some are killed too late."""

LENGTH = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

SENTENCES = st.lists(
    st.sampled_from(["The tide is low.", "Gulls are loud.", "A ship comes in.", "It rains."]),
    min_size=1,
    max_size=60,
)
ANY_NAME = st.sampled_from(["a.md", "a.txt", "b/a.txt", "b/c.md", "d.txt"])
ANY_FILE = st.sampled_from(sorted(FILES))
ANY_PLACE = st.integers(0, 1 << 20)


@dataclass
class Published:
    """One generation and what it must answer, if nothing newer is whole."""

    name: str
    documents: Documents
    whole: bool = True
    withdrawn: bool = False


class History(RuleBasedStateMachine):
    """`published` is the model, oldest first: whatever brings an older state back, or takes one
    away, is a change of this list. `documents` is what the next reindex finds."""

    program: ClassVar[Program]
    told: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.told["histories"] += 1
        self._folder = TemporaryDirectory()
        self._place = Place(Path(self._folder.name), KEPT)
        self._marks = 0
        self.documents: dict[str, str] = {}
        self.published: list[Published] = []

    def teardown(self) -> None:
        self._folder.cleanup()

    @initialize(names=st.sets(ANY_NAME, min_size=2), sentences=SENTENCES)
    def begin(self, names: set[str], sentences: list[str]) -> None:
        for name in sorted(names):
            self.add_or_edit(name, sentences)
        self.reindex()

    @rule(name=ANY_NAME, sentences=SENTENCES)
    def add_or_edit(self, name: str, sentences: list[str]) -> None:
        self._marks += 1
        self.documents[name] = " ".join([*sentences, f"Here is {mark(self._marks)}."])

    @rule(old=ANY_NAME, new=ANY_NAME)
    def rename(self, old: str, new: str) -> None:
        if old in self.documents:
            self.documents[new] = self.documents.pop(old)

    @rule(name=ANY_NAME)
    def delete(self, name: str) -> None:
        self.documents.pop(name, None)

    @rule()
    def reindex(self) -> None:
        outcome = self._reindexed(0)
        assert outcome.status == (0 if self.documents else KNOWN_FAULT), outcome.printed
        if self.documents:
            assert litter(self._place, self._down_to_whole()) == []

    @rule(change=st.integers(1, CHANGES))
    def reindex_and_be_killed(self, change: int) -> None:
        outcome = self._reindexed(change)
        assert outcome.status in {0, KNOWN_FAULT, -signal.SIGKILL}, outcome.printed
        self.told["killed"] += outcome.status == -signal.SIGKILL

    @rule()
    def roll_back(self) -> None:
        may_answer = [state for state in self._kept() if state.whole]
        done = roll_back(self._place.corpus, self._place.data)
        assert done == (len(may_answer) > 1)
        if done:
            self.told["rolled back"] += 1
            target = self.published.index(may_answer[-2])
            for newer in self.published[target + 1 :]:
                newer.withdrawn = True

    @rule(file=ANY_FILE, keep=ANY_PLACE)
    def cut_a_file_of_the_newest(self, file: str, keep: int) -> None:
        if self._kept() and (path := self._newest() / file).exists():
            content = path.read_bytes()
            path.write_bytes(content[: keep % len(content)] if content else b"")
            self._kept()[-1].whole = False

    @rule(file=ANY_FILE)
    def remove_a_file_of_the_newest(self, file: str) -> None:
        if self._kept():
            (self._newest() / file).unlink(missing_ok=True)
            self._kept()[-1].whole = False

    @rule(place=ANY_PLACE, garbage=st.binary(min_size=1, max_size=5000))
    def damage_the_cache_of_vectors(self, place: int, garbage: bytes) -> None:
        path = self._place.data / CACHE
        if path.exists() and (content := path.read_bytes()):
            start = place % len(content)
            path.write_bytes(content[:start] + garbage + content[start + len(garbage) :])

    @invariant()
    def the_newest_published_state_that_is_whole_is_found(self) -> None:
        assert state(self._place.data) == self._expected()

    @rule()
    def ask(self) -> None:
        expected = self._expected()
        assert answers(self._place.data) == expected
        for name, text in (expected or {}).items():
            assert holding(self._place.data, text.split()[-1]) == {name}

    def _expected(self) -> Documents | None:
        whole = [state.documents for state in self._kept() if state.whole]
        return whole[-1] if whole else None

    def _down_to_whole(self) -> list[str]:
        """Names from the newest down to the last of KEPT whole ones: a damaged one counts not."""
        kept: list[str] = []
        whole = 0
        for published in reversed(self._kept()):
            if whole < KEPT:
                kept.append(published.name)
                whole += published.whole
        return kept

    def _kept(self) -> list[Published]:
        return [state for state in self.published if not state.withdrawn]

    def _newest(self) -> Path:
        newest = self._kept()[-1].name
        assert names(self._place.data)[-1] == newest
        return self._place.data / GENERATIONS / newest

    def _reindexed(self, dies_at: int) -> Outcome:
        """Reindex, killed at a change of files or, for 0, not; what is new on disk is published."""
        write(self.documents, self._place.corpus)
        outcome = self.program.reindex(self._place, dies_at=dies_at)
        self.told["reindexes"] += 1
        there = all_names(self._place.data)
        known = {state.name for state in self.published}
        new = [name for name in there if name not in known]
        assert len(new) <= 1
        self.published = [state for state in self.published if state.name in there]
        self.published += [Published(name, dict(self.documents)) for name in new]
        if outcome.status == 0:
            assert outcome.printed == f"{self._kept()[-1].name}\n"
            assert self._expected() == self.documents
        return outcome


def mark(number: int) -> str:
    """A word that stands in one document only."""
    return f"mark{number:06}"


@pytest.mark.timeout(SECONDS + 300)  # as long as Hypothesis may take to simplify a failure
def test_what_is_answered_is_what_was_published_last_and_is_whole(
    program: Program, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: Counter[str] = Counter()
    monkeypatch.setattr(History, "program", program, raising=False)
    monkeypatch.setattr(History, "told", told, raising=False)
    run_state_machine_as_test(History, settings=LENGTH)
    tell(
        f"{told['histories']} random histories: {told['reindexes']} reindexes, "
        f"{told['killed']} of them killed, {told['rolled back']} rolled back"
    )
