"""Question sets: documents, questions with gold quotes, and questions that have no answer.

A set is a folder with `corpus.jsonl` (`doc_id`, `text`) and one or more `*question*.jsonl`
(`question`, `answers`, `answerable`, `kind`, and `spans` with `doc_id`, `start`, `end`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Where a gold quote stands: characters of the document's text, end exclusive."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `gold` and `answers` are empty when the documents do not answer it."""

    text: str
    set_name: str
    kind: str
    answerable: bool
    answers: tuple[str, ...]
    gold: tuple[GoldSpan, ...]


def find_sets(folder: Path) -> list[Path]:
    """The sets in `folder`, or the folder itself if it is one."""
    if (folder / "corpus.jsonl").is_file():
        return [folder]
    return sorted(path.parent for path in folder.glob("*/corpus.jsonl"))


def write_corpus(question_set: Path, corpus: Path) -> None:
    """Write each document of the set as one text file, named by its id, its text unchanged."""
    for row in _rows(question_set / "corpus.jsonl"):
        text = row["text"].encode()
        (corpus / file_name(row["doc_id"])).write_bytes(text)


def questions(question_set: Path) -> list[Question]:
    """All questions of a set, in order of file name and line."""
    files = sorted(question_set.glob("*question*.jsonl"))
    return [_question(row, file) for file in files for row in _rows(file)]


def file_name(doc_id: str) -> str:
    """Name of the file that holds a document."""
    return f"{doc_id}.txt"


def _question(row: dict[str, Any], file: Path) -> Question:
    spans = row.get("spans") or []
    return Question(
        text=row["question"],
        set_name=f"{file.parent.name}/{file.stem}",
        kind=row["kind"],
        answerable=row["answerable"],
        answers=tuple(row["answers"]),
        gold=tuple(GoldSpan(file_name(s["doc_id"]), s["start"], s["end"]) for s in spans),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
