"""Found hits are read, the best first, until one is surely right.

What the readers make of each, and of it beside the others, decides which comes first.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median

from index.answering.confidence import probabilities
from index.answering.numbers import asks_for_heading, is_dated_release, older_release, other_number
from index.answering.quoting import quotation
from index.answering.retrieve import Searcher
from index.answering.topic import names, topic
from index.passage_text import heading
from index.protocols import Reader
from index.records import Chunk, Document, Hit, Passage, Scale, Span

ROUND = 5
"""Fused candidates read at a time, best first."""

ROUNDS = 3
"""Most rounds."""

MOST = ROUND * ROUNDS
"""Most passages read for a question."""

SURE = 0.7
"""Probability from which a quote is taken without reading further rounds."""

IRRELEVANT = -8.0
"""Relevance, on the English reader's scale, from which down a passage has nothing to do with the
question. Less counts as this, and so does each passage that a small corpus lacks."""

GUESSED_FROM = MOST
"""Hits, best first, among whose words a strange one of the question is sought."""


def rerank(
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


def guessed(forms: Sequence[str], hits: Sequence[Hit], searcher: Searcher) -> tuple[str, ...]:
    """Forms of a question, and those that have a strange word also with what the hits make of it.

    `forms` are English.
    """
    near = [hit.chunk.text for hit in hits[:GUESSED_FROM]]
    known = searcher.readers[0].knows
    guesses = (searcher.store.guess(form, known, near) for form in forms)
    return tuple(dict.fromkeys([*forms, *guesses]))


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
    """Each hit's `answered` becomes the mean of two readings: the passage, and its quote alone.

    Surroundings can make a near miss look right.
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


def _passage(chunk: Chunk, documents: Mapping[str, Document]) -> Passage:
    title = documents[chunk.document].title
    sentences = tuple(Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return Passage(heading(title, chunk.section), chunk.text, sentences)


def _language(hit: Hit, documents: Mapping[str, Document]) -> str:
    return documents[hit.chunk.document].language


def _compared(question: str, hit: Hit, document: Document) -> Hit:
    """The hit with what the words of its quote have of the question's."""
    quote = quotation(hit).quote
    quoted = document.text[quote.start : quote.end]
    above = heading(document.title, hit.chunk.section)
    wanted = topic(question)
    sections = (block.section for block in document.blocks)
    other = older_release(question, hit.chunk.section, sections)
    if hit.chunk.kind == "heading" and not asks_for_heading(question):
        other = other or "a date"
    return replace(
        hit,
        speaks_of_other=other or other_number(question, f"{above}\n{quoted}"),
        names_topic=is_dated_release(question, quoted)
        or (wanted is not None and names(quoted, above, wanted, document.language)),
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
        replace(hit, above_others=excess(hit.reading.relevance, scales[hit.reading.scale], lacking))
        for hit in hits
        if hit.reading
    ]


def excess(relevance: float, of_all: Sequence[float], lacking: int) -> float:
    """A passage's relevance less the median of the others': `of_all` holds its own, too.

    `lacking` irrelevant passages are counted among the others.
    """
    others = list(of_all)
    others.remove(relevance)
    level = [max(other, IRRELEVANT) for other in others] + [IRRELEVANT] * lacking
    return relevance - median(level) if level else 0.0
