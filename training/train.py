"""Train the reader for a fixed time, with checkpoints to resume from."""

from __future__ import annotations

import copy
import logging
import random
import time
from dataclasses import dataclass
from itertools import accumulate, count
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encode import Batch, Encoded, batches, by_length, collate
from training.model import Reader, Reading, additive_mask, from_reranker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.dequantise import Weights

log = logging.getLogger(__name__)

LOG_EVERY = 25
"""Batches between two lines of the log."""
HARDEST_UNTIL = 0.85
"""Share of the time after which the hardest are not looked for: little would be learnt of them."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How to train. Learning rates rise over the first `warmup` of the time, then fall to 0.

    `larger` multiplies the batch: 1 for a CPU, 8 or more for a GPU. `precision` is what layers
    calculate in; a CPU without instructions for bfloat16 is faster in float32.
    """

    minutes: float
    device: str = "cpu"
    larger: int = 1
    frozen_layers: int = 0
    dropout: float = 0.1
    learning_rate: float = 1e-4
    head_learning_rate: float = 2e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    relevance_weight: float = 0.3
    relevance_every: int = 3
    checkpoint_seconds: float = 240.0
    seed: int = 7
    precision: str = "bfloat16"

    def autocast(self) -> torch.autocast:
        """The context in which the layers calculate."""
        lower = self.precision == "bfloat16"
        return torch.autocast(self.device, torch.bfloat16, enabled=lower)


class Teacher(nn.Module):
    """The upper layers and the relevance head as they were before training."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.layers = copy.deepcopy(reader.layers[reader.frozen :])
        self.head = copy.deepcopy(reader.relevance)
        self.requires_grad_(requires_grad=False)

    @torch.no_grad()
    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Map the frozen layers' states to the relevance logits (b,) of the reranker."""
        for layer in self.layers:
            states = layer(states, mask)
        logit: Tensor = self.head(states).float()
        return logit


