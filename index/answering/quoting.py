"""Which words of a passage are quoted: the shortest run of whole sentences that likely answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from index.answering.marking import tidied
from index.markup import FENCED, MARKERS
from index.records import AnswerSpan, Chunk, Hit, Span
from index.stems import count_words

QUOTE_MAX_WORDS = 60
"""Most words of a quote of several sentences; a single sentence may be longer."""

WORD_COST = 0.001
"""Chance of holding the answer that a sentence must add for each of its words.

Dearer words give shorter quotes that miss the answer more often: `benchmarks.ablation` prints it.
"""

DOUBT = 0.7
"""Exponent on the reader's chances, below 1 since it is surer of one sentence than it is right."""

MARK_MAX_WORDS = 12
"""Longest answer that is marked; a longer one is the sentence itself."""

MARK_WITHIN = 2.0
"""A span is marked in place of an unusable best one, which is too long or not in the quote, only if
its logit is at most this much lower."""

WORDY = re.compile(r"\w")

LEANS_BACK = re.compile(
    r"""[\s"'“‘(\[]*(?:he|she|it|they|this|these|those|such|his|her|hers|its|their|theirs|both|the\s+
    (?:former|latter|same)|(?:however|instead|also|therefore|thus|then|but|and|so|as\s+a\s+result)\b
    [,\s]+(?:he|she|it|they|this|these|those|his|her|its|their))\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""An English sentence that opens so speaks of something that the one before has named."""

GAP_MAX_CHARACTERS = 6
"""Between two paragraphs: line ends and the markers of a quote or an item."""

ANSWERS_YES_OR_NO = re.compile(
    r"""[\s"'“‘(\[*_]*(?:yes|yep|yeah|no|nope|not\s+(?:here|yet|really|at\s+the\s+moment)|sure
    |sorry|ja|nein|oui|non|sí|sì)\b\W""",
    re.IGNORECASE | re.VERBOSE,
)
"""A sentence that answers the one before, if that asks: of an FAQ, both are quoted."""

ASKS = re.compile(r"[?？؟][\W_]*$")

STANDING_MAX_WORDS = 90
"""Most words of a quote that was made longer so that it can stand alone."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted of a hit: places in the document, and the chance that the answer is inside.

    `mark` is the short answer within `quote`, None where there is none.
    """

    quote: Span
    mark: Span | None
    chance: float


def quotation(hit: Hit) -> Quotation:
    """The quote that `hit` would give. The hit must have been read."""
    assert hit.reading is not None  # noqa: S101  # for the type: the caller's promise
    chunk, reading = hit.chunk, hit.reading
    first, last, chance = _likeliest_run(chunk, reading.sentences)
    run = Span(chunk.sentences[first].start, chunk.sentences[last].end)
    if chunk.kind == "items" and first == last and len(chunk.sentences) > 1:
        run = _unbulleted(chunk, run)
    near = (s for s in reading.spans if s.score >= reading.spans[0].score - MARK_WITHIN)
    mark = next((m for span in near if (m := _mark(chunk, span, run))), None)
    return Quotation(_standing(hit, first, run), mark, chance)


def _unbulleted(chunk: Chunk, item: Span) -> Span:
    """An item that is quoted alone, without what marks it as one."""
    markers = MARKERS.match(chunk.text, item.start - chunk.start)
    return Span(chunk.start + markers.end() if markers else item.start, item.end)


def _likeliest_run(chunk: Chunk, chances: Sequence[float]) -> tuple[int, int, float]:
    """First and last sentence of the run worth quoting, and its chance of holding the answer."""
    doubted = [float(chance**DOUBT) for chance in chances]
    words = [count_words(chunk.at(sentence)) for sentence in chunk.sentences]
    _, first, last = max(_runs(doubted, words), key=itemgetter(0))
    return first, last, sum(chances[first : last + 1])


def _runs(doubted: Sequence[float], words: Sequence[int]) -> Iterator[tuple[float, int, int]]:
    """What each run of sentences that may be quoted is worth, its first, and its last."""
    total = sum(doubted) or 1.0
    for first in range(len(words)):
        chance, length = 0.0, 0
        for last in range(first, len(words)):
            chance, length = chance + doubted[last], length + words[last]
            if first < last and length > QUOTE_MAX_WORDS:
                break
            yield chance / total - WORD_COST * length, first, last


def _standing(hit: Hit, first: int, run: Span) -> Span:
    """The run with the sentence before it, if it leans on that; it may open the passage."""
    chunk, before = hit.chunk, hit.before
    opening = chunk.at(run)
    leans, answers = LEANS_BACK.match(opening), ANSWERS_YES_OR_NO.match(opening)
    if not leans and not answers:
        return run
    if first:
        holder, earlier = chunk, chunk.sentences[first - 1]
    elif before is not None and _follows(chunk, before):
        holder, earlier = before, _last_of(before)
    else:
        return run
    said = holder.at(earlier)
    fits = 0 < count_words(said) <= STANDING_MAX_WORDS - count_words(opening)
    return Span(earlier.start, run.end) if fits and (leans or ASKS.search(said)) else run


def _follows(chunk: Chunk, before: Chunk) -> bool:
    """Whether a passage stands right below another: no rule, picture or comment between them."""
    return chunk.section == before.section and chunk.start - before.end <= GAP_MAX_CHARACTERS


def _last_of(chunk: Chunk) -> Span:
    """Its last sentence; of lines, a block of code as a whole, or nothing."""
    if chunk.kind != "lines":
        return chunk.sentences[-1]
    fenced = FENCED.fullmatch(chunk.text)
    return Span(chunk.start if fenced else chunk.end, chunk.end)


def _mark(chunk: Chunk, span: AnswerSpan, run: Span) -> Span | None:
    """The span as a place in the document if it is short and in the run."""
    tidy = tidied(chunk.text, Span(span.start, span.end))
    if tidy is None:
        return None
    start, end = chunk.start + tidy.start, chunk.start + tidy.end
    text = chunk.text[tidy.start : tidy.end]
    inside = run.start <= start and end <= run.end
    short = bool(WORDY.search(text)) and count_words(text) <= MARK_MAX_WORDS
    return Span(start, end) if inside and short else None
