"""Make questions look like what people say aloud: second thoughts, and words misheard.

What Disfl-QA (Gupta et al., ACL 2021) calls a disfluency is a false start, a word of repair ("no
wait, I mean"), and the question itself, which stays the last word. A machine that listens writes
words that exist: "huguenots" becomes "hug notes", which sounds alike (Lawrence Philips' Metaphone).
"""

# The shares are a judgement of how people speak; each stands once, where it is used.
# ruff: noqa: PLR2004

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from jellyfish import metaphone

from training.near_misses import names
from training.passages import FUNCTION_WORDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

REPAIRS = (
    "no", "no wait", "wait", "sorry", "no sorry", "I mean", "or rather", "or", "er no",
    "um no I mean", "actually", "scratch that", "make that", "uh I meant", "or I should say",
    "excuse me", "no I mean", "hold on", "well no", "not that", "oops",
)  # fmt: skip
FILLERS = ("um", "uh", "er", "like", "you know", "well")
LITTLE = (
    "is was", "is are", "are were", "did does", "did is", "the a", "in and", "has is", "of for",
)  # fmt: skip
"""Little words that are heard for one another; they may also be missed."""
KNOWN_FROM = 20
"""How often the texts must hold a word for a machine to expect it."""


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


class Ear:
    """What a machine hears in place of a word: others that sound alike, of those that it knows."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(word for text in texts for word in re.findall(r"[a-z]{2,}", text.lower()))
        self._by_sound: dict[str, Counter[str]] = defaultdict(Counter)
        for word, count in counts.items():
            if count >= KNOWN_FROM:
                self._by_sound[metaphone(word)][word] = count

    def transcribe(self, question: str, rng: random.Random) -> str:
        """The question as it is written down: no marks, up to three words misheard."""
        heard = re.sub(r"(?<=[A-Z])\.", "", question)
        heard = re.sub(r"[?,.;:\"()]", "", heard).replace("-", " ")
        words = (heard[:1].lower() + heard[1:]).split()
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            words = self._mishear(words, rng)
        if rng.random() < 0.4:
            words = _mishear_little(words, rng)
        said = " ".join(words)
        return said.lower() if rng.random() < 0.5 else said

    def alike(self, word: str, rng: random.Random) -> str:
        """Another word, or two, of the same sound or nearly; "" where none is known."""
        sound = metaphone(word)
        ways: list[tuple[str, ...]] = [(sound,)]
        if len(sound) > 2:
            cut = rng.randrange(1, len(sound))
            ways += [(sound[:cut], sound[cut:]), (sound[:cut] + sound[cut + 1 :],)]
        for sounds in rng.sample(ways, len(ways)):
            heard = [self._draw(one, word, rng) for one in sounds if one]
            if heard and all(heard):
                return " ".join(heard)
        return ""

    def _draw(self, sound: str, other: str, rng: random.Random) -> str:
        """A word of this sound, the more likely the more frequent; "" where there is none."""
        known = self._by_sound.get(sound, Counter())
        left = {word: count**0.5 for word, count in known.items() if word != other.lower()}
        return rng.choices(list(left), list(left.values()))[0] if left else ""

    def _mishear(self, words: list[str], rng: random.Random) -> list[str]:
        """One longer word taken for another; names, which a machine knows least, more often."""
        weights = [_how_unknown(word) for word in words]
        if not any(weights):
            return words
        at = rng.choices(range(len(words)), weights)[0]
        heard = self.alike(words[at], rng) or words[at]
        return [*words[:at], *heard.split(), *words[at + 1 :]]


def _how_unknown(word: str) -> float:
    if len(word) < 4 or not word.isalpha():
        return 0
    return 0.2 if word in FUNCTION_WORDS else 3 if word[0].isupper() else 1


def _mishear_little(words: list[str], rng: random.Random) -> list[str]:
    """One little word taken for another, or missed."""
    heard = {one: two for pair in rng.sample(LITTLE, len(LITTLE))
             for one, two in (pair.split(), pair.split()[::-1])}  # fmt: skip
    places = [at for at, word in enumerate(words) if word in heard]
    if not places:
        return words
    at = rng.choice(places)
    said = [] if rng.random() < 0.4 else [heard[words[at]]]
    return [*words[:at], *said, *words[at + 1 :]]
