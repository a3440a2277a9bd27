"""From examples to padded batches: token ids, and where in the tokens the answers lie."""

from __future__ import annotations

import lzma
import random
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from training.examples import Example

MAX_TOKENS = 256
TOKENS_A_BATCH = 2_600
PAIRS_A_BATCH = 32
POOL = 64
"""Batches' worth of pairs that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair as tokens, of which the first `asked` are the question's.

    `offsets` are places in question and passage; `spans` are (first token, last token, share of
    the votes).
    """

    ids: list[int] | NDArray[np.int64]
    asked: int
    offsets: list[tuple[int, int]]
    spans: list[tuple[int, int, float]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs padded to one length: int64 (b, s) thrice, targets (b, s) twice, answered (b,)."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    start_target: Tensor
    end_target: Tensor
    answered: Tensor

    def to(self, device: str) -> Batch:
        """The same on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))

    @property
    def inputs(self) -> tuple[Tensor, Tensor, Tensor]:
        """What the reader takes."""
        return self.input_ids, self.attention_mask, self.token_type_ids


def load_tokenizer(path: Path) -> Tokenizer:
    """Load `tokenizer.json` to cut pairs at MAX_TOKENS, passage first, and to leave padding be."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    return tokenizer


def encode(tokenizer: Tokenizer, examples: list[Example]) -> list[Encoded]:
    """Tokenize pairs. Answered examples whose answers fell to the cut are left out."""
    pairs = [(e.question[:400], e.before + e.passage) for e in examples]
    encodings = tokenizer.encode_batch(pairs)
    encoded = []
    for example, encoding in zip(examples, encodings, strict=True):
        spans = _token_spans(example, encoding.offsets, encoding.type_ids)
        if spans or not example.answers:
            asked = encoding.type_ids.index(1)
            encoded.append(Encoded(encoding.ids, asked, encoding.offsets, spans))
    return encoded


def _token_spans(
    example: Example, offsets: list[tuple[int, int]], types: list[int]
) -> list[tuple[int, int, float]]:
    found: dict[tuple[int, int], int] = {}
    left = len(example.before)
    for answer in example.answers:
        first, last = left + answer.start, left + answer.end
        rows = [
            row
            for row, (start, end) in enumerate(offsets)
            if types[row] == 1 and end > first and start < last and end > start
        ]
        if rows and offsets[rows[-1]][1] >= last:
            key = rows[0], rows[-1]
            found[key] = found.get(key, 0) + answer.votes
    total = sum(found.values())
    return [(first, last, votes / total) for (first, last), votes in found.items()]


def save_encoded(rows: list[Encoded], path: Path) -> None:
    """Write tokens and spans, compressed; offsets into the text, which no training needs, go."""
    spans = [(at, *span) for at, row in enumerate(rows) for span in row.spans]
    with lzma.open(path, "wb") as out:
        np.savez(
            out,
            ids=np.concatenate([np.array(row.ids, np.uint16) for row in rows]),
            lengths=np.array([len(row.ids) for row in rows], np.uint16),
            asked=np.array([row.asked for row in rows], np.uint16),
            spans=np.array([span[:3] for span in spans], np.int32).reshape(-1, 3),
            shares=np.array([span[3] for span in spans], np.float32),
        )


def load_encoded(path: Path) -> list[Encoded]:
    """Read what `save_encoded` wrote."""
    with lzma.open(path) as file:
        read = np.load(file)
        arrays = {name: read[name] for name in read.files}
    ends = np.cumsum(arrays["lengths"], dtype=np.int64)
    spans: list[list[tuple[int, int, float]]] = [[] for _ in ends]
    for (row, first, last), share in zip(
        arrays["spans"].tolist(), arrays["shares"].tolist(), strict=True
    ):
        spans[row].append((first, last, share))
    parts = np.split(arrays["ids"].astype(np.int64), ends[:-1])
    return [
        Encoded(ids, asked, [], found)
        for ids, asked, found in zip(parts, arrays["asked"].tolist(), spans, strict=True)
    ]


def by_question(rows: list[Encoded]) -> list[list[Encoded]]:
    """Neighbouring rows of the same question, together."""
    groups = groupby(rows, key=lambda row: tuple(row.ids[: row.asked]))
    return [list(group) for _, group in groups]


def collate(rows: list[Encoded]) -> Batch:
    """Pad to the longest row. No answer: all of the target lies on position 0."""
    shape = (len(rows), max(len(row.ids) for row in rows))
    ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
    start, end = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for at, row in enumerate(rows):
        length = len(row.ids)
        ids[at, :length] = row.ids
        types[at, row.asked : length] = 1
        mask[at, :length] = 1
        for first, last, share in row.spans or [(0, 0, 1.0)]:
            start[at, first] += share
            end[at, last] += share
    answered = np.array([bool(row.spans) for row in rows], np.float32)
    return Batch(*map(torch.from_numpy, (ids, mask, types, start, end, answered)))


def batches(rows: list[Encoded], seed: int, larger: int = 1) -> Iterator[Batch]:
    """Yield all rows once, shuffled, in batches of rows of nearly equal length.

    Rows are sorted by length in pools, so that little is padding; `larger` multiplies the batch.
    """
    rng = random.Random(seed)
    shuffled = rng.sample(rows, len(rows))
    size = POOL * larger * TOKENS_A_BATCH // 150
    for at in range(0, len(shuffled), size):
        pool = sorted(shuffled[at : at + size], key=lambda row: len(row.ids))
        made = list(by_length(pool, larger))
        rng.shuffle(made)
        yield from (collate(batch) for batch in made)


def by_length(rows: list[Encoded], larger: int = 1) -> Iterator[list[Encoded]]:
    """Cut rows, sorted by length, into batches of `larger` times TOKENS_A_BATCH padded tokens."""
    tokens, pairs = TOKENS_A_BATCH * larger, PAIRS_A_BATCH * larger
    batch: list[Encoded] = []
    for row in rows:
        full = (len(batch) + 1) * len(row.ids) > tokens or len(batch) == pairs
        if batch and full:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
