"""Question and passage become a reading: relevance, answer span, "answered here"."""

import re
from collections.abc import Sequence

from index.records import Reading

WORD = re.compile(r"\w{3,}")


class OverlapReader:
    """Counts the question's words that a passage holds; marks nothing."""

    name = "word overlap"

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """One reading a passage, in the order given."""
        wanted = set(WORD.findall(question.casefold()))
        shares = [
            len(wanted & set(WORD.findall(passage.casefold()))) / max(1, len(wanted))
            for passage in passages
        ]
        return [Reading(relevance=share, answered=8 * share - 2) for share in shares]
