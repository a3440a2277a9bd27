"""A question becomes hits: vector and word search, fused, then read from the best on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from index.chunk import heading
from index.confidence import probabilities
from index.language import ENGLISH
from index.numbers import other_number
from index.protocols import Embedder, PassageStore, Reader
from index.quoting import quotation
from index.records import Candidate, Chunk, Document, Hit, Passage, Scale, Span
from index.topic import names, topic

ROUND = 5
"""Fused candidates read at a time, best first."""

ROUNDS = 3
"""Most rounds."""

MOST = ROUND * ROUNDS
"""Most passages read for a question."""

SURE = 0.8
"""Probability from which a quote is taken without reading further rounds."""

WORDS_SHARE = 0.5
"""Of BM25 in the fused score."""

FOREIGN_WORDS_SHARE = 0.2
"""The same where nothing found is in the question's language: names are all that they share."""

IRRELEVANT = -10.0
"""Relevance, as the reader that ships gives it, of a passage that has nothing to do with the
question: that of each which a small corpus lacks."""

GUESSED_FROM = MOST
"""Hits, best first, among whose words a strange one of the question is sought."""

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


def search(
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


def guessed(forms: Sequence[str], hits: Sequence[Hit], searcher: Searcher) -> tuple[str, ...]:
    """Forms of a question, and those that have a strange word also with what the hits make of it.

    `forms` are English.
    """
    near = [hit.chunk.text for hit in hits[:GUESSED_FROM]]
    known = searcher.readers[0].knows
    guesses = (searcher.store.guess(form, known, near) for form in forms)
    return tuple(dict.fromkeys([*forms, *guesses]))


def read(
    question: str, hits: Sequence[Hit], searcher: Searcher, language: str, sure: float = SURE
) -> list[Hit]:
    """The hits with what the readers make of them, most likely right first, unread ones last.

    `language` is the question's. Reads a round at a time and stops when the probability that one
    of the hits is right reaches `sure`.
    """
    done: list[Hit] = []
    lacking = max(MOST - len(hits), 0)
    for first in range(0, min(len(hits), MOST), ROUND):
        batch = hits[first : first + ROUND]
        done = _beside_others([*done, *_read(question, batch, searcher, language)], lacking)
        if max(probabilities(done)) >= sure:
            break
    likely = zip(probabilities(done), done, strict=True)
    best_first = [hit for _, hit in sorted(likely, key=lambda pair: -pair[0])]
    return best_first + list(hits[len(done) :])


def _read(question: str, hits: Sequence[Hit], searcher: Searcher, language: str) -> Iterator[Hit]:
    """The hits, each read by the first reader that knows its language and the question's."""
    documents = searcher.documents
    left = list(hits)
    for reader in searcher.readers:
        known = reader.languages
        mine = [h for h in left if known is None or {language, _language(h, documents)} <= known]
        left = [hit for hit in left if hit not in mine]
        passages = [_passage(hit.chunk, documents) for hit in mine]
        readings = reader.read(question, passages) if mine else []
        done = [replace(hit, reading=it) for hit, it in zip(mine, readings, strict=True)]
        for hit in _read_alone(question, done, reader, documents):
            yield _compared(question, hit, documents[hit.chunk.document])


def _read_alone(
    question: str, hits: Sequence[Hit], reader: Reader, documents: Mapping[str, Document]
) -> Iterator[Hit]:
    """The hits, "answered" being the mean over the passage and over its quote alone.

    What stands around a near miss makes it look truer than it is by itself.
    """
    parted = {number: hit for number, hit in enumerate(hits) if len(hit.chunk.sentences) > 1}
    again = {
        number: _quote(hit, documents[hit.chunk.document])
        for number, hit in parted.items()
        if hit.reading and hit.reading.answered >= reader.quotes_from
    }
    readings = dict(zip(again, reader.read(question, list(again.values())), strict=True))
    for number, hit in enumerate(hits):
        if hit.reading and number in readings:
            answered = (hit.reading.answered + readings[number].answered) / 2
            yield replace(hit, reading=replace(hit.reading, answered=answered))
        else:
            yield hit


def _quote(hit: Hit, document: Document) -> Passage:
    """The quote of a hit as a passage of one sentence."""
    quote = quotation(hit).quote
    text = document.text[quote.start : quote.end]
    return Passage(heading(document.title, hit.chunk.section), text, (Span(0, len(text)),))


def _compared(question: str, hit: Hit, document: Document) -> Hit:
    """The hit with what the words of its quote have of the question's."""
    quote = quotation(hit).quote
    quoted = document.text[quote.start : quote.end]
    above = heading(document.title, hit.chunk.section)
    wanted = topic(question)
    return replace(
        hit,
        other=other_number(question, f"{above}\n{quoted}"),
        names=wanted is not None and names(quoted, above, wanted, document.language),
    )


def _beside_others(hits: Sequence[Hit], lacking: int) -> list[Hit]:
    """The read hits of one question, with by how much each is more relevant than the others.

    Where many passages are as relevant, as on one subject, relevance says less of each. Until the
    last are read it is too small rather than too great, since the best are read first. `lacking` is
    how many more would be read in a larger corpus. Each kind of reader has its own scale.
    """
    scales: dict[Scale, list[float]] = defaultdict(list)
    for hit in hits:
        if hit.reading:
            scales[hit.reading.scale].append(hit.reading.relevance)
    return [
        replace(hit, above_others=above(hit.reading.relevance, scales[hit.reading.scale], lacking))
        for hit in hits
        if hit.reading
    ]


def above(relevance: float, of_all: Sequence[float], lacking: int) -> float:
    """A passage's relevance less the median of the others': `of_all` holds its own, too.

    `lacking` passages of no relevance are counted among the others.
    """
    others = list(of_all)
    others.remove(relevance)
    others += [IRRELEVANT] * lacking
    return relevance - median(others) if others else 0.0


def _language(hit: Hit, documents: Mapping[str, Document]) -> str:
    return documents[hit.chunk.document].language


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


def _passage(chunk: Chunk, documents: Mapping[str, Document]) -> Passage:
    title = documents[chunk.document].title
    sentences = tuple(Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return Passage(heading(title, chunk.section), chunk.text, sentences)
