"""What a member is told when something goes wrong: plain words, the next step, no paths.

The details go to the log, under a short reference that both show.
"""

import secrets
from collections.abc import Mapping

import structlog

from bot.logs import failure
from bot.refusals import Refused, StateError
from bot.rendering.inert import inert_text
from bot.rendering.reply import Reply
from index import (
    BuildEnded,
    BuildRunning,
    CorpusEmptied,
    CorpusError,
    CorpusShrank,
    DataError,
    DataFull,
    DataReadOnly,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelError,
    QuestionError,
    QuothError,
)

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

MANAGER = "Someone who manages this server can run `/reindex`."
OPERATOR = "The person who runs this bot has to mend that; the log says what."

WORDS: dict[type[QuothError], str] = {
    IndexMissing: f"No documents are indexed yet. {MANAGER}",
    IndexMismatch: f"The index was made with other settings than today's. {MANAGER}",
    IndexDamaged: f"The index on disk is damaged, so I won't quote from it. {MANAGER}",
    CorpusEmptied: "I did not reindex: the folder of documents is empty, or none of its files can "
    "be read. The last index still answers. If it is meant, run `/reindex allow_shrink:True`.",
    CorpusError: f"I can't read the documents: the folder is missing or empty. {OPERATOR}",
    DataFull: f"I can't write the index to disk: it is full. {OPERATOR}",
    DataReadOnly: f"I can't write the index to disk: I may only read there. {OPERATOR}",
    DataError: f"I can't write the index: the disk fails, or its folder is none. {OPERATOR}",
    ModelError: f"I can't load the model that I read with. {OPERATOR}",
    BuildEnded: "The reindex was ended from outside before it was done, perhaps for want of "
    "memory. Nothing is lost: the last index still answers. Please run `/reindex` again.",
    StateError: f"I can't reach what I remember, so I can't do that now. {OPERATOR}",
}
OTHER = f"I can't answer at the moment. {OPERATOR}"
UNKNOWN = "Something went wrong on my side; it is in the log."


def tell_fault(
    error: BaseException, act: str, own_words: Mapping[type[QuothError], str] | None = None
) -> Reply:
    """Log `error` under a fresh reference and give the words for whoever asked.

    `own_words` are those of the act, where it has better ones.
    """
    if isinstance(error, Refused):
        log.info("refused", act=act, reason=type(error).__name__)
        return Reply(str(error))
    reference = secrets.token_hex(3)
    if isinstance(error, QuestionError):  # the member's own to mend
        log.info("refused", act=act, reason=type(error).__name__)
        words = str(error)  # the engine's own, made for whoever asked
        return Reply(f"{inert_text(words[:1].upper() + words[1:])}.")
    if isinstance(error, QuothError):
        log.error("failed", act=act, reference=reference, error=failure(error))
        words = _words(error, {**WORDS, **(own_words or {})})
    else:
        log.error("failed", act=act, reference=reference, exc_info=error)
        words = UNKNOWN
    return Reply(f"{words}\n-# Reference: {reference}")


def _words(error: QuothError, known: Mapping[type[QuothError], str]) -> str:
    if isinstance(error, BuildRunning):
        since = f", begun <t:{int(error.since.timestamp())}:R>" if error.since else ""
        return f"Another reindex is running, started outside Discord{since}. Please wait for it."
    if type(error) is CorpusShrank:
        what = inert_text(str(error).partition(";")[0])  # the rest is for the terminal
        return (
            f"I did not reindex: {what}. The last index still answers. If it is meant, run "
            "`/reindex allow_shrink:True`."
        )
    return known.get(type(error), OTHER)
