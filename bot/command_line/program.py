"""What every command shares: its exit status, its errors in plain words, and quiet ends."""

import logging
import os
import sys
import warnings
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from bot.command_line.show import in_one_line
from bot.settings import SECRETS_FILE
from index import QuothError

DONE = 0
ERROR = 2
PIPE_CLOSED = 141
"""As a shell reports a program that the closed pipe ended: 128 and SIGPIPE."""
DEBUG_VARIABLE = "QUOTH_DEBUG"


class Program(TyperGroup):
    """Commands return their exit status. Every error becomes one plain line and status 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for; raises Exit with its status.

        Raises what went wrong as it is where the details are asked for.
        """
        try:
            status = super().invoke(ctx) or DONE
        except BrokenPipeError:
            status = leave_closed_pipe()
        except QuothError as error:
            if debugging():
                raise
            status = _complain(str(error))
        except Exception as error:
            if debugging() or type(error).__module__.startswith("typer."):
                raise  # usage errors and exits are for typer itself to show
            status = _complain(
                f"this should not happen: {type(error).__name__}: {error}; "
                f"run it again with {DEBUG_VARIABLE}=1 to see where, and report that"
            )
        raise typer.Exit(status)


def debugging() -> bool:
    """Whether the operator wants to see where an error arose."""
    return os.environ.get(DEBUG_VARIABLE, "") not in {"", "0"}


def quieten() -> None:
    """Keep what libraries have to say off the terminal, except warnings of weight."""
    if not debugging():
        warnings.simplefilter("ignore")
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if debugging() else logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handler.addFilter(ToldOnce())
    logging.basicConfig(handlers=[handler], level=handler.level)


class ToldOnce(logging.Filter):
    """Lets a message pass once: more than one step may read the same file, and find the same."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple[int, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one was not told before. Names the file that dotenv speaks of."""
        if record.name == "dotenv.main":
            record.msg = f"{SECRETS_FILE} is not read whole: {record.msg}"
        told = (record.levelno, record.getMessage())
        fresh = told not in self._told
        self._told.add(told)
        return fresh or debugging()


def write_utf8() -> None:
    """Write UTF-8 whatever the locale says: quotes are in any language."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def of_closed_pipe(end: SystemExit) -> bool:
    """Whether rich or typer ended the program because nobody reads; both make that status 1."""
    cause: BaseException | None = end
    while cause and not isinstance(cause, BrokenPipeError):
        cause = cause.__context__
    return cause is not None


def leave_closed_pipe() -> int:
    """Let nothing more be written to a reader that has gone, not even at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def _complain(text: str) -> int:
    console = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)
    console.print(f"error: {in_one_line(text)}")
    return ERROR
