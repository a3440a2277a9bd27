"""Windows that the multilingual reader learns from: whole sentences around what may answer."""

import numpy as np
import pytest

from training.multilingual.windows import MAX_WINDOW, Passage, Span, draw_window

LENGTHS = (30, 40, 50, 60, 70)
ENDS = tuple(np.cumsum(LENGTHS).tolist())
PASSAGE = Passage(list(range(ENDS[-1])), list(zip((0, *ENDS[:-1]), ENDS, strict=True)))
"""Each token is its own place."""
ANSWER: Span = (75, 78, 1000)
"""In the third sentence."""
QUESTION = [200, 201, 202]
"""Of the fifth sentence."""
SEEDS = range(40)


def drawn(kind: str, seed: int) -> tuple[list[int], list[Span]]:
    return draw_window(PASSAGE, [ANSWER], kind, QUESTION, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", ["gold", "missed", "removed", "near"])
def test_a_window_is_whole_sentences(kind: str) -> None:
    for seed in SEEDS:
        text, _ = drawn(kind, seed)
        assert text[0] in {start for start, _ in PASSAGE.sentences}
        assert text[-1] + 1 in ENDS


def test_what_is_answered_holds_its_answer_where_it_is_said_to_be() -> None:
    first, last, _ = ANSWER
    for seed in SEEDS:
        text, kept = drawn("gold", seed)
        [(a, b, share)] = kept
        assert (text[a], text[b], share) == (first, last, 1.0)


def test_a_turned_question_keeps_the_passage_and_has_no_answer() -> None:
    for seed in SEEDS:
        text, kept = drawn("missed", seed)
        assert ANSWER[0] in text
        assert kept == []


def test_where_the_answer_was_removed_its_sentence_is_gone() -> None:
    for seed in SEEDS:
        text, kept = drawn("removed", seed)
        assert not set(range(70, 120)) & set(text)
        assert kept == []


def test_another_passage_is_cut_around_what_is_most_like_the_question() -> None:
    assert all(set(QUESTION) <= set(drawn("near", seed)[0]) for seed in SEEDS)


def test_a_sentence_too_long_is_cut_near_the_answer() -> None:
    long = Passage(list(range(900)), [(0, 900)])
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        text, [(first, _, _)] = draw_window(long, [(700, 702, 1000)], "gold", QUESTION, rng)
        assert len(text) == MAX_WINDOW
        assert text[first] == 700


def test_no_window_where_every_sentence_answers() -> None:
    one = Passage(list(range(30)), [(0, 30)])
    drawn_from = draw_window(one, [(3, 4, 1000)], "removed", QUESTION, np.random.default_rng(1))
    assert drawn_from == ([], [])
