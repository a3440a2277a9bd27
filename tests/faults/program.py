"""Starts the reindexing program, gives it tasks, and puts strace on one of them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from parts import ROOT

from .calls import EVERYTHING, Call, read_trace
from .reindexer import Task

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A fork has no other threads than its own, and must not wait for them."""


class CannotTrace(Exception):
    """strace is missing or may not attach; says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reindex works: a folder of documents, a data folder, and how many it keeps."""

    folder: Path
    kept: int

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def data(self) -> Path:
        return self.folder / "data"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reindex ended: its exit status, -N if signal N ended it, and what it printed."""

    status: int
    printed: str


class Program:
    """Runs one reindex at a time. `scratch` is its folder for temporary files."""

    def __init__(self, scratch: Path) -> None:
        self._output = scratch / "output"
        temporary = scratch / "temporary"
        temporary.mkdir()
        paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
        self._server = subprocess.Popen(
            [sys.executable, "-m", "faults.reindexer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=scratch,
            env=os.environ | ONE_THREAD | {"PYTHONPATH": paths, "TMPDIR": str(temporary)},
        )

    def close(self) -> None:
        self._server.communicate()

    def reindex(self, place: Place, *, dies_at: int = 0) -> Outcome:
        """Reindex, or be killed at a change of the file system (see `Task`)."""
        self._send(place, dies_at=dies_at)
        return self._outcome()

    def traced(self, place: Place, *options: str) -> Outcome:
        """Reindex under strace with these options. Raises CannotTrace."""
        self._send(place, waits=True)
        pid = int(self._line())
        try:
            with attached(pid, *options):
                os.kill(pid, signal.SIGCONT)
                return self._outcome()
        except CannotTrace:
            os.kill(pid, signal.SIGKILL)
            self._line()
            raise

    def recorded(self, place: Place) -> list[Call]:
        """Reindex, and return every system call, in order. Raises CannotTrace."""
        trace = self._output.with_name("trace")
        outcome = self.traced(place, *EVERYTHING, f"--output={trace}")
        assert outcome.status == 0, outcome.printed
        return list(read_trace(trace.read_text()))

    def failing(self, place: Place, call: Call, how: str) -> Outcome:
        """Reindex, and have strace make one call fail: `signal=KILL`, `error=EIO`."""
        inject = f"--inject={call.name}:{how}:when={call.number}"
        return self.traced(place, f"--trace={call.name}", inject, "--output=/dev/null")

    def _send(self, place: Place, *, waits: bool = False, dies_at: int = 0) -> None:
        corpus, data, output = map(str, (place.corpus, place.data, self._output))
        task = Task(corpus, data, place.kept, output, waits=waits, dies_at=dies_at)
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(asdict(task)) + "\n")
        self._server.stdin.flush()

    def _line(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()

    def _outcome(self) -> Outcome:
        status = int(self._line())
        return Outcome(status, self._output.read_text())


@contextmanager
def attached(pid: int, *options: str) -> Iterator[None]:
    """Have strace on a process that is stopped; waits for both to end."""
    if shutil.which("strace") is None:
        raise CannotTrace("strace is not installed")
    strace = subprocess.Popen(
        ["strace", "--follow-forks", *options, f"--attach={pid}"],  # noqa: S607  # as found on the path
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert strace.stderr is not None
    said = strace.stderr.readline()
    if "attached" not in said:
        raise CannotTrace(f"strace may not attach ({said.strip() + strace.communicate()[1]})")
    yield
    strace.communicate()
