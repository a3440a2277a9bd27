"""BM25 over stemmed words. The one home of bm25s and the stemmer."""

import io
import logging
import re
import threading
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
import Stemmer
from bm25s import BM25
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it lowers its own level to DEBUG

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, Japanese and Chinese."""


WORDLESS = "\0"
"""Stands in a passage of no words, since bm25s takes none that is empty; no question has it."""


class WordIndex:
    """BM25 (Lucene's variant, as bm25s computes it) over the words of passages."""

    def __init__(self, index: BM25, count: int) -> None:
        self._index = index
        self._count = count

    @classmethod
    def build(cls, passages: Sequence[str]) -> "WordIndex":
        """An index over the words of `passages`."""
        index = BM25()
        words = [tokenize(passage) or [WORDLESS] for passage in passages]
        index.index(words, show_progress=False)
        return cls(index, len(passages))

    @classmethod
    def read(cls, data: bytes) -> "WordIndex":
        """The index in `data`; nothing in it is executed."""
        with TemporaryDirectory() as folder, ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(folder)
            index = BM25.load(folder, show_progress=False)
        return cls(index, index.scores["num_docs"])

    def to_bytes(self) -> bytes:
        """What `read` takes: the files that bm25s saves, in one archive."""
        buffer = io.BytesIO()
        with TemporaryDirectory() as folder, ZipFile(buffer, "w") as archive:
            self._index.save(folder, show_progress=False)
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, file.name)
        return buffer.getvalue()

    def __len__(self) -> int:
        return self._count

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 score of every passage for the words of `text`, shape (len(self),); 0 for none."""
        known = [word for word in tokenize(text) if word in self._index.vocab_dict]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)


_STEMMERS = threading.local()
"""A Snowball stemmer is not safe in two threads at once: one each."""


def tokenize(text: str) -> list[str]:
    """Words as they are searched: without case, accents' variants folded by NFKC, stemmed.

    Runs in scripts without spaces become overlapping pairs of characters.
    """
    words: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if UNSPACED.search(word):
            words += _pairs(word)
        else:
            words.append(word.replace("’", "'").removesuffix("'s"))
    if not hasattr(_STEMMERS, "english"):
        _STEMMERS.english = Stemmer.Stemmer("english")
    return list(_STEMMERS.english.stemWords(words))


def _pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
