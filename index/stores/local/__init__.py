"""The default store: vectors in FAISS and words in BM25, both in files beside the passages."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.errors import StoreError
from index.protocols import Matrix
from index.records import Candidate
from index.reports import ModelIdentity
from index.stores.local.vectors import VectorIndex
from index.stores.local.words import WordIndex

VECTORS_FILE = "vectors.faiss"
WORDS_FILE = "words.zip"


class LocalStore:
    """A `PassageStore` in memory, read from two files. Safe to search from several threads."""

    def __init__(self, vectors: VectorIndex, words: WordIndex) -> None:
        if len(vectors) != len(words):
            raise StoreError(f"{len(vectors)} vectors but words of {len(words)} passages; reindex")
        self._vectors = vectors
        self._words = words

    @classmethod
    def build(
        cls,
        passages: Sequence[str],
        languages: Sequence[str],
        vectors: Matrix,
        model: ModelIdentity,
    ) -> "LocalStore":
        """A store over passages, their languages (ISO 639-1) and their vectors.

        `vectors` has shape (len(passages), dimension).
        """
        words = WordIndex.build(passages, languages)
        return cls(VectorIndex.build(vectors, model.similarity), words)

    @classmethod
    def read(cls, files: Mapping[str, bytes], model: ModelIdentity) -> "LocalStore":
        """The store in the bytes of its files. Check the bytes first: FAISS does not."""
        vectors = VectorIndex.read(files[VECTORS_FILE], model.similarity)
        return cls(vectors, WordIndex.read(files[WORDS_FILE]))

    def write(self, folder: Path) -> None:
        """Write both files into `folder`."""
        (folder / VECTORS_FILE).write_bytes(self._vectors.to_bytes())
        (folder / WORDS_FILE).write_bytes(self._words.to_bytes())

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, vector: Matrix, text: str, k: int) -> list[Candidate]:
        """The union of both searches, each candidate with both scores; see `PassageStore`."""
        if not len(self):
            return []
        bm25 = self._words.scores(text)
        by_words = np.argsort(-bm25, kind="stable")[:k]
        by_words = by_words[bm25[by_words] > 0]
        by_vector = self._vectors.search(vector, k)
        rows = np.union1d(by_vector, by_words)
        similarity = self._vectors.similarities(vector, rows)
        found = (
            Candidate(int(row), float(close), float(bm25[row]))
            for row, close in zip(rows, similarity, strict=True)
        )
        return sorted(found, key=lambda candidate: (-candidate.similarity, candidate.row))

    def problems(self) -> list[str]:
        """Vectors that are not finite, or not of unit length though they should be."""
        return self._vectors.problems()

    def correct(self, text: str, known: Callable[[str], bool]) -> str:
        """`text` with clear typing errors put right by the index's words; see `PassageStore`."""
        return self._words.correct(text, known)

    def guess(self, text: str, known: Callable[[str], bool], passages: Sequence[str]) -> str:
        """`text` with strange words as the likeliest of `passages`; see `PassageStore`."""
        return self._words.guess(text, known, passages)
