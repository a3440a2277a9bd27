"""What the bot says in Discord: one message."""

from dataclasses import dataclass
from typing import Literal

LIMIT = 2000
"""Characters that a message of Discord holds."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `custom_id` says all that is needed to answer a press of it."""

    label: str
    custom_id: str
    style: Literal["primary", "secondary", "danger"] = "secondary"


@dataclass(frozen=True, slots=True)
class Reply:
    """What one message of Discord says, and the buttons under it."""

    content: str
    buttons: tuple[Button, ...] = ()
