"""The near misses that an earlier model falls for: of the passages found, the one it likes best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.near_misses import fair, is_specific, of_passage
from training.reading import Runtime, read_pairs

if TYPE_CHECKING:
    import random

    from tokenizers import Tokenizer

    from training.examples import Example
    from training.passages import PassageIndex

OF_DOCUMENT, OF_ALL = 3, 4
"""How many of the nearest passages are read: of the same document, and of all."""
CHARS = 900
"""As much of a passage as is read at run time, about."""


class Hardest:
    """Makes near misses by reading: an earlier reader, or the reranker, takes the part of judge."""

    def __init__(self, runtime: Runtime, tokenizer: Tokenizer) -> None:
        self._runtime, self._tokenizer = runtime, tokenizer

    def __call__(
        self, example: Example, index: PassageIndex, _rng: random.Random
    ) -> Example | None:
        """The passage found for the question that most seems to answer it, and does not."""
        if not is_specific(example.question):
            return None
        found = index.same_title(example.question, example.title, OF_DOCUMENT)
        found += index.nearest(example.question, OF_ALL)
        left = fair(example, list(dict.fromkeys(found)))
        if not left:
            return None
        pairs = [(example.question, passage[:CHARS]) for passage in left]
        readings = read_pairs(self._runtime, self._tokenizer, pairs)
        best = max(range(len(left)), key=lambda row: readings[row].answered)
        return of_passage(example, left[best], "hardest", index)
