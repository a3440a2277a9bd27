"""Questions written for the reader, with and without an answer in their passage.

`written.jsonl` holds a passage of the sets a line: `source` and `id` of an example, `start` and
`end` of the passage in its context, and what is `asked`, with its `answer` if any. On some passages
two questions are answered and three are near misses, for which a tempting wrong answer stands
there. On others a question of the set itself stands first, then the same in the words of a search,
then two near misses that keep most of its words.

`composed.jsonl` holds passages that were written with their questions, for subjects and forms that
the sets lack: `title`, `passage` and what is `asked`, questions and searches, about as many with an
answer as without. Some are there `in` another language, too. `native.jsonl` holds the same in other
languages, passages and questions in the same `language`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.examples import Answer, Example, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = Path(__file__).parent / "written.jsonl"
COMPOSED = Path(__file__).parent / "composed.jsonl"
NATIVE = Path(__file__).parent / "native.jsonl"
COMPOSED_SOURCE = "composed"
"""Their `source`, as if they were a set."""
KIND = "written"
"""Of a near miss among them; an answered one is gold."""


def read_composed() -> list[Example]:
    """All questions over passages that were written with them."""
    return [
        one
        for line in _lines(COMPOSED)
        for one in _examples(line["asked"], line["passage"], COMPOSED_SOURCE, line["title"])
    ]


def read_translated() -> list[tuple[Example, Example]]:
    """Questions in other languages over those passages, each after the same one in English."""
    found = []
    for line in _lines(COMPOSED):
        asked = line["asked"]
        english = _examples(asked, line["passage"], COMPOSED_SOURCE, line["title"])
        for one, example in zip(asked, english, strict=True):
            found += [
                (example, replace(example, question=question))
                for question in one.get("in", {}).values()
            ]
    return found


def read_native(language: str) -> list[Example]:
    """Questions in a language (its ISO 639-1 code) over passages that were written in it."""
    return [
        one
        for line in _lines(NATIVE)
        if line["language"] == language
        for one in _examples(line["asked"], line["passage"], f"native_{language}", line["title"])
    ]


def read_written(shared: Path) -> list[Example]:
    """All questions that were written over passages of the sets in `shared`/train."""
    lines = _lines(WRITTEN)
    wanted: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        wanted[line["source"]].add(line["id"])
    records = {
        (source, record["id"]): record
        for source, ids in wanted.items()
        for record in read_records(shared / "train" / f"{source}.jsonl.gz")
        if record["id"] in ids
    }
    return [one for line in lines for one in _over_set(line, records[line["source"], line["id"]])]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _over_set(line: dict[str, Any], record: dict[str, Any]) -> Iterator[Example]:
    passage = record["context"][line["start"] : line["end"]]
    yield from _examples(line["asked"], passage, record["source"], record["title"])


def _examples(
    asked: list[dict[str, Any]], passage: str, source: str, title: str
) -> Iterator[Example]:
    for one in asked:
        answer = one.get("answer")
        start = _place(answer, passage) if answer else 0
        yield Example(
            question=one["question"],
            passage=passage,
            answers=(Answer(start, start + len(answer)),) if answer else (),
            title=f"{source.partition('/')[0]}/{title}",
            source=source,
            kind="gold" if answer else KIND,
        )


def _place(answer: str, passage: str) -> int:
    """Where the answer stands in whole words; some answers of the sets begin or end inside one."""
    whole = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", passage)
    return whole.start() if whole else passage.index(answer)
