"""Make questions look like what people type: lower case, no mark, words left out, typos."""

# The shares are a judgement of how people type; each stands once, where it is used.
# ruff: noqa: PLR2004

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

DROPPED_WORDS = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "did", "do", "does", "of", "to")
)
KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def type_carelessly(question: str, rng: random.Random) -> str:
    """Return the question as a hurried person would type it; the meaning stays."""
    typed = question.rstrip(" ?.")
    if rng.random() < 0.8:
        typed = typed.lower()
    if rng.random() < 0.3:
        typed = _drop_words(typed, rng)
    if rng.random() < 0.3:
        typed = _add_typo(typed, rng)
    if rng.random() < 0.15:
        typed = typed.replace("'", "").replace(",", "")
    if rng.random() < 0.15:
        typed += " ?" if rng.random() < 0.3 else "?"
    return typed or question


def _drop_words(text: str, rng: random.Random) -> str:
    words = text.split()
    if len(words) < 5:
        return text
    return " ".join(w for w in words if w.lower() not in DROPPED_WORDS or rng.random() < 0.5)


def _add_typo(text: str, rng: random.Random) -> str:
    """Damage one longer word: swap two letters, lose one, double one, or hit the next key."""
    places = list(re.finditer(r"[A-Za-z]{5,}", text))
    if not places:
        return text
    word = rng.choice(places)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    letter = text[at]
    damaged = rng.choice(
        (text[at + 1] + letter, text[at + 1], letter + letter + text[at + 1],
         _next_key(letter) + text[at + 1])
    )  # fmt: skip
    return text[:at] + damaged + text[at + 2 :]


def _next_key(letter: str) -> str:
    for row in KEY_ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            return row[at + 1] if at + 1 < len(row) else row[at - 1]
    return letter
