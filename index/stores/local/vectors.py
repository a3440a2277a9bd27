"""Exact nearest-neighbour search over unit or plain vectors. The one home of FAISS."""

from typing import Literal

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.protocols import Matrix

Similarity = Literal["cosine", "dot", "euclidean"]
Rows = NDArray[np.int64]


UNIT_TOLERANCE = 1e-3
"""How far a length may be from 1: half precision rounds to about that."""

BATCH = 4096
"""Vectors copied at a time when all are looked at."""


class VectorIndex:
    """A flat FAISS index. Similarities are higher for nearer: a distance is negated."""

    def __init__(self, index: faiss.Index, similarity: Similarity) -> None:
        self._index = index
        self._euclidean = similarity == "euclidean"
        self._unit = similarity == "cosine"

    @classmethod
    def build(cls, vectors: Matrix, similarity: Similarity) -> "VectorIndex":
        """An index over `vectors`, shape (n, dimension)."""
        kind = faiss.IndexFlatL2 if similarity == "euclidean" else faiss.IndexFlatIP
        index = kind(vectors.shape[1])
        index.add(vectors)
        return cls(index, similarity)

    @classmethod
    def read(cls, data: bytes, similarity: Similarity) -> "VectorIndex":
        """The index in `data`, which must have been checked: FAISS accepts damaged bytes."""
        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)), similarity)

    def to_bytes(self) -> bytes:
        """What `read` takes."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def problems(self) -> list[str]:
        """Rows that are not finite, or not of unit length where the similarity is cosine."""
        found = []
        for first in range(0, len(self), BATCH):
            rows = self._index.reconstruct_n(first, min(BATCH, len(self) - first))
            whole = np.isfinite(rows).all(axis=1)
            found += [f"vector {first + row} is not finite" for row in np.flatnonzero(~whole)]
            if self._unit:
                off = whole & (np.abs(np.linalg.norm(rows, axis=1) - 1) > UNIT_TOLERANCE)
                found += [
                    f"vector {first + row} is not of unit length" for row in np.flatnonzero(off)
                ]
        return found

    def search(self, vector: Matrix, k: int) -> Rows:
        """The min(k, n) rows nearest to `vector`, shape (1, dimension), nearest first."""
        if vector.shape != (1, self._index.d):
            raise StoreError(
                f"the question's vector is {vector.shape}, the index holds (1, {self._index.d}); "
                "reindex with the model in the settings"
            )
        _, rows = self._index.search(vector, min(k, len(self)))
        return np.asarray(rows[0], dtype=np.int64)

    def similarities(self, vector: Matrix, rows: Rows) -> NDArray[np.float32]:
        """Similarity of each of `rows` to `vector`, shape (len(rows),)."""
        vectors = np.stack([self._index.reconstruct(int(row)) for row in rows])
        if self._euclidean:
            return np.asarray(-np.square(vectors - vector).sum(axis=1), dtype=np.float32)
        return np.asarray(vectors @ vector[0], dtype=np.float32)
