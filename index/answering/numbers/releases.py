"""Releases of software: "3.0.1" is no answer to a question on 3.1."""

import re
from collections.abc import Iterable, Sequence

from index.answering.numbers.digits import plain_digits
from index.dates import names_a_day

RELEASE = re.compile(r"(?<![\w.,])v?(\d+(?:\.\d+){2,})(?![\w]|[.,]\d)", re.IGNORECASE)
"""Three figures or more name a release; fewer may be an amount or a time."""

VERSION = re.compile(
    r"(?:\bv|\b(?:version|release|update|since|(?:new|added|changed?|changes|dropped|fixed|introduced"
    r"|released|removed)\s+in|(?:up|down)grade\s+(?:to|from))\s+v?)(\d+\.\d+)(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
"""Two figures name one where a word says so."""

FIGURES = re.compile(r"(?<![\d.,])\d+(?:\.\d+)+")

DATE = re.compile(r"\d\d?\.\d\d?\.\d{4}|\d{4}\.\d\d?\.\d\d?")
"""What has three figures and names no release."""

OF_HEADING = re.compile(
    r"\W*(?:v|version\s+|release\s+)?(\d+(?:\.\d+)+)(?![\w]|[.,]\d)", re.IGNORECASE
)
"""The release that a section of a changelog is about."""

HEADING_MAX_CHARACTERS = 200

WHEN = re.compile(r"\b(?:when|what\s+(?:date|day)|release\s+date|date\s+of|wann)\b", re.IGNORECASE)

LATEST = re.compile(
    r"""\b(?:latest|newest|most\s+recent|current|neuest\w+|aktuell\w+)\s+(?:\w+\s+)?
    (?:version|release|update|changes)""",
    re.IGNORECASE | re.VERBOSE,
)

ASKS_FOR_HEADING = re.compile(
    rf"""{WHEN.pattern}|{LATEST.pattern}|\b(?:versions?|releases?|date|year|how\s+(?:old|recent))\b
    |\b(?:datum|quand|cuándo|quando|fecha|когда)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def asks_for_heading(question: str) -> bool:
    """Whether a heading with a date may answer: one that asks when, or for a version."""
    return ASKS_FOR_HEADING.search(question) is not None


def is_dated_release(question: str, quote: str) -> bool:
    """Whether a quote is the heading that says when the release came that a question names."""
    if not WHEN.search(question) or len(quote) > HEADING_MAX_CHARACTERS:
        return False
    heading = OF_HEADING.match(quote)
    asked = [*RELEASE.findall(question), *VERSION.findall(question)]
    named = heading is not None and any(_is_part(one, heading[1]) for one in asked)
    return named and names_a_day(quote)


def older_release(
    question: str, section: Sequence[str], others: Iterable[Sequence[str]]
) -> str | None:
    """The release that a section is about, where the latest is asked for and another has a later.

    `section` are the headings above a passage, `others` those of all passages of its document.
    """
    if not LATEST.search(question) or FIGURES.search(question):
        return None
    own = _of(section)
    latest = max(filter(None, map(_of, others)), key=_figures, default=None)
    return own if own and latest and _figures(own) < _figures(latest) else None


def _of(section: Sequence[str]) -> str | None:
    """The release that a section is about: of three figures, or dated. "1.2 Install" is none."""
    for heading in section:
        found = OF_HEADING.match(heading)
        if found and not DATE.fullmatch(found[1]):
            three = RELEASE.fullmatch(found[1]) is not None
            return found[1] if three or names_a_day(heading) else None
    return None


def _figures(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def other_release(question: str, text: str) -> str | None:
    """A release that the text speaks of, where it holds none of those that the question names."""
    asked = [*_releases(question), *VERSION.findall(question)]
    found = _releases(text)
    if not asked or not found:
        return None
    named = FIGURES.findall(text)
    return None if any(_is_part(one, other) for one in asked for other in named) else found[0]


def _releases(text: str) -> list[str]:
    return [release for release in RELEASE.findall(text) if not DATE.fullmatch(release)]


def _is_part(one: str, other: str) -> bool:
    """Whether both are the same version, or one is of the line of the other: 3.1.2 of 3.1."""
    figures, others = plain_digits(one).split("."), plain_digits(other).split(".")
    return all(a == b for a, b in zip(figures, others, strict=False))
