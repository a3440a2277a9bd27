"""A question becomes hits: vector and word search, fused, then read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.protocols import Embedder, PassageStore, Reader
from index.records import Candidate, Chunk, Hit

READ = 10
"""Fused candidates that the reader looks at. Of the gold quotes of the question sets that
benchmarks/RESULTS.md names, .963 are among them; fifteen would hold .970, for half as much time
again."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """What a question is asked of: the passages of one generation and the models."""

    chunks: Sequence[Chunk]
    store: PassageStore
    embedder: Embedder
    reader: Reader


def retrieve(question: str, searcher: Searcher, candidates: int) -> list[Hit]:
    """Passages that may answer, most relevant first by the reader.

    `candidates` are taken from each of vector and word search.
    """
    vector = searcher.embedder.embed_query(question)
    found = searcher.store.search(vector, question, candidates)
    fused = fuse(found)
    best = sorted(zip(found, fused, strict=True), key=lambda pair: -pair[1])[:READ]
    rows = [candidate.row for candidate, _ in best]
    readings = searcher.reader.read(question, [searcher.chunks[row].text for row in rows])
    hits = [
        Hit(
            chunk=searcher.chunks[candidate.row],
            similarity=candidate.similarity,
            bm25=candidate.bm25,
            fused=score,
            reading=reading,
        )
        for (candidate, score), reading in zip(best, readings, strict=True)
    ]
    return sorted(hits, key=lambda hit: -hit.reading.relevance)


def fuse(found: Sequence[Candidate]) -> list[float]:
    """Half vector similarity and half BM25, each scaled to 0–1 among the candidates.

    Convex combination of scores, which beats fusing by rank where both scores are at hand
    (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
    """
    similarity = _scaled([candidate.similarity for candidate in found])
    bm25 = _scaled([candidate.bm25 for candidate in found])
    return [(a + b) / 2 for a, b in zip(similarity, bm25, strict=True)]


def _scaled(scores: Sequence[float]) -> list[float]:
    if not scores:
        return []
    array = np.asarray(scores)
    spread = array.max() - array.min()
    return [float(x) for x in (array - array.min()) / spread] if spread else [0.0] * len(scores)
