"""Found passages are read, the best first, and come out the likeliest first."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from parts import ROOT

from index import Engine
from index.answering.confidence import probabilities
from index.answering.quoting import quotation
from index.answering.rerank import IRRELEVANT, MOST, ROUND, ROUNDS, excess, rerank
from index.answering.retrieve import retrieve
from index.records import Hit, Passage, Reading


@pytest.mark.parametrize(
    ("relevance", "of_all", "lacking", "wanted"),
    [
        (4.0, [4.0, -7.0, -6.0, 2.0], 0, 10.0),
        (2.0, [4.0, -7.0, -6.0, 2.0], 0, 8.0),
        (4.0, [4.0, -10.0, -11.0, -9.0], 0, 4.0 - IRRELEVANT),  # irrelevant, whatever it is
        (-10.0, [-10.0, -10.0, -11.0], 0, -10.0 - IRRELEVANT),
        (4.0, [4.0, 3.0, 2.0, -9.0], 0, 2.0),  # much is as relevant
        (4.0, [4.0, 4.0], 0, 0.0),
        (4.0, [4.0], MOST - 1, 4.0 - IRRELEVANT),  # the one passage that there is
        (4.0, [4.0, 3.0, 3.0, 3.0], 2, 1.0),
        (4.0, [4.0], 0, 0.0),
    ],
)
def test_relevance_is_measured_against_the_median_of_the_others(
    relevance: float, of_all: list[float], lacking: int, wanted: float
) -> None:
    assert excess(relevance, of_all, lacking) == pytest.approx(wanted)


@pytest.mark.parametrize("found", [4, MOST])
def test_a_hit_tells_how_much_more_relevant_it_is_than_the_others(
    article_engine: Engine, found: int
) -> None:
    searcher = replace(article_engine._newest.opened().searcher, readers=[Sure("INTERPOL")])
    hits = retrieve("who leads interpol", searcher, 20)[:found]
    done = rerank("who leads interpol", hits, searcher, "en", sure=2)
    scores = [hit.reading.relevance for hit in done if hit.reading]
    assert len(scores) == found
    assert [hit.above_others for hit in done] == [
        excess(score, scores, MOST - found) for score in scores
    ]
    assert done[0].above_others > done[-1].above_others


def asked(engine: Engine, question: str) -> list[Hit]:
    searcher = engine._newest.opened().searcher
    return rerank(question, retrieve(question, searcher, 20), searcher, "en")


def test_each_hit_carries_its_passage_and_its_score_at_every_stage(article_engine: Engine) -> None:
    hits = asked(article_engine, "who leads interpol")
    assert len({(hit.chunk.document, hit.chunk.start) for hit in hits}) == len(hits) > 0
    done = [hit for hit in hits if hit.reading]
    assert hits[: len(done)] == done
    likely = probabilities(done)
    assert likely == sorted(likely, reverse=True)
    assert any(hit.bm25 > 0 and hit.similarity > 0 for hit in hits)


def test_the_right_passage_is_among_the_first(article_engine: Engine) -> None:
    hits = asked(article_engine, "who leads interpol")
    assert any("Secretary General Jürgen Stock" in hit.chunk.text for hit in hits[:3])
    assert (ROOT / "corpus" / hits[0].chunk.document).is_file()


def test_each_hit_knows_the_passage_before_it_in_its_document(article_engine: Engine) -> None:
    hits = asked(article_engine, "who leads interpol")
    ends = {hit.chunk.end for hit in hits}
    assert sum(hit.before is None for hit in hits) == 1
    assert all(hit.before.end in ends for hit in hits if hit.before)
    assert all(hit.before.end < hit.chunk.start for hit in hits if hit.before)


class Sure:
    """A reader that counts what it reads and takes every passage with `word` for the answer."""

    languages = None
    quotes_from = math.inf

    def __init__(self, word: str) -> None:
        self.word = word
        self.read_so_far = 0

    def knows(self, _word: str) -> bool:
        return True

    def read(self, _question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.read_so_far += len(passages)
        chances = [(1.0, *(0.0 for _ in p.sentences[1:])) for p in passages]
        scores = [30.0 if self.word in p.text else -30.0 for p in passages]
        return [Reading(x, x, c) for x, c in zip(scores, chances, strict=True)]


class Sceptic(Sure):
    """A reader to which passages answer (3), and hardly any that are one sentence (-1)."""

    def __init__(self, quotes_from: float) -> None:
        super().__init__("")
        self.quotes_from = quotes_from
        self.short: list[str] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        readings = super().read(question, passages)
        short = [len(passage.sentences) == 1 for passage in passages]
        self.short += [p.text for p, alone in zip(passages, short, strict=True) if alone]
        return [replace(r, answered=-1 if s else 3) for r, s in zip(readings, short, strict=True)]


@pytest.mark.parametrize(("quotes_from", "answered"), [(3, 1), (3.5, 3)])
def test_a_quote_is_read_alone_where_that_is_worth_it_and_the_mean_of_both_counts(
    article_engine: Engine, quotes_from: float, answered: float
) -> None:
    reader = Sceptic(quotes_from)
    searcher = replace(article_engine._newest.opened().searcher, readers=[reader])
    done = rerank(
        "who leads interpol", retrieve("who leads interpol", searcher, 20), searcher, "en"
    )
    hits = [hit for hit in done if hit.reading and len(hit.chunk.sentences) > 1]
    assert hits
    for hit in hits:
        quote = quotation(hit).quote
        text = searcher.documents[hit.chunk.document].text[quote.start : quote.end]
        assert (text in reader.short) == (answered < 3)
        assert hit.reading
        assert hit.reading.answered == answered


@pytest.mark.parametrize(("word", "rounds"), [("INTERPOL", 1), ("no such word", ROUNDS)])
def test_reading_stops_after_the_round_that_finds_a_sure_answer(
    article_engine: Engine, word: str, rounds: int
) -> None:
    reader = Sure(word)
    searcher = replace(article_engine._newest.opened().searcher, readers=[reader])
    hits = retrieve("who leads interpol", searcher, 20)
    rerank("who leads interpol", hits, searcher, "en")
    assert reader.read_so_far == min(rounds * ROUND, len(hits))


def test_a_strange_word_is_read_as_one_of_what_was_found_where_that_is_likelier(
    article_engine: Engine,
) -> None:
    explanation = article_engine.explain("what should intelligence flws mirror")
    assert {each.asked for each in explanation.considered} == {
        "what should intelligence flows mirror"
    }
    assert "flows should mirror" in explanation.answer.quotes[0].text
