"""How an answer came about: the passages considered, their scores, and what cut them. Pure."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from bot.rendering.amounts import count
from bot.rendering.cut import units
from bot.rendering.reply import LIMIT, Reply
from bot.rendering.short import short, short_generation, short_path
from bot.rendering.words import CONFIDENCE, NAMES, SHOWN
from index import Abstention, Answer, Before, Considered, Explanation

NOT_MINE = Reply("That message isn't mine. Please choose one of my answers, or use `/why`.")
NOT_KNOWN = Reply(
    "I remember no answer in that message: it is too old, or it is no answer. `/why` tells how a "
    "question is answered now."
)
ABSTAINED: dict[Abstention, str] = {
    "no answer": "no passage was likely enough to answer",
    "small talk": "nothing was asked, so nothing was searched",
    "language": "the models that are installed can't read this language",
}
SHOWN_BESIDE = "under *Other passages*"
QUESTION_MAX_UNITS = 160
ASKED_MAX_UNITS = 120
PATH_MAX_UNITS = 48
OPENING_MAX_UNITS = 48
CUT_MAX_UNITS = 80
STAGE_MAX_UNITS = 20
LANGUAGE_MAX_UNITS = 20

MORE_UNITS = 40
"""Kept for the line that counts what is left out."""


def render_why(explanation: Explanation, follows: Before | None, then: str | None) -> Reply:
    """What was looked at for a question, best first, as many passages as one message holds.

    `follows` is what the question followed. `then` is the generation that answered it before, where
    an answer is explained; that another answers now is said.
    """
    shown = "\n".join(_head(explanation, follows, then))
    groups = _groups(explanation)
    leading = _leading(explanation.answer)
    for position, (asked, group) in enumerate(groups):
        changed = _is_changed(explanation, groups)
        above = f"\n**Asked as:** {short(asked, ASKED_MAX_UNITS)}" if changed else ""
        share = (LIMIT - units(shown)) // (len(groups) - position)
        told = [_passage(n, each, leading) for n, each in enumerate(group, start=1)]
        shown += above + _fitting(told, share - units(above))
    return Reply(shown)


def _head(explanation: Explanation, follows: Before | None, then: str | None) -> Iterator[str]:
    yield f"**Why?** {_outcome(explanation.answer)}"
    yield f"-# Question: {short(explanation.answer.question, QUESTION_MAX_UNITS)}"
    if follows:
        yield f"-# It follows: {short(follows.question, QUESTION_MAX_UNITS)}"
    now = explanation.generation
    if then and now and then != now:
        before, after = short_generation(then), short_generation(now)
        yield f"The index has changed since that answer: from generation {before} to {after}."
    if explanation.considered:
        yield f"-# {_facts(explanation)}"


def _facts(explanation: Explanation) -> str:
    times = ", ".join(
        f"{short(stage, STAGE_MAX_UNITS)} {ms:.0f} ms" for stage, ms in explanation.ms.items()
    )
    language = short(explanation.language or "not sure", LANGUAGE_MAX_UNITS)
    passages = count(len(explanation.considered), "passage")
    return f"Language: {language} · {passages} considered · {times}"


def _outcome(answer: Answer) -> str:
    if answer.answered:
        quotes = count(len(answer.quotes), "quote")
        return f"{CONFIDENCE[answer.confidence or 'related']}, {quotes}."
    return f"Not answered: {ABSTAINED[answer.abstention or 'no answer']}."


def _groups(explanation: Explanation) -> list[tuple[str, list[Considered]]]:
    """The passages by the question they were read for: the halves of one that asks two things."""
    every = explanation.considered
    forms = dict.fromkeys(each.asked for each in every)
    return [(form, [each for each in every if each.asked == form]) for form in forms]


def _is_changed(
    explanation: Explanation, groups: Sequence[tuple[str, Sequence[Considered]]]
) -> bool:
    """Whether the question was read otherwise than it was asked."""
    return [form for form, _ in groups] != [explanation.answer.question]


def _fitting(passages: Sequence[str], room: int) -> str:
    """As many as there is room for, and how many more there are."""
    shown = ""
    for position, passage in enumerate(passages):
        more = len(passages) - position
        left = room - units(shown) - (MORE_UNITS if more > 1 else 0)
        if units(f"\n{passage}") > left:
            return f"{shown}\n-# … and {count(more, 'more passage')}"
        shown += f"\n{passage}"
    return shown


Place: TypeAlias = tuple[str, int]
"""Of a quote: its document and where it starts."""


def _leading(answer: Answer) -> AbstractSet[Place]:
    """The quotes that are shown at once; the others are under *Other passages*."""
    return {(quote.document, quote.start) for quote in answer.quotes[: answer.leading]}


def _passage(number: int, each: Considered, leading: AbstractSet[Place]) -> str:
    """Its fate and place, how it begins where it was read, and its scores."""
    chunk = each.hit.chunk
    at_once = each.quote is not None and (chunk.document, each.quote.start) in leading
    fate = short(each.cut, CUT_MAX_UNITS) if each.cut else SHOWN if at_once else SHOWN_BESIDE
    fate = NAMES.format(fate=fate) if each.hit.names_topic else fate
    place = f"{short_path(chunk.document, PATH_MAX_UNITS)}, characters {chunk.start}–{chunk.end}"
    begins = f"\n> {short(chunk.text, OPENING_MAX_UNITS)}" if each.hit.reading else ""
    return f"**{number} {fate}** · {place}{begins}\n-# {' · '.join(_scores(each))}"


def _scores(each: Considered) -> Iterator[str]:
    """Those there are, in the order of the stages that they come from, the outcome first."""
    hit, reading = each.hit, each.hit.reading
    if each.probability is not None:
        yield f"probability {each.probability:.3f}"
    yield f"vector {hit.similarity:.2f}"
    yield f"words {hit.bm25:.2f}"
    yield f"fused {hit.fused:.2f}"
    if reading:
        yield f"relevance {reading.relevance:.2f}"
        yield f"above {hit.above_others:.2f}"
        yield f"answered {reading.answered:.2f}"
