"""A reindex in a process of its own says, does and raises what one in this process would."""

import io
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from parts import ROOT, MakeEngine

from index import (
    BuildCancelled,
    BuildEnded,
    BuildReport,
    BuildRunning,
    Engine,
    Settings,
    apart,
    reindex_apart,
)
from index.apart import NICENESS
from index.generations import data_folder, history


@dataclass
class Done:
    """A reindex that went well, and what was seen of it; `engine` was open when it began."""

    report: BuildReport
    engine: Engine
    steps: list[tuple[str, int, int]] = field(default_factory=list)
    niceness: set[int] = field(default_factory=set)
    log: str = ""


def settings_in(folder: Path, model: Path) -> Settings:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("Apples grow.", encoding="utf-8")
    (folder / "corpus" / "b.txt").write_bytes(b"\0\1")
    return Settings(corpus=folder / "corpus", data=folder / "data", model=str(model))


@pytest.fixture
def settings(tmp_path: Path, tiny_model: Path) -> Settings:
    return settings_in(tmp_path, tiny_model)


@pytest.fixture(scope="module")
def done(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, make_engine: MakeEngine
) -> Done:
    """One for all tests that only look: a process takes long to load the models."""
    settings = settings_in(tmp_path_factory.mktemp("apart"), tiny_model)
    engine = make_engine(settings.corpus, settings.data)
    done = Done(engine.reindex(), engine)
    (settings.corpus / "c.txt").write_text("Pears grow.", encoding="utf-8")

    def progress(*step: Any) -> None:
        done.steps.append(step)
        done.niceness |= {os.getpriority(os.PRIO_PROCESS, worker) for worker in workers()}

    written = logging.StreamHandler(io.StringIO())
    apart.log.addHandler(written)
    apart.log.setLevel(logging.INFO)
    done.report = reindex_apart(settings, progress)
    apart.log.removeHandler(written)
    apart.log.setLevel(logging.NOTSET)
    done.log = written.stream.getvalue()
    return done


def left(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data / history.FOLDER).glob("*"))


def write_much(settings: Settings) -> None:
    """Enough to be at it for some seconds."""
    lines = (f"Line {number} stands here." for number in range(3000))
    (settings.corpus / "many.txt").write_text("\n\n".join(lines), encoding="utf-8")


def workers() -> list[int]:
    """Processes that this one started and that still run."""
    listed = subprocess.run(  # the system's own
        ["/bin/ps", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, args in lines if "multiprocessing.spawn" in args]


def test_it_reports_its_progress_what_it_did_and_its_log(done: Done) -> None:
    report = done.report
    assert (report.added, report.chunks, report.generation) == (("c.txt",), 2, "000002")
    assert [file.document for file in report.quarantined] == ["b.txt"]
    assert done.steps[-1] == ("embedding", 1, 1)
    assert "set-aside document=b.txt" in done.log
    assert "reindexed generation=000002" in done.log
    assert workers() == []


def test_it_runs_at_low_priority(done: Done) -> None:
    assert done.niceness == {os.getpriority(os.PRIO_PROCESS, 0) + NICENESS}


def test_what_it_published_is_taken_up_here(done: Done) -> None:
    assert "c.txt" in done.engine._newest.opened().contents.documents


def test_what_goes_wrong_is_raised_here(settings: Settings) -> None:
    refused = rf"another reindex is running since .* \(process {os.getpid()}\)"
    with data_folder.held(settings.data), pytest.raises(BuildRunning, match=refused):
        reindex_apart(settings, lambda *_: None)


def test_called_off_it_stops_and_leaves_nothing(settings: Settings) -> None:
    write_much(settings)
    cancelled = threading.Event()
    with pytest.raises(BuildCancelled, match="the last index stays"):
        reindex_apart(settings, lambda *_: cancelled.set(), cancelled=cancelled)
    assert workers() == []
    assert left(settings) == []


def test_killed_from_outside_it_is_told_and_the_lock_is_free(
    settings: Settings, make_engine: MakeEngine
) -> None:
    def kill(*_: object) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(BuildEnded, match="ended from outside"):
        reindex_apart(settings, kill)
    assert make_engine(settings.corpus, settings.data).reindex().generation == "000001"
    assert left(settings) == ["000001"]


def test_called_off_when_it_has_just_died_it_is_told_as_dead(settings: Settings) -> None:
    cancelled = threading.Event()

    def kill(*_: object) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)
            os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        cancelled.set()

    with pytest.raises(BuildEnded, match="ended from outside"):
        reindex_apart(settings, kill, cancelled=cancelled)


ORPHAN = """
    import os, sys
    from pathlib import Path
    from index import Settings, reindex_apart

    if __name__ == "__main__":
        corpus, data, model = sys.argv[1:]
        settings = Settings(corpus=Path(corpus), data=Path(data), model=model)
        reindex_apart(settings, lambda *_: os._exit(3))
"""


def test_it_ends_with_the_process_that_asked_for_it(settings: Settings, tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(textwrap.dedent(ORPHAN), encoding="utf-8")
    write_much(settings)
    asked = [str(settings.corpus), str(settings.data), settings.model]
    ended = subprocess.run(
        [sys.executable, str(script), *asked],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ended.returncode == 3
    until = time.monotonic() + 60
    while time.monotonic() < until:
        time.sleep(0.2)
        if not settings.data.exists() or not (settings.data / "reindex.json").exists():
            break
    assert left(settings) == []


def test_one_that_does_not_stop_when_it_should_is_killed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.2)
    write_much(settings)
    cancelled = threading.Event()

    def freeze(*_: object) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGSTOP)
        cancelled.set()

    with pytest.raises(BuildCancelled):
        reindex_apart(settings, freeze, cancelled=cancelled)
    assert workers() == []
