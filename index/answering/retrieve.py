"""A question becomes hits: vector and word search, fused. Nothing is read yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.language import ENGLISH
from index.protocols import Embedder, PassageStore, Reader
from index.records import Candidate, Chunk, Document, Hit

WORDS_SHARE = 0.5
"""Of BM25 in the fused score."""

FOREIGN_WORDS_SHARE = 0.2
"""The same where nothing found is in the question's language: names are all that they share."""

NEAREST = 20
"""Most similar candidates whose mean similarity the others are measured against."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """What a question is asked of: the passages of one generation and the models.

    Of the `readers` the first reads that knows the languages of question and document; the last
    one knows all.
    """

    documents: Mapping[str, Document]
    chunks: Sequence[Chunk]
    store: PassageStore
    embedder: Embedder
    readers: Sequence[Reader]


def retrieve(
    question: str, searcher: Searcher, candidates: int, language: str = ENGLISH
) -> list[Hit]:
    """Passages that may answer, not read yet, best fused score first.

    `candidates` are taken from each of vector and word search. `language` is the question's.
    """
    vector = searcher.embedder.embed_query(question)
    found = searcher.store.search(vector, question, candidates)
    chunks = [searcher.chunks[candidate.row] for candidate in found]
    spoken = {searcher.documents[chunk.document].language for chunk in chunks}
    share = WORDS_SHARE if language in spoken else FOREIGN_WORDS_SHARE
    level = _level(found)
    hits = [
        Hit(
            chunk=chunk,
            before=_before(searcher.chunks, candidate.row),
            similarity=candidate.similarity,
            bm25=candidate.bm25,
            fused=score,
            ahead=candidate.similarity - level,
        )
        for chunk, candidate, score in zip(chunks, found, fuse(found, share), strict=True)
    ]
    return sorted(hits, key=lambda hit: -hit.fused)


def fuse(found: Sequence[Candidate], words_share: float = WORDS_SHARE) -> list[float]:
    """Vector similarity and BM25, each scaled to 0–1 among the candidates, the latter at its share.

    Convex combination of scores, which beats fusing by rank where both scores are at hand
    (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
    """
    similarity = _scaled([candidate.similarity for candidate in found])
    bm25 = _scaled([candidate.bm25 for candidate in found])
    return [
        (1 - words_share) * close + words_share * words
        for close, words in zip(similarity, bm25, strict=True)
    ]


def _level(found: Sequence[Candidate]) -> float:
    """Mean similarity of the nearest candidates; 0 where there are none."""
    nearest = sorted((candidate.similarity for candidate in found), reverse=True)[:NEAREST]
    return float(np.mean(nearest)) if nearest else 0.0


def _scaled(scores: Sequence[float]) -> list[float]:
    if not scores:
        return []
    array = np.asarray(scores)
    spread = array.max() - array.min()
    return [float(x) for x in (array - array.min()) / spread] if spread else [0.0] * len(scores)


def _before(chunks: Sequence[Chunk], row: int) -> Chunk | None:
    """The chunk before this one in the same document; chunks are in order of their places."""
    before = chunks[row - 1] if row else None
    return before if before and before.document == chunks[row].document else None
