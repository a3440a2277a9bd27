"""Pairs as batches: padded to one length, sorted by it, without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from training.multilingual.pairs import Ints, Pair, Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

PAD = 1
POOL = 3_000
"""Pairs that are sorted by length together; a tenth of it for small batches."""
SMALL_BUDGET = 8_000
WIDTH_STEP = 16


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
