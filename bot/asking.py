"""Questions come in as words, as standard input, or one a line; answers go out as JSON."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO, TextIO

from index import Answer, BuildReport, Engine, QuestionError

STANDARD_INPUT = "-"


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
            shown = _refusal_json(raw.decode("utf-8", "replace"), error)
        out.write(shown + "\n")
        out.flush()
    return all_asked


def answer_json(answer: Answer) -> str:
    """The answer as docs/json.md describes it, on one line."""
    return json.dumps(asdict(answer), ensure_ascii=False)


def report_json(report: BuildReport) -> str:
    """The report of a reindex as docs/json.md describes it, on one line."""
    return json.dumps(asdict(report), ensure_ascii=False)


def _refusal_json(question: str, error: QuestionError) -> str:
    nothing = Answer(question, answered=False, confidence=None, quotes=(), closest=(), ms=0.0)
    return json.dumps({**asdict(nothing), "error": str(error)}, ensure_ascii=False)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise QuestionError("the question is not UTF-8 text; send it as UTF-8") from None