def span_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy against a distribution over positions, both (b, s)."""
    return -(target * functional.log_softmax(logits, dim=1)).sum(1).mean()


def losses(reading: Reading, batch: Batch) -> Tensor:
    """Span loss (mean of start and end) plus the loss of "answered here"."""
    span = span_loss(reading.start_logits, batch.start_target)
    span = (span + span_loss(reading.end_logits, batch.end_target)) / 2
    return span + functional.binary_cross_entropy_with_logits(
        reading.answered_logit, batch.answered
    )


class Training:
    """Everything that changes while the reader learns, and how to save and restore it."""

    def __init__(self, weights: Weights, out: Path, settings: TrainingSettings) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        attention = "eager" if settings.device == "cpu" else "sdpa"
        reader = from_reranker(weights, settings.frozen_layers, settings.dropout, attention)
        self.reader = reader.to(settings.device)
        self.teacher = Teacher(self.reader).eval()
        self.optimizer = _optimizer(self.reader, settings)
        self.epoch, self.batch, self.seconds = 0, 0, 0.0
        self.paused = 0.0
        """Seconds of this run in which nothing was learnt: finding the hardest."""
        self._path = out / "checkpoint.pt"

    def step(self, batch: Batch) -> Tensor:
        """Learn from one batch; returns its loss."""
        reader, settings = self.reader, self.settings
        _set_rates(self.optimizer, self.spent, settings)
        mask = additive_mask(batch.attention_mask)
        with settings.autocast():
            with torch.no_grad():
                low = reader.lower(batch.input_ids, batch.token_type_ids, mask)
            reading = reader.heads(reader.upper(low, mask), reader.allowed(*batch.inputs))
            loss = losses(reading, batch)
            if self.batch % settings.relevance_every == 0:
                kept = functional.smooth_l1_loss(reading.relevance_logit, self.teacher(low, mask))
                loss = loss + settings.relevance_weight * kept
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for p in reader.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.detach()

    @torch.no_grad()
    def hardest(self, found: list[list[Encoded]]) -> list[Encoded]:
        """Of the passages found for each question, the one taken most for an answer."""
        rows = [row for group in found for row in group]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
        logits: list[float] = []
        self.reader.eval()
        for some in by_length([rows[at] for at in order], self.settings.larger * 4):
            batch = collate(some).to(self.settings.device)
            with self.settings.autocast():
                logits += self.reader(*batch.inputs).answered_logit.tolist()
        self.reader.train()
        taken = dict(zip(order, logits, strict=True))
        starts = accumulate((len(group) for group in found), initial=0)
        return [
            max(zip(group, count(start)), key=lambda pair: taken[pair[1]])[0]
            for group, start in zip(found, starts, strict=False)
        ]

    @property
    def spent(self) -> float:
        """The share of the time that is over."""
        return self.seconds / (self.settings.minutes * 60)

    def save(self) -> None:
        """Write a checkpoint, whole or not at all."""
        part = self._path.with_suffix(".part")
        state = {"reader": self.reader.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "epoch": self.epoch, "batch": self.batch, "seconds": self.seconds}  # fmt: skip
        torch.save(state, part)
        part.replace(self._path)
        log.info("saved epoch=%d batch=%d seconds=%.0f", self.epoch, self.batch, self.seconds)

    def resume(self) -> None:
        """Take up the last checkpoint, if there is one."""
        if self._path.exists():
            state = torch.load(self._path, weights_only=True)
            self.reader.load_state_dict(state["reader"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.batch = state["epoch"], state["batch"]
            self.seconds = state["seconds"]


def train(
    rounds: list[list[Encoded]],
    found: list[list[Encoded]],
    weights: Weights,
    out: Path,
    settings: TrainingSettings,
) -> Reader:
    """Train until `minutes` of training time are spent; resume from `out`/checkpoint.pt.

    `rounds` are draws over the same questions, an epoch each, from the first again after the last.
    `found` are passages for each question that do not answer it: one of each, drawn by chance, is
    read in the first epoch, and the hardest from the second on, unless the time is nearly over.
    `weights` are the reranker's or an earlier reader's.
    The clock counts only training, so an interrupted run still ends with its rate at 0. Finding the
    hardest is not counted; on a CPU it takes minutes an epoch.
    Writes `out`/reader.pt: the weights that have learnt, in half precision.
    """
    training = Training(weights, out, settings)
    training.resume()
    training.reader.train()
    began, saved = time.monotonic() - training.seconds, time.monotonic()
    running = None
    for batch in _stream(rounds, found, training):
        training.seconds = time.monotonic() - began - training.paused
        if training.spent >= 1:
            break
        loss = training.step(batch.to(settings.device))
        running = loss if running is None else 0.98 * running + 0.02 * loss
        if training.batch % LOG_EVERY == 0:
            log.info("step epoch=%d batch=%d seconds=%.0f loss=%.4f", training.epoch,
                     training.batch, training.seconds, running.item())  # fmt: skip
        if time.monotonic() - saved > settings.checkpoint_seconds:
            training.save()
            saved = time.monotonic()
    save_learnt(training.reader, out / "reader.pt")
    return training.reader.eval()


def save_learnt(reader: Reader, path: Path) -> None:
    """Write what has learnt, in half precision; the rest stays as it was."""
    learnt = {name for name, p in reader.named_parameters() if p.requires_grad}
    state = reader.state_dict()
    torch.save({name: state[name].half().cpu() for name in sorted(learnt)}, path)


def load_learnt(weights: Weights, path: Path, kept: float = 0.0) -> Reader:
    """The reader of the `weights` that training began with and of what `save_learnt` wrote.

    `kept` is the share of the former in their mean (Wortsman et al., "Robust fine-tuning of
    zero-shot models", CVPR 2022). Raises ValueError where the two do not fit.
    """
    reader = from_reranker(weights)
    began, learnt = reader.state_dict(), torch.load(path, weights_only=True)
    mean = {
        name: torch.lerp(tensor.float(), began[name], kept) if name in began else tensor
        for name, tensor in learnt.items()
    }
    left = reader.load_state_dict(mean, strict=False)
    if left.unexpected_keys:
        raise ValueError(f"{path} does not fit: {left.unexpected_keys}")
    return reader.eval()


def _stream(
    rounds: list[list[Encoded]], found: list[list[Encoded]], training: Training
) -> Iterator[Batch]:
    """Yield batches without end, from where the training stands, and count them there."""
    done, settings = training.batch, training.settings
    for epoch in count(training.epoch):
        training.epoch = epoch
        chance = random.Random(settings.seed)
        first = [chance.choice(group) for group in found]
        search = epoch > 0 and training.spent < HARDEST_UNTIL
        rows = rounds[epoch % len(rounds)] + (_hardest(found, training) if search else first)
        for number, batch in enumerate(batches(rows, settings.seed + epoch, settings.larger)):
            if number >= done:
                training.batch = number + 1
                yield batch
        done = training.batch = 0


def _hardest(found: list[list[Encoded]], training: Training) -> list[Encoded]:
    """The hardest of each question, while the clock stands."""
    began = time.monotonic()
    hardest = training.hardest(found)
    took = time.monotonic() - began
    training.paused += took
    log.info("found the hardest questions=%d seconds=%.0f", len(found), took)
    return hardest


def _optimizer(reader: Reader, settings: TrainingSettings) -> torch.optim.AdamW:
    layers = [p for p in reader.layers.parameters() if p.requires_grad]
    body = [*layers, *reader.relevance.parameters()]
    heads = [*reader.span.parameters(), *reader.answered.parameters()]
    return torch.optim.AdamW(
        [
            {"params": body, "peak": settings.learning_rate},
            {"params": heads, "peak": settings.head_learning_rate},
        ],
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        betas=(0.9, 0.98),
        fused=True,
    )


def _set_rates(optimizer: torch.optim.Optimizer, spent: float, settings: TrainingSettings) -> None:
    """Linear warm-up, then linear decay to 0, by the share of the time that is spent."""
    rising = spent / settings.warmup
    falling = (1 - spent) / (1 - settings.warmup)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * min(rising, falling)
