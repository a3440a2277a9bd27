"""From examples to padded batches: token ids, and where in the tokens the answers lie."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.examples import Example

MAX_TOKENS = 256
TOKENS_A_BATCH = 2_600
MAX_BATCH = 32


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair as tokens. `spans` are (first token, last token, share of the votes)."""

    ids: list[int]
    types: list[int]
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
            encoded.append(Encoded(encoding.ids, encoding.type_ids, encoding.offsets, spans))
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


def collate(rows: list[Encoded]) -> Batch:
    """Pad to the longest row. No answer: all of the target lies on position 0."""
    shape = (len(rows), max(len(row.ids) for row in rows))
    ids, mask, types = (torch.zeros(shape, dtype=torch.int64) for _ in range(3))
    start, end = torch.zeros(shape), torch.zeros(shape)
    for at, row in enumerate(rows):
        length = len(row.ids)
        ids[at, :length] = torch.tensor(row.ids)
        types[at, :length] = torch.tensor(row.types)
        mask[at, :length] = 1
        for first, last, share in row.spans or [(0, 0, 1.0)]:
            start[at, first] += share
            end[at, last] += share
    answered = torch.tensor([float(bool(row.spans)) for row in rows])
    return Batch(ids, mask, types, start, end, answered)


def batches(rows: list[Encoded], seed: int) -> Iterator[Batch]:
    """Yield all rows once, shuffled, in batches of rows of nearly equal length.

    Pools of some 60 batches are sorted by length, so that little is padding.
    """
    rng = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    shuffled = rng.sample(rows, len(rows))
    for at in range(0, len(shuffled), 1_200):
        pool = sorted(shuffled[at : at + 1_200], key=lambda row: len(row.ids))
        made = list(by_length(pool))
        rng.shuffle(made)
        yield from (collate(batch) for batch in made)


def by_length(rows: list[Encoded]) -> Iterator[list[Encoded]]:
    """Cut rows, sorted by length, into batches of at most TOKENS_A_BATCH padded tokens."""
    batch: list[Encoded] = []
    for row in rows:
        full = (len(batch) + 1) * len(row.ids) > TOKENS_A_BATCH or len(batch) == MAX_BATCH
        if batch and full:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
