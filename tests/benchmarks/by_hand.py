"""Outcomes and sets of questions made by hand."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.asking import Outcome, best_of, quote_place
from benchmarks.judge import covers
from benchmarks.question_sets import GoldSpan, Question
from index.records import (
    Abstention,
    Answer,
    Chunk,
    Considered,
    Explanation,
    Hit,
    Quote,
    Reading,
    Span,
)

GOLD = GoldSpan("a.txt", 100, 200)
RIGHT = Span(100, 200)
WRONG = Span(300, 400)


def question(
    *, answerable: bool = True, kind: str = "plain", name: str = "set/questions"
) -> Question:
    gold = (GOLD,) if answerable else ()
    answers = ("ten years",) if answerable else ()
    evidence = ("It took ten years.",) if answerable else ()
    return Question("q1", "How long?", name, kind, answerable, answers, gold, evidence)


@dataclass(frozen=True)
class Scores:
    similarity: float = 0.0
    bm25: float = 0.0
    fused: float = 0.0
    relevance: float = 0.0


def candidate(
    place: Span, probability: float | None = None, scores: Scores | None = None
) -> Considered:
    """A passage of one sentence, which would be quoted whole; read if it has a probability."""
    by = scores or Scores()
    chunk = Chunk(GOLD.document, place.start, place.end, "x" * (place.end - place.start), (place,))
    reading = None if probability is None else Reading(by.relevance, 0.0, (1.0,))
    hit = Hit(chunk, None, by.similarity, by.bm25, by.fused, reading)
    return Considered("How long?", hit, "A", place if reading else None, probability, None)


def outcome(
    considered: Sequence[Considered],
    *,
    shown: int = 0,
    asked: Question | None = None,
    marked: str | None = None,
    abstention: Abstention | None = None,
) -> Outcome:
    """The first `shown` candidates are quoted."""
    quotes = tuple(quote(one, marked) for one in considered[:shown])
    answer = Answer("How long?", bool(quotes), None, quotes, (), 0.0, abstention)
    explanation = Explanation(answer, "en", tuple(considered), {})
    best = best_of(explanation)
    return Outcome(asked or question(), explanation, best, "quoted words", verbatim=True)


def timed(made: Outcome, ms: dict[str, float]) -> Outcome:
    answer = replace(made.answer, ms=sum(ms.values()))
    return replace(made, explanation=replace(made.explanation, answer=answer, ms=ms))


def quote(considered: Considered, marked: str | None) -> Quote:
    place = quote_place(considered)
    return Quote(
        text="It took  ten years." if covers(place, [GOLD]) else "It rained.",
        answer=marked,
        answer_start=0 if marked else None,
        answer_end=len(marked) if marked else None,
        document=place.document,
        title="A",
        section=None,
        page=None,
        line_start=1,
        line_end=1,
        start=place.start,
        end=place.end,
        url=None,
        date=None,
        score=considered.probability or 0.0,
    )


DOCUMENTS = {
    "tower": "The Eiffel Tower in Paris is 330 metres tall.\n\nGustave Eiffel's company built it.",
    "river": "The Danube flows into the Black Sea. It rises in the Black Forest.",
    "bread": "Sourdough bread is leavened by wild yeast and lactic acid bacteria.",
}


def write_set(folder: Path, rows: Iterable[Mapping[str, object]], language: str = "en") -> Path:
    """A set over DOCUMENTS; a row needs `question` and, if answerable, `document` and `quote`."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = [{"doc_id": d, "text": t, "lang": language} for d, t in DOCUMENTS.items()]
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "questions.jsonl", [_row(n, row) for n, row in enumerate(rows)])
    return folder


def _row(number: int, row: Mapping[str, object]) -> dict[str, object]:
    spans: list[dict[str, object]] = []
    if "document" in row:
        words = str(row["quote"])
        start = DOCUMENTS[str(row["document"])].index(words)
        spans = [{"doc_id": row["document"], "start": start, "end": start + len(words)}]
    rest = {key: value for key, value in row.items() if key not in {"document", "quote"}}
    plain = {"qid": f"q{number}", "kind": "plain", "lang": "en", "answers": []}
    found = {"answerable": bool(spans), "spans": spans, "evidence": [row["quote"]] if spans else []}
    return {**plain, **found, **rest}


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
