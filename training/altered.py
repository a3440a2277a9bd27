"""Change one word, name or year of a pair: into a near miss, or in both parts into another pair.

Where the question is changed, or the passage, the answer stands there no longer. Where both are
changed alike it still does: without such pairs an odd word alone would be the sign of a near miss.
"""

# All makers share one signature, and the shares are what was tried, named by their places.
# ruff: noqa: PLR2004

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from training.examples import Answer, Example, answer_texts
from training.near_misses import names, unanswered
from training.passages import FUNCTION_WORDS, PassageIndex

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.dequantise import Weights
    from training.wordnet import WordNet

YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-2][0-9]\b")
WORD = re.compile(r"\b[a-z]{4,}\b")
LIKEST = 6
"""Of a word's sisters so many are used: those whose vectors lie nearest."""

Vectors = dict[str, "NDArray[np.float32]"]
"""Words and their vectors of unit length."""


class Altered:
    """Makers that need WordNet, and the vectors of a model's words to tell likely from odd."""

    def __init__(self, wordnet: WordNet, vectors: Vectors) -> None:
        self._wordnet, self._vectors = wordnet, vectors
        self._others = lru_cache(maxsize=None)(self._find_others)

    def word(self, example: Example, _index: PassageIndex, rng: random.Random) -> Example | None:
        """A near miss: a content word of the question replaced by its opposite or its like."""
        found = self._words(example, rng)
        told = [word for word in found if word in example.passage]
        for word in told + [word for word in found if word not in told]:
            other = rng.choice(self._others(word))
            return unanswered(example, "altered word", question=_put(example.question, word, other))
        return None

    def passage(self, example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
        """A near miss: what question and passage share is replaced in the passage alone."""
        pair = self._shared(example, index, rng)
        if not pair:
            return None
        passage = _put(example.passage, *pair)
        return unanswered(example, "altered passage", passage=passage)

    def both(self, example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
        """Still answered: what question and passage share is replaced in both."""
        pair = self._shared(example, index, rng)
        if not pair or not example.answers:
            return None
        answer = max(example.answers, key=lambda a: a.votes)
        before = _put(example.passage[: answer.start], *pair)
        text = example.passage[answer.start : answer.end]
        return replace(
            example,
            question=_put(example.question, *pair),
            passage=before + text + _put(example.passage[answer.end :], *pair),
            answers=(Answer(len(before), len(before) + len(text)),),
            kind="altered both",
        )

    def _shared(
        self, example: Example, index: PassageIndex, rng: random.Random
    ) -> tuple[str, str] | None:
        """Something that question and passage have and no answer has, and what may replace it."""
        answers = " ".join(answer_texts(example))
        shared = [
            name[0]
            for name in names(example.question)
            if name[0] in example.passage and name[0].lower() not in answers
        ]
        if shared and rng.random() < 0.6:
            name = rng.choice(shared)
            passages = index.of_title(example.title, 30) if rng.random() < 0.6 else []
            found = names(rng.choice(passages or index.passages))
            others = [m[0] for m in found if m[0] not in name and name not in m[0]]
            return (name, rng.choice(others)) if others else None
        for word in self._words(example, rng):
            if re.search(rf"\b{word}\b", example.passage) and word not in answers:
                return word, rng.choice(self._others(word))
        return None

    def _words(self, example: Example, rng: random.Random) -> list[str]:
        """Content words of the question that have others of their kind, in any order."""
        found = list(dict.fromkeys(match[0] for match in WORD.finditer(example.question)))
        found = [word for word in found if word not in FUNCTION_WORDS and self._others(word)]
        return rng.sample(found, len(found))

    def _find_others(self, word: str) -> tuple[str, ...]:
        """Opposites, and the likest sisters, in the same form as the word."""
        opposites: set[str] = set()
        sisters: set[str] = set()
        for lemma, part, ending in _lemmas(word):
            opposites |= {_form(o, ending) for o in self._wordnet.opposites(lemma, part)}
            sisters |= {_form(o, ending) for o in self._wordnet.sisters(lemma, part)}
        mine = self._vectors.get(word)
        if mine is None:
            return ()
        opposites &= self._vectors.keys()
        known = [other for other in sisters if other in self._vectors and other[:4] != word[:4]]
        known.sort(key=lambda other: -float(mine @ self._vectors[other]))
        return (*sorted(opposites), *(o for o in known[:LIKEST] if o not in opposites))


def other_year(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A near miss: a year of the document is asked for, in which the answer is not told."""
    if not _takes_a_year(example):
        return None
    years = {y for text in index.of_title(example.title, 30) for y in YEAR.findall(text)}
    left = sorted(years.difference(YEAR.findall(example.passage)))
    if not left:
        return None
    question = f"{example.question.rstrip(' ?')} in {rng.choice(left)}?"
    return unanswered(example, "other year", question=question)


def _takes_a_year(example: Example) -> bool:
    asked = example.question.lower()
    return not re.search(r"\d|\bwhen\b|\byear|\bcentury|\bdate\b", asked) and asked.endswith("?")


def _lemmas(word: str) -> Iterator[tuple[str, str, str]]:
    """What the word may be a form of: lemma, part of speech, ending."""
    for part in "nva":
        yield word, part, ""
    if word.endswith("s"):
        yield word[:-1], "n", "s"
        yield word[:-1], "v", "s"
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            for lemma in (stem, f"{stem}e"):
                yield lemma, "v", ending


def _form(lemma: str, ending: str) -> str:
    """The lemma with a regular ending; what no model knows as a word is left out later."""
    if ending in ("ed", "ing"):
        return lemma.removesuffix("e") + ending
    return lemma + ending


def _put(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text)


def word_vectors(weights: Weights, tokenizer: Tokenizer) -> Vectors:
    """The embeddings of a model's whole words, scaled to length 1."""
    table = weights["bert.embeddings.word_embeddings.weight"].numpy()
    table = table / np.linalg.norm(table, axis=1, keepdims=True)
    return {word: table[row] for word, row in tokenizer.get_vocab().items() if word.isalpha()}
