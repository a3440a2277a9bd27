"""A question beside passages, in windows of tokens, through an extractive model of ONNX.

The one home of ONNX Runtime and of the readers' tokenizers: what the readers that ship share.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelError
from index.read.spans import PassageTokens, reading_prefix
from index.records import Passage, Reading, Scale

BATCH = 4
"""Windows a run: small batches of like length are the fastest for int8 on a CPU."""

MOST_WINDOWS = 8
"""Read of one passage: a line of a megabyte without a blank is one, and says little further on."""

STRIDE = 64
"""Tokens that two windows of a long passage share."""

OUTPUTS = ["start_logits", "end_logits", "answered_logit", "relevance_logit"]


@dataclass(frozen=True, slots=True)
class Window:
    """As much of one passage, numbered `number`, as the model takes at once."""

    number: int
    encoding: Encoding
    tokens: PassageTokens
    passage: Passage


class WindowReader(ABC):
    """Most of a `Reader`: all but what a model is fed. Making one loads the model.

    `folder` holds model.onnx and reader.json with its hash, `tokenizer` is the tokenizer's file.
    Question and passage are read after the prefixes. Raises ModelError if a file is missing or not
    what reader.json says.
    """

    scale: Scale
    question_prefix = ""
    passage_prefix = ""

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        card = _checked(folder)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card["max_tokens"], stride=STRIDE, strategy="only_second")
        self._question_tokenizer = Tokenizer.from_file(str(tokenizer))
        self._question_tokenizer.no_padding()
        self._question_tokenizer.enable_truncation(card["max_tokens"] // 2)
        options = onnxruntime.SessionOptions()
        # threads that wait by spinning take the processor from the event loop and the embedder
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given; of a long passage its best window's."""
        windows = sorted(self._windows(question, passages), key=lambda w: len(w.encoding.ids))
        readings: dict[int, Reading] = {}
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            for window, reading in zip(batch, self._run(batch), strict=True):
                before = readings.get(window.number)
                if before is None or reading.answered > before.answered:
                    readings[window.number] = reading
        return [readings[number] for number in range(len(passages))]

    @abstractmethod
    def inputs(self, windows: Sequence[Window], width: int) -> Mapping[str, NDArray[Any]]:
        """What the model takes, by name, each of shape (len(windows), width, ...)."""

    def _windows(self, question: str, passages: Sequence[Passage]) -> Iterator[Window]:
        question = self._shortened(self.question_prefix + question)
        befores = [self.passage_prefix + reading_prefix(passage) for passage in passages]
        pairs = [
            (question, before + passage.text)
            for before, passage in zip(befores, passages, strict=True)
        ]
        encodings = self._tokenizer.encode_batch(pairs)
        for number, (passage, encoding) in enumerate(zip(passages, encodings, strict=True)):
            for each in (encoding, *encoding.overflowing[: MOST_WINDOWS - 1]):
                left = len(befores[number])
                tokens = PassageTokens.of(left, each.sequence_ids, each.offsets)
                yield Window(number, each, tokens, passage)

    def _shortened(self, question: str) -> str:
        """The question as far as it leaves the passage half of the window."""
        kept = self._question_tokenizer.encode(question, add_special_tokens=False)
        return question[: kept.offsets[-1][1]] if kept.overflowing else question

    def _run(self, windows: Sequence[Window]) -> Iterator[Reading]:
        width = max(len(window.encoding.ids) for window in windows)
        start, end, answered, relevance = self._session.run(OUTPUTS, self.inputs(windows, width))
        for row, window in enumerate(windows):
            tokens = window.tokens
            scores = tokens.scores(start[row], end[row])
            yield Reading(
                relevance=float(relevance[row]),
                answered=float(answered[row]),
                sentences=tokens.chances(scores, window.passage.sentences),
                spans=tuple(tokens.best_spans(scores)),
                scale=self.scale,
            )


def _checked(folder: Path) -> dict[str, Any]:
    """What reader.json says, after checking the files that it names by their sha256."""
    try:
        card = json.loads((folder / "reader.json").read_bytes())
        for name, sha256 in card["sha256"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
                raise ModelError(f"{name} of the reader in {folder} is damaged; install Quoth anew")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"there is no whole reader in {folder}: {error}") from error
    return dict(card)


def padded(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    """Rows filled with zeros to shape (len(rows), width)."""
    filled = np.zeros((len(rows), width), dtype=np.int64)
    for place, row in zip(filled, rows, strict=True):
        place[: len(row)] = row
    return filled
