"""Weights that travel: the embedder's own 4 bits on the way there, fp16 on the way back.

The embedder's matrices are 4-bit numbers times a scale for each 32 of them, exactly. So they are
written again, which takes a fifth of their size in fp16.
"""

from __future__ import annotations

import io
import json
import lzma
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.multilingual.model import load_layers, load_words

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

BLOCK = 32
FILE_BYTES = 14_000_000
"""Most bytes of a file that comes back."""
WORDS = "words"
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 0, "pb": 0}]


def pack(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]] | None:
    """Values as (nibbles, scales) of blocks of 32, None if they are not exactly that."""
    blocks = values.reshape(-1, BLOCK)
    rows = np.arange(len(blocks))
    extreme = blocks[rows, np.abs(blocks).argmax(axis=1)]
    scales = (extreme / -8).astype(np.float16)
    divisor = np.where(scales == 0, 1, scales).astype(np.float32)[:, None]
    whole = np.clip(np.rint(blocks / divisor) + 8, 0, 15).astype(np.uint8)
    nibbles = (whole[:, 0::2] | (whole[:, 1::2] << 4)).astype(np.uint8)
    exact = np.array_equal(unpack(nibbles, scales), blocks)
    return (nibbles, scales) if exact else None


def unpack(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """The values of blocks, (blocks, 32)."""
    whole = np.empty((len(nibbles), BLOCK), np.float32)
    whole[:, 0::2], whole[:, 1::2] = nibbles & 15, nibbles >> 4
    values: NDArray[np.float32] = (whole - 8) * scales.astype(np.float32)[:, None]
    return values


def write_start(folder: Path, used: NDArray[np.int64], path: Path) -> None:
    """Write the layers of the unpacked embedder and the vectors of the words `used` to `path`."""
    tensors = dict(load_layers(folder).state_dict())
    tensors[WORDS] = load_words(folder)[torch.from_numpy(used.astype(np.int64))]
    kept: dict[str, NDArray[np.generic]] = {}
    for name, tensor in tensors.items():
        values = tensor.numpy()
        packed = pack(values) if values.ndim > 1 else None
        if packed:
            kept[f"{name}/nibbles"], kept[f"{name}/scales"] = packed
        else:
            kept[name] = values.astype(np.float32 if values.ndim == 1 else np.float16)
    whole = io.BytesIO()
    np.savez(whole, allow_pickle=False, **kept)
    path.write_bytes(lzma.compress(whole.getvalue(), filters=FILTERS))


def read_start(path: Path) -> tuple[dict[str, Tensor], Tensor]:
    """The layers' weights by name, and the words' vectors, in fp32."""
    found: dict[str, Tensor] = {}
    shapes = {"wide.weight": 384, "narrow.weight": 1536}
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as kept:
        for name in kept.files:
            base, _, part = name.partition("/")
            if part == "scales":
                continue
            if part:
                values = unpack(kept[name], kept[f"{base}/scales"])
                columns = next((n for end, n in shapes.items() if base.endswith(end)), 384)
                found[base] = torch.from_numpy(values.reshape(-1, columns))
            else:
                found[base] = torch.from_numpy(kept[name].astype(np.float32))
    words = found.pop(WORDS)
    return found, words


def save_halves(weights: dict[str, Tensor], out: Path, about: dict[str, object]) -> None:
    """Write weights, matrices in fp16, as `weights_N.safetensors` of at most FILE_BYTES each."""
    part: dict[str, Tensor] = {}
    number, size = 0, 0
    for name, tensor in weights.items():
        half = tensor.detach().cpu().to(torch.float16 if tensor.ndim > 1 else torch.float32)
        bytes_here = half.numel() * half.element_size()
        if part and size + bytes_here > FILE_BYTES:
            save_file(part, str(out / f"weights_{number}.safetensors"))
            part, number, size = {}, number + 1, 0
        part[name] = half.contiguous()
        size += bytes_here
    save_file(part, str(out / f"weights_{number}.safetensors"))
    (out / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def load_halves(folder: Path) -> dict[str, Tensor]:
    """What `save_halves` wrote, in fp32."""
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob("weights_*.safetensors")):
        found |= {name: tensor.float() for name, tensor in load_file(str(path)).items()}
    return found
