"""A question that follows another ("and who joined in person?") is understood from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.answering.confidence import probabilities
from index.answering.numbers import YEAR
from index.answering.retrieve import Searcher, retrieve
from index.answering.small_talk import is_small_talk
from index.answering.topic import names, topic, wordings
from index.passage_text import heading
from index.records import Before, Document, Hit

LEADS_ON = re.compile(
    r"^\s*(?:(?:and|but|so|or|also|then|ok|okay|well|what about|how about)\b[\s,:-]*)+",
    re.IGNORECASE,
)
"""How a follow-up leads on from what was said."""

WORD = re.compile(r"\w+(?:(?<=\d)[.,]\d\w*)*")

NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)*(?![\w:/-]|[.,]\d)")
"""By itself: none of a time, a date in figures or a name with a hyphen."""
NUMBER_ALONE = re.compile(
    rf"(?:(at|by|during|for|from|in|of|on|since)\s+)?#?({NUMBER.pattern})[\s?.!]*", re.IGNORECASE
)

CODE_ALONE = re.compile(r"([a-z]{1,4}-?)\d+[\s?.!]*", re.IGNORECASE)
"""One of many that a letter and a number name: "E11", "B-2"."""

BARE = frozenset(
    """a about also an and are at but by did do does for from had has have he her him his how in is
    it its of ok okay on or she so that the their them then there they this those to too was well
    were what when where which who whom whose why will with""".split()  # noqa: SIM905  # reads better
)
"""Words that ask, join or point back, and name nothing."""

LONGEST = 300
"""Characters of a chain of follow-ups; after more than that the last one is all that is known."""

ENOUGH_NAMED = 2
"""A follow-up that names fewer things is read together with the question before as well."""

NEARNESS = 0.3
"""Added to the fused score (0 to 1) of passages in the documents that answered before, for the
order alone."""


def readings(question: str, before: Before) -> tuple[str, ...]:
    """How a follow-up is read: as it stands, and where it names little, after the one before.

    "What about Rome?" asks for Rome what was asked before. Only after another topic is it one.
    """
    asks_for_another = _asks_for_another(question)
    if asks_for_another and topic(before.question):
        return wordings(_renumbered(question, before) or question)
    named = [word for word in WORD.findall(question.casefold()) if word not in BARE]
    if len(named) >= ENOUGH_NAMED:
        return (question,)
    together = _together(question, before)
    return (together,) if asks_for_another else (question, together)


def next_thing(question: str, before: Before) -> str | None:
    """What a follow-up asks about in place of what was: "Rome" of "and what about Rome?"."""
    thing = _itself(question).strip(" \t?.!,;:")
    another = _asks_for_another(question) and not topic(before.question)
    return thing if another and not NUMBER_ALONE.fullmatch(thing) else None


def only_naming(
    thing: str, hits: Sequence[Hit], documents: Mapping[str, Document]
) -> Sequence[Hit]:
    """The hits with those that name a thing first, where any that was read does; others lack it.

    Else the answer of before would be given again.
    """
    read = [hit for hit in hits if hit.reading]
    named = [_names(hit, thing, documents[hit.chunk.document]) for hit in read]
    if not any(named):
        return hits
    told = [replace(h, lacks=None if n else thing) for h, n in zip(read, named, strict=True)]
    likely = sorted(zip(probabilities(told), told, strict=True), key=lambda pair: -pair[0])
    return [*(hit for _, hit in likely), *hits[len(read) :]]


def _names(hit: Hit, thing: str, document: Document) -> bool:
    above = heading(document.title, hit.chunk.section)
    return names(hit.chunk.text, above, thing, document.language)


def understood(question: str, before: Before) -> str:
    """The follow-up in words that need no question before: what a next one follows."""
    if is_small_talk(question):
        return before.question
    last = readings(question, before)[-1]
    return last if len(last) <= LONGEST else question


def _together(question: str, before: Before) -> str:
    """Both in one."""
    both = f"{before.question.rstrip(' ?.!')}, {_itself(question)}"
    return _renumbered(question, before) or both


def _renumbered(question: str, before: Before) -> str | None:
    """The question before with another number, where that is all that is asked: "what about 13?".

    A year takes the place of a year alone, "for 2" that of "for 3" alone, "E11" that of "E07".
    """
    itself, asked = _itself(question), before.question.rstrip(" ?.!")
    if code := CODE_ALONE.fullmatch(itself):
        alike = list(re.finditer(rf"\b{re.escape(code[1])}\d+\b", asked, re.IGNORECASE))
        return _with(asked, alike, code[0].rstrip(" ?.!"))
    alone = NUMBER_ALONE.fullmatch(itself)
    if alone is None:
        return None
    word, number = alone[1], alone[2]
    dates = bool(YEAR.fullmatch(number))
    alike = [n for n in NUMBER.finditer(asked) if bool(YEAR.fullmatch(n[0])) == dates]
    if word and not dates:
        alike = [n for n in alike if asked[: n.start()].split()[-1:] == [word]]
    return _with(asked, alike, number)


def _with(asked: str, places: Sequence[re.Match[str]], number: str) -> str | None:
    """The question with a number at the last of these places, if there is any."""
    if not places:
        return None
    return asked[: places[-1].start()] + number + asked[places[-1].end() :]


def _itself(question: str) -> str:
    """Without what leads on to it."""
    return (LEADS_ON.sub("", question) or question).strip()


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
        for hit in retrieve(text, searcher, candidates, language):
            place = hit.chunk.document, hit.chunk.start
            if place not in found or found[place].fused < hit.fused:
                found[place] = hit

    def nearness(hit: Hit) -> float:
        return hit.fused + (NEARNESS if hit.chunk.document in before.documents else 0.0)

    return sorted(found.values(), key=nearness, reverse=True)
