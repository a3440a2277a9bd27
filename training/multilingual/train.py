"""Train the multilingual reader for a number of seconds on one GPU (or, slowly, on a CPU).

The words' vectors and the lowest layers stay as they are. The others learn the slower the lower
they lie, are drawn back to where they began, and must still give a text alone the vector that the
embedder gives it: so that languages which are not in the data keep their place beside those that
are.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader

from training.multilingual.arrays import read_arrays
from training.multilingual.batches import PairBatch, PlainStream, Stream
from training.multilingual.model import Layers, MultilingualReader, mean_states
from training.multilingual.start import read_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.model import Reading

log = logging.getLogger(__name__)

LOG_EVERY = 100
HEAD_RATE = 3.0
"""How much faster the heads learn than the highest layer."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. Rates rise over the first `warmup` of the time, then fall to 0."""

    seconds: float
    device: str = "cuda"
    tokens: int = 32_768
    rate: float = 2e-4
    layer_decay: float = 0.9
    frozen: int = 2
    dropout: float = 0.1
    keep: float = 0.5
    keep_every: int = 4
    texts_per_token: float = 1 / 128
    back: float = 2e-5
    """Share of the way back to where it began that a weight goes in a step at the full rate."""
    relevance: float = 0.3
    warmup: float = 0.06
    workers: int = 12
    seed: int = 5


