"""Components of messages and modals: finding them as members do, and filling modals in."""

import copy
import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from .payloads import Json

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY = 1, 2, 3, 4, 10
LABEL, CHECKBOX_GROUP, CHECKBOX = 18, 22, 23
LINK = 5
NESTED = ("components", "accessory", "component")

Value: TypeAlias = str | bool | list[str] | None
"""What a member puts into one field of a modal."""


def walk(part: Any) -> Iterator[Json]:
    """Find every component, at any depth, from above."""
    if isinstance(part, list):
        for item in part:
            yield from walk(item)
    elif isinstance(part, dict):
        yield part
        for name in NESTED:
            yield from walk(part.get(name))


def numbered(components: list[Json]) -> list[Json]:
    """Give each component the id that Discord gives where none was named."""
    made = copy.deepcopy(components)
    taken = {component["id"] for component in walk(made) if component.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for component in walk(made):
        if not component.get("id"):
            component["id"] = next(free)
    return made


def find(components: list[Json], name: str, kind: int) -> Json:
    """Find the one component that a member can use and means by a name.

    The name is a label, a placeholder, an emoji, a custom id, or how a custom id begins up to a
    colon. Fails by name where there is none or more than one.
    """
    offered = [component for component in walk(components) if component["type"] == kind]
    found = [component for component in offered if _is_named(component, name)]
    known = [(one.get("label") or one.get("placeholder"), one.get("custom_id")) for one in offered]
    assert len(found) == 1, f"{len(found)} components are named {name!r} among {known}"
    assert not found[0].get("disabled"), f"{name!r} is disabled"
    assert found[0].get("style") != LINK or kind != BUTTON, f"{name!r} is a link"
    return found[0]


def chosen(select: Json, names: Collection[str]) -> list[str]:
    """Give the values of options that a member chooses by label or value. Fails if they cannot."""
    values = [
        option["value"]
        for option in select["options"]
        if {option["label"], option["value"]} & {*names}
    ]
    labels = [option["label"] for option in select["options"]]
    assert len(values) == len(names), f"not all of {names} are among {labels}"
    fewest, most = select.get("min_values", 1), select.get("max_values", 1)
    assert fewest <= len(values) <= most, f"{fewest} to {most} are to be chosen"
    return values


def filled(modal: Json, given: Mapping[str, Value]) -> list[Json]:
    """Fill a modal in: its components as a submit carries them.

    `given` holds what is typed by a field's label or custom id; the others keep what they begin
    with. Fails where Discord's client would not let a member submit it.
    """
    left = dict(given)
    components = [_filled_part(part, left) for part in modal["components"]]
    assert not left, f"the modal {modal['title']!r} has no fields {list(left)}"
    return components


def _is_named(component: Json, name: str) -> bool:
    custom_id = component.get("custom_id") or ""
    shown = (component.get("label"), component.get("placeholder"))
    emoji = (component.get("emoji") or {}).get("name")
    return name in (*shown, emoji, custom_id) or (name.endswith(":") and custom_id.startswith(name))


def _filled_part(part: Json, left: dict[str, Value]) -> Json:
    about = {"type": part["type"], "id": part["id"]}
    if part["type"] == ACTION_ROW:
        fields = [_filled_field(field, field["label"], left) for field in part["components"]]
        return about | {"components": fields}
    if part["type"] == LABEL:
        return about | {"component": _filled_field(part["component"], part["label"], left)}
    return about


def _filled_field(field: Json, label: str, left: dict[str, Value]) -> Json:
    name = field["custom_id"] if field["custom_id"] in left else label
    value = left.pop(name, _beginning(field))
    if field["type"] == STRING_SELECT:
        value = chosen(field, value) if isinstance(value, list) and value else value
    if field["type"] == TEXT_INPUT and value:
        longest = field.get("max_length") or 4000
        assert (field.get("min_length") or 0) <= len(str(value)) <= longest, f"length of {label!r}"
    assert value or field.get("required") is False or field["type"] == CHECKBOX, (
        f"{label!r} is empty"
    )
    about = {key: field[key] for key in ("type", "id", "custom_id")}
    return about | {"values" if isinstance(value, list) else "value": value}


def _beginning(field: Json) -> Value:
    if field["type"] == TEXT_INPUT:
        return str(field.get("value") or "")
    if field["type"] == CHECKBOX:
        return bool(field.get("default"))
    values = [option["value"] for option in field.get("options", ()) if option.get("default")]
    if field["type"] in (STRING_SELECT, CHECKBOX_GROUP):
        return values
    return values[0] if values else None
