"""What the bot says in Discord: one message with what can be pressed under it, or one form."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

LIMIT = 2000
"""Characters that a message of Discord holds."""

A_ROW = 5
"""Buttons that Discord puts side by side."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `custom_id` says all that is needed to answer a press of it."""

    label: str
    custom_id: str
    style: Literal["primary", "secondary", "success", "danger"] = "secondary"
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of channels or roles, `chosen` by their ids; at most `most` can be."""

    kind: Literal["channels", "roles"]
    custom_id: str
    placeholder: str
    chosen: tuple[int, ...]
    most: int


Row: TypeAlias = tuple[Button | Link | Menu, ...]
"""What stands side by side: at most five buttons, or one menu."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one message of Discord says, and the rows under it, at most five.

    `pings` is the one role that is to be pinged by it.
    """

    content: str
    rows: tuple[Row, ...] = ()
    pings: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in; with `choices`, pairs of value and label, one of them is chosen."""

    name: str
    label: str
    value: str = ""
    longest: int = 1000
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that opens for whoever pressed something; `custom_id` answers it, as a button's."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]


def custom_id(act: str, about: str) -> str:
    """What a button or form sends back when used: what is to be done, and about what."""
    return f"quoth:{act}:{about}"
