"""Fixtures for every test; what they are is in parts.py. And how tests are shared out."""

from typing import Any

import pytest
from parts import article_engine, embedder, make_engine, mount, tiny_model
from xdist.scheduler import LoadScopeScheduling

__all__ = ["article_engine", "embedder", "make_engine", "mount", "tiny_model"]


LONGEST = "wire"
"""The folder whose tests take half the time of all, most of it waiting: begun first."""


class ByFolder(LoadScopeScheduling):
    """Leaves each folder to one of the processes: what its tests share is made once, in order."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """How tests are shared out when there are several processes."""
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name != LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded as properties, whichever process ran them."""
    figures: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for title, line in report.user_properties if report.when == "call" else ():
            figures.setdefault(title, []).append(str(line))
    for title, lines in figures.items():
        terminalreporter.section(title)
        terminalreporter.write("\n".join(lines) + "\n")
