"""The figures of a training run say what they are taken for."""

from training.multilingual.report import told_apart


def test_scores_that_tell_all_apart_have_an_auroc_of_one() -> None:
    labels = [True, False, True, False, False]
    assert told_apart([3.0, 1.0, 2.5, 2.0, -1.0], labels) == 1.0
    assert told_apart([1.0, 3.0, 2.0, 2.5, 9.0], labels) == 0.0
    assert told_apart([1.0] * 5, labels) == 0.5
