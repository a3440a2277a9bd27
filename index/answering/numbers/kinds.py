"""What is numbered, and by which numbers: rule 12, the 9th series."""

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from index.answering.numbers.digits import plain_digits

TOKEN = re.compile(r"(\d+(?:[.,]\d+)*)(?:(st|nd|rd|th)|[a-z])?(?!\w)|[^\W\d_]+", re.IGNORECASE)
"""A number, also one in a row ("12th") or of a part ("12b"), or a word."""

NO_NAMES = frozenset(
    """about above add additional after against age aged ages all allow allowed almost already and
    another any approximately april are around ask august before being below best between both
    bring but buy can carry contain contains cost costs could create december deposit did does
    download drop during each early earn equal every exactly exceed exceeds except extra
    february fee fees few fine first follow following for friday from full further get gets give
    gives got had has have her his how include including into invite invited january join july
    june just keep last lasts late least less like limit limited long lost made make makes many
    march max maximum may mid min minimum minute minutes monday more most much must near nearly
    need needed needs next not november now october off offer offers one only other our over own
    paid past pay pays per ping plus post posts previous price reach reached read receive
    require required requires roughly same saturday save sell send sends september share should
    since some spend stay still submit sunday take takes than that the their them then there
    these they this those through thursday till took total tuesday under until upload upto use
    used uses visit wait waits want was watch wednesday were when which while who will with
    within without won worth would write you your
    als alle bei bis circa das dem den der die durch ein eine einem einen einer etwa für gegen
    genau hat haben ist jede jeder kaum knapp mehr mindestens mit nach noch nur oder ohne pro
    rund seit sind über und unter vom von vor weniger wenn wie zum antes cada casi con del desde
    después durante entre hace hasta hay las los más menos para por que según sin sobre solo son
    tiene unas unos après aux avant avec chaque dans depuis des durant encore environ les moins
    par pendant pour presque sans sont sous sur tous vers dal dalle dei delle dopo entro fino
    fra gli meno ogni oltre più prima quasi sono tra apenas após até cerca com dos mais quase
    são sem sob aproape care cel cele din după este fiecare mai până peste pentru puțin sub sunt
    timp для каждые менее около после почти при через более было были από για έως κάθε μέχρι
    μετά περίπου πριν στις στο την της του τους bringen llevar januar februar märz juni juli
    oktober dezember enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre janvier février mars avril juin juillet août septembre octobre novembre
    décembre""".split()  # noqa: SIM905  # reads better
)
"""Words that may stand before a number without its naming one of their kind: "bring 2 dogs", "June
14". Those of English, then of other languages."""

MIN_LETTERS = 3
"""Of a word that says what is numbered."""

YEAR = re.compile(r"1[5-9]\d\d|2[01]\d\d")
"""It dates a thing and names none: the meeting of June 2024 may be on June 14."""

NUMBER_WORDS = (
    ("one", "first"),
    ("two", "second"),
    ("three", "third"),
    ("four", "fourth"),
    ("five", "fifth"),
    ("six", "sixth"),
    ("seven", "seventh"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("ten", "tenth"),
    ("eleven", "eleventh"),
    ("twelve", "twelfth"),
)

ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
ROMAN_UP_TO = 89


def other_of_a_kind(question: str, text: str, kinds: Container[str] | None = None) -> str | None:
    """As `other_number`, of all kinds or of these."""
    asked = _named(_tokens(question))
    if not asked:
        return None
    tokens = list(_tokens(text))
    found = _named(tokens)
    written = {number for number, _ in tokens if number}
    for kind, numbers in asked.items():
        name, before = kind
        if kinds is not None and name not in kinds:
            continue
        others, beside = found.get(kind), _beside(name, tokens)
        if others and not any(_stands(number, written, beside) for number in numbers):
            return f"{name} {others[0]}" if before else f"{others[0]} {name}"
    return None


Token = tuple[str, str]
"""A number and the letters of its place in a row ("12", "th"), or "" and a word."""


def _tokens(text: str) -> Iterator[Token]:
    """Words without case, and numbers in plain digits, in order."""
    for match in TOKEN.finditer(text):
        if match[1]:
            yield plain_digits(match[1]), (match[2] or "").casefold()
        else:
            yield "", match[0].casefold()


def _named(tokens: Iterable[Token]) -> Mapping[tuple[str, bool], list[str]]:
    """Numbers that name something, by what it is and whether that stands before them."""
    found: dict[tuple[str, bool], list[str]] = {}
    last: Token = ("", "")
    for number, word in tokens:
        if number and not last[0] and _is_kind(last[1]) and not YEAR.fullmatch(number):
            found.setdefault((last[1], True), []).append(number)
        elif not number and last[0] and last[1] and _is_kind(word):
            found.setdefault((word, False), []).append(last[0])
        last = (number, word)
    return found


def _is_kind(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word not in NO_NAMES


def _beside(name: str, tokens: Sequence[Token]) -> set[str]:
    """Words right before and after what is numbered; elsewhere "I" and "one" are no numbers."""
    return {
        near
        for (_, one), (_, other) in pairwise(tokens)
        for word, near in ((one, other), (other, one))
        if word == name
    }


def _stands(number: str, written: Iterable[str], beside: Collection[str]) -> bool:
    """Whether the number is there, or a part of it, or what it is a part of.

    `written` are the figures of the text, `beside` the words where it may be spelt.
    """
    return not _spelt(number).isdisjoint(beside) or any(
        one == number or one.startswith(f"{number}.") or number.startswith(f"{one}.")
        for one in written
    )


def _spelt(number: str) -> frozenset[str]:
    """How a small number is written in English words and Roman digits."""
    if not re.fullmatch(r"\d\d?", number) or not 0 < int(number) <= ROMAN_UP_TO:
        return frozenset()
    left, roman = int(number), ""
    for value, letters in ROMAN:
        while left >= value:
            roman, left = roman + letters, left - value
    words = NUMBER_WORDS[int(number) - 1] if int(number) <= len(NUMBER_WORDS) else ()
    return frozenset({roman, *words})
