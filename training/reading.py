"""Read pairs with the torch model or with the exported one, and pick the best span of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from training.encode import by_length, collate, encode
from training.examples import Example

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.model import Reader

MAX_ANSWER_TOKENS = 30
INPUTS = ("input_ids", "attention_mask", "token_type_ids")

Array = NDArray[np.float32]
Inputs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Outputs = tuple[Array, Array, Array, Array]
Runtime = Callable[[Inputs], Outputs]
"""Maps ids, mask and types (b, s) to start (b, s), end (b, s), answered (b,), relevance (b,)."""


@dataclass(frozen=True, slots=True)
class PairReading:
    """The best span of a passage, as characters, and the scores of the pair.

    `margin` is how far the span's logits lie above those of "no answer".
    """

    start: int
    end: int
    margin: float
    answered: float
    relevance: float


def torch_runtime(reader: Reader) -> Runtime:
    """Run the torch model in fp32."""

    def run(inputs: Inputs) -> Outputs:
        with torch.inference_mode():
            reading = reader(*(torch.from_numpy(array) for array in inputs))
        start, end, answered, relevance = (tensor.numpy() for tensor in reading)
        return start, end, answered, relevance

    return run


def onnx_runtime(path: Path, threads: int = 1) -> Runtime:
    """Run an exported model with onnxruntime on `threads` cores."""
    session = _session(path, threads)

    def run(inputs: Inputs) -> Outputs:
        start, end, answered, relevance = session.run(None, dict(zip(INPUTS, inputs, strict=True)))
        return start, end, answered, relevance

    return run


def reranker_runtime(path: Path, threads: int = 1) -> Runtime:
    """Run the reranker that the reader grew from; its spans and "answered here" say nothing."""
    session = _session(path, threads)

    def run(inputs: Inputs) -> Outputs:
        logits = session.run(None, dict(zip(INPUTS, inputs, strict=True)))[0][:, 0]
        nothing = np.zeros(inputs[0].shape, np.float32)
        return nothing, nothing, logits, logits

    return run


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def read_pairs(
    runtime: Runtime, tokenizer: Tokenizer, pairs: list[tuple[str, str]]
) -> list[PairReading]:
    """Read (question, passage) pairs; returns one reading a pair, in their order."""
    examples = [Example(question, passage, (), "", "") for question, passage in pairs]
    rows = encode(tokenizer, examples)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    readings: list[PairReading | None] = [None] * len(rows)
    done = 0
    for batch in by_length([rows[i] for i in order]):
        tensors = collate(batch).inputs
        outputs = runtime((tensors[0].numpy(), tensors[1].numpy(), tensors[2].numpy()))
        for at, row in enumerate(batch):
            start, end, answered, relevance = (output[at] for output in outputs)
            first, last, score = best_span(start, end)
            readings[order[done]] = PairReading(
                row.offsets[first][0],
                row.offsets[last][1],
                float(score - start[0] - end[0]),
                float(answered),
                float(relevance),
            )
            done += 1
    return [reading for reading in readings if reading is not None]


def best_span(start: Array, end: Array) -> tuple[int, int, float]:
    """The first and last token of the best answer, and the sum of their logits.

    Position 0 ("no answer") does not take part; answers have at most MAX_ANSWER_TOKENS tokens.
    """
    scores = start[1:, None] + end[None, 1:]
    length = len(scores)
    legal = np.tri(length, length, MAX_ANSWER_TOKENS - 1, bool) & ~np.tri(length, length, -1, bool)
    at = int(np.where(legal, scores, -np.inf).argmax())
    first, last = divmod(at, length)
    return first + 1, last + 1, float(scores[first, last])
