"""How people write a day or a month of a year."""

import re

MONTH = r"""(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|jun[ei]?
    |jul[iy]?|aug(?:ust)?|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"""

DAY = re.compile(
    rf"""\b(?:\d{{4}}[-.]\d\d[-.]\d\d|\d\d?[./]\d\d?[./]\d{{4}}
    |\d\d?(?:st|nd|rd|th|\.)?\s+{MONTH}\b\.?(?:,?\s+\d{{4}})?
    |{MONTH}\.?\s+(?:\d\d?(?:st|nd|rd|th)?,?\s+)?\d{{4}})\b""",
    re.IGNORECASE | re.VERBOSE,
)


def names_a_day(text: str) -> bool:
    """Whether a day stands in a text, or a month of a year: "3 Nov", "2025-11-03", "May 2025"."""
    return DAY.search(text) is not None
