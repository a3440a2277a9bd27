"""One line a finished act, on standard error, without tokens and without members' words.

Our own records are key and value; those of `index`, discord.py and asyncio pass through the
same handler and come out in the same form.
"""

import ast
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Literal

import discord
import structlog
from structlog.typing import EventDict, Processor

OUR_MODULES = ("aiohttp", "index", "bot")
TELLS_ITS_TEXT = (
    OSError,
    discord.HTTPException,
    discord.ConnectionClosed,
    discord.LoginFailure,
)
"""Exceptions that say what failed, beside those of `OUR_MODULES`. Others may hold words of a member
or a document, also some of discord.py: a TransformerError holds what was typed."""

ASYNCIO_DETAILS = re.compile(r"(?<=Exception in callback) |\n")
"""Where in a record of asyncio its sentence ends and the values begin."""

BOT_TOKEN = re.compile(r"[\w-]{23,}\.[\w-]{6}\.[\w-]{27,}")
CALLBACK_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.-]+")

ACT_OF_INDEX = re.compile(r"(?P<event>[\w-]+(?: [\w-]+)*?)(?P<pairs>(?: [\w-]+=.*)?)", re.DOTALL)
"""How `index` writes a line, which knows no structlog: the act, then its keys and values."""

PAIR = re.compile(r" ([\w-]+)=((?:(?! [\w-]+=).)*)", re.DOTALL)
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
REDACTED = "[redacted]"


def configure_logs(
    level: str = "info", form: Literal["text", "json"] = "text", secrets: tuple[str, ...] = ()
) -> None:
    """Send every record of the process to standard error; `secrets` never appear in one."""
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        render = _line
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(render, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("discord", "asyncio", "aiohttp", "httpx", "filelock"):
        # below this, discord.py writes whole messages and the tokens of interactions
        logging.getLogger(chatty).setLevel(max(logging.INFO, root.level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Formats a record, then takes out of the finished text whatever is secret."""

    def __init__(self, render: Processor, secrets: tuple[str, ...]) -> None:
        shared: list[Processor] = [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _part_index,
            _cut_asyncio,
            _tell_exception,
        ]
        super().__init__(
            processors=[*shared, self.remove_processors_meta, render],
            pass_foreign_args=False,
        )
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return CALLBACK_TOKEN.sub(rf"\1{REDACTED}", BOT_TOKEN.sub(REDACTED, text))


def _part_index(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Part a line of `index` into its act and its values."""
    ours = str(event.get("logger", "")).partition(".")[0] == "index"
    found = ACT_OF_INDEX.fullmatch(str(event["event"])) if ours else None
    if found:
        event["event"] = found["event"]
        for key, value in PAIR.findall(found["pairs"]):
            event.setdefault(key, _read(value))  # the name of a file may hold anything
    return event


def _read(value: str) -> Any:
    """A value as it was before it was written: a number, yes or no, or a text."""
    if NUMBER.fullmatch(value) or value in {"True", "False"} or QUOTED.fullmatch(value):
        with suppress(ValueError, SyntaxError):
            return ast.literal_eval(value)
    return value


def _cut_asyncio(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take out what asyncio says of a task or callback: its arguments, its exception's text."""
    if event.get("logger") == "asyncio":
        event["event"] = ASYNCIO_DETAILS.split(str(event["event"]), maxsplit=1)[0]
    return event


def _tell_exception(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by what failed and where, on the same line."""
    exception = _exception(event.pop("exc_info", None))
    if exception is not None:
        event["error"] = failure(exception)
        if not str(event.get("logger", "")).startswith("discord"):
            event["where"] = _frames(exception)  # discord.py's own failures are the network's
    return event


def failure(exception: BaseException) -> str:
    """The kind of an exception, and its text where that holds no words of a member."""
    kind = type(exception)
    ours = kind.__module__.partition(".")[0] in OUR_MODULES
    if ours or isinstance(exception, TELLS_ITS_TEXT):
        return f"{kind.__name__}: {exception}"
    return kind.__name__


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exception() if exc_info else None


def _frames(exception: BaseException) -> str:
    """Where an exception passed, outermost first: module:line function, without any value."""
    frames = traceback.extract_tb(exception.__traceback__)
    return " > ".join(f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _module(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    return "/".join(parts[-2:])


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    """One line of `key=value`: when, how grave, who says it, what happened."""
    first = {key: event.pop(key, "") for key in ("timestamp", "level", "logger", "event")}
    return _pairs({**first, **event})


def _pairs(values: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={_value(value)}" for key, value in values.items())


def _value(value: Any) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"' if not text or re.search(r'[\s="]', text) else text
