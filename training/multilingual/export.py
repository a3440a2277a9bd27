"""Export the multilingual reader to int8 ONNX, without the words' vectors, and prove it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

from training.export import EXPORT_TOLERANCE, OUTPUTS, compare, sha256, simplified
from training.multilingual.arrays import read_arrays
from training.multilingual.batches import by_length, collate
from training.multilingual.model import HIDDEN, MultilingualReader
from training.multilingual.pairs import Pairs
from training.multilingual.start import load_halves, read_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from training.reading import Outputs

log = logging.getLogger(__name__)

INPUTS = ("word_vectors", "attention_mask", "passage_mask")
SHAPES = ((1, 8), (1, 37), (2, 64), (3, 101), (5, 190), (1, 400), (1, 512))
MAX_BYTES = 25_000_000
BLOCK = 64
ACCURACY_LEVEL = 4
"""Of ONNX Runtime's MatMulNBits: activations as int8, by blocks as well."""

RUN_TOKENS = 384
REAL_PAIRS = 60

Inputs: TypeAlias = tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]


def export_reader(job: Path, trained: Path, out: Path, version: str) -> None:
    """Write `model.onnx` (int8) and `reader.json` to `out`, and the fp32 export to `out`/../fp32.

    Raises ValueError if the fp32 export differs from torch or the int8 file is too large.
    """
    weights, words = read_start(job / "start.xz")
    reader = MultilingualReader()
    reader.body.load_state_dict(weights)
    left = reader.load_state_dict(load_halves(trained), strict=False)
    if left.unexpected_keys:
        raise ValueError(f"weights do not fit: {left.unexpected_keys}")
    scratch = out.parent / "fp32"
    for folder in (out, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    exact = _export_fp32(reader.eval(), scratch / "model_fp32.onnx")
    rounded = out / "model.onnx"
    _round_in_blocks(simplified(exact, scratch), rounded)
    torch_run, exact_run, rounded_run = _torch(reader), _onnx(exact), _onnx(rounded)
    random = [_random_inputs(*shape, seed) for seed, shape in enumerate(SHAPES)]
    found = compare([(torch_run(x), exact_run(x)) for x in random])
    log.info("fp32 against torch, random: %s", found)
    if max(found.start, found.end, found.answered, found.relevance) > EXPORT_TOLERANCE:
        raise ValueError(f"the fp32 export does not agree with torch: {found}")
    real = _real_inputs(job, words)
    log.info("fp32 against torch, real: %s", compare([(torch_run(x), exact_run(x)) for x in real]))
    log.info("int8 against fp32, real: %s", compare([(exact_run(x), rounded_run(x)) for x in real]))
    size = rounded.stat().st_size
    log.info("int8 bytes=%d", size)
    if size > MAX_BYTES:
        raise ValueError(f"model.onnx has {size} bytes, more than {MAX_BYTES}")
    _describe(out, version)


def _round_in_blocks(exact: Path, rounded: Path) -> None:
    """Round weights to int8, each block of a row by a scale of its own; activations too, when run.

    This body's activations are so unlike in size that one scale a tensor, as in the English reader,
    gives another span in three of ten.
    """
    wanted = DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=ACCURACY_LEVEL, bits=8
    )
    quantizer = MatMulNBitsQuantizer(onnx.load(str(exact)), algo_config=wanted)
    quantizer.process()
    quantizer.model.save_model_to_file(str(rounded))


def _export_fp32(reader: MultilingualReader, path: Path) -> Path:
    inputs = tuple(torch.from_numpy(array) for array in _random_inputs(3, 48, 1))
    dynamic = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", min=4, max=512)}
    program = torch.onnx.export(
        reader, inputs, dynamo=True, input_names=list(INPUTS), output_names=list(OUTPUTS),
        dynamic_shapes=(dynamic, dynamic, dynamic), verbose=False,
    )  # fmt: skip
    if program is None:
        raise ValueError("torch exported nothing")
    program.save(str(path))
    onnx.checker.check_model(onnx.load(str(path)))
    return path


def _torch(reader: MultilingualReader) -> Callable[[Inputs], Outputs]:
    def run(inputs: Inputs) -> Outputs:
        with torch.inference_mode():
            start, end, answered, relevance = reader(*(torch.from_numpy(a) for a in inputs))
        return start.numpy(), end.numpy(), answered.numpy(), relevance.numpy()

    return run


def _onnx(path: Path) -> Callable[[Inputs], Outputs]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(inputs: Inputs) -> Outputs:
        start, end, answered, relevance = session.run(None, dict(zip(INPUTS, inputs, strict=True)))
        return start, end, answered, relevance

    return run


def _random_inputs(batch: int, tokens: int, seed: int) -> Inputs:
    """Pairs of random vectors; all rows but the first end in padding."""
    rng = np.random.default_rng(seed)
    words = rng.normal(0, 0.05, (batch, tokens, HIDDEN)).astype(np.float32)
    mask, passage = np.zeros((batch, tokens), np.int64), np.zeros((batch, tokens), np.int64)
    for row in range(batch):
        length = tokens if row == 0 else int(rng.integers(max(7, tokens // 2), tokens + 1))
        mask[row, :length] = 1
        passage[row, int(rng.integers(2, max(3, length - 4))) : length - 1] = 1
    return words, mask, passage


def _real_inputs(job: Path, words: torch.Tensor) -> list[Inputs]:
    pairs = Pairs(read_arrays(job / "data.xz"), 5, held_out=True)
    drawn = [pair for pair in (pairs.draw() for _ in range(REAL_PAIRS)) if pair]
    batches = [collate(rows).to("cpu") for rows in by_length(drawn, 1_200)]
    return [
        (words[b.ids].numpy(), b.attention_mask.numpy(), b.passage_mask.numpy()) for b in batches
    ]


def _describe(out: Path, version: str) -> None:
    """Write `reader.json`: the hash, limits, and how a pair is laid out."""
    description = {
        "name": "quoth-multilingual-reader",
        "version": version,
        "licence": "MIT",
        "max_tokens": RUN_TOKENS,
        "layout": "<s> query: question </s></s> passage: title: text </s>",
        "inputs": {
            "word_vectors": "(batch, tokens, 384) float32: the embedder's word embeddings alone",
            "attention_mask": "(batch, tokens) int64; 0: padding",
            "passage_mask": "(batch, tokens) int64; 1: a token of the passage's own text",
        },
        "outputs": {
            "start_logits": "(batch, tokens); position 0: 'no answer'; outside the text: -10000",
            "end_logits": "(batch, tokens); likewise",
            "answered_logit": "(batch); its logistic is the chance that the passage answers",
            "relevance_logit": "(batch); whether the passage is the one that the question is about",
        },
        "sha256": {"model.onnx": sha256(out / "model.onnx")},
    }
    (out / "reader.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
