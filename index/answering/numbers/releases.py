"""Releases of software: "3.0.1" is no answer to a question on 3.1."""

import re
from collections.abc import Iterable, Sequence

from index.answering.numbers.digits import plain_digits

RELEASE = re.compile(r"(?<![\w.,])v?(\d+(?:\.\d+){2,})(?![\w]|[.,]\d)", re.IGNORECASE)
"""Three figures or more name a release; fewer may be an amount or a time."""

VERSION = re.compile(
    r"(?:\bv|\b(?:version|release|update|since|(?:new|added|changed?|changes|dropped|fixed|introduced"
    r"|released|removed)\s+in|(?:up|down)grade\s+(?:to|from))\s+v?)(\d+\.\d+)(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
"""Two figures name one where a word says so."""

FIGURES = re.compile(r"(?<![\d.,])\d+(?:\.\d+)+")

DATE = re.compile(r"\d\d?\.\d\d?\.\d{4}")


LATEST = re.compile(
    r"""\b(?:latest|newest|most\s+recent|current|neuest\w+|aktuell\w+)\s+(?:\w+\s+)?
    (?:version|release|update|changes)""",
    re.IGNORECASE | re.VERBOSE,
)

OF_HEADING = re.compile(
    r"\W*(?:v|version\s+|release\s+)?(\d+(?:\.\d+)+)(?![\w]|[.,]\d)", re.IGNORECASE
)
"""The release that a section of a changelog is about."""


WHEN = re.compile(r"\b(?:when|what\s+(?:date|day)|release\s+date|date\s+of|wann)\b", re.IGNORECASE)

DATED_HEADING = re.compile(rf"{OF_HEADING.pattern}\W+\w*\W*\d.*", re.IGNORECASE)
"""All of it: "[3.0.0] - 2026-01-20", "v2.1 (12 May 2025)", "2.0, May 3 2024"."""


def is_dated_release(question: str, quote: str) -> bool:
    """Whether a quote is the heading that says when the release came that a question names."""
    heading = DATED_HEADING.fullmatch(quote) if WHEN.search(question) else None
    asked = [*RELEASE.findall(question), *VERSION.findall(question)]
    return heading is not None and any(_is_part(one, heading[1]) for one in asked)


def older_release(
    question: str, section: Sequence[str], others: Iterable[Sequence[str]]
) -> str | None:
    """The release that a section is about, where the latest is asked for and another has a later.

    `section` are the headings above a passage, `others` those of all passages of its document.
    """
    if not LATEST.search(question):
        return None
    own = _of(section)
    latest = max(filter(None, map(_of, others)), key=_figures, default=None)
    return own if own and latest and _figures(own) < _figures(latest) else None


def _of(section: Sequence[str]) -> str | None:
    found = filter(None, map(OF_HEADING.match, section))
    return next((heading[1] for heading in found if not DATE.fullmatch(heading[1])), None)


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
