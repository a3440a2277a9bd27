"""Read hits become verbatim quotes, each checked against the stored text, or an abstention."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.answering.confidence import probabilities
from index.answering.disagreement import (
    contradicts,
    contradicts_in_figures,
    is_mostly_shared,
    is_same,
    words_held,
)
from index.answering.quoting import Quotation, quotation
from index.answering.verbatim import is_verbatim, quote_of
from index.passage_text import passage_text
from index.records import Abstention, Answer, Considered, Document, Hit, Quote
from index.stems import count_words

log = logging.getLogger(__name__)

DIRECT = 0.65
"""Probability from which a quote is a direct match."""

FURTHER = 0.85
"""Probability from which a further quote is shown: it must be right by itself. One of another
document that gives other figures than a direct match to the same question is shown as soon as it
would be alone: whoever asks must see that the documents disagree."""

CLOSEST_MIN_WORDS = 3
"""A shorter passage tells nobody that it is close."""

OTHERS = 3
"""How many passages beyond the answer are named to whoever wants to see more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was searched and read, and its hits: read ones first, likeliest first."""

    question: str
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, what became of every hit, and the next passages, which are not in the answer."""

    answer: Answer
    considered: tuple[Considered, ...]
    others: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Finding:
    """What a hit would give: not checked yet. Two are equal only if they are one."""

    asked: str
    hit: Hit
    quotation: Quotation
    probability: float
    document: Document

    def overlaps(self, other: "_Finding") -> bool:
        """Whether both would quote some of the same words."""
        mine, theirs = self.quotation.quote, other.quotation.quote
        apart = mine.end <= theirs.start or theirs.end <= mine.start
        return self.document.path == other.document.path and not apart

    @property
    def marked(self) -> str | None:
        """The words of the short answer, None where there is none."""
        mark = self.quotation.mark
        return self.document.text[mark.start : mark.end] if mark else None


def answer(
    question: str,
    asked: Sequence[Asked],
    documents: Mapping[str, Document],
    *,
    answer_from: float | None,
    max_quotes: int,
) -> Outcome:
    """Up to `max_quotes` quotes that answer, the likeliest first, or none and the closest.

    `asked` is the question, or each half of one that asks two things. A quote is shown first from
    the probability `answer_from` on, and none at all where that is None; a further one must add
    something and be surely right, unless its figures contradict a direct match. Nothing is marked
    in what is only close. `ms` is left at 0 for the caller, who knows when it was asked.
    """
    groups = [_findings(each, documents) for each in asked]
    cuts: dict[_Finding, str] = {}
    shown = _checked(_chosen(groups, answer_from, cuts), max_quotes, cuts)
    others = _unmarked(groups, [finding for finding, _ in shown])
    telling = [quote for quote in others if count_words(quote.text) >= CLOSEST_MIN_WORDS]
    closest = () if shown else tuple((telling or others)[:max_quotes])
    given = _quoted(question, shown) if shown else abstained(question, "no answer", closest)
    considered = tuple(_considered(asked, groups, documents, cuts))
    left = tuple(quote for quote in others if quote not in closest)
    return Outcome(given, considered, left[:OTHERS])


def _quoted(question: str, shown: Sequence[tuple[_Finding, Quote]]) -> Answer:
    findings = [finding for finding, _ in shown]
    differ = _sources_differ(findings)
    return Answer(
        question,
        answered=True,
        confidence="direct" if findings[0].probability >= DIRECT else "related",
        quotes=tuple(quote for _, quote in shown),
        closest=(),
        ms=0.0,
        abstention=None,
        sources_differ=differ,
        leading=len(shown) if differ else len({finding.asked for finding in findings}),
    )


def abstained(question: str, why: Abstention, closest: tuple[Quote, ...] = ()) -> Answer:
    """No quote that answers, why not, and the closest passages, if any was looked for."""
    return Answer(
        question,
        answered=False,
        confidence=None,
        quotes=(),
        closest=closest,
        ms=0.0,
        abstention=why,
        leading=0,
    )


def likelihood(asked: Asked) -> float:
    """Probability that the best hit of a question is right; 0 where none was read."""
    return max(probabilities([hit for hit in asked.hits if hit.reading]), default=0.0)


def _findings(asked: Asked, documents: Mapping[str, Document]) -> list[_Finding]:
    """Of the hits that were read, in their order: the likeliest first."""
    hits = [hit for hit in asked.hits if hit.reading]
    return [
        _Finding(asked.question, hit, quotation(hit), likely, documents[hit.chunk.document])
        for hit, likely in zip(hits, probabilities(hits), strict=True)
    ]


