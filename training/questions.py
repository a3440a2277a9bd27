"""The questions that the reader is measured on, over the paragraphs of their documents."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bm25s
import numpy as np
import Stemmer

from training.examples import Example, sentences

if TYPE_CHECKING:
    from pathlib import Path

MAX_PARAGRAPH_CHARS = 1_000
FILES = {
    "wiki": "questions.jsonl",
    "nq": "questions.jsonl",
    "news": "questions.jsonl",
    "seed": "seed_article_questions.jsonl",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of one document, by characters of the document's text."""

    doc_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `gold` and `near` are rows of paragraphs (-1: none)."""

    text: str
    answers: tuple[str, ...]
    evidence: tuple[tuple[int, int], ...]
    gold: int
    near: int
    group: str
    doc_ids: tuple[str, ...]


class Questions:
    """The English sets of an evaluation folder, their paragraphs, and BM25 over all of these."""

    def __init__(self, folder: Path) -> None:
        self.paragraphs: list[Paragraph] = []
        for name in FILES:
            for document in _read(folder / name / "corpus.jsonl"):
                self.paragraphs += _paragraphs_of(document)
        self._stemmer = Stemmer.Stemmer("english")
        texts = [p.text for p in self.paragraphs]
        tokens = bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)
        self._bm25 = bm25s.BM25()
        self._bm25.index(tokens, show_progress=False)
        self.questions: list[Question] = []
        for name, file in FILES.items():
            records = [r for r in _read(folder / name / file) if r["lang"] == "en"]
            self.questions += [self._question(r) for r in records]

    def by_group(self, limit: int, seed: int = 3) -> dict[str, list[Question]]:
        """At most `limit` questions of each group, drawn with a fixed seed."""
        groups: dict[str, list[Question]] = {}
        for question in self.questions:
            groups.setdefault(question.group, []).append(question)
        rng = random.Random(seed)
        return {name: rng.sample(some, min(limit, len(some))) for name, some in groups.items()}

    def nearest(self, question: Question, k: int) -> list[int]:
        """The rows of the k best paragraphs by BM25, best first.

        Among the question's own documents where it names some and is not answered; else all.
        """
        tokens = bm25s.tokenize(
            [question.text], stopwords="en", stemmer=self._stemmer,
            show_progress=False, return_ids=False,
        )  # fmt: skip
        scores = np.array(self._bm25.get_scores(tokens[0]))
        if question.gold < 0 and question.doc_ids:
            inside = [p.doc_id in question.doc_ids for p in self.paragraphs]
            scores = np.where(inside, scores, -1.0)
        return [int(row) for row in np.argsort(-scores, kind="stable")[:k]]

    def first_example(self, question: Question) -> Example:
        """The question beside the paragraph that BM25 ranks first."""
        row = self.nearest(question, 1)[0]
        return Example(question.text, self.paragraphs[row].text, (), "", question.group)

    def _question(self, record: dict[str, Any]) -> Question:
        spans = record.get("spans") or []
        gold = self._row(spans[0]["doc_id"], spans[0]["start"]) if spans else -1
        near = record.get("near")
        kind = record["kind"] if record["set"] == "wiki" or not record["answerable"] else ""
        return Question(
            text=record["question"],
            answers=tuple(record["answers"]),
            evidence=tuple((span["start"], span["end"]) for span in spans),
            gold=gold,
            near=self._row(near["doc_id"], near["para_start"]) if near else -1,
            group=f"{record['set']} {kind}".strip(),
            doc_ids=tuple(record["doc_ids"]),
        )

    def _row(self, doc_id: str, place: int) -> int:
        return next(
            row
            for row, p in enumerate(self.paragraphs)
            if p.doc_id == doc_id and p.start <= place < p.end
        )


def _read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _paragraphs_of(document: dict[str, Any]) -> list[Paragraph]:
    """The document's paragraphs; long ones, and whole documents without any, cut at sentences."""
    text = document["text"]
    cuts = document.get("paragraphs") or [[0, len(text)]]
    pieces: list[tuple[int, int]] = []
    for begin, stop in cuts:
        start = begin
        for low, high in sentences(text[begin:stop]):
            if begin + high - start > MAX_PARAGRAPH_CHARS and begin + low > start:
                pieces.append((start, begin + low))
                start = begin + low
        pieces.append((start, stop))
    return [Paragraph(document["doc_id"], a, b, text[a:b]) for a, b in pieces]
