"""Numbers that name things apart: what stands of rule 13 says nothing of rule 12.

Amounts do not: "within 14 days" answers who asks for a refund after 30 days.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

TOKEN = re.compile(r"(\d+(?:[.,]\d+)*)(?:(st|nd|rd|th)|[a-z])?(?!\w)|[^\W\d_]+", re.IGNORECASE)
"""A number, also one in a row ("12th") or of a part ("12b"), or a word."""

NO_NAMES = frozenset(
    """about above add after against age aged ages all allow allowed almost another and any
    approximately are around ask at before below best between book bring but buy by can carry cost
    costs could create day days did does drop during each early earn equal every exactly exceed
    except extra few first following for from get gets give gives got had has have her his hold
    holds host hour hours how include including into invite just keep last lasts late least less
    like limit limited long made make makes many max maximum may mid min minimum minute minutes more
    most much must near nearly need needed needs next not now off one only open other our
    over own past pay paid pays per play plus post posts previous receive require required requires
    roughly run runs save score sell send sends share should since some spend stay submit take takes
    than that the their them then there these they this those through till top total turn under
    until upload upto use used uses wait waits want was were when which while who will win wins with
    within without worth would write year years you your
    als alle bei bis circa das dem den der die durch ein eine einem einen einer etwa für gegen
    genau hat haben ist jede jeder kaum knapp mehr mindestens mit nach noch nur oder ohne pro rund
    seit sind über und unter vom von vor weniger wenn wie zum
    antes cada casi cinco con del desde después durante entre hace hasta hay las los más menos para
    por que según sin sobre solo son tiene unas unos
    après aux avant avec chaque dans depuis des durant encore environ les moins par pendant plus
    pour presque sans sont sous sur tous vers
    circa con dal dalle dei delle dopo durante entro fino fra gli meno ogni oltre per più prima
    quasi solo sono tra
    apenas após até cerca com das desde dos durante entre mais menos ou para por quase são sem sob
    aproape care cel cele circa din după este fiecare mai până peste pentru puțin sub sunt timp
    для каждые менее около после почти при через более было были
    από για έως κάθε μέχρι μετά περίπου πριν στις στο την της του τους""".split()  # noqa: SIM905  # reads better
)
"""Words that may stand before a number without its naming one of their kind: `bring 2 dogs`."""

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


def other_number(question: str, text: str) -> str | None:
    """What the text speaks of in place of what the question names, or None.

    "rule 13" for a question on rule 12, if 12 stands nowhere in the text: in digits, spelt out or
    in Roman ones.
    """
    asked = _named(_tokens(question))
    if not asked:
        return None
    tokens = list(_tokens(text))
    found = _named(tokens)
    stands = {number or word for number, word in tokens}
    for kind, numbers in asked.items():
        others = found.get(kind)
        if others and not any(_stands(number, stands) for number in numbers):
            name, before = kind
            return f"{name} {others[0]}" if before else f"{others[0]} {name}"
    return None


Token = tuple[str, str]
"""A number and the letters of its place in a row ("12", "th"), or "" and a word."""


def _tokens(text: str) -> Iterator[Token]:
    """Words without case, and numbers in plain digits, in order."""
    for match in TOKEN.finditer(text):
        if match[1]:
            yield _plain(match[1]), (match[2] or "").casefold()
        else:
            yield "", match[0].casefold()


def _plain(number: str) -> str:
    """In ASCII digits, without commas and leading zeros."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in number)
    return ".".join(part.lstrip("0") or "0" for part in digits.replace(",", "").split("."))


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


def _stands(number: str, stands: Iterable[str]) -> bool:
    """Whether the number is there, or a part of it, or what it is a part of, in whatever form."""
    forms = _spelt(number)
    return any(
        it in forms or it.startswith(f"{number}.") or number.startswith(f"{it}.") for it in stands
    )


def _spelt(number: str) -> frozenset[str]:
    """How the number is written: in digits, and a small one in English words and Roman digits."""
    if not number.isdigit() or not 0 < int(number) <= ROMAN_UP_TO:
        return frozenset({number})
    left, roman = int(number), ""
    for value, letters in ROMAN:
        while left >= value:
            roman, left = roman + letters, left - value
    words = NUMBER_WORDS[int(number) - 1] if int(number) <= len(NUMBER_WORDS) else ()
    return frozenset({number, roman, *words})
