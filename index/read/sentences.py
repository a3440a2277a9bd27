"""Which sentence is nearest to the question, by the embedding model alone.

For questions and documents in languages that the extractive readers do not know: a multilingual
embedding model still sees that a question and a sentence mean the same. It marks no short answer.
"""

import math
from collections.abc import Sequence

import numpy as np

from index.protocols import Embedder
from index.records import Passage, Reading

SHARPNESS = 60.0
"""Of the chances: e-folds for each unit of cosine. Multilingual E5 packs cosines into .7 to .95."""


class SentenceReader:
    """A `Reader` on any `Embedder`.

    `relevance` is the mean cosine of the passage's sentences, `answered` that of the nearest one.
    """

    languages = None
    quotes_from = math.inf

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def knows(self, _word: str) -> bool:
        """Whether `_word` is an ordinary word: not known, so that none is taken for a mistake."""
        return True

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given; no spans."""
        texts = [p.text[s.start : s.end] for p in passages for s in p.sentences]
        if not texts:
            return []
        asked = self._embedder.embed_query(question)[0]
        vectors = self._embedder.embed_documents(texts)
        lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked)
        cosines = vectors @ asked / np.maximum(lengths, np.finfo(np.float32).tiny)
        ends = np.cumsum([len(passage.sentences) for passage in passages])
        return [_reading(each) for each in np.split(cosines, ends[:-1])]


def _reading(cosines: np.ndarray) -> Reading:
    weights = np.exp(SHARPNESS * (cosines - cosines.max()))
    chances = tuple(float(weight) for weight in weights / weights.sum())
    return Reading(float(cosines.mean()), float(cosines.max()), chances, scale="sentences")