def span_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy against a distribution over positions, both (b, s)."""
    return -(target * functional.log_softmax(logits, dim=1)).sum(1).mean()


def losses(reading: Reading, batch: PairBatch, relevance: float) -> Tensor:
    """Spans, "answered here", and relevance where it is said."""
    span = span_loss(reading.start_logits, batch.start_target)
    span = (span + span_loss(reading.end_logits, batch.end_target)) / 2
    answered = functional.binary_cross_entropy_with_logits(reading.answered_logit, batch.answered)
    said = (batch.relevant >= 0).float()
    each = functional.binary_cross_entropy_with_logits(
        reading.relevance_logit, batch.relevant.clamp(min=0), reduction="none"
    )
    return span + answered + relevance * (each * said).sum() / said.sum().clamp(min=1)


class Training:
    """The reader, the embedder that it grew from, and the stream of pairs.

    `earlier` is the folder of a reader to grow from; else all but the heads begins as the embedder.
    """

    def __init__(self, job: Path, settings: Settings, earlier: Path | None = None) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        with ThreadPoolExecutor() as pool:
            start, data = pool.submit(read_start, job / "start.xz"), job / "data.xz"
            self.arrays = read_arrays(data)
            weights, words = start.result()
        device = settings.device
        self.words = words.to(device)
        self.embedder = Layers()
        self.embedder.load_state_dict(weights)
        self.embedder.to(device).eval().requires_grad_(requires_grad=False)
        self.reader = MultilingualReader()
        self.reader.body.load_state_dict(weights)
        if earlier:
            take_up(self.reader, earlier)
        for layer in self.reader.body.layers:
            layer.dropout = settings.dropout  # type: ignore[assignment]  # a list of any modules
        for module in (self.reader.body.norm, *self.reader.body.layers[: settings.frozen]):
            module.requires_grad_(requires_grad=False)
        self.reader.body.positions.requires_grad = False
        self.reader.to(device)
        self._began = {
            name: parameter.detach().clone()
            for name, parameter in self.reader.named_parameters()
            if name.startswith("body.") and parameter.requires_grad
        }
        self.optimizer = self._optimizer()
        self.history: list[dict[str, float]] = []

    def _optimizer(self) -> torch.optim.AdamW:
        settings, reader = self.settings, self.reader
        top = len(reader.body.layers) - 1
        groups = [
            {
                "params": list(layer.parameters()),
                "peak": settings.rate * settings.layer_decay ** (top - row),
            }
            for row, layer in enumerate(reader.body.layers)
            if row >= settings.frozen
        ]
        heads = [
            *reader.span.parameters(),
            *reader.answered.parameters(),
            *reader.relevance.parameters(),
        ]
        groups.append({"params": heads, "peak": HEAD_RATE * settings.rate})
        return torch.optim.AdamW(
            groups,
            lr=settings.rate,
            weight_decay=0.0,
            betas=(0.9, 0.98),
            fused=settings.device == "cuda",
        )

    def _autocast(self) -> torch.autocast:
        """bfloat16 on a GPU; many a CPU is slower with it."""
        device = self.settings.device
        return torch.autocast(device, torch.bfloat16, enabled=device != "cpu")

    def step(self, batch: PairBatch, plain: tuple[Tensor, Tensor] | None) -> tuple[Tensor, Tensor]:
        """Learn from one batch; returns its loss, and the distance from the embedder's vectors."""
        with self._autocast():
            reading = self.reader(self.words[batch.ids], batch.attention_mask, batch.passage_mask)
            loss = losses(reading, batch, self.settings.relevance)
            apart = torch.zeros((), device=loss.device)
            if plain is not None:
                apart = self._apart(*plain)
        (loss + self.settings.keep * apart).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for p in self.reader.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.detach(), apart.detach()

    def _apart(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Mean of (1 - cosine), x 10, of the vectors of texts alone, here and in the embedder."""
        words = self.words[ids]
        with torch.no_grad():
            wanted = mean_states(self.embedder, words, mask).float()
        found = mean_states(self.reader.body, words, mask).float()
        return 10 * (1 - functional.cosine_similarity(found, wanted)).mean()

    @torch.no_grad()
    def _draw_back(self, share: float) -> None:
        """Draw weights back towards where they began, in the measure that they move now."""
        parameters = dict(self.reader.named_parameters())
        here: list[Tensor] = [parameters[name] for name in self._began]
        torch._foreach_lerp_(here, list(self._began.values()), self.settings.back * share)

    def run(self) -> None:
        """Train until the time is spent; the clock starts with the first batch."""
        settings = self.settings
        self.reader.train()
        began: float | None = None
        running: Tensor | None = None
        apart_seen = torch.zeros((), device=settings.device)
        tokens = 0
        plain_batches = self._plain()
        for number, batch in enumerate(self._batches()):
            began = began or time.monotonic()
            spent = (time.monotonic() - began) / settings.seconds
            if spent >= 1:
                break
            share = min(spent / settings.warmup, (1 - spent) / (1 - settings.warmup))
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * share
            plain = (
                next(plain_batches) if settings.keep and number % settings.keep_every == 0 else None
            )
            loss, apart = self.step(batch.to(settings.device), plain)
            self._draw_back(share)
            tokens += batch.ids.numel()
            running = loss if running is None else 0.98 * running + 0.02 * loss
            if plain is not None:
                apart_seen = apart
            if number % LOG_EVERY == 0:
                self._log(number, spent, running, apart_seen, tokens)

    def _log(  # one line of the log
        self, number: int, spent: float, loss: Tensor, apart: Tensor, tokens: int
    ) -> None:
        seconds = max(spent * self.settings.seconds, 0.1)
        line = {"step": number, "spent": round(spent, 3), "loss": round(loss.item(), 4),
                "apart": round(apart.item(), 4), "tokens": tokens,
                "tokens_a_second": round(tokens / seconds)}  # fmt: skip
        self.history.append(line)
        log.info("train %s", " ".join(f"{name}={value}" for name, value in line.items()))

    def _batches(self) -> Iterator[PairBatch]:
        settings = self.settings
        stream = Stream(self.arrays, settings.seed, settings.tokens)
        loader = DataLoader(
            stream, batch_size=None, num_workers=settings.workers,
            prefetch_factor=4 if settings.workers else None,
        )  # fmt: skip
        return iter(loader)

    def _plain(self) -> Iterator[tuple[Tensor, Tensor]]:
        settings = self.settings
        stream = PlainStream(
            self.arrays, settings.seed, int(settings.tokens * settings.texts_per_token)
        )
        workers = min(2, settings.workers)
        for ids, mask in DataLoader(stream, batch_size=None, num_workers=workers):
            yield ids.to(settings.device).long(), mask.to(settings.device).long()

    @torch.inference_mode()
    def read(self, batch: PairBatch) -> Reading:
        """Read a batch as it will be read."""
        with self._autocast():
            here = batch.to(self.settings.device)
            reading: Reading = self.reader(
                self.words[here.ids], here.attention_mask, here.passage_mask
            )
        return reading


def take_up(reader: MultilingualReader, folder: Path) -> None:
    """Load the weights of an earlier reader, its int8 turned back; raises ValueError if one lacks.

    The blend is fitted anew after training.
    """
    from training.dequantise import dequantise  # noqa: PLC0415  # a machine may train without onnx

    found = reader.load_state_dict(dequantise(folder / "model.onnx"), strict=False)
    if found.unexpected_keys or found.missing_keys != ["blend"]:
        raise ValueError(f"{folder} does not fit: {found}")
