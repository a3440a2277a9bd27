"""Draw pairs for the multilingual reader without end: window, wording and near miss anew each time.

No two epochs see the same pair. Half of the English questions have words put into another script or
language, so that questions and passages of two languages meet, answered and unanswered alike; never
is a question in one language beside a passage in another only because it does not fit.
"""

# The shares are a judgement; each stands once, where it is used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.multilingual.sets import (
    FOREIGN,
    NATIVE_LANGUAGES,
    SOURCES,
    WRITTEN,
    asks_in_english,
)
from training.multilingual.windows import Passage, Span, draw_window

BEGIN, END = 0, 2
WEIGHTS = {
    "squadshifts_new_wiki": 2.0,
    "squadshifts_reddit": 0.6,
    "squadshifts_amazon_reviews": 0.35,
    "fairytaleqa": 0.8,
    "doc2dial": 1.0,
    "molweni": 0.2,
    "policyqa": 0.3,
    "subjqa": 0.3,
    "arcd_ar": 2.0,
    "cmrc2018_zh": 1.3,
    "tquad_tr": 0.9,
    "iapp_th": 0.8,
    "composed": 0.6,
    "translated": 4.0,
    **{f"native_{language}": 3.0 for language in NATIVE_LANGUAGES},
}
"""How often a question of each set is drawn, against others."""
KINDS = {"removed": 2.0, "near": 3.0, "missed": 4.0, "off topic": 0.4}
"""Kinds of near misses, of those that a question has."""
UNANSWERED_SHARE = 0.42
UNANSWERED_WRITTEN_SHARE = 0.15
"""Of the answered questions that were written: about as many are near misses as they are."""
SWITCHED_SHARE = 0.5
MAX_QUESTION = 64
TITLED_SHARE = 0.7

Ints: TypeAlias = NDArray[np.int64]


class Pair(NamedTuple):
    """One pair in tokens. `relevant` is 1, 0, or -1 where it is not said."""

    ids: list[int]
    first: int
    """The first token of the passage's text; it runs to the last but one."""
    spans: list[Span]
    relevant: float


