"""A reindex in a process of its own says, does and raises what one in this process would."""

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from parts import ROOT

from index import BuildCancelled, BuildEnded, CorpusError, Settings, apart, history, reindex_apart
from index.apart import NICENESS


@pytest.fixture
def settings(tmp_path: Path, tiny_model: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Apples grow.", encoding="utf-8")
    (tmp_path / "corpus" / "b.txt").write_bytes(b"\0\1")
    return Settings(corpus=tmp_path / "corpus", data=tmp_path / "data", model=str(tiny_model))


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


def test_it_reports_its_progress_what_it_did_and_its_log(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    seen: list[tuple[str, int, int]] = []
    report = reindex_apart(settings, lambda *step: seen.append(step))
    assert (report.added, report.chunks, report.generation) == (("a.txt",), 1, "000001")
    assert [file.document for file in report.quarantined] == ["b.txt"]
    assert seen[-1] == ("embedding", 1, 1)
    assert "set-aside document=b.txt" in caplog.text
    assert "reindexed generation=000001" in caplog.text
    assert workers() == []


def test_it_runs_at_low_priority(settings: Settings) -> None:
    niceness: list[int] = []
    reindex_apart(
        settings, lambda *_: niceness.extend(os.getpriority(os.PRIO_PROCESS, p) for p in workers())
    )
    assert set(niceness) == {os.getpriority(os.PRIO_PROCESS, 0) + NICENESS}


def test_what_goes_wrong_is_raised_here(settings: Settings, tmp_path: Path) -> None:
    nowhere = settings.model_copy(update={"corpus": tmp_path / "nowhere"})
    with pytest.raises(CorpusError, match="there is no folder"):
        reindex_apart(nowhere, lambda *_: None)


def test_called_off_it_stops_and_leaves_nothing(settings: Settings) -> None:
    write_much(settings)
    cancelled = threading.Event()
    with pytest.raises(BuildCancelled, match="the last index stays"):
        reindex_apart(settings, lambda *_: cancelled.set(), cancelled=cancelled)
    assert workers() == []
    assert left(settings) == []


def test_killed_from_outside_it_is_told_and_the_lock_is_free(settings: Settings) -> None:
    def kill(*_: object) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(BuildEnded, match="ended from outside"):
        reindex_apart(settings, kill)
    assert reindex_apart(settings, lambda *_: None).generation == "000001"
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
