"""Quotes as they are shown, and the check that each is what stands in its document."""

from index.answering.quoting import Quotation
from index.records import Document, Hit, Kind, Quote


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


def quote_of(hit: Hit, quotation: Quotation, document: Document, probability: float) -> Quote:
    """The quote as it is to be shown. Its words are the passage's, so that the check can fail."""
    quoted, mark, chunk = quotation.quote, quotation.mark, hit.chunk
    text = chunk.text[max(quoted.start - chunk.start, 0) : quoted.end - chunk.start]
    if quoted.start < chunk.start:  # it begins with the end of the passage before, or all of that
        text = document.text[quoted.start : chunk.start] + text
    marked = (mark.start - quoted.start, mark.end - quoted.start) if mark else None
    return Quote(
        text=text,
        answer=text[marked[0] : marked[1]] if marked else None,
        answer_start=marked[0] if marked else None,
        answer_end=marked[1] if marked else None,
        document=document.path,
        title=document.title,
        section=" › ".join(_below_title(chunk.section, document.title)) or None,
        page=chunk.page,
        line_start=document.line_at(quoted.start),
        line_end=document.line_at(quoted.end - 1),
        start=quoted.start,
        end=quoted.end,
        url=document.url,
        date=document.date,
        score=round(probability, 4),
        starts_inside=_starts_inside(quoted.start, hit),
        ends_inside=chunk.ends_inside and quoted.end == chunk.end,
        kind=_kind(quoted.start, hit),
    )


def _kind(start: int, hit: Hit) -> Kind:
    """Of lines, where the quote that starts there begins with some of the passage before."""
    begins = hit.before if hit.before and start < hit.chunk.start else hit.chunk
    return begins.kind if begins.kind == "lines" else hit.chunk.kind


def _below_title(section: tuple[str, ...], title: str) -> tuple[str, ...]:
    """The headings, without one that only repeats the title."""
    return section[1:] if section[:1] == (title,) else section


def _starts_inside(start: int, hit: Hit) -> bool:
    """Whether a quote from there on starts inside a sentence, which an earlier passage begins."""
    passages = (hit.chunk, hit.before) if hit.before else (hit.chunk,)
    return any(passage.starts_inside and start == passage.start for passage in passages)
