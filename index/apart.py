"""A reindex in a process of its own, at low priority, so that questions are not held up by it."""

import contextlib
import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from multiprocessing.connection import Connection, wait
from typing import Any

from index.engine import Engine
from index.errors import BuildCancelled, BuildEnded, QuothError
from index.generations.build import AS_USUAL, Wanted
from index.protocols import Progress
from index.reports import BuildReport
from index.settings import Settings

log = logging.getLogger(__name__)

NICENESS = 10
"""Added to the process's own: whoever answers goes first."""

PATIENCE_SECONDS = 5.0
"""How long a cancelled reindex may take to stop. Then it is killed; the next one clears up."""

LOOK_SECONDS = 0.2
"""Between two looks at whether the reindex was called off."""

CANCELLED = "the reindex was cancelled; the last index stays"

_CANCEL = "cancel"
"""What the process is sent to stop it."""


def reindex_apart(
    settings: Settings,
    progress: Progress,
    wanted: Wanted = AS_USUAL,
    cancelled: threading.Event | None = None,
) -> BuildReport:
    """Do what `Engine.reindex` does in a new process; blocks until it is done.

    The engines of this and of other processes take the new generation up at their next question.
    Raises what `Engine.reindex` raises, BuildCancelled once `cancelled` is set, and BuildEnded if
    the process dies.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_work, args=(settings, wanted, theirs), name="reindex", daemon=True
    )
    process.start()
    theirs.close()
    try:
        return _listen(ours, process.pid, progress, cancelled or threading.Event())
    finally:
        ours.close()  # a process that still works ends at its next word to us
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def _listen(
    process: Connection, pid: int | None, progress: Progress, cancelled: threading.Event
) -> BuildReport:
    """Pass on what the process says until it is done, or has not stopped when it should have."""
    patient_until: float | None = None
    while True:
        if cancelled.is_set() and patient_until is None:
            patient_until = time.monotonic() + PATIENCE_SECONDS
            with contextlib.suppress(OSError):  # it has died: the next look tells
                process.send(_CANCEL)
        if patient_until and time.monotonic() > patient_until:
            raise BuildCancelled(CANCELLED)
        if not wait([process], LOOK_SECONDS):
            continue
        try:
            kind, value = process.recv()
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise BuildEnded(
                f"the reindex (process {pid}) was ended from outside, perhaps for want of memory; "
                "the last index stays; reindex again"
            ) from error
        if kind == "progress":
            progress(*value)
        elif kind == "log":
            log.log(*value)
        elif kind == "failed":
            raise value
        else:
            report: BuildReport = value
            return report


def _work(settings: Settings, wanted: Wanted, parent: Connection) -> None:
    """What the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for whoever asked, who then tells us
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    logging.basicConfig(level=logging.INFO, handlers=[_Forward(parent)])

    def progress(*step: Any) -> None:
        if parent.poll():
            raise BuildCancelled(CANCELLED)
        parent.send(("progress", step))

    with contextlib.suppress(BrokenPipeError, EOFError):  # whoever asked for it is gone
        try:
            report = Engine(settings).reindex(progress, wanted)
        except QuothError as error:
            parent.send(("failed", error))
        except Exception as error:  # noqa: BLE001  # any: it is raised again where it was asked for
            told = "".join(traceback.format_exception(error))
            parent.send(("failed", RuntimeError(f"in the process of the reindex: {told}")))
        else:
            parent.send(("report", report))


class _Forward(logging.Handler):
    """Hands records to the process that asked, which has the log."""

    def __init__(self, parent: Connection) -> None:
        super().__init__()
        self._parent = parent

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record of ours; those of libraries are of no use to the operator."""
        if record.name.startswith("index"):
            with contextlib.suppress(OSError):
                self._parent.send(("log", (record.levelno, record.getMessage())))
