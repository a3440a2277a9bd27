"""What an index holds: its documents in short, and the words around a quote."""

from collections import Counter
from dataclasses import replace

from index.generations.generation import Contents
from index.markup import COMMENT_OPENS
from index.records import Document, Kind, Quote
from index.reports import Source


def sources(contents: Contents) -> list[Source]:
    """Every document of a generation in short, by path."""
    passages = Counter(chunk.document for chunk in contents.chunks)
    return [
        Source(
            document=path,
            title=document.title,
            language=document.language,
            size=document.size,
            passages=passages[path],
            url=document.url,
            date=document.date,
        )
        for path, document in sorted(contents.documents.items())
    ]


def around(document: Document, quote: Quote, most_characters: int) -> Quote:
    """Widen a quote to the blocks that hold it and those next to them, itself marked in them.

    Neighbours are added, the nearest first, as long as all is within `most_characters`. None is
    beyond a comment of HTML, which stands in no block.
    """
    start, end = quote.start, quote.end
    kind: Kind = quote.kind
    for block in sorted(document.blocks, key=lambda block: _gap(block.start, block.end, quote)):
        wider = min(start, block.start), max(end, block.end)
        if _gap(block.start, block.end, quote) and wider[1] - wider[0] > most_characters:
            break
        between = (document.text[block.end : start], document.text[end : block.start])
        if any(COMMENT_OPENS in gap for gap in between):
            continue
        start, end = wider
        kind = "lines" if "lines" in {kind, block.kind} else "prose"
    return replace(
        quote,
        text=document.text[start:end],
        answer=quote.text,
        answer_start=quote.start - start,
        answer_end=quote.end - start,
        line_start=document.line_at(start),
        line_end=document.line_at(end - 1),
        start=start,
        end=end,
        starts_inside=False,
        ends_inside=False,
        kind=kind,
    )


def _gap(start: int, end: int, quote: Quote) -> int:
    """How many characters lie between a run of them and a quote; 0 where they overlap."""
    return max(start - quote.end + 1, quote.start - end + 1, 0)
