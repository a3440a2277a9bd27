"""Numbers that name things apart: what stands of rule 13 says nothing of rule 12.

Amounts do not: "within 14 days" answers who asks for a refund after 30 days.
"""

import re

from index.answering.numbers.kinds import YEAR, other_of_a_kind
from index.answering.numbers.releases import (
    asks_for_heading,
    is_dated_release,
    older_release,
    other_release,
)

__all__ = ["YEAR", "asks_for_heading", "is_dated_release", "older_release", "other_number"]

YES_OR_NO = re.compile(
    r"\W*(?!(?:can|could|will|would)\s+(?:you|someone|somebody|anyone|anybody)\b"
    r"|do(?:es)?\s+(?:you|anyone|anybody)\s+know\b)"
    r"(?:are|can|could|did|do|does|has|have|is|may|might|must|should|were|will|would)\b",
    re.IGNORECASE,
)
"""What is said of others answers it: "is Debian 11 supported?" over "Debian 12 and 13 are". One
that only asks politely is none."""

PARTS = frozenset(
    """appendix article category chapter class clause day episode figure floor gate grade group
    issue item lesson level line lot number page paragraph part phase plan point question room
    round rule season section series stage step table team tier unit week
    zone""".split()  # noqa: SIM905  # reads better
)
"""What is counted off, each for itself: what is said of one says nothing of another."""


def other_number(question: str, text: str) -> str | None:
    """What the text speaks of in place of what the question names, or None.

    "rule 13" for a question on rule 12, if 12 stands nowhere in the text: in digits, spelt out or
    in Roman ones. "3.0.1" for one on 3.1. Where yes or no answers, only what is counted off.
    """
    if YES_OR_NO.match(question):
        return other_of_a_kind(question, text, PARTS)
    return other_release(question, text) or other_of_a_kind(question, text)
