"""What a passage is embedded, searched and read as: its words under its title and headings."""

from index.records import Chunk

CONTEXT_MAX_CHARACTERS = 200
"""Most of title and headings that is put before a passage when it is embedded and searched."""


def passage_text(title: str, passage: Chunk) -> str:
    """What is embedded or searched for a passage: its words under its title and headings."""
    return context(title, passage.section) + passage.text


def context(title: str, section: tuple[str, ...]) -> str:
    """Title and headings as they stand before a passage, with a line end; or nothing."""
    above = heading(title, section)
    return f"{above}\n" if above else ""


def heading(title: str, section: tuple[str, ...]) -> str:
    """Title and headings in one line, cut where it is very long."""
    return " › ".join(filter(None, dict.fromkeys((title, *section))))[:CONTEXT_MAX_CHARACTERS]
