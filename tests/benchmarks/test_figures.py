import math

import pytest
from by_hand import GOLD, RIGHT, WRONG, Scores, candidate, outcome, question, timed

from benchmarks.ablation import ORDERS, length_rows, rows
from benchmarks.figures import HEADER, Share, by_kind, figures, table_row, time_table
from benchmarks.goals import Mark, marks
from benchmarks.judge import agrees, covers, rank, word_f1
from benchmarks.question_sets import CLEAN, GoldSpan
from index.answering import quoting
from index.records import Span


@pytest.mark.parametrize(
    ("place", "right"),
    [
        (GoldSpan("a.txt", 100, 200), True),
        (GoldSpan("a.txt", 0, 150), True),
        (GoldSpan("a.txt", 0, 149), False),
        (GoldSpan("a.txt", 151, 400), False),
        (GoldSpan("a.txt", 0, 1000), True),
        (GoldSpan("b.txt", 100, 200), False),
    ],
)
def test_a_place_is_right_from_half_of_a_gold_quote_on(place: GoldSpan, *, right: bool) -> None:
    assert covers(place, [GoldSpan("c.txt", 0, 9), GOLD]) is right


def test_a_rank_counts_from_1_and_is_none_where_no_place_is_right() -> None:
    wrong = GoldSpan("b.txt", 100, 200)
    assert rank([wrong, GOLD, GOLD], [GOLD]) == 2
    assert rank([wrong], [GOLD]) is None
    assert rank([wrong], []) is None


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        ("ten years", "ten years", 1.0),
        ("Ten years.", "ten years", 1.0),
        ("the ten years", "ten years", 0.8),
        ("ten ten", "ten years", 0.5),
        ("a week", "ten years", 0.0),
        ("", "ten years", 0.0),
        ("十年", "十年", 1.0),
        ("十一年", "十年", 0.8),
        ("e\u0301te\u0301", "été", 1.0),
    ],
)
def test_word_f1_is_the_harmonic_mean_of_precision_and_recall(
    found: str, gold: str, expected: float
) -> None:
    assert word_f1(found, gold) == pytest.approx(expected)


def test_half_the_words_do_not_agree_yet() -> None:
    assert not agrees("ten ten", ["ten years"])
    assert agrees("ten long years", ["a week", "ten years"])


def test_each_answerable_question_is_right_wrong_or_refused() -> None:
    right = outcome([candidate(RIGHT, 0.9)], shown=1, marked="ten years")
    late = outcome([candidate(WRONG, 0.9), candidate(RIGHT, 0.8)], shown=2, marked="a week")
    refused = outcome([candidate(WRONG, 0.3), candidate(RIGHT)])
    found = figures([right, late, refused])
    assert found.first_right == Share(1, 3)
    assert found.any_right == Share(2, 3)
    assert found.answered_wrong == Share(1, 3)
    assert found.refused_wrongly == Share(1, 3)
    assert found.recall == (Share(1, 3), Share(3, 3), Share(3, 3))
    assert found.false_answers == Share(0, 0)


def test_marks_are_counted_of_right_quotes_and_again_of_all_that_were_answered() -> None:
    found = figures(
        [
            outcome([candidate(RIGHT, 0.9)], shown=1, marked="ten years"),
            outcome([candidate(RIGHT, 0.9)], shown=1, marked="a week"),
            outcome([candidate(RIGHT, 0.9)], shown=1),
            outcome([candidate(WRONG, 0.9)], shown=1, marked="ten years"),
            outcome([candidate(WRONG, 0.1)]),
        ]
    )
    assert found.mark_right == Share(1, 2)
    assert found.mark_right_of_answered == Share(2, 4)


def test_false_answers_are_of_questions_without_an_answer_only() -> None:
    nothing = question(answerable=False)
    asked = [
        outcome([candidate(WRONG, 0.9)], shown=1, asked=nothing),
        outcome([candidate(WRONG, 0.2)], asked=nothing),
        outcome([candidate(WRONG, 0.9)], shown=1),
    ]
    assert figures(asked).false_answers == Share(1, 2)


def test_a_row_has_a_cell_a_column_and_a_dash_for_what_was_not_asked() -> None:
    row = table_row("some", [outcome([], abstention="small talk")])
    assert row.count("|") == HEADER.split("\n", maxsplit=1)[0].count("|")
    assert "| – |" in row
    assert "nan" not in row
    assert math.isnan(Share(0, 0).value)


