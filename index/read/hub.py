"""Any extractive question-answering model of transformers in place of the packaged reader.

It should have been trained on questions without an answer too (as those on SQuAD 2.0 are): its
logits for the first token then say how likely there is none.
"""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError
from index.read.spans import PassageTokens, reading_prefix
from index.records import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.records import Passage

MAX_TOKENS = 384
"""Question and passage in one window: what models of this kind are trained on."""

BATCH = 4


class HubReader:
    """A `Reader` on a model of the Hugging Face hub, or in a folder. Making one loads the model.

    `relevance` and `answered` are both the best span's margin over "no answer". Raises ModelError.
    """

    quotes_from = math.inf
    languages = None  # whoever sets one knows what it was trained on

    def __init__(self, model: str, revision: str | None = None, device: str = "cpu") -> None:
        self._tokenizer, self._model = _load(model, revision, device)
        self._device = device
        self._in_use = threading.Lock()  # fast tokenizers refuse a second thread
        self._max_tokens = min(MAX_TOKENS, self._tokenizer.model_max_length)

    def knows(self, word: str) -> bool:
        """Whether `word` is an ordinary word to the model, and no pieces of words."""
        with self._in_use:
            return len(self._tokenizer.tokenize(f" {word}")) == 1

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given; what is beyond the window is not read."""
        readings: list[Reading] = []
        for first in range(0, len(passages), BATCH):
            with self._in_use:
                readings += self._run(question, passages[first : first + BATCH])
        return readings

    def _run(self, question: str, passages: Sequence[Passage]) -> Iterator[Reading]:
        import torch  # noqa: PLC0415  # takes seconds

        encoded = self._tokenizer(
            [question] * len(passages),
            [reading_prefix(passage) + passage.text for passage in passages],
            truncation="longest_first",
            max_length=self._max_tokens,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").tolist()
        with torch.inference_mode():
            logits = self._model(**encoded.to(self._device))
        start, end = (x.float().cpu().numpy() for x in (logits.start_logits, logits.end_logits))
        for row, passage in enumerate(passages):
            places = [(left, right) for left, right in offsets[row]]
            before = len(reading_prefix(passage))
            tokens = PassageTokens.of(before, encoded.sequence_ids(row), places)
            scores = tokens.scores(start[row], end[row])
            margin = float(scores.max()) if np.isfinite(scores).any() else NOTHING
            yield Reading(
                relevance=margin,
                answered=margin,
                sentences=tokens.chances(scores, passage.sentences),
                spans=tuple(tokens.best_spans(scores)),
                scale="spans",
            )


NOTHING = -20.0
"""Margin of a passage without a word that was read: surely no answer."""


def _load(model: str, revision: str | None, device: str) -> tuple[Any, Any]:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer  # noqa: PLC0415  # slow
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # its lack
    folder = Path(model).expanduser()
    if not folder.is_dir() and (folder.is_absolute() or model.startswith(".")):
        raise ModelError(f"there is no folder {folder} of a reader; check the setting `reader`")
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), revision=revision, use_fast=True)
        reader, report = AutoModelForQuestionAnswering.from_pretrained(
            str(folder), revision=revision, output_loading_info=True
        )
    except Exception as error:
        raise ModelError(
            f"the reader {model} cannot be loaded: {str(error).rstrip('.')}. Check the setting "
            "`reader`, or leave it out to use the packaged one"
        ) from error
    if report["missing_keys"]:
        raise ModelError(
            f"the reader {model} is no extractive question-answering model: it lacks "
            f"{', '.join(sorted(report['missing_keys']))}"
        )
    if not tokenizer.is_fast:
        raise ModelError(f"the reader {model} has no fast tokenizer, which gives places in a text")
    return tokenizer, reader.to(device).eval()
