"""What the bot says in Discord: one message."""

from dataclasses import dataclass

LIMIT = 2000
"""Characters that a message of Discord holds."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one message of Discord says."""

    content: str