def test_rows_go_by_kind_and_by_language_only_where_all_are_of_one_kind() -> None:
    mixed = [outcome([], asked=question(kind=kind)) for kind in ("typo", "plain", "typo")]
    assert [(name, len(o)) for name, o in by_kind(mixed)] == [
        ("set/questions", 3),
        ("set/questions [typo]", 2),
        ("set/questions [plain]", 1),
    ]
    assert [name for name, _ in by_kind(mixed[:1])] == ["set/questions"]


def test_the_time_is_told_by_stage() -> None:
    asked = [timed(outcome([]), {"search": 10.0, "read": t}) for t in (90.0, 190.0)]
    assert list(time_table({"set": asked}))[2] == "| set | 10 | 140 | 150 | 150 | 200 |"


def test_each_order_goes_by_its_own_score_and_unread_passages_come_last() -> None:
    a = candidate(Span(0, 10), 0.2, Scores(bm25=3, similarity=0.1, fused=0.5, relevance=9))
    b = candidate(Span(20, 30), 0.9, Scores(bm25=1, similarity=0.2, fused=0.9, relevance=1))
    c = candidate(Span(40, 50), None, Scores(bm25=0, similarity=0.9, fused=0.99))
    d = candidate(Span(60, 70), None, Scores(bm25=2, similarity=0.0, fused=0.1))
    considered = [b, a, c, d]
    assert {name: arrange(considered) for name, arrange in ORDERS.items()} == {
        "words (BM25)": [a, d, b],
        "vectors": [c, b, a, d],
        "both, fused": [c, b, a, d],
        "+ relevance (reranker)": [a, b, c, d],
        "+ probability (reader)": [b, a, c, d],
    }


def test_a_passage_that_both_halves_of_a_question_found_counts_once() -> None:
    twice = [candidate(WRONG, 0.9), candidate(WRONG, 0.9), candidate(RIGHT, 0.8)]
    for_words = next(iter(rows("set", [outcome(twice)])))
    assert for_words == "| set | words (BM25) | 0.000 | 0.000 | 0.000 |"
    assert list(rows("set", [outcome(twice[:1]), outcome(twice)]))[-1].endswith(
        "0.000 | 0.500 | 0.500 |"
    )
    in_order = [candidate(WRONG, 0.9), candidate(WRONG, 0.9)]
    in_order += [candidate(Span(n, n + 1), 0.5) for n in (1, 3)]
    ranked = figures([outcome([*in_order[:3], candidate(RIGHT, 0.4)])])
    assert ranked.recall[1] == Share(1, 1)


def test_trying_costs_of_a_word_leaves_the_engine_as_it_was() -> None:
    before = quoting.WORD_COST
    found = list(length_rows("set", [outcome([candidate(RIGHT, 0.9)], shown=1)]))
    assert found[0] == "| set | 0.000 | 1.000 | 1.0 |"
    assert len(found) == 5
    assert before == quoting.WORD_COST


@pytest.mark.parametrize(
    ("figure", "at_most", "verdict"),
    [
        (0.9, False, "goal"),
        (0.8, False, "floor"),
        (0.7, False, "BELOW"),
        (0.7, True, "goal"),
        (0.9, True, "BELOW"),
    ],
)
def test_a_mark_says_which_of_floor_and_goal_is_reached(
    figure: float, verdict: str, *, at_most: bool
) -> None:
    floor, goal = (0.85, 0.75) if at_most else (0.75, 0.85)
    assert Mark("x", figure, 1, floor, goal, at_most=at_most).verdict == verdict


def test_noise_is_measured_against_the_very_questions_that_it_was_put_on() -> None:
    name = "wiki/questions_noisy"
    noisy, clean = question(kind="asr", name=name), question(kind="asr", name=name + CLEAN)
    asked = [
        outcome([candidate(RIGHT, 0.9)], shown=1, asked=noisy),
        outcome([candidate(WRONG, 0.2)], asked=noisy),
        outcome([candidate(RIGHT, 0.9)], shown=1, asked=clean),
        outcome([candidate(RIGHT, 0.9)], shown=1, asked=clean),
    ]
    found = {mark.what: mark for mark in marks(asked)}
    lost = found["noise [asr]: first quote right lost"]
    assert lost.figure == pytest.approx(0.5)
    assert (lost.of, lost.floor, lost.verdict) == (2, 0.15, "BELOW")
    assert found["marked answer agrees, of those answered"].of == 1, "clean forms are left out"
