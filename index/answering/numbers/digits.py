"""A number as it is compared, however it is written."""

import unicodedata


def plain_digits(number: str) -> str:
    """The number in ASCII digits, without commas and leading zeros."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in number)
    return ".".join(part.lstrip("0") or "0" for part in digits.replace(",", "").split("."))
