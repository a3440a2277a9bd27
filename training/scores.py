"""The figures: exact match and F1 of answers (as SQuAD counts them), and the area under the ROC."""

from __future__ import annotations

import re
import string
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> list[str]:
    """Words in lower case without punctuation and articles, as SQuAD's scorer has them."""
    return re.sub(r"\b(a|an|the)\b", " ", text.lower().translate(PUNCTUATION)).split()


def exact_match(found: str, gold: str) -> float:
    """1 if both normalise to the same words, else 0."""
    return float(normalise(found) == normalise(gold))


def f1(found: str, gold: str) -> float:
    """Harmonic mean of the shares of words that both have, 0 to 1."""
    ours, theirs = normalise(found), normalise(gold)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else float(ours == theirs)


def best(score: Callable[[str, str], float], found: str, answers: Sequence[str]) -> float:
    """The score against the gold answer that fits best."""
    return max(score(found, gold) for gold in answers)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half; luck gives .5."""
    below = np.searchsorted(np.sort(negative), positive, side="left")
    upto = np.searchsorted(np.sort(negative), positive, side="right")
    return float((below + upto).mean() / 2 / len(negative))
