"""What the program prints as JSON, each value on one line: the contract of docs/json.md."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from index import Answer, BuildReport, Considered, Explanation, GenerationSummary, QuestionError


def answer_json(answer: Answer) -> str:
    """An answer."""
    return _line(asdict(answer))


def why_json(explanation: Explanation) -> str:
    """An answer, and under its key `why` how it came about."""
    why = {
        "language": explanation.language,
        "ms": explanation.ms,
        "considered": [_considered(each) for each in explanation.considered],
    }
    return _line({**asdict(explanation.answer), "why": why})


def refusal_json(question: str, error: QuestionError) -> str:
    """A question that cannot be asked: the keys of an answer, and `error`."""
    nothing = Answer(
        question, answered=False, confidence=None, quotes=(), closest=(), ms=0.0, leading=0
    )
    return _line({**asdict(nothing), "error": str(error)})


def report_json(report: BuildReport) -> str:
    """The report of a reindex."""
    return _line(asdict(report))


def generations_json(generations: Iterable[GenerationSummary]) -> str:
    """The builds that are kept."""
    return _line({"generations": [asdict(one) for one in generations]})


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _considered(each: Considered) -> dict[str, Any]:
    hit, reading, quote = each.hit, each.hit.reading, each.quote
    return {
        "asked": each.asked,
        "document": hit.chunk.document,
        "start": hit.chunk.start,
        "end": hit.chunk.end,
        "quote_start": quote.start if quote else None,
        "quote_end": quote.end if quote else None,
        "similarity": hit.similarity,
        "bm25": hit.bm25,
        "fused": hit.fused,
        "relevance": reading.relevance if reading else None,
        "above_others": hit.above_others if reading else None,
        "answered": reading.answered if reading else None,
        "probability": each.probability,
        "names_topic": hit.names_topic,
        "cut": each.cut,
    }
