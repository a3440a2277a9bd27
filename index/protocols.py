"""The parts that can be swapped. Each has one home that knows its library."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.records import Candidate, Passage, Reading
from index.reports import ModelIdentity

Matrix: TypeAlias = NDArray[np.float32]
"""Vectors as rows: shape (n, dimension), float32."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and how much there is."""


class Embedder(Protocol):
    """Turns texts into vectors. Safe to call from several threads at once."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is, its dimension, similarity and token limit."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model would see it, special tokens and prompt included."""

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, shape (len(texts), dimension); unit length if cosine."""

    def embed_query(self, text: str) -> Matrix:
        """Vector of one question, shape (1, dimension); unit length if cosine."""


class Reader(Protocol):
    """Judges passages against a question. Safe to call from several threads at once."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of what it reads, None if that is not limited."""

    @property
    def quotes_from(self) -> float:
        """Lowest `answered` from which the quote is also read alone; infinity if never."""

    def knows(self, word: str) -> bool:
        """Whether `word` is an ordinary word, though it may stand in no document."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given; spans count characters of its text."""


class PassageStore(Protocol):
    """Vector and word search over the passages of one generation of one corpus."""

    def __len__(self) -> int:
        """Passages held."""

    def search(self, vector: Matrix, text: str, k: int) -> list[Candidate]:
        """The union of the k rows nearest to `vector` and the k rows that `text`'s words find.

        `vector` has shape (1, dimension). Each candidate carries both scores, higher is better,
        and there are no doubles; the order is by similarity, then row. Raises StoreError if the
        dimension differs. A word that no passage holds is searched as the nearest ones, at less
        weight.
        """

    def problems(self) -> list[str]:
        """What is wrong with its vectors, which hashes cannot show; empty when all hold."""

    def correct(self, text: str, known: Callable[[str], bool]) -> str:
        """`text` with clear typing errors put right, all else as it was typed.

        A word counts as a typing error if no passage holds it in any form, it is not `known` (given
        in lower case) to be an ordinary word, and one word of the passages, or an English question
        word, is clearly meant. Two words are joined if passages hold only them as one.
        """

    def guess(self, text: str, known: Callable[[str], bool], passages: Sequence[str]) -> str:
        """`text` with strange words as the words of `passages` that they are probably meant for.

        A word is strange if no passage of all holds it and it is not `known` (given in lower case).
        Bolder than `correct`, so for a second reading beside what was typed: `passages` are those
        that were found for it.
        """
