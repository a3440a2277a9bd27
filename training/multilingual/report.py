"""What the multilingual reader came to on held-out pairs, and saving it."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.model import margin
from training.multilingual.batches import PairBatch, by_length, collate
from training.multilingual.pairs import Pairs
from training.multilingual.start import save_halves
from training.scores import auroc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.multilingual.train import Training

log = logging.getLogger(__name__)

HELD_OUT = 3_000
"""Pairs; a fifth of them on a CPU."""


def held_out_pairs(training: Training, switched: float, count: int) -> list[PairBatch]:
    """Pairs of documents that took no part, the English questions `switched` or not."""
    pairs = Pairs(training.arrays, 99, held_out=True)
    drawn = [pair for pair in (pairs.draw(switched=switched) for _ in range(count)) if pair]
    return [collate(batch) for batch in by_length(drawn, min(training.settings.tokens, 16_384))]


def report(training: Training, out: Path) -> None:
    """Fit the blend, measure on held-out pairs, and save what learned."""
    training.reader.eval()
    count = HELD_OUT if training.settings.device == "cuda" else HELD_OUT // 5
    watched = held_out_pairs(training, 0.5, count)
    training.reader.blend.copy_(fit_blend(training, watched))
    figures = {
        name: measure(training, held_out_pairs(training, share, count))
        for name, share in (("as asked", 0.0), ("in other words", 1.0))
    }
    log.info("held out %s", figures)
    frozen = tuple(f"body.layers.{row}." for row in range(training.settings.frozen))
    learned = {
        name: tensor
        for name, tensor in training.reader.state_dict().items()
        if not name.startswith((*frozen, "body.positions", "body.norm."))
    }
    out.mkdir(parents=True, exist_ok=True)
    about: dict[str, object] = {
        "settings": asdict(training.settings),
        "figures": figures,
        "history": training.history,
    }
    save_halves(learned, out, about)


def fit_blend(training: Training, batches: list[PairBatch]) -> Tensor:
    """Weigh the head of "answered here" against the span's margin: a logistic regression."""
    rows, answered = [], []
    training.reader.blend.copy_(torch.tensor([1.0, 0.0, 0.0]))
    for batch in batches:
        reading = training.read(batch)
        margins = margin(reading.start_logits) + margin(reading.end_logits)
        rows.append(torch.stack([reading.answered_logit, margins], 1).float().cpu())
        answered.append(batch.answered)
    numbers, wanted = torch.cat(rows).clone(), torch.cat(answered)
    blend = torch.tensor([1.0, 0.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([blend], max_iter=100)

    def closure() -> Tensor:
        optimizer.zero_grad()
        logit = numbers @ blend[:2] + blend[2]
        loss = (
            functional.binary_cross_entropy_with_logits(logit, wanted) + 1e-3 * blend.square().sum()
        )
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]  # nor for this
    return blend.detach()


def measure(training: Training, batches: list[PairBatch]) -> dict[str, float]:
    """Share of answered pairs whose best span is a marked one or meets it, and the AUROC."""
    exact, meets, scores, answered, relevance, relevant = [], [], [], [], [], []
    for batch in batches:
        reading = training.read(batch)
        start, end = reading.start_logits[:, 1:].float(), reading.end_logits[:, 1:].float()
        pairs = start[:, :, None] + end[:, None, :]
        legal = torch.ones(pairs.shape[1:], dtype=torch.bool, device=pairs.device).triu().tril(29)
        best = pairs.masked_fill(~legal, -1e9).flatten(1).argmax(1).cpu()
        first, last = best // pairs.shape[1] + 1, best % pairs.shape[1] + 1
        for row in range(len(batch.answered)):
            if batch.answered[row]:
                a, b = int(first[row]), int(last[row])
                exact.append(float(batch.start_target[row, a] > 0 and batch.end_target[row, b] > 0))
                begins = int(batch.start_target[row].argmax())
                ends = int(batch.end_target[row].argmax())
                meets.append(float(a <= ends and b >= begins))
        scores += reading.answered_logit.tolist()
        answered += batch.answered.tolist()
        relevance += reading.relevance_logit.tolist()
        relevant += batch.relevant.tolist()
    said = [row for row, value in enumerate(relevant) if value >= 0]
    return {
        "pairs": len(answered),
        "exact": round(float(np.mean(exact)), 4),
        "meets": round(float(np.mean(meets)), 4),
        "auroc": told_apart(scores, answered),
        "auroc relevance": told_apart(
            [relevance[r] for r in said], [relevant[r] > 0 for r in said]
        ),
    }


def told_apart(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """AUROC of scores by which those with a label are to be told from those without."""
    labelled = [score for score, label in zip(scores, labels, strict=True) if label]
    others = [score for score, label in zip(scores, labels, strict=True) if not label]
    return round(auroc(labelled, others), 4)
