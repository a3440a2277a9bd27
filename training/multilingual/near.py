"""What nearly answers: passages near a question, and questions turned by a word.

Passages are found by BM25 over the tokenizer's pieces, in any language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse

from training.examples import Example, answer_texts, window
from training.multilingual.sets import WRITTEN, language
from training.multilingual.text import split
from training.near_misses import is_specific, opposite, swapped_name, swapped_word
from training.passages import PassageIndex

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIN_CHARS = 40
"""A passage of fewer characters says too little."""
WITHOUT_MISSES = ("policyqa", "subjqa", "molweni", "doc2dial", *WRITTEN)
NEAR_MISSES = 3
"""Tries to turn an English question into one that its passage does not answer."""
TURNED_CHARS = 600
"""Length of the part of a passage whose words take the place of a question's."""
PIECES = 250_100
"""More than the tokenizer has."""
AT_ONCE = 500


def misses(
    examples: Sequence[Example], names: Sequence[str], rng: random.Random
) -> list[list[str]]:
    """Questions that each passage nearly answers: names, numbers or words put for others.

    `names` are the sets that the examples are of.
    """
    english = [e for e, name in zip(examples, names, strict=True) if language(name) == "en"]
    index = PassageIndex(english)
    makers = (swapped_name, swapped_name, swapped_word, opposite)
    made: list[list[str]] = []
    for example, name in zip(examples, names, strict=True):
        found: set[str] = set()
        if example.answers and name not in WITHOUT_MISSES:
            for _ in range(NEAR_MISSES):
                maker = rng.choice(makers)
                if language(name) == "en":
                    miss = maker(window(example, TURNED_CHARS, rng), index, rng)
                else:  # no English passage has its title: the names of its own passage are left
                    miss = swapped_name(example, index, rng)
                if miss:
                    found.add(miss.question)
        made.append(sorted(found))
    return made


def removable(example: Example, words: str) -> bool:
    """Whether no other sentence of the passage holds an answer, so that its own can go.

    `words` are the question, in English where the passage is.
    """
    lang = language(example.source.split("/")[0])
    answers = answer_texts(example)
    left = "".join(
        example.passage[start:end]
        for start, end in split(example.passage, lang)
        if not any(a.start < end and a.end > start for a in example.answers)
    ).lower()
    return (
        bool(answers)
        and (lang != "en" or is_specific(words))
        and len(left) > MIN_CHARS
        and not any(a in left for a in answers)
    )


def nearest(asked: list[list[int]], passages: list[list[int]], k: int) -> NDArray[np.int64]:
    """The k passages nearest to each question, both token ids, best first, shape (asked, k)."""
    weights = _bm25_weights(passages)
    rows = []
    for first in range(0, len(asked), AT_ONCE):
        bags = _bag_matrix(asked[first : first + AT_ONCE])
        rows.append(np.argsort(-(bags @ weights.T).toarray(), axis=1)[:, :k])
    return np.concatenate(rows)


def _bag_matrix(bags: list[list[int]]) -> scipy.sparse.csr_matrix:
    """Counts of token ids, (rows, PIECES)."""
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.array([token for bag in bags for token in bag], dtype=np.int64)
    ones = np.ones(len(columns), np.float32)
    return scipy.sparse.csr_matrix((ones, (rows, columns)), shape=(len(bags), PIECES))


def _bm25_weights(bags: list[list[int]]) -> scipy.sparse.csr_matrix:
    """BM25's weight of each token in each passage (k1 1.2, b .75)."""
    counts = _bag_matrix(bags).tocoo()
    lengths = np.array([len(bag) for bag in bags], np.float32)
    seen = np.bincount(counts.col, minlength=PIECES)
    rarity = np.log(1 + (len(bags) - seen + 0.5) / (seen + 0.5)).astype(np.float32)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    values = rarity[counts.col] * counts.data * 2.2 / (counts.data + norm[counts.row])
    return scipy.sparse.csr_matrix((values, (counts.row, counts.col)), shape=counts.shape)
