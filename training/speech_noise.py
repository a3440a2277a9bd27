"""Make questions look like what people say aloud: second thoughts, and words misheard.

What Disfl-QA (Gupta et al., ACL 2021) calls a disfluency is a false start, a word of repair ("no
wait, I mean"), and the question itself, which stays the last word.
"""

# The shares are a judgement of how people speak; each stands once, where it is used.
# ruff: noqa: PLR2004

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from training.near_misses import names

if TYPE_CHECKING:
    import random

REPAIRS = (
    "no", "no wait", "wait", "sorry", "no sorry", "I mean", "or rather", "or", "er no",
    "um no I mean", "actually", "scratch that", "make that", "uh I meant", "or I should say",
    "excuse me", "no I mean", "hold on", "well no", "not that", "oops",
)  # fmt: skip
FILLERS = ("um", "uh", "er", "like", "you know", "well")
ALIKE = ("a e", "e i", "o u", "b p", "d t", "g k", "v f", "s z", "m n", "c k", "ph f", "th d",
         "i y", "l r", "ch sh", "ei ai")  # fmt: skip


def hesitate(question: str, other: str, rng: random.Random) -> str:
    """The question after a false start taken from `other`, another question on the same passage."""
    repair = rng.choice(REPAIRS)
    mine, theirs = names(question), names(other)
    if mine and theirs and rng.random() < 0.5:
        name, false = rng.choice(mine), rng.choice(theirs)[0]
        if false != name[0]:
            return f"{question[: name.start()]}{false} {repair} {question[name.start() :]}"
    words = other.rstrip(" ?.").split()
    start = " ".join(words[: rng.randrange(2, max(3, len(words)))])
    spoken = f"{start} {repair} {question[:1].lower()}{question[1:]}"
    return f"{rng.choice(FILLERS)} {spoken}" if rng.random() < 0.15 else spoken


def transcribe(question: str, rng: random.Random) -> str:
    """The question as a machine that listens writes it: no marks, a word or two misheard."""
    heard = re.sub(r"(?<=[A-Z])\.", "", question)
    heard = re.sub(r"[?,.;:\"()]", "", heard).replace("-", " ")
    words = heard[:1].lower() + heard[1:]
    for _ in range(rng.choice((0, 1, 1, 2))):
        words = _mishear(words, rng)
    return words.lower() if rng.random() < 0.5 else words


def _mishear(text: str, rng: random.Random) -> str:
    """One longer word cut in two, or with some sounds taken for others."""
    places = list(re.finditer(r"[A-Za-z]{5,}", text))
    if not places:
        return text
    word = rng.choice(places)
    said = word[0].lower()
    if rng.random() < 0.3:
        at = rng.randrange(2, len(said) - 1)
        said = f"{said[:at]} {said[at:]}"
    for pair in rng.sample(ALIKE, len(ALIKE)):
        one, two = rng.sample(pair.split(), 2)
        if one in said and rng.random() < 0.5:
            said = said.replace(one, two, 1)
            break
    if rng.random() < 0.25:
        said = said[: max(3, len(said) - rng.randrange(1, 4))].rstrip()
    return text[: word.start()] + said + text[word.end() :]
