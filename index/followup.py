"""A question that follows another ("and who joined in person?") is understood from it."""

import re
from dataclasses import replace

from index.records import Before, Hit
from index.retrieve import Searcher, search
from index.topic import topic, wordings

LEADS_ON = re.compile(
    r"^\s*(?:(?:and|but|so|or|also|then|ok|okay|well|what about|how about)\b[\s,:-]*)+",
    re.IGNORECASE,
)
"""How a follow-up leads on from what was said."""

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")

NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
NUMBER_ALONE = re.compile(rf"({NUMBER.pattern})[\s?.!]*")

BARE = frozenset(
    """a about also an and are at but by did do does for from had has have he her him his how in is
    it its of ok okay on or she so that the their them then there they this those to too was well
    were what when where which who whom whose why will with""".split()  # noqa: SIM905  # reads better
)
"""Words that ask, join or point back, and name nothing."""

ENOUGH_NAMED = 2
"""A follow-up that names fewer things is read together with the question before as well."""

NEARNESS = 0.3
"""Added to the fused score (0 to 1) of passages in the documents that answered before."""


def readings(question: str, before: Before) -> tuple[str, ...]:
    """How a follow-up is read: as it stands, and where it names little, after the one before.

    "What about Rome?" asks for Rome what was asked before. Only after another topic is it one.
    """
    asks_for_another = _asks_for_another(question)
    if asks_for_another and topic(before.question):
        return wordings(question)
    named = [word for word in WORD.findall(question.casefold()) if word not in BARE]
    if len(named) >= ENOUGH_NAMED:
        return (question,)
    together = _together(question, before)
    return (together,) if asks_for_another else (question, together)


def understood(question: str, before: Before) -> str:
    """The follow-up in words that need no question before: what a next one follows."""
    return readings(question, before)[-1]


def _together(question: str, before: Before) -> str:
    """Both in one; a number alone ("what about 13?") takes the place of the last one before it."""
    itself = (LEADS_ON.sub("", question) or question).strip()
    asked = before.question.rstrip(" ?.!")
    alone, numbers = NUMBER_ALONE.fullmatch(itself), list(NUMBER.finditer(asked))
    if alone and numbers:
        return asked[: numbers[-1].start()] + alone[1] + asked[numbers[-1].end() :]
    return f"{asked}, {itself}"


def _asks_for_another(question: str) -> bool:
    """Whether it only names the next thing: "and what about Rome?"."""
    lead = LEADS_ON.match(question)
    return lead is not None and "about" in lead[0].casefold()


def search_after(
    question: str, before: Before, searcher: Searcher, candidates: int, language: str
) -> list[Hit]:
    """Passages for a follow-up, not read yet: found by itself, or with the question before.

    Passages of the documents that answered that one come first.
    """
    found: dict[tuple[str, int], Hit] = {}
    for text in (question, _together(question, before)):
        for hit in search(text, searcher, candidates, language):
            near = NEARNESS if hit.chunk.document in before.documents else 0.0
            place = hit.chunk.document, hit.chunk.start
            if place not in found or found[place].fused < hit.fused + near:
                found[place] = replace(hit, fused=hit.fused + near)
    return sorted(found.values(), key=lambda hit: -hit.fused)
