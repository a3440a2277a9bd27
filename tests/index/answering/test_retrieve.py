"""Two rankings become one."""

import pytest

from index import Engine
from index.answering.retrieve import FOREIGN_WORDS_SHARE, NEAREST, fuse, retrieve
from index.records import Candidate


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


def test_words_count_less_where_nothing_found_is_in_the_questions_language(
    article_engine: Engine,
) -> None:
    searcher = article_engine._newest.opened().searcher
    hits = retrieve("INTERPOL secretary general", searcher, 20)
    abroad = retrieve("INTERPOL secretary general", searcher, 20, "es")
    assert {hit.chunk.start for hit in hits} == {hit.chunk.start for hit in abroad}
    found = [Candidate(row, hit.similarity, hit.bm25) for row, hit in enumerate(abroad)]
    assert [hit.fused for hit in abroad] == pytest.approx(fuse(found, FOREIGN_WORDS_SHARE))
    by_place = sorted(abroad, key=lambda hit: hit.chunk.start)
    at_home = sorted(hits, key=lambda hit: hit.chunk.start)
    assert [hit.fused for hit in by_place] != pytest.approx([hit.fused for hit in at_home])


def test_a_hit_tells_how_far_it_is_ahead_of_the_nearest_ones(article_engine: Engine) -> None:
    hits = retrieve("who leads interpol", article_engine._newest.opened().searcher, 20)
    nearest_first = sorted(hits, key=lambda hit: -hit.similarity)
    assert nearest_first[0].ahead > 0 > nearest_first[-1].ahead
    assert sum(hit.ahead for hit in nearest_first[:NEAREST]) == pytest.approx(0, abs=1e-5)
    levels = [hit.similarity - hit.ahead for hit in hits]
    assert levels == pytest.approx([levels[0]] * len(hits))
