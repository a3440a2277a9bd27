"""Counts and moments as people read them. Pure."""

from datetime import datetime


def count(number: int, what: str) -> str:
    """So many of something, its name in the singular where it is one."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def moment(iso: str) -> str | None:
    """A time of ISO 8601 as Discord shows it in each reader's own zone; None if it is none."""
    try:
        return f"<t:{int(datetime.fromisoformat(iso).timestamp())}:f>"
    except ValueError:
        return None
