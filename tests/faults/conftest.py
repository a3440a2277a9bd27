"""The program that these tests run, what they run it on, and the figures that they print."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from . import calls
from .calls import Call
from .form import EVERYTHING, POINTS, SECONDS
from .program import CannotTrace, Program
from .scenarios import SCENARIOS, Before, Scenario, prepare

HERE = Path(__file__).parent
FIGURES = "faults" if EVERYTHING else "faults (QUOTH_FAULTS=all for all)"

Tell = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(SECONDS))


@dataclass(frozen=True, slots=True)
class Points:
    """Calls at which a reindex is to fail, out of so many."""

    of: int
    chosen: Sequence[Call]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Prints a line when all tests have ended."""
    return partial(record_property, FIGURES)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The reindexing program, started once."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork, which this system does not have")
    program = Program(tmp_path_factory.mktemp("program"))
    yield program
    program.close()


@pytest.fixture(scope="session", params=SCENARIOS, ids=lambda scenario: scenario.name)
def before(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, program: Program
) -> Before:
    """Each scenario, ready for its last reindex."""
    scenario: Scenario = request.param
    return prepare(scenario, tmp_path_factory.mktemp("before"), program)


@pytest.fixture(scope="session")
def recorded(
    before: Before, program: Program, tmp_path_factory: pytest.TempPathFactory
) -> list[Call]:
    """Every system call of the last reindex."""
    try:
        return program.recorded(before.copy(tmp_path_factory.mktemp("recorded")))
    except CannotTrace as reason:
        pytest.skip(f"needs strace: {reason}")


@pytest.fixture(scope="session")
def points(recorded: Sequence[Call]) -> Points:
    """The calls that may change the data folder: how many they are, and those to try."""
    changing = calls.changing(recorded)
    return Points(len(changing), calls.spread(changing, POINTS))
