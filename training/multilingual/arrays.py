"""The arrays that the multilingual reader learns from, as a file: what training needs of them."""

from __future__ import annotations

import io
import lzma
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(slots=True)
class Ragged:
    """Rows of different lengths, to be written as one array and its offsets."""

    flat: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])

    def add(self, row: list[int]) -> None:
        """Append one row."""
        self.flat += row
        self.ends.append(len(self.flat))


def write_arrays(arrays: dict[str, NDArray[np.int64]], path: Path) -> None:
    """Write arrays, each in the smallest type that holds it, offsets as lengths, xz-compressed."""
    packed = {}
    for name, array in arrays.items():
        values = np.diff(array, prepend=0) if name.endswith("_at") else array
        kinds = (np.uint8, np.uint16, np.int32)
        low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
        kind = next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
        packed[name] = values.astype(kind)
    whole = io.BytesIO()
    np.savez(whole, allow_pickle=False, **packed)
    filters = [
        {"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 1, "pb": 1, "dict_size": 1 << 26}
    ]
    path.write_bytes(lzma.compress(whole.getvalue(), filters=filters))


def read_arrays(path: Path) -> dict[str, NDArray[np.int64]]:
    """Read what `write_arrays` wrote."""
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as packed:
        arrays = {name: packed[name].astype(np.int64) for name in packed.files}
    return {n: np.cumsum(a) if n.endswith("_at") else a for n, a in arrays.items()}
