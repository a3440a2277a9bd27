"""Questions written for the reader over passages of the sets, with and without an answer there.

`written.jsonl` holds a passage a line: `source` and `id` of an example of the sets, `start` and
`end` of the passage in its context, and what is `asked`, with its `answer` if any. On some passages
two questions are answered and three are near misses, for which a tempting wrong answer stands
there. On others a question of the set itself stands first, then the same in the words of a search,
then two near misses that keep most of its words. Answered and not are worded alike.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.examples import Answer, Example, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = Path(__file__).parent / "written.jsonl"
KIND = "written"
"""Of a near miss among them; an answered one is gold."""


def read_written(shared: Path) -> list[Example]:
    """All of them, over their passages of the sets in `shared`/train."""
    lines = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    wanted: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        wanted[line["source"]].add(line["id"])
    records = {
        (source, record["id"]): record
        for source, ids in wanted.items()
        for record in read_records(shared / "train" / f"{source}.jsonl.gz")
        if record["id"] in ids
    }
    return [one for line in lines for one in _examples(line, records[line["source"], line["id"]])]


def _examples(line: dict[str, Any], record: dict[str, Any]) -> Iterator[Example]:
    passage = record["context"][line["start"] : line["end"]]
    for asked in line["asked"]:
        answer = asked.get("answer")
        start = passage.index(answer) if answer else 0
        yield Example(
            question=asked["question"],
            passage=passage,
            answers=(Answer(start, start + len(answer)),) if answer else (),
            title=f"{line['source']}/{record['title']}",
            source=record["source"],
            kind="gold" if answer else KIND,
        )
