"""The weights as one file of safetensors."""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, BinaryIO

from index.embed.unpack.packed import Shape, Tensor, values

if TYPE_CHECKING:
    from pathlib import Path


def write_weights(packed: BinaryIO, tensors: list[Tensor], shape: Shape, path: Path) -> None:
    """Write all tensors as float32 in the safetensors format, in the file's order.

    The pooler, which BertModel has and mean pooling never asks, is written as zeros.
    """
    hidden = shape.hidden
    pooler = {"pooler.dense.bias": [hidden], "pooler.dense.weight": [hidden, hidden]}
    shapes = {tensor.name: _shape_of(tensor, shape) for tensor in tensors} | pooler
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, sizes in shapes.items():
        begin, end = end, end + 4 * math.prod(sizes)
        header[name] = {"dtype": "F32", "shape": sizes, "data_offsets": [begin, end]}
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 8)
    with path.open("wb") as weights:
        weights.write(struct.pack("<Q", len(told)) + told)
        for tensor in tensors:
            for part in values(packed, tensor):
                weights.write(part.astype("<f4", copy=False).tobytes())
        weights.write(bytes(4 * hidden * (hidden + 1)))


def _shape_of(tensor: Tensor, shape: Shape) -> list[int]:
    if tensor.name.endswith((".bias", "LayerNorm.weight")):
        return [tensor.size]
    columns = shape.feed_forward if _from_feed_forward(tensor.name) else shape.hidden
    return [tensor.size // columns, columns]


def _from_feed_forward(name: str) -> bool:
    return name.endswith(".output.dense.weight") and ".attention." not in name
