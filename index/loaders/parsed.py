"""What a loader finds in a file, before the file's own facts are added."""

from dataclasses import dataclass

from index.records import Block


@dataclass(frozen=True, slots=True)
class Parsed:
    """Canonical text, its blocks in order, and what the document says of itself, if it does.

    `guessed_encoding` is what the bytes were read in, where they do not say so themselves.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    url: str | None = None
    date: str | None = None
    language: str | None = None
    guessed_encoding: str | None = None
