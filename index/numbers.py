"""Numbers that tell things of a kind apart: what stands of rule 13 says nothing of rule 12."""

import re
from collections.abc import Iterable, Mapping

TOKEN = re.compile(r"(\d+(?:[.,]\d+)*)(?:st|nd|rd|th)?(?!\w)|[^\W\d_]+", re.IGNORECASE)
"""A number, also one in a row ("12th"), or a word."""

NO_KINDS = frozenset(
    """about after all almost and approximately are around before between but during early exactly
    for from had has have into just late least less mid more most near nearly not now off only
    other over per roughly since some than that the their then these they this those through till
    under until was were when which while who will with within""".split()  # noqa: SIM905  # reads better
)
"""English words that stand beside a number without saying what it counts."""

MIN_LETTERS = 3
"""Of a word that says what a number counts."""

SPELT: Mapping[str, tuple[str, ...]] = {
    str(number): forms
    for number, forms in enumerate(
        (
            ("one", "first", "i"),
            ("two", "second", "ii"),
            ("three", "third", "iii"),
            ("four", "fourth", "iv"),
            ("five", "fifth", "v"),
            ("six", "sixth", "vi"),
            ("seven", "seventh", "vii"),
            ("eight", "eighth", "viii"),
            ("nine", "ninth", "ix"),
            ("ten", "tenth", "x"),
            ("eleven", "eleventh", "xi"),
            ("twelve", "twelfth", "xii"),
        ),
        start=1,
    )
}
"""How English texts write small numbers otherwise."""


def other_number(question: str, text: str) -> str | None:
    """What the text speaks of in place of what the question names, or None.

    "rule 13" for a question on rule 12, if 12 stands nowhere in the text: in digits, spelt out or
    in Roman ones.
    """
    asked = _numbered(_tokens(question))
    if not asked:
        return None
    tokens = _tokens(text)
    found = _numbered(tokens)
    stands = set(tokens)
    for (kind, before), numbers in asked.items():
        named = any({number, *SPELT.get(number, ())} & stands for number in numbers)
        others = found.get((kind, before))
        if others and not named:
            return f"{kind} {others[0]}" if before else f"{others[0]} {kind}"
    return None


def _tokens(text: str) -> list[str]:
    """Words without case and numbers without commas, in order."""
    return [
        (match.group(1) or match.group()).casefold().replace(",", "")
        for match in TOKEN.finditer(text)
    ]


def _numbered(tokens: Iterable[str]) -> dict[tuple[str, bool], list[str]]:
    """Numbers by the word beside them, and whether that stands before."""
    found: dict[tuple[str, bool], list[str]] = {}
    last = ""
    for token in tokens:
        if token[0].isdigit() and _is_kind(last):
            found.setdefault((last, True), []).append(token)
        elif last[:1].isdigit() and _is_kind(token):
            found.setdefault((token, False), []).append(last)
        last = token
    return found


def _is_kind(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha() and word not in NO_KINDS
