"""Fit how "answered here" weighs the [CLS] head against the margin of the span over "no answer"."""

from __future__ import annotations

import logging

import torch
from torch import Tensor
from torch.nn import functional

from training.encode import Encoded, by_length, collate
from training.model import Reader, margin

log = logging.getLogger(__name__)

MAX_ROWS = 1_500


def fit_blend(reader: Reader, rows: list[Encoded]) -> Reader:
    """Set the reader's blend by logistic regression on held-out pairs; the rest stays as it is.

    The blend is (weight of the head, weight of the margin, constant).
    """
    reader.blend.data = torch.tensor([1.0, 0.0, 0.0])
    features, answered = _features(reader, rows[:MAX_ROWS])
    blend = torch.tensor([1.0, 0.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([blend], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = functional.binary_cross_entropy_with_logits(features @ blend, answered)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    before = loss().item()
    optimizer.step(loss)  # type: ignore[no-untyped-call]
    reader.blend.data = blend.detach().clone()
    log.info("blended rows=%d before=%.4f after=%.4f blend=%s", len(answered), before,
             loss().item(), [round(value, 3) for value in reader.blend.tolist()])  # fmt: skip
    return reader


@torch.no_grad()
def _features(reader: Reader, rows: list[Encoded]) -> tuple[Tensor, Tensor]:
    """Head logit, margin and 1 for each pair, (n, 3), and whether it is answered, (n,)."""
    reader.eval()
    features, answered = [], []
    for some in by_length(sorted(rows, key=lambda row: len(row.ids))):
        batch = collate(some)
        reading = reader(*batch.inputs)
        margins = margin(reading.start_logits) + margin(reading.end_logits)
        features.append(torch.stack((reading.answered_logit, margins, torch.ones_like(margins)), 1))
        answered.append(batch.answered)
    return torch.cat(features), torch.cat(answered)
