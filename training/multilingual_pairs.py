"""Draw pairs for the multilingual reader without end: window, wording and near miss anew each time.

No two epochs see the same pair. Half of the English questions have words put into another script or
language, so that questions and passages of two languages meet, answered and unanswered alike; never
is a question in one language beside a passage in another only because it does not fit.
"""

# The shares are a judgement; each stands once, where it is used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from training.multilingual_arrays import FOREIGN, NATIVE_LANGUAGES, SOURCES, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator


BEGIN, PAD, END = 0, 1, 2
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
MAX_WINDOW = 250
MAX_QUESTION = 64
POOL = 3_000
"""Pairs that are sorted by length together; a tenth of it for small batches."""
SMALL_BUDGET = 8_000
WIDTH_STEP = 16
TITLED_SHARE = 0.7

Ints: TypeAlias = NDArray[np.int64]


class Pair(NamedTuple):
    """One pair in tokens. `relevant` is 1, 0, or -1 where it is not said."""

    ids: list[int]
    first: int
    """The first token of the passage's text; it runs to the last but one."""
    spans: list[tuple[int, int, float]]
    relevant: float


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Pairs padded to one length: ids, two masks, two targets (b, s), and two labels (b,).

    In small types, since they pass from one process to another; `to` widens them.
    """

    ids: torch.Tensor
    attention_mask: torch.Tensor
    passage_mask: torch.Tensor
    start_target: torch.Tensor
    end_target: torch.Tensor
    answered: torch.Tensor
    relevant: torch.Tensor

    def to(self, device: str) -> PairBatch:
        """The same on a device: ids and masks int64, all else float32."""
        moved = [getattr(self, name).to(device, non_blocking=True) for name in self.__slots__]
        return PairBatch(
            *(part.long() for part in moved[:3]), *(part.float() for part in moved[3:])
        )


class Pairs:
    """Draws pairs from the arrays of `multilingual_data`."""

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
        spans = self._row("q_spans", "q_spans_at", row)
        triples = [tuple(spans[at : at + 3]) for at in range(0, len(spans), 3)]
        kind = "gold" if triples else "human"
        written = self._source[row] in WRITTEN
        share = UNANSWERED_WRITTEN_SHARE if written else UNANSWERED_SHARE
        if triples and not gold and rng.random() < share:
            kind = self._kind(row)
        question = self._question(row, kind)
        if self._is_english(row) and rng.random() < switched:
            question = self.switch(question)
        if kind in ("near", "off topic"):
            passage = self._other(row, kind, str(self._language[passage]))
        text, kept = self._window(passage, triples, kind, question)
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

    def _is_english(self, row: int) -> bool:
        """Whether a question is."""
        passage = int(self.a["q_passage"][row])
        return bool(self._language[passage] == "en") and self._source[row] != "translated"

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

    def _window(
        self, passage: int, triples: list[tuple[int, ...]], kind: str, question: list[int]
    ) -> tuple[list[int], list[tuple[int, int, float]]]:
        """Whole sentences of a passage, and the answers in them."""
        rng = self.rng
        tokens = self._row("p_tokens", "p_at", passage)
        ends = self._row("p_sentences", "p_sentences_at", passage)
        sentences = list(zip([0, *ends[:-1]], ends, strict=True))
        room = int(rng.integers(20, 80) if rng.random() < 0.25 else rng.integers(90, MAX_WINDOW))
        if kind == "removed":
            sentences, middle = _without(sentences, triples)
            if not sentences:
                return [], []
            low, high = _grow(sentences, middle, middle, room, rng)
        elif kind in ("gold", "missed"):
            shares = np.array([triple[2] for triple in triples], float)
            first, last, _ = triples[int(rng.choice(len(triples), p=shares / shares.sum()))]
            low = next(i for i, (_, end) in enumerate(sentences) if first < end)
            high = next(i for i, (_, end) in enumerate(sentences) if last < end)
            low, high = _grow(sentences, low, high, room, rng)
        else:
            low = high = _likest(tokens, sentences, question, rng)
            low, high = _grow(sentences, low, high, room, rng)
        places = [at for start, end in sentences[low : high + 1] for at in range(start, end)]
        if len(places) > MAX_WINDOW:
            at = 0
            if kind in ("gold", "missed"):
                at = places.index(first)
                at = max(0, min(at - int(rng.integers(0, 60)), len(places) - MAX_WINDOW))
            places = places[at : at + MAX_WINDOW]
        text = [tokens[at] for at in places]
        if kind != "gold":
            return text, []
        left, right = places[0], places[-1]
        inside = [(a - left, b - left, s) for a, b, s in triples if a >= left and b <= right]
        total = sum(share for *_, share in inside)
        return text, [(a, b, share / total) for a, b, share in inside]

    def plain(self) -> list[int]:
        """A question or a passage alone, as the embedder takes it."""
        rng = self.rng
        row = int(rng.integers(len(self.a["q_passage"])))
        if rng.random() < 0.6:
            question = self._question(row, "gold")
            if self._is_english(row) and rng.random() < 0.7:
                question = self.switch(question)
            return [BEGIN, *self._query, *question, END]
        tokens = self._row("p_tokens", "p_at", int(self.a["q_passage"][row]))
        at = int(rng.integers(0, max(1, len(tokens) - 60)))
        return [BEGIN, *self._document, *tokens[at : at + int(rng.integers(15, 100))], END]


def _without(
    sentences: list[tuple[int, int]], triples: list[tuple[int, ...]]
) -> tuple[list[tuple[int, int]], int]:
    """The sentences that hold no answer, and which of them comes after the first that does."""
    kept: list[tuple[int, int]] = []
    middle = 0
    for start, end in sentences:
        if any(first < end and last >= start for first, last, _ in triples):
            middle = len(kept)
        else:
            kept.append((start, end))
    return kept, min(middle, len(kept) - 1)


def _likest(
    tokens: list[int],
    sentences: list[tuple[int, int]],
    question: list[int],
    rng: np.random.Generator,
) -> int:
    """The sentence that shares most tokens with the question."""
    asked = set(question)
    shared = [len(asked.intersection(tokens[a:b])) + rng.random() for a, b in sentences]
    return int(np.argmax(shared))


def _grow(
    sentences: list[tuple[int, int]], low: int, high: int, room: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Add whole sentences left or right at random while all of them stay within `room` tokens."""
    left = room - sum(end - start for start, end in sentences[low : high + 1])
    while True:
        sides = []
        if low > 0 and sentences[low - 1][1] - sentences[low - 1][0] <= left:
            sides.append(-1)
        if high + 1 < len(sentences) and sentences[high + 1][1] - sentences[high + 1][0] <= left:
            sides.append(1)
        if not sides:
            return low, high
        if sides[int(rng.random() * len(sides))] < 0:
            low -= 1
            left -= sentences[low][1] - sentences[low][0]
        else:
            high += 1
            left -= sentences[high][1] - sentences[high][0]


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of ids to int32 (b, s) and their mask (uint8), s a multiple of WIDTH_STEP."""
    width = -(-max(map(len, rows)) // WIDTH_STEP) * WIDTH_STEP
    ids = np.full((len(rows), width), PAD, np.int32)
    mask = np.zeros((len(rows), width), np.uint8)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def collate(pairs: list[Pair]) -> PairBatch:
    """Pad to the longest. No answer: all of the target lies on position 0."""
    ids, mask = padded([pair.ids for pair in pairs])
    passage = torch.zeros_like(mask)
    start, end = (torch.zeros(mask.shape, dtype=torch.float16) for _ in range(2))
    for at, pair in enumerate(pairs):
        passage[at, pair.first : len(pair.ids) - 1] = 1
        for first, last, share in pair.spans or [(0, 0, 1.0)]:
            start[at, first] += share
            end[at, last] += share
    answered = torch.tensor([float(bool(pair.spans)) for pair in pairs])
    relevant = torch.tensor([pair.relevant for pair in pairs])
    return PairBatch(ids, mask, passage, start, end, answered, relevant)


def by_length(rows: list[Pair], budget: int) -> Iterator[list[Pair]]:
    """Cut rows, sorted by length, into batches of at most `budget` padded tokens."""
    batch: list[Pair] = []
    for row in sorted(rows, key=lambda pair: len(pair.ids)):
        if batch and (len(batch) + 1) * (len(row.ids) + WIDTH_STEP - 1) > budget:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class Stream(IterableDataset[PairBatch]):
    """Batches without end; each worker draws its own."""

    def __init__(self, arrays: dict[str, Ints], seed: int, budget: int) -> None:
        self._arrays, self._seed, self._budget = arrays, seed, budget

    def __iter__(self) -> Iterator[PairBatch]:
        """Pools of pairs, cut into batches of nearly equal length, in random order."""
        worker = get_worker_info()
        pairs = Pairs(
            self._arrays, self._seed + 1000 * (worker.id if worker else 0), held_out=False
        )
        pool = POOL if self._budget > SMALL_BUDGET else POOL // 10
        while True:
            drawn = [pair for pair in (pairs.draw() for _ in range(pool)) if pair]
            made = list(by_length(drawn, self._budget))
            for at in pairs.rng.permutation(len(made)):
                yield collate(made[at])


class PlainStream(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """Batches of single texts without end."""

    def __init__(self, arrays: dict[str, Ints], seed: int, count: int) -> None:
        self._arrays, self._seed, self._count = arrays, seed, count

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Texts as the embedder takes them, padded."""
        worker = get_worker_info()
        pairs = Pairs(self._arrays, self._seed + 77 * (worker.id if worker else 0), held_out=False)
        while True:
            yield padded([pairs.plain() for _ in range(self._count)])
