"""BM25 over stemmed words, and the words that a mistyped one was meant to be.

The one home of bm25s.
"""

import io
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zipfile import ZipFile

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from index.language import ENGLISH
from index.stems import STOP_WORDS, WORD, Word, compounds_of, stems_of, unhyphenated, words_of
from index.stores.local.spelling import (
    IN_CHATS,
    LETTERS_FOR_ONE_ERROR,
    LETTERS_OF_A_PART,
    WITHOUT_APOSTROPHE,
    Spellings,
    question_word,
)

if TYPE_CHECKING:
    import regex

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it lowers its own level to DEBUG

K1, B = 0.9, 0.4
"""BM25's parameters as Anserini sets them (Yang, Fang and Lin, JDIQ 2018): passages are short and
of like length. Better than 1.5 and 0.75 on every English question set measured."""

NEAR_WORDS = 3
"""Most words of the index that a mistyped one is searched as."""

NEAR_WEIGHT = 0.5
"""Weight of a word that was only meant, beside one that was typed."""

TYPED_WORD = re.compile(r"(?<!\S)[A-Za-z]+(?=[?!.,;:]*(?:\s|$))")

GAPS = frozenset({" ", "-", "\u2010", "\u2011"})
"""What stands between two words that others write as one: a space or a hyphen."""

WORDLESS = "\0"
"""Stands in a passage of no words, and for none at all, since bm25s takes nothing that is empty; no
question has it."""

ARRAY_FILES = {
    "data": "data.csc.index.npy",
    "indices": "indices.csc.index.npy",
    "indptr": "indptr.csc.index.npy",
}
STEMS_FILE = "vocab.index.json"
COUNT_FILE = "params.index.json"
SPELLINGS_FILE = "spellings.json"
"""The first as bm25s calls them when it saves an index."""


