"""The arrays that the multilingual reader learns from, as a file: what training needs of them."""

from __future__ import annotations

import io
import lzma
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NATIVE_LANGUAGES = ("de", "el", "es", "fr", "hi", "ja", "ko", "pl", "pt", "ro", "ru", "vi")
LIMITS = {
    "squadshifts_new_wiki": 7_500,
    "squadshifts_reddit": 9_700,
    "squadshifts_amazon_reviews": 6_000,
    "fairytaleqa": 5_700,
    "doc2dial": 650,
    "molweni": 2_700,
    "policyqa": 1_500,
    "subjqa": 800,
    "arcd_ar": 1_400,
    "cmrc2018_zh": 4_300,
    "tquad_tr": 8_400,
    "iapp_th": 7_300,
    "composed": 20_000,
    "translated": 10_000,
    **{f"native_{language}": 1_000 for language in NATIVE_LANGUAGES},
}
"""Questions taken of each set, then of what was written; `translated` are those of `composed`."""
SOURCES = tuple(LIMITS)
WRITTEN = tuple(name for name in SOURCES if name.startswith(("composed", "translated", "native")))
FOREIGN = {
    "arcd_ar": "ar",
    "cmrc2018_zh": "zh",
    "tquad_tr": "tr",
    "iapp_th": "th",
    **{f"native_{language}": language for language in NATIVE_LANGUAGES},
}
"""The language of the passages of each set that is not English."""


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
