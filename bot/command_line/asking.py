"""From the words of a command line to an answer: questions read, index current, answers shown."""

import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO, TextIO

from rich.console import Console

from bot.command_line import show
from bot.command_line.as_json import answer_json, refusal_json, why_json
from bot.command_line.program import DONE, ERROR
from bot.command_line.why import show_explanation
from index import (
    Before,
    BuildRunning,
    CorpusShrank,
    DataError,
    Engine,
    Explanation,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelError,
    QuestionError,
    QuothError,
)

STANDARD_INPUT = "-"
NOT_ANSWERED = 1


def question_of(words: Iterable[str]) -> str:
    """Join the words of a command line, or read all of standard input where they are `-`.

    Raises QuestionError if the text is not UTF-8.
    """
    given = list(words)
    if given == [STANDARD_INPUT]:
        return _decoded(sys.stdin.buffer.read()).strip()
    question = " ".join(given)
    return _decoded(question.encode("utf-8", "surrogateescape"))


def answer_lines(engine: Engine, lines: BinaryIO, out: TextIO) -> bool:
    """Answer one question a line with one JSON object a line, each written before the next is read.

    A line that cannot be asked gets an object of the same keys and `error`. Returns whether every
    line could be asked. Raises what the engine raises, except QuestionError.
    """
    all_asked = True
    for number, line in enumerate(lines):
        raw = line.removesuffix(b"\n").removesuffix(b"\r")
        raw = raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw
        try:
            shown = answer_json(engine.ask(_decoded(raw)))
        except QuestionError as error:
            all_asked = False
            shown = refusal_json(raw.decode("utf-8", "replace"), error)
        out.write(shown + "\n")
        out.flush()
    return all_asked


def bring_up_to_date(engine: Engine, console: Console) -> None:
    """Build the index if it is missing, damaged or out of date, telling why and how far.

    Goes on with the index that is there, and tells why, where another process builds one, the disk
    takes none, or most documents are gone. Raises what else a build raises, and then names the way
    round it where there is one.
    """
    reason = engine.staleness() or _lack(engine)
    if reason is None:
        return
    console.print(f"Building the index: {reason}.")
    try:
        with show.progress_bar(console) as progress:
            report = engine.reindex(progress)
    except QuothError as error:
        if isinstance(error, ModelError) or _lack(engine):
            raise
        if not isinstance(error, BuildRunning | CorpusShrank | DataError):
            raise type(error)(f"{error} (or ask the last index as it is: --no-reindex)") from error
        console.print(f"{error}. Answering from the last one meanwhile.")
        return
    show.show_quarantined(console, report.quarantined)
    show.show_guessed(console, report.guessed)


def answer_all(engine: Engine) -> int:
    """Answer the questions on standard input, one a line, in JSON; returns the exit status."""
    return DONE if answer_lines(engine, sys.stdin.buffer, sys.stdout) else ERROR


def answer_one(
    engine: Engine, question: str, after: str | None, show_it: Callable[[Explanation], None]
) -> int:
    """Answer one question, or one that follows the one before; returns the exit status."""
    before = None
    if after:
        quotes = engine.ask(after).quotes
        before = Before(after, tuple(quote.document for quote in quotes))
    explanation = engine.explain(question, before)
    show_it(explanation)
    return DONE if explanation.answer.answered else NOT_ANSWERED


def show_as_json(explanation: Explanation) -> None:
    """Print the answer as one line of JSON."""
    sys.stdout.write(answer_json(explanation.answer) + "\n")


def show_why_as_json(explanation: Explanation) -> None:
    """Print the answer as one line of JSON, and how it came about under its key `why`."""
    sys.stdout.write(why_json(explanation) + "\n")


def show_as_text(explanation: Explanation) -> None:
    """Print the answer for a person."""
    show.show_answer(show.make_console(), explanation.answer)


def show_why_as_text(explanation: Explanation) -> None:
    """Print the answer for a person, and how it came about."""
    console = show.make_console()
    show.show_answer(console, explanation.answer)
    show_explanation(console, explanation)


SHOWERS: dict[tuple[bool, bool], Callable[[Explanation], None]] = {
    (False, False): show_as_text,
    (False, True): show_why_as_text,
    (True, False): show_as_json,
    (True, True): show_why_as_json,
}
"""How to show an answer, by whether as JSON and whether with its reasons."""


def _lack(engine: Engine) -> str | None:
    """Open the index; why it cannot be used, without the remedy, or None.

    Files that are damaged behind a whole manifest, and other weights of the model, show only so.
    """
    try:
        engine.load()
    except (IndexMissing, IndexMismatch, IndexDamaged) as lack:
        return str(lack).rpartition("; ")[0] or str(lack)
    return None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise QuestionError("the question is not UTF-8 text; send it as UTF-8") from None