class WordIndex:
    """BM25 (Lucene's variant, as bm25s computes it) over the stemmed words of passages.

    Safe to search from several threads.
    """

    def __init__(
        self, index: BM25, count: int, languages: Iterable[str], words: Counter[str]
    ) -> None:
        self._index = index
        self._count = count
        self._languages = tuple(sorted(set(languages)))
        self._words = words
        self._spellings = Spellings(words)

    @classmethod
    def build(cls, passages: Sequence[str], languages: Sequence[str]) -> "WordIndex":
        """An index over the words of `passages`, each in its language (ISO 639-1)."""
        index = BM25(k1=K1, b=B)
        found = [words_of(passage) for passage in passages]
        stems = [
            stems_of([*words, *compounds_of(passage), *unhyphenated(passage)], code)
            for words, passage, code in zip(found, passages, languages, strict=True)
        ]
        index.index([each or [WORDLESS] for each in stems] or [[WORDLESS]], show_progress=False)
        return cls(index, len(passages), languages, _written(found))

    @classmethod
    def read(cls, data: bytes) -> "WordIndex":
        """The index in `data`; nothing in it is executed."""
        index = BM25(k1=K1, b=B)
        with ZipFile(io.BytesIO(data)) as archive:
            arrays = {
                name: np.load(io.BytesIO(archive.read(file)), allow_pickle=False)
                for name, file in ARRAY_FILES.items()
            }
            count = json.loads(archive.read(COUNT_FILE))["num_docs"]
            index.scores = {**arrays, "num_docs": count}
            index.vocab_dict = json.loads(archive.read(STEMS_FILE))
            index.nonoccurrence_array = None  # Lucene's variant has none
            kept = json.loads(archive.read(SPELLINGS_FILE))
        count = count if kept["languages"] else 0
        return cls(index, count, kept["languages"], Counter(kept["words"]))

    def to_bytes(self) -> bytes:
        """What `read` takes: in one archive what bm25s saves, in its files, and the spellings.

        In memory, where bm25s itself would need a folder: what answers needs no room on a disk.
        """
        scores = self._index.scores
        kept = {"languages": self._languages, "words": self._words}
        buffer = io.BytesIO()
        with ZipFile(buffer, "w") as archive:
            for name, file in ARRAY_FILES.items():
                with archive.open(file, "w") as entry:
                    np.save(entry, scores[name], allow_pickle=False)
            archive.writestr(COUNT_FILE, json.dumps({"num_docs": scores["num_docs"]}))
            archive.writestr(STEMS_FILE, _json(self._index.vocab_dict))
            archive.writestr(SPELLINGS_FILE, _json(kept))
        return buffer.getvalue()

    def __len__(self) -> int:
        return self._count

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 score of every passage for the words of `text`, shape (len(self),); 0 for none.

        A word that no passage holds is searched as the nearest that one does, or as the two that
        it is made of; two words also as the one that they make, if that stands somewhere ("roll
        back", "log in"): all at less weight.
        """
        typed: set[str] = set()
        meant = {
            stem for pair in pairwise(WORD.finditer(text)) for stem in self._as_one(text, *pair)
        }
        for word in [*words_of(text), *compounds_of(text)]:
            typed |= self._known_stems(word)
            if self._is_mistyped(word):
                near = self._spellings.nearest(word[0])[:NEAR_WORDS]
                for each in near or self._spellings.parted(word[0]):
                    meant |= self._known_stems((each, False))
        return self._sum(typed) + NEAR_WEIGHT * self._sum(meant - typed)

    def correct(self, text: str, known: Callable[[str], bool]) -> str:
        """`text` with mistyped words put right; see `PassageStore`."""

        def meant(word: Word) -> str | None:
            if self._known_stems(word) or known(word[0]):
                return None
            clearest = self._spellings.clearest(word[0]) if self._is_mistyped(word) else None
            return question_word(word[0]) or clearest

        return _put_right(self._joined(TYPED_WORD.sub(self._as_in_chats, text)), meant)

    def _as_in_chats(self, typed: "re.Match[str]") -> str:
        """A word between blanks as it is meant, where it is one of those that chats have."""
        word = typed[0]
        other = IN_CHATS.get(word) or WITHOUT_APOSTROPHE.get(word.casefold())
        if other is None or self._known_stems((word.casefold(), False)):
            return word
        return _as_typed(word, other)

    def guess(self, text: str, known: Callable[[str], bool], passages: Iterable[str]) -> str:
        """`text` with strange words as the likeliest of `passages`; see `PassageStore`."""
        if not any(self._is_strange(word, known) for word in words_of(text)):
            return text
        here = Spellings(_written(words_of(passage) for passage in passages))

        def meant(word: Word) -> str | None:
            return here.likeliest(word[0]) if self._is_strange(word, known) else None

        return _put_right(text, meant)

    def _is_strange(self, word: Word, known: Callable[[str], bool]) -> bool:
        """Whether a word is in no passage and no ordinary one either. Digits may be slips in it."""
        text, run = word
        long_enough = len(text) >= LETTERS_FOR_ONE_ERROR and not text.isnumeric()
        if "'" in text:
            return False
        return long_enough and not run and not self._known_stems(word) and not known(text)

    def _as_one(
        self, text: str, one: "regex.Match[str]", other: "regex.Match[str]"
    ) -> Collection[str]:
        """What passages hold of two words of a text written as one; no "a way" as "away"."""
        gap, joined = text[one.end() : other.start()], words_of(one.group() + other.group())
        whole = gap in GAPS and (gap != " " or one.group().casefold() not in STOP_WORDS)
        return self._known_stems(joined[0]) if whole and len(joined) == 1 else ()

    def _joined(self, text: str) -> str:
        """`text` with two words made one where passages hold that, and one of the two in none."""
        pieces, done = [], 0
        for one, other in pairwise(WORD.finditer(text)):
            gap = text[one.end() : other.start()]
            if (
                gap in GAPS
                and one.start() >= done
                and self._are_one(one.group(), gap, other.group())
            ):
                pieces.append(text[done : one.end()])
                done = other.start()
        return "".join([*pieces, text[done:]])

    def _are_one(self, one: str, gap: str, other: str) -> bool:
        """Whether one word is meant. "er" and "in" are no parts of one unless a hyphen says so."""
        parts, joined = [*words_of(one), *words_of(other)], words_of(one + other)
        whole = gap != " " or not any(word in STOP_WORDS for word, _ in parts)
        least = LETTERS_OF_A_PART if gap == " " else 1
        strange = any(len(part[0]) >= least and not self._known_stems(part) for part in parts)
        return whole and strange and len(joined) == 1 and bool(self._known_stems(joined[0]))

    def _sum(self, stems: Collection[str]) -> NDArray[np.float32]:
        if not stems:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._index.get_scores(sorted(stems)), dtype=np.float32)

    def _known_stems(self, word: Word) -> set[str]:
        """What passages of any language may hold of a word of a question."""
        stop = word[0] in STOP_WORDS
        languages = [code for code in self._languages if not (stop and code == ENGLISH)]
        stems = {stem for language in languages for stem in stems_of([word], language)}
        return {stem for stem in stems if stem in self._index.vocab_dict}

    def _is_mistyped(self, word: Word) -> bool:
        text, run = word
        long_enough = len(text) >= LETTERS_FOR_ONE_ERROR and text.isalpha()
        return long_enough and not run and text not in STOP_WORDS and not self._known_stems(word)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _written(found: Iterable[Iterable[Word]]) -> Counter[str]:
    """How often each word of letters stands in passages."""
    return Counter(word for words in found for word, run in words if not run and word.isalpha())


def _put_right(text: str, meant: Callable[[Word], str | None]) -> str:
    """`text` with each word as it was `meant`, where that says something."""

    def put_right(match: "regex.Match[str]") -> str:
        typed: str = match.group()
        for word in words_of(typed):
            if other := meant(word):
                return _as_typed(typed, other)
        return typed

    return str(WORD.sub(put_right, text))


def _as_typed(typed: str, word: str) -> str:
    """`word` with the possessive s and the capitals of what it takes the place of."""
    ending = typed[-2:] if typed.lower().endswith(("'s", "’s")) else ""
    if typed.isupper():
        return word.upper() + ending
    return (word.capitalize() if typed[0].isupper() else word) + ending
