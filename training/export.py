"""Export the reader to ONNX, round it to int8, and prove that both say what torch says."""

from __future__ import annotations

import hashlib
import json
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.encode import by_length, collate, encode, load_tokenizer
from training.reading import (
    INPUTS,
    Inputs,
    Outputs,
    Runtime,
    best_span,
    onnx_runtime,
    torch_runtime,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.model import Reader
    from training.questions import Questions

log = logging.getLogger(__name__)

OUTPUTS = ("start_logits", "end_logits", "answered_logit", "relevance_logit")
SHAPES = ((1, 8), (1, 37), (1, 256), (2, 64), (3, 101), (5, 190), (8, 128), (1, 400))
RUN_TOKENS = 384
"""Read at once at run time: a passage of 256 tokens under its title, and a question. The reranker
was made for up to 512."""
MAX_BYTES = 35_000_000
EXPORT_TOLERANCE = 1e-2
"""Largest difference of a logit that the order of additions may make in fp32."""
CLS, SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two runtimes lie apart: largest difference of each output, share of equal spans."""

    start: float
    end: float
    answered: float
    relevance: float
    same_span: float


def export(reader: Reader, tokenizer_path: Path, out: Path, scratch: Path, version: str) -> Path:
    """Write `model.onnx` (int8), `tokenizer.json` and `reader.json` to `out`.

    Returns the fp32 export, kept in `scratch` to compare with. Raises ValueError if the fp32
    export differs from torch or the int8 file is too large.
    """
    out.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(parents=True, exist_ok=True)
    exact = _export_fp32(reader.eval(), scratch / "model_fp32.onnx")
    found = agreement(torch_runtime(reader), onnx_runtime(exact))
    log.info("exported fp32 agreement=%s", found)
    if max(found.start, found.end, found.answered, found.relevance) > EXPORT_TOLERANCE:
        raise ValueError(f"the fp32 export does not agree with the torch model: {found}")
    round_weights(exact, out / "model.onnx", scratch)
    size = (out / "model.onnx").stat().st_size
    if size > MAX_BYTES:
        raise ValueError(f"model.onnx has {size} bytes, more than {MAX_BYTES}")
    load_tokenizer(tokenizer_path).save(str(out / "tokenizer.json"))
    _write_description(out, version)
    return exact


def _export_fp32(reader: Reader, path: Path) -> Path:
    """Export with torch's dynamo exporter, from an example that holds padding."""
    ids, mask, types = (torch.from_numpy(array) for array in random_inputs(3, 48, seed=1))
    dynamic = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", min=4, max=512)}
    program = torch.onnx.export(
        reader, (ids, mask, types), dynamo=True, input_names=list(INPUTS),
        output_names=list(OUTPUTS), dynamic_shapes=(dynamic, dynamic, dynamic), verbose=False,
    )  # fmt: skip
    if program is None:
        raise ValueError("torch exported nothing")
    program.save(str(path))
    onnx.checker.check_model(onnx.load(str(path)))
    return path


def round_weights(exact: Path, rounded: Path, scratch: Path) -> None:
    """Round weights to int8 by channel; activations are rounded at run time, tensor by tensor.

    Weights take 7 of the 8 bits: without VNNI, x86 overflows 16 bits on sums of two full products,
    and the same file must say the same everywhere. By tensor, three times as much is lost.
    """
    ready = simplified(exact, scratch)
    quantize_dynamic(
        str(ready), str(rounded), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )


def simplified(exact: Path, scratch: Path) -> Path:
    """The model without what is only for reading it, ready to be rounded; in `scratch`."""
    ready = scratch / "model_ready.onnx"
    quant_pre_process(str(exact), str(ready), skip_symbolic_shape=True)
    model = onnx.load(str(ready))
    graph = model.graph
    graph.ClearField("metadata_props")
    for part in (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        part.ClearField("metadata_props")  # stack traces, with the paths of this machine
        part.ClearField("doc_string")
    onnx.save(model, str(ready))
    return ready


def random_inputs(batch: int, tokens: int, seed: int) -> Inputs:
    """Pairs of random words, (batch, tokens); all rows but the first end in padding."""
    rng = random.Random(seed)
    ids, mask, types = (np.zeros((batch, tokens), np.int64) for _ in range(3))
    for row in range(batch):
        length = tokens if row == 0 else rng.randrange(max(7, tokens // 2), tokens + 1)
        question = rng.randrange(1, max(2, min(16, length - 5)))
        words = [rng.randrange(1_996, 20_000) for _ in range(length)]
        words[0], words[question + 1], words[-1] = CLS, SEP, SEP
        ids[row, :length] = words
        mask[row, :length] = 1
        types[row, question + 2 : length] = 1
    return ids, mask, types


def agreement(one: Runtime, other: Runtime) -> Agreement:
    """Compare two runtimes on random words at many shapes."""
    pairs = []
    for seed, (batch, tokens) in enumerate(SHAPES):
        inputs = random_inputs(batch, tokens, seed)
        pairs.append((one(inputs), other(inputs)))
    return compare(pairs)


def compare_on(
    test: Questions, tokenizer: Tokenizer, one: Runtime, other: Runtime, limit: int = 40
) -> Agreement:
    """Compare two runtimes on real questions, each beside the paragraph that BM25 ranks first."""
    rows = [
        row
        for group in test.by_group(limit).values()
        for question in group
        for row in encode(tokenizer, [test.first_example(question)])
    ]
    pairs = []
    for batch in by_length(sorted(rows, key=lambda row: len(row.ids))):
        ids, mask, types = (tensor.numpy() for tensor in collate(batch).inputs)
        pairs.append((one((ids, mask, types)), other((ids, mask, types))))
    return compare(pairs)


def compare(pairs: list[tuple[Outputs, Outputs]]) -> Agreement:
    """Compare outputs of the same inputs, each (start, end, answered, relevance)."""
    start, end, answered, relevance = (
        max(float(np.abs(a[i] - b[i]).max()) for a, b in pairs) for i in range(4)
    )
    same = [
        best_span(a[0][row], a[1][row])[:2] == best_span(b[0][row], b[1][row])[:2]
        for a, b in pairs
        for row in range(len(a[0]))
    ]
    return Agreement(start, end, answered, relevance, float(np.mean(same)))


def _write_description(out: Path, version: str) -> None:
    """Write `reader.json`: hashes, limits, and how a pair is laid out."""
    description = {
        "name": "quoth-reader",
        "version": version,
        "licence": "Apache-2.0",
        "max_tokens": RUN_TOKENS,
        "layout": "[CLS] question [SEP] passage [SEP]",
        "token_type_ids": "0 to the first [SEP], 1 after it",
        "inputs": list(INPUTS),
        "outputs": {
            "start_logits": "(batch, tokens); position 0: 'no answer'; outside the passage: -10000",
            "end_logits": "(batch, tokens); likewise",
            "answered_logit": "(batch); its logistic is the chance that the passage answers",
            "relevance_logit": "(batch); the reranker's score, for ranking and for off topic",
        },
        "sha256": {name: sha256(out / name) for name in ("model.onnx", "tokenizer.json")},
    }
    (out / "reader.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
