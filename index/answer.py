"""Hits become verbatim quotes, each checked against the stored text, or an abstention."""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.records import (
    Answer,
    AnswerSpan,
    Chunk,
    Confidence,
    Document,
    Hit,
    Quote,
    Span,
)

log = logging.getLogger(__name__)

FEATURES = ("answered", "span", "relevance")
"""What the probability is made of: logits of the reader, which hold for any embedder."""

WEIGHTS = (0.056, 0.086, 0.179)
INTERCEPT = -0.543
"""Logistic regression of "this quote is right" on the features, as `benchmarks.calibrate` fits."""

DIRECT = 0.65
"""Probability from which a quote is a direct match; further quotes must reach it to be shown."""

ANSWERED = 0.5
"""Probability below which no quote is shown."""

MARK_MAX_WORDS = 12
"""Longest answer that is marked; a longer one is the sentence itself."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A quote before it is checked: places in the document, and how likely it answers."""

    chunk: Chunk
    quoted: Span
    marked: Span | None
    probability: float


def answer(
    question: str, hits: Sequence[Hit], documents: Mapping[str, Document], max_quotes: int
) -> Answer:
    """Up to `max_quotes` quotes that answer, the likeliest first, or none and the closest.

    `hits` come most relevant first. A further quote must answer directly by itself. Nothing is
    marked in what is only close. `ms` is left at 0 for the caller, who knows when it was asked.
    """
    found = list(map(_find, hits))
    likeliest = sorted(found, key=lambda finding: -finding.probability)
    first = [finding for finding in likeliest[:1] if finding.probability >= ANSWERED]
    further = [finding for finding in likeliest[1:] if finding.probability >= DIRECT]
    quotes = _checked(_apart([*first, *further]), documents, max_quotes)
    unmarked = [replace(finding, marked=None) for finding in found]
    closest = () if quotes else _checked(_apart(unmarked), documents, max_quotes)
    confidence: Confidence | None = None
    if quotes:
        confidence = "direct" if quotes[0].score >= DIRECT else "related"
    return Answer(question, bool(quotes), confidence, quotes, closest, ms=0.0)


def probability(hit: Hit) -> float:
    """How likely the hit's quote is right, from 0 to 1."""
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, features(hit), strict=True))
    return 1 / (1 + math.exp(-logit))


def features(hit: Hit) -> tuple[float, ...]:
    """The hit in numbers, one for each of FEATURES."""
    reading = hit.reading
    span = reading.spans[0].score if reading.spans else 0.0
    return reading.answered, span, reading.relevance


def quoted_span(hit: Hit) -> Span:
    """Place in the document of what would be quoted: the whole sentences around the answer."""
    return _sentences_around(hit.chunk, hit.reading.spans[0] if hit.reading.spans else None)


def _find(hit: Hit) -> _Finding:
    best = hit.reading.spans[0] if hit.reading.spans else None
    marked = _mark(hit.chunk, best) if best else None
    return _Finding(hit.chunk, quoted_span(hit), marked, probability(hit))


def _sentences_around(chunk: Chunk, span: AnswerSpan | None) -> Span:
    """The whole sentences that the span touches; the first few where there is no span."""
    if span is None:
        return Span(chunk.sentences[0].start, chunk.sentences[:3][-1].end)
    start, end = chunk.start + span.start, chunk.start + span.end
    touched = [s for s in chunk.sentences if s.start < end and start < s.end]
    touched = touched or [chunk.sentences[0]]
    return Span(touched[0].start, touched[-1].end)


def _mark(chunk: Chunk, span: AnswerSpan) -> Span | None:
    text = chunk.text[span.start : span.end]
    short = text.strip() and len(text.split()) <= MARK_MAX_WORDS
    return Span(chunk.start + span.start, chunk.start + span.end) if short else None


def _apart(found: Sequence[_Finding]) -> Iterator[_Finding]:
    """Those that do not overlap a better one of the same document."""
    taken: list[_Finding] = []
    for finding in found:
        mine = finding.quoted
        overlaps = any(
            other.chunk.document == finding.chunk.document
            and mine.start < other.quoted.end
            and other.quoted.start < mine.end
            for other in taken
        )
        if not overlaps:
            taken.append(finding)
            yield finding


def _checked(
    found: Iterator[_Finding], documents: Mapping[str, Document], most: int
) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for finding in found:
        if len(quotes) == most:
            break
        quote = _quote(finding, documents[finding.chunk.document])
        if is_verbatim(quote, documents[finding.chunk.document]):
            quotes.append(quote)
        else:
            log.error("quote dropped document=%s start=%d", quote.document, quote.start)
    return tuple(quotes)


def is_verbatim(quote: Quote, document: Document) -> bool:
    """Whether the quote is what stands in the document at its place, and its mark within it."""
    placed = quote.document == document.path and 0 <= quote.start < quote.end
    same = document.text[quote.start : quote.end] == quote.text and bool(quote.text.strip())
    return placed and same and _is_marked_right(quote)


def _is_marked_right(quote: Quote) -> bool:
    start, end = quote.answer_start, quote.answer_end
    if quote.answer is None or start is None or end is None:
        return (quote.answer, start, end) == (None, None, None)
    return 0 <= start < end and quote.text[start:end] == quote.answer


def _quote(finding: _Finding, document: Document) -> Quote:
    """The quote as it is to be shown. Its words are the passage's, so that the check can fail."""
    quoted, marked, chunk = finding.quoted, finding.marked, finding.chunk
    text = chunk.text[quoted.start - chunk.start : quoted.end - chunk.start]
    mark = (marked.start - quoted.start, marked.end - quoted.start) if marked else None
    return Quote(
        text=text,
        answer=text[mark[0] : mark[1]] if mark else None,
        answer_start=mark[0] if mark else None,
        answer_end=mark[1] if mark else None,
        document=document.path,
        title=document.title,
        section=" › ".join(chunk.section) or None,
        page=chunk.page,
        line_start=document.line_at(quoted.start),
        line_end=document.line_at(quoted.end - 1),
        start=quoted.start,
        end=quoted.end,
        url=document.url,
        score=round(finding.probability, 4),
    )
