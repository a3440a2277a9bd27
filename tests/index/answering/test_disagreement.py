"""Which short answers contradict each other."""

import pytest

from index.answering.disagreement import contradicts, contradicts_in_figures, is_same


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("1,000", "1000", False),
        ("7pm", "7 pm", False),
        ("09:00", "9 am", False),
        ("$10.00", "10 dollars", False),
        ("5 March 2020", "March 5", False),
        ("05.03.2020", "5 March 2020", False),
        ("01.02.2020", "1.2.2020", False),
        ("10:30", "10.30", False),
        ("3,5", "3.5", False),
        ("1.000", "1,000", False),
        ("1,234,567", "1234567", False),
        ("$10.5", "10.50 dollars", False),
        ("09:00:00", "9", False),
        ("€0.5", "0.50", False),
        ("$1,000", "$2,000", True),
        ("10.5", "10.6", True),
        ("9:30", "10:30", True),
        ("14 days", "30 days", True),
        ("7", "seven", False),
        ("Ann Lee", "Lee", False),
        ("Ann", "Bob", True),
        ("5 pm", "17:00", False),
        ("at 5:30 p.m.", "17.30", False),
        ("12 am", "0:00", False),
        ("noon at 12pm", "12:00", False),
        ("5 am", "5 pm", True),
        ("5 pm", "5", False),
        ("5 pm", "17", True),
        ("9 am", "10:00", True),
        ("17 Uhr", "5 pm", False),
        ("17h", "5 pm", False),
        ("2 weeks", "14 days", False),
        ("2 weeks", "3 weeks", True),
        ("1 week", "2 weeks", True),
    ],
)
def test_answers_contradict_in_whole_figures_or_in_all_words(
    one: str, other: str, *, contradict: bool
) -> None:
    assert contradicts(one, other) == contradict
    assert contradicts(other, one) == contradict


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5 pm", "17:00", True),
        ("5 PM", "5pm", True),
        ("1,000 Euros", "1000 euros", True),
        ("Ann Lee", "Lee", False),
        ("5 pm", "5", False),
        ("5 pm", "5 am", False),
        ("9:00", "9", True),
        ("3.10", "3.1", False),
        ("5.00", "5", True),
    ],
)
def test_answers_are_the_same_in_their_plainest_form(one: str, other: str, *, same: bool) -> None:
    assert is_same(one, other) == same
    assert is_same(other, one) == same


def test_only_figures_contradict_figures() -> None:
    assert contradicts_in_figures("€2 a month", "3 EUR")
    assert not contradicts_in_figures("€2 a month", "2 EUR")
    assert not contradicts_in_figures("Ann", "3")
    assert not contradicts_in_figures("Ann", "Bob")
