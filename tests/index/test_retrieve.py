"""Two rankings become one."""

import pytest
from parts import ROOT

from index import Engine
from index.records import Candidate
from index.retrieve import fuse, retrieve


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ([], []),
        ([(0.9, 3.0)], [0.0]),
        ([(0.9, 3.0), (0.1, 1.0)], [1.0, 0.0]),
        ([(0.9, 0.0), (0.1, 4.0)], [0.5, 0.5]),
        ([(0.5, 0.0), (0.5, 0.0)], [0.0, 0.0]),
        ([(-4.0, 2.0), (-1.0, 2.0), (-2.5, 2.0)], [0.0, 0.5, 0.25]),
    ],
)
def test_both_scores_count_half_each_scaled(
    found: list[tuple[float, float]], wanted: list[float]
) -> None:
    rows = [Candidate(row, close, words) for row, (close, words) in enumerate(found)]
    assert fuse(rows) == pytest.approx(wanted)


def test_each_hit_carries_its_passage_and_its_score_at_every_stage(article_engine: Engine) -> None:
    searcher = article_engine._newest().searcher
    hits = retrieve("who leads interpol", searcher, 20)
    assert len({(hit.chunk.document, hit.chunk.start) for hit in hits}) == len(hits) > 0
    assert all(hit.chunk in searcher.chunks for hit in hits)
    relevance = [hit.reading.relevance for hit in hits]
    assert relevance == sorted(relevance, reverse=True)
    assert any(hit.bm25 > 0 and hit.similarity > 0 for hit in hits)


def test_the_right_passage_is_among_the_first(article_engine: Engine) -> None:
    hits = retrieve("who leads interpol", article_engine._newest().searcher, 20)
    assert any("Secretary General Jürgen Stock" in hit.chunk.text for hit in hits[:3])
    assert (ROOT / "corpus" / hits[0].chunk.document).is_file()
