from pathlib import Path
from random import Random

import numpy as np
import pytest
from by_hand import RIGHT, WRONG, candidate, outcome, question
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import failures
from benchmarks.curves import Judged, aurc, bins, draw, ece, judged, risk_coverage, rows


def of(*pairs: tuple[float, int]) -> Judged:
    return Judged(np.array([p for p, _ in pairs], float), np.array([r for _, r in pairs], float))


def test_the_likeliest_quote_is_judged_shown_or_not() -> None:
    found = judged(
        [
            outcome([candidate(RIGHT, 0.9)], shown=1),
            outcome([candidate(WRONG, 0.2), candidate(RIGHT, 0.4), candidate(RIGHT)]),
            outcome([candidate(RIGHT, 0.7)], shown=1, asked=question(answerable=False)),
            outcome([], abstention="small talk"),
        ]
    )
    assert found.probability.tolist() == [0.9, 0.4, 0.7]
    assert found.right.tolist() == [1, 1, 0]


def test_calibration_error_is_the_mean_distance_over_bins() -> None:
    found = of((0.9, 1), (0.96, 0), (0.2, 0), (0.2, 1))
    assert [(b.count, b.right) for b in bins(found)] == [(2, 0.5), (2, 0.5)]
    assert ece(found) == pytest.approx((2 * 0.3 + 2 * 0.43) / 4)
    assert ece(of((1.0, 1), (0.0, 0))) == 0


def test_risk_falls_where_the_sure_are_right() -> None:
    coverage, risk = risk_coverage(of((0.1, 0), (0.9, 1), (0.5, 1), (0.3, 0)))
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 0, 1 / 3, 0.5])
    assert aurc(of((0.1, 0), (0.9, 1), (0.5, 1), (0.3, 0))) == pytest.approx((1 / 3 + 0.5) / 4)


def test_questions_of_one_probability_are_answered_together() -> None:
    coverage, risk = risk_coverage(of((0.5, 1), (0.5, 0)))
    assert (coverage.tolist(), risk.tolist()) == ([1.0], [0.5])


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_no_order_of_the_questions_changes_a_figure(
    pairs: list[tuple[float, int]], random: Random
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert 0 <= ece(of(*pairs)) <= 1
    assert 0 <= aurc(of(*pairs)) <= 1
    assert ece(of(*pairs)) == pytest.approx(ece(of(*shuffled)))
    assert aurc(of(*pairs)) == pytest.approx(aurc(of(*shuffled)))


def test_a_file_of_which_nothing_was_read_has_no_row() -> None:
    assert list(rows({"none": of(), "one": of((0.75, 1))})) == [
        "| one | 1 | 1.000 | 0.250 | 0.000 |"
    ]


def test_the_curves_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs matplotlib to draw")
    found = of(*[(n / 40, n % 2) for n in range(40)])
    paths = draw({"set": found, "few": of((0.5, 1))}, found, tmp_path)
    assert [path.name for path in paths] == ["reliability.png", "risk-coverage.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_the_worst_come_first_and_no_kind_crowds_out_another() -> None:
    surely, hardly = [candidate(WRONG, 0.9)], [candidate(WRONG, 0.6)]
    wrong = [outcome(hardly, shown=1), outcome(surely, shown=1)]
    false = [outcome(surely, shown=1, asked=question(answerable=False))] * 9
    missed, found_but_refused = outcome([candidate(WRONG, 0.1)]), outcome([candidate(RIGHT, 0.4)])
    right = outcome([candidate(RIGHT, 0.9)], shown=1)
    chosen = failures.worst([right, *wrong, *false, missed, found_but_refused], most=8)
    assert chosen["Answered wrong"] == [wrong[1], wrong[0]]
    assert chosen["Refused wrongly"] == [found_but_refused, missed]
    assert len(chosen["False answer"]) == 4


def test_the_report_tells_what_was_asked_shown_and_meant() -> None:
    asked = [
        outcome([candidate(WRONG, 0.87), candidate(RIGHT, 0.3)], shown=1, marked="a week"),
        outcome([], abstention="language"),
    ]
    text = failures.report(failures.worst(asked))
    for part in (
        "### How long?",
        "Gold (ten years):\n> It took ten years.",
        "by + probability (reader): 2.",
        "Shown: a.txt, probability 0.87\n> quoted words",
        "Marked: a week",
        "Nothing was read: language.",
    ):
        assert part in text
