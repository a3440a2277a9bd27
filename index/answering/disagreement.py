"""Whether two short answers to one question say the same, or contradict each other."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from index.stems import content_stems

WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d]+")
"""A figure or a word: "7pm" is one of each."""

THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")

OF_24_HOURS = re.compile(r"\b(\d\d?)\s*(?:uhr|h)\b", re.IGNORECASE)

TIMES = frozenset(
    """second seconds minute minutes hour hours day days week weeks month months year years tag tage
    tagen woche wochen monat monate jahr jahre""".split()  # noqa: SIM905  # reads better
)
"""What spans of time are counted in: "2 weeks" and "14 days" may be the same."""

TWELVE_HOURS = re.compile(r"\b(\d{1,2})(?:[.:](\d\d))?\s*([ap])\.?m\b\.?", re.IGNORECASE)
MONEY = re.compile(r"[$€£¥₹]|\b(?:eur|usd|gbp|chf|euros?|dollars?|pounds?)\b", re.IGNORECASE)
TENTHS = re.compile(r"(?<=\.\d)0$")
"""The last zero of 2.50, which is 2.5 where it is money."""

CLOCK = re.compile(
    rf"{TWELVE_HOURS.pattern}|{OF_24_HOURS.pattern}|\b\d\d?[.:]\d\d\b", re.IGNORECASE
)


def is_same(one: str, other: str) -> bool:
    """Whether both are the same words and figures in their plainest form."""
    return _plainest(one, other) == _plainest(other, one)


def contradicts_in_figures(one: str, other: str) -> bool:
    """Whether both give figures, and none in common; figures of other times are not compared."""
    ours, theirs = _plainest(one, other), _plainest(other, one)
    if _times(ours) and _times(theirs) and _times(ours).isdisjoint(_times(theirs)):
        return False
    figures, others = _figures(ours), _figures(theirs)
    return bool(figures) and bool(others) and figures.isdisjoint(others)


def contradicts(one: str, other: str) -> bool:
    """Whether two answers have no figure in common, or where none has any no word."""
    ours, theirs = _plainest(one, other), _plainest(other, one)
    if _figures(ours) or _figures(theirs):
        return contradicts_in_figures(one, other)
    return set(ours).isdisjoint(theirs)


def words_held(question: str, passage: str, language: str) -> frozenset[str]:
    """Which words of the question a passage holds, in any form; `language` is the passage's."""
    return content_stems(question, language) & content_stems(passage, language)


def is_mostly_shared(ours: AbstractSet[str], theirs: AbstractSet[str]) -> bool:
    """Whether two passages that hold these words of a question speak of the same thing.

    Two that hold none may: both say it in other words.
    """
    return not ours | theirs or 2 * len(ours & theirs) > max(len(ours), len(theirs))


def _times(words: Iterable[str]) -> set[str]:
    """The units of time among them, each in one form."""
    return {word[:3] for word in words if word in TIMES}


def _figures(words: Iterable[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}


def _plainest(answer: str, beside: str) -> list[str]:
    """Words and figures of an answer. "5 pm" is 17 beside another time, 5 beside a mere 5."""
    if CLOCK.search(beside):
        answer = TWELVE_HOURS.sub(_of_24_hours, answer)
    figures = [_plain(word) for word in WORD.findall(answer.casefold())]
    if MONEY.search(answer + beside):
        figures = [TENTHS.sub("", figure) for figure in figures]
    return [part for figure in figures for part in figure.split()]


def _of_24_hours(time: re.Match[str]) -> str:
    hour = int(time[1]) % 12 + (12 if time[3] in "pP" else 0)
    return f"{hour}:{time[2] or '00'}"


def _plain(word: str) -> str:
    """A figure in its plainest form: 1,000 as 1000, 09:00 as 9, a date in parts. Words stay.

    3.10 is not 3.1: it may be a release.
    """
    if not word[0].isdigit():
        return word
    if THOUSANDS.fullmatch(word):
        return re.sub(r"\D", "", word)
    first, *others = re.split(r"\D", word)
    if len(others) == 1:
        others[0] = others[0] if others[0].strip("0") else ""
        return ".".join(filter(None, (_unpadded(first), *others)))
    return " ".join(map(_unpadded, (first, *others)))


def _unpadded(digits: str) -> str:
    return digits.lstrip("0") or "0"
