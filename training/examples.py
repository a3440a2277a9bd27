"""What the reader learns from: a question, a passage, and where it is answered, if anywhere."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|\n+")


@dataclass(frozen=True, slots=True)
class Answer:
    """A run of characters of a passage, and the annotators who marked it."""

    start: int
    end: int
    votes: int = 1


@dataclass(frozen=True, slots=True)
class Example:
    """One question beside one passage. No answers: the passage does not answer it.

    `kind` names how the pair came to be ("gold", or the kind of near miss). `heading` is what is
    read before the passage, as title and headings are at run time; no answer lies in it.
    """

    question: str
    passage: str
    answers: tuple[Answer, ...]
    title: str
    source: str
    kind: str = "gold"
    heading: str = ""

    @property
    def before(self) -> str:
        """What stands before the passage when it is read: the heading, or nothing."""
        return f"{self.heading}: " if self.heading else ""


def read_source(path: Path) -> list[Example]:
    """Read one gzipped JSONL file of questions, each over its whole context.

    Lines hold `question`, `context`, `title`, `source` and `answers` (`text`, `start`).
    """
    return [_from_record(record) for record in read_records(path)]


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Read the lines of a set as they are."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _from_record(record: dict[str, Any]) -> Example:
    votes: dict[tuple[int, int], int] = {}
    for answer in record["answers"]:
        text = answer["text"]
        start = answer["start"] + len(text) - len(text.lstrip(" \n\"'"))
        end = answer["start"] + len(text.rstrip(" ,;:\n"))
        if end > start:
            votes[start, end] = votes.get((start, end), 0) + 1
    return Example(
        question=" ".join(record["question"].split()),
        passage=record["context"],
        answers=tuple(Answer(start, end, count) for (start, end), count in votes.items()),
        title=f"{record['source'].split('/')[0]}/{record['title']}",
        source=record["source"],
        kind="gold" if record["answers"] else "human",
    )


def write_examples(examples: list[Example], path: Path) -> None:
    """Write examples as JSONL, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for example in examples:
            out.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def read_examples(path: Path) -> list[Example]:
    """Read what `write_examples` wrote."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Example(**{**r, "answers": tuple(Answer(**answer) for answer in r["answers"])})
        for r in records
    ]


def sentences(text: str) -> list[tuple[int, int]]:
    """Split `text` into sentences, as (start, end) that cover it without gaps.

    Rough on purpose (abbreviations split): it only decides where windows are cut.
    """
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def answer_texts(example: Example) -> set[str]:
    """All marked answers, in lower case and without surrounding punctuation."""
    texts = {example.passage[a.start : a.end].lower().strip(" .,;:'\"") for a in example.answers}
    return {text for text in texts if text}


def window(example: Example, max_chars: int, rng: random.Random) -> Example:
    """Cut the passage to whole sentences around one answer, the answer anywhere in the window.

    The window has at most `max_chars` characters unless the answer's own sentences are longer.
    Answers outside the window are dropped. Without answers the window lies around the sentence
    that shares most words with the question: what a near miss looks like.
    """
    spans = sentences(example.passage)
    if example.answers:
        chosen = max(example.answers, key=lambda a: (a.votes, rng.random()))
        low = next(i for i, (_, end) in enumerate(spans) if chosen.start < end)
        high = next(i for i, (_, end) in enumerate(spans) if chosen.end <= end)
    else:
        low = high = _likest_sentence(example, spans, rng)
    low, high = _grow(spans, low, high, max_chars, rng)
    start, end = spans[low][0], spans[high][1]
    passage = example.passage[start:end].rstrip()
    start += len(passage) - len(passage.lstrip())
    passage = passage.lstrip()
    kept = tuple(
        Answer(a.start - start, a.end - start, a.votes)
        for a in example.answers
        if a.start >= start and a.end - start <= len(passage)
    )
    return replace(example, passage=passage, answers=kept)


def _likest_sentence(example: Example, spans: list[tuple[int, int]], rng: random.Random) -> int:
    asked = set(re.findall(r"[a-z0-9]{3,}", example.question.lower()))

    def shared(row: int) -> tuple[int, float]:
        start, end = spans[row]
        words = re.findall(r"[a-z0-9]{3,}", example.passage[start:end].lower())
        return len(asked.intersection(words)), rng.random()

    return max(range(len(spans)), key=shared)


def _grow(
    spans: list[tuple[int, int]], low: int, high: int, max_chars: int, rng: random.Random
) -> tuple[int, int]:
    """Add whole sentences left or right at random while the window stays within `max_chars`."""
    while True:
        room = max_chars - (spans[high][1] - spans[low][0])
        sides = []
        if low > 0 and spans[low - 1][1] - spans[low - 1][0] <= room:
            sides.append(-1)
        if high + 1 < len(spans) and spans[high + 1][1] - spans[high + 1][0] <= room:
            sides.append(1)
        if not sides:
            return low, high
        if rng.choice(sides) < 0:
            low -= 1
        else:
            high += 1