def _chosen(
    groups: Sequence[Sequence[_Finding]], answer_from: float | None, cuts: dict[_Finding, str]
) -> Iterator[_Finding]:
    """The best of each question that is likely enough, then all others that add something.

    Why one is passed over is noted in `cuts`.
    """
    if answer_from is None:
        cuts.update(dict.fromkeys(chain(*groups), "no model understands the question's language"))
        return
    firsts = [group[0] for group in groups if group and group[0].probability >= answer_from]
    if not firsts:
        cuts.update(
            (f, _of_another(f) or f"probability under {answer_from}") for f in chain(*groups)
        )
        return
    rest = sorted(chain(*groups), key=lambda finding: -finding.probability)
    taken: list[_Finding] = []
    for finding in dict.fromkeys([*firsts, *rest]):
        cut = _why_not(finding, taken, answer_from, first=finding in firsts)
        if cut:
            cuts[finding] = cut
        else:
            taken.append(finding)
            yield finding


def _why_not(
    finding: _Finding, taken: Sequence[_Finding], answer_from: float, *, first: bool
) -> str | None:
    """Why a finding is not shown beside those that are, or None."""
    if another := _of_another(finding):
        return another
    best = next((other for other in taken if other.asked == finding.asked), None)
    disagrees = best is not None and _disagrees(finding, best)
    least = answer_from if first or disagrees else FURTHER
    if finding.probability < least:
        return f"not the best, and its probability is under {least}"
    if any(finding.overlaps(other) for other in taken):
        return "in a quote above"
    same = [other for other in taken if other.asked == finding.asked]
    if not first and any(not _says_other(finding, other) for other in same):
        return "adds no other answer"
    return None


def _disagrees(finding: _Finding, best: _Finding) -> bool:
    """Whether it is of another document and gives other figures than one that surely answers."""
    figures = (finding.marked or "", best.marked or "")
    return (
        best.probability >= DIRECT
        and _may_contradict(finding, best)
        and contradicts_in_figures(*figures)
    )


def _may_contradict(one: _Finding, other: _Finding) -> bool:
    """Whether two documents answer the same question. What names a topic contradicts nothing."""
    apart = one.document.path != other.document.path
    topics = one.hit.names_topic or other.hit.names_topic
    return one.asked == other.asked and apart and not topics and _speak_of_the_same(one, other)


def _speak_of_the_same(one: _Finding, other: _Finding) -> bool:
    """Whether both passages hold mostly the same words of the question."""
    return is_mostly_shared(_held(one), _held(other))


def _held(finding: _Finding) -> frozenset[str]:
    text = passage_text("", finding.hit.chunk)
    return words_held(finding.asked, text, finding.document.language)


def _says_other(finding: _Finding, than: _Finding) -> bool:
    """Whether it marks another short answer; what marks none says nothing other."""
    if finding.marked is None:
        return False
    return than.marked is None or not is_same(finding.marked, than.marked)


def _of_another(finding: _Finding) -> str | None:
    hit = finding.hit
    if hit.lacks:
        return f"does not speak of {hit.lacks}"
    other = hit.speaks_of_other
    return f"speaks of {other}, not of the one asked about" if other else None


def _checked(
    found: Iterator[_Finding], most: int, cuts: dict[_Finding, str]
) -> list[tuple[_Finding, Quote]]:
    """The first few findings as quotes; one that is not verbatim is dropped and logged."""
    quotes: list[tuple[_Finding, Quote]] = []
    for finding in found:
        quote = quote_of(finding.hit, finding.quotation, finding.document, finding.probability)
        if len(quotes) == most:
            cuts[finding] = f"more than {most} quotes"
        elif is_verbatim(quote, finding.document):
            quotes.append((finding, quote))
        else:
            cuts[finding] = "not what stands in the document"
            log.error("quote dropped document=%s start=%d", quote.document, quote.start)
    return quotes


def _unmarked(groups: Sequence[Sequence[_Finding]], shown: Sequence[_Finding]) -> tuple[Quote, ...]:
    """What is not shown, the likeliest first, nothing overlapping and nothing marked."""
    apart: list[_Finding] = []
    for finding in sorted(chain(*groups), key=lambda finding: -finding.probability):
        if not any(finding.overlaps(other) for other in (*shown, *apart)):
            unmarked = replace(finding.quotation, mark=None)
            apart.append(replace(finding, quotation=unmarked))
    return tuple(quote for _, quote in _checked(iter(apart), len(apart), {}))


def _sources_differ(shown: Sequence[_Finding]) -> bool:
    """Whether two documents give different figures or names for the same question."""
    return any(
        _may_contradict(one, other)
        and one.marked is not None
        and other.marked is not None
        and contradicts(one.marked, other.marked)
        for place, one in enumerate(shown)
        for other in shown[place + 1 :]
    )


def _considered(
    asked: Sequence[Asked],
    groups: Sequence[Sequence[_Finding]],
    documents: Mapping[str, Document],
    cuts: Mapping[_Finding, str],
) -> Iterator[Considered]:
    for each, group in zip(asked, groups, strict=True):
        for finding in group:
            yield Considered(
                asked=each.question,
                hit=finding.hit,
                title=finding.document.title,
                quote=finding.quotation.quote,
                probability=finding.probability,
                cut=cuts.get(finding),
            )
        for hit in each.hits[len(group) :]:
            title = documents[hit.chunk.document].title
            yield Considered(each.question, hit, title, None, None, "not read")
