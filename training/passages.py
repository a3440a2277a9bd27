"""All passages of the training set: word search over them, their names, how rare a word is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import bm25s
import Stemmer

if TYPE_CHECKING:
    import random

    import numpy as np
    from numpy.typing import NDArray

    from training.examples import Example

FUNCTION_WORDS = frozenset(
    """a an the is are was were be been being do does did doing have has had of in on at by to for
    from with about as into over after before under between and or but not no if then than that
    this these those it its he she they them his her their we you i my your our me him us what
    which who whom whose when where why how can could will would shall should may might must
    there here so such some any all each other more most one two kind type name called also very
    just only own same too s t""".split()  # noqa: SIM905 - reads better
)
RARE_SHARE = 0.02
"""A word in fewer of the passages than this is taken to carry content."""


def content_words(text: str) -> list[str]:
    """The words of `text` that are no function words, in lower case."""
    return [w for w in re.findall(r"[a-z0-9]+", text.lower()) if w not in FUNCTION_WORDS]


class PassageIndex:
    """BM25 over the distinct passages of a list of examples."""

    def __init__(self, examples: list[Example]) -> None:
        self.titles = {example.passage: example.title for example in examples}
        self.passages = list(self.titles)
        self._by_title: dict[str, list[int]] = defaultdict(list)
        for row, title in enumerate(self.titles.values()):
            self._by_title[title].append(row)
        self._by_source: dict[str, list[str]] = defaultdict(list)
        for passage, title in self.titles.items():
            self._by_source[title.partition("/")[0]].append(passage)
        self._stemmer = Stemmer.Stemmer("english")
        tokens = bm25s.tokenize(
            self.passages, stopwords="en", stemmer=self._stemmer, show_progress=False
        )
        self._bm25 = bm25s.BM25()
        self._bm25.index(tokens, show_progress=False)
        counts = Counter(w for p in self.passages for w in set(re.findall(r"[a-z]{4,}", p)))
        self._common = {w for w, n in counts.items() if n > RARE_SHARE * len(self.passages)}

    def nearest(self, question: str, k: int) -> list[str]:
        """The k passages with the highest BM25 score for the question, best first."""
        scores = self._scores(question)
        best = scores.argsort()[::-1][:k]
        return [self.passages[row] for row in best if scores[row] > 0]

    def same_title(self, question: str, title: str, k: int) -> list[str]:
        """The k best passages of one document, best first, whatever their score."""
        scores = self._scores(question)
        rows = sorted(self._by_title[title], key=lambda row: -scores[row])
        return [self.passages[row] for row in rows[:k]]

    def of_title(self, title: str, k: int) -> list[str]:
        """The first k passages of one document."""
        return [self.passages[row] for row in self._by_title[title][:k]]

    def some_of(self, source: str, k: int, rng: random.Random) -> list[str]:
        """At most k passages of one set, drawn by chance."""
        passages = self._by_source[source.partition("/")[0]]
        return rng.sample(passages, min(k, len(passages)))

    def is_rare(self, word: str) -> bool:
        """Whether few passages hold the word."""
        return word not in self._common and word not in FUNCTION_WORDS

    @lru_cache(maxsize=4)  # noqa: B019 - one index lives through the whole preparation
    def _scores(self, question: str) -> NDArray[np.float32]:
        tokens = bm25s.tokenize(
            [question], stopwords="en", stemmer=self._stemmer,
            show_progress=False, return_ids=False,
        )  # fmt: skip
        scores: NDArray[np.float32] = self._bm25.get_scores(tokens[0])
        return scores
