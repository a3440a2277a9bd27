"""What each stage adds: the same candidates in the order that each score alone would give.

Nothing is asked or read again. The scores by words and by vector are those of every candidate, and
more candidates are taken from each than are counted here, so that these orders are what a search
by that score alone returns. Passages that were not read keep their fused order after those that
were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from benchmarks.asking import Outcome
from benchmarks.figures import RECALL_AT, mean, passage_rank, recall, row, share
from benchmarks.judge import covers
from benchmarks.question_sets import GoldSpan
from index.answering import quoting
from index.records import Considered, Span

Order = Callable[[Sequence[Considered]], list[Considered]]


def by_words(considered: Sequence[Considered]) -> list[Considered]:
    """By BM25 alone, without what shares no word with the question."""
    found = [c for c in considered if c.hit.bm25 > 0]
    return sorted(found, key=lambda c: -c.hit.bm25)


def by_vector(considered: Sequence[Considered]) -> list[Considered]:
    """By similarity of the vectors alone."""
    return sorted(considered, key=lambda c: -c.hit.similarity)


def fused(considered: Sequence[Considered]) -> list[Considered]:
    """By both, as the candidates are chosen for reading."""
    return sorted(considered, key=lambda c: -c.hit.fused)


def reranked(considered: Sequence[Considered]) -> list[Considered]:
    """By the reader's relevance alone."""
    return sorted(considered, key=_relevance, reverse=True)


def _relevance(considered: Considered) -> tuple[bool, float]:
    reading = considered.hit.reading
    return reading is not None, reading.relevance if reading else considered.hit.fused


ORDERS: Mapping[str, Order] = {
    "words (BM25)": by_words,
    "vectors": by_vector,
    "both, fused": fused,
    "+ relevance (reranker)": reranked,
    "+ probability (reader)": list,
}
"""The engine's own order is the last."""

HEADER = "| questions | order | recall@1 | recall@3 | recall@10 |\n" + "|---" * 5 + "|"


def rows(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A row an order, over the answerable questions."""
    yes = [o for o in outcomes if o.question.answerable]
    for order, arrange in ORDERS.items() if yes else ():
        ranks = [passage_rank(o, arrange(o.explanation.considered)) for o in yes]
        yield row(name, order, *(recall(ranks, k) for k in RECALL_AT))


WORD_COSTS = (0.0, 0.001, 0.002, 0.004, 0.008)
"""Tried for `index.answering.quoting.WORD_COST`."""

LENGTH_HEADER = (
    "| questions | cost of a word | likeliest quote right | its words |\n" + "|---" * 4 + "|"
)


def length_rows(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A row a cost of a word: how often the likeliest quote is right, and its length.

    Over the answerable questions, shown or not, of the passage that the engine thought likeliest.
    """
    found = [o for o in outcomes if o.question.answerable and o.best is not None]
    for cost in WORD_COSTS if found else ():
        with _words_at(cost):
            quotes = [_quote(o.best) for o in found if o.best]
        right = share(
            covers(place, o.question.gold) for o, (place, _) in zip(found, quotes, strict=True)
        )
        words = mean(words for _, words in quotes)
        yield row(name, f"{cost:.3f}", right, f"{words:.1f}")


@contextmanager
def _words_at(cost: float) -> Iterator[None]:
    before = quoting.WORD_COST
    quoting.WORD_COST = cost
    try:
        yield
    finally:
        quoting.WORD_COST = before


def _quote(considered: Considered) -> tuple[GoldSpan, int]:
    """Place and number of words of the quote that the candidate would give now."""
    hit = considered.hit
    quote = quoting.quotation(hit).quote
    words = _words(hit.chunk.start, hit.chunk.text, quote)
    if hit.before is not None and quote.start < hit.chunk.start:
        words += _words(hit.before.start, hit.before.text, quote)
    return GoldSpan(hit.chunk.document, quote.start, quote.end), words


def _words(start: int, text: str, quote: Span) -> int:
    return len(text[max(0, quote.start - start) : max(0, quote.end - start)].split())
