"""One question from its words to its answer, and how that came about."""

import time
from collections.abc import Sequence
from dataclasses import replace

from index.answering.answer import Asked, abstained, answer, likelihood
from index.answering.followup import next_thing, only_naming, readings, search_after
from index.answering.question import parts
from index.answering.rerank import guessed, rerank
from index.answering.retrieve import Searcher, retrieve
from index.answering.topic import topic, wordings
from index.language import ENGLISH, detect
from index.records import Before, Explanation, Hit
from index.settings import Settings


class Stopwatch:
    """Times the stages of one question, in milliseconds."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._started = self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage; the next begins."""
        now = time.perf_counter()
        self.stages[stage] = round((now - self._last) * 1000, 1)
        self._last = now

    @property
    def total(self) -> float:
        """Time since the beginning."""
        return round((time.perf_counter() - self._started) * 1000, 1)


def explain(
    question: str, after: Before | None, searcher: Searcher, wanted: Settings, watch: Stopwatch
) -> Explanation:
    """The answer of one generation, with every passage considered and what cut it.

    Where the models do not understand the question's language, nothing is quoted. The caller says
    which generation it was.
    """
    language = detect(question)
    taken_for = language or ENGLISH
    known = wanted.understands(taken_for)
    asked = question
    if taken_for == ENGLISH:
        asked = searcher.store.correct(question, searcher.readers[0].knows)
    hits = _found(asked, after, searcher, wanted.candidates, taken_for)
    watch.lap("search")
    forms = [readings(asked, after)] if after else [wordings(part) for part in parts(asked)]
    halves = [_best_read(each, hits, searcher, taken_for) for each in forms]
    if after and (thing := next_thing(asked, after)):
        halves = [
            replace(half, hits=only_naming(thing, half.hits, searcher.documents)) for half in halves
        ]
    watch.lap("read")
    outcome = answer(
        question,
        halves,
        searcher.documents,
        answer_from=wanted.answer_from if known else None,
        max_quotes=wanted.max_quotes,
    )
    watch.lap("answer")
    given = replace(outcome.answer, ms=watch.total)
    if not known:
        given = replace(given, abstention="language")
    return Explanation(given, language, outcome.considered, watch.stages, outcome.others)


def nothing_asked(question: str, watch: Stopwatch) -> Explanation:
    """What small talk gets."""
    given = replace(abstained(question, "small talk"), ms=watch.total)
    return Explanation(given, None, (), watch.stages)


def _found(
    asked: str, after: Before | None, searcher: Searcher, candidates: int, language: str
) -> list[Hit]:
    if after:
        return search_after(asked, after, searcher, candidates, language)
    return retrieve(topic(asked) or asked, searcher, candidates, language)


def _best_read(
    forms: Sequence[str], hits: Sequence[Hit], searcher: Searcher, language: str
) -> Asked:
    """The form of a question by which one of the hits is likeliest right, and the hits so read."""
    tried = guessed(forms, hits, searcher) if language == ENGLISH else forms
    ways = [Asked(form, rerank(form, hits, searcher, language)) for form in tried]
    return max(ways, key=likelihood)