class Pairs:
    """Draws pairs from the arrays of `data`."""

    def __init__(self, arrays: dict[str, Ints], seed: int, *, held_out: bool) -> None:
        self.a = arrays
        self.rng = np.random.default_rng(seed)
        self._query, self._document = arrays["query"].tolist(), arrays["document"].tolist()
        weights = np.array([WEIGHTS[name] for name in SOURCES])[arrays["q_source"]]
        weights = weights * (arrays["q_held_out"] == int(held_out))
        self._cumulated = np.cumsum(weights / weights.sum())
        foreign = np.array([FOREIGN.get(name, "en") for name in SOURCES])
        self._language = foreign[arrays["p_source"]]
        self._of_language = {
            lang: np.flatnonzero(self._language == lang) for lang in set(foreign.tolist())
        }
        self._starts = arrays["v_starts"] == 1
        self._source = [SOURCES[number] for number in arrays["q_source"].tolist()]
        self._lexicon = self._read_lexicon()
        self.scripts = sorted({script for entry in self._lexicon.values() for script in entry})

    def _row(self, name: str, at: str, row: int) -> list[int]:
        ends = self.a[at]
        found: list[int] = self.a[name][ends[row] : ends[row + 1]].tolist()
        return found

    def _read_lexicon(self) -> dict[tuple[int, ...], dict[int, list[list[int]]]]:
        words: dict[int, dict[int, list[list[int]]]] = defaultdict(lambda: defaultdict(list))
        for row, (word, script) in enumerate(self.a["x_owner"].tolist()):
            words[word][script].append(self._row("x_words", "x_words_at", row))
        found = {}
        for row in range(len(self.a["x_keys_at"]) - 1):
            number, *tokens = self._row("x_keys", "x_keys_at", row)
            found[tuple(tokens)] = dict(words[number])
        return found

    def draw(self, *, switched: float = SWITCHED_SHARE, gold: bool = False) -> Pair | None:
        """One pair, or none where chance led nowhere; `gold`: an answered one."""
        rng = self.rng
        row = int(np.searchsorted(self._cumulated, rng.random()))
        row = min(row, len(self._cumulated) - 1)
        passage = int(self.a["q_passage"][row])
        spans = self._spans(row)
        kind = "gold" if spans else "human"
        written = self._source[row] in WRITTEN
        share = UNANSWERED_WRITTEN_SHARE if written else UNANSWERED_SHARE
        if spans and not gold and rng.random() < share:
            kind = self._kind(row)
        question = self._question(row, kind)
        if asks_in_english(self._source[row]) and rng.random() < switched:
            question = self.switch(question)
        if kind in ("near", "off topic"):
            passage = self._other(row, kind, str(self._language[passage]))
        text, kept = draw_window(self._passage(passage), spans, kind, question, rng)
        if not text or (kind == "gold" and not kept):
            return None
        title = self._row("p_title", "p_title_at", passage)
        if not title or rng.random() > TITLED_SHARE:
            title = []
        ids, first = self.lay_out(question, title, text)
        placed = [(first + a, first + b, share) for a, b, share in kept]
        relevant = {"gold": 1.0, "near": 0.0, "off topic": 0.0}.get(kind, -1.0)
        return Pair(ids, first, placed, relevant)

    def lay_out(
        self, question: list[int], title: list[int], text: list[int]
    ) -> tuple[list[int], int]:
        """<s> query: question </s></s> passage: title: text </s>, and where the text begins."""
        before = [BEGIN, *self._query, *question[:MAX_QUESTION], END, END, *self._document, *title]
        return [*before, *text, END], len(before)

    def _spans(self, row: int) -> list[Span]:
        flat = self._row("q_spans", "q_spans_at", row)
        return list(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))

    def _passage(self, row: int) -> Passage:
        ends = self._row("p_sentences", "p_sentences_at", row)
        sentences = list(zip([0, *ends[:-1]], ends, strict=True))
        return Passage(self._row("p_tokens", "p_at", row), sentences)

    def _kind(self, row: int) -> str:
        misses, near = self.a["q_misses_at"], self.a["q_near_at"]
        has = {
            "removed": self.a["q_removable"][row] == 1,
            "near": near[row + 1] > near[row],
            "missed": misses[row + 1] > misses[row],
            "off topic": near[row + 1] > near[row],
        }
        kinds = [kind for kind, there in has.items() if there]
        if not kinds:
            return "gold"
        weights = np.array([KINDS[kind] for kind in kinds])
        return str(self.rng.choice(kinds, p=weights / weights.sum()))

    def _question(self, row: int, kind: str) -> list[int]:
        name = "misses" if kind == "missed" else "forms"
        low, high = self.a[f"q_{name}_at"][row : row + 2]
        chosen = int(self.rng.integers(low, high))
        if kind != "missed" and self.rng.random() < 0.5:
            chosen = int(low)
        letter = name[0]
        return self._row(f"{letter}_tokens", f"{letter}_at", chosen)

    def _other(self, row: int, kind: str, lang: str) -> int:
        if kind == "near":
            return int(self.rng.choice(self._row("q_near", "q_near_at", row)))
        return int(self.rng.choice(self._of_language[lang]))

    def switch(self, question: list[int]) -> list[int]:
        """The question with many of its words in another language."""
        rng = self.rng
        script = int(rng.choice(self.scripts))
        rate = rng.uniform(0.5, 1.1)
        made: list[int] = []
        word: list[int] = []
        for token in [*question, -1]:
            if word and (token < 0 or self._starts[token]):
                made += self._translated(word, script) if rng.random() < rate else word
                word = []
            word.append(token)
        return made

    def _translated(self, word: list[int], script: int) -> list[int]:
        for length in range(len(word), max(0, len(word) - 3), -1):
            entry = self._lexicon.get(tuple(word[:length]))
            if entry and script in entry:
                choices = entry[script]
                return [*choices[int(self.rng.integers(len(choices)))], *word[length:]]
        return word

    def plain(self) -> list[int]:
        """A question or a passage alone, as the embedder takes it."""
        rng = self.rng
        row = int(rng.integers(len(self.a["q_passage"])))
        if rng.random() < 0.6:
            question = self._question(row, "gold")
            if asks_in_english(self._source[row]) and rng.random() < 0.7:
                question = self.switch(question)
            return [BEGIN, *self._query, *question, END]
        tokens = self._row("p_tokens", "p_at", int(self.a["q_passage"][row]))
        at = int(rng.integers(0, max(1, len(tokens) - 60)))
        return [BEGIN, *self._document, *tokens[at : at + int(rng.integers(15, 100))], END]
