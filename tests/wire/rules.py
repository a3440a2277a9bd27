"""Rules of Discord, and of Quoth, that the API description does not state."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .components import ACTION_ROW, BUTTON, LINK, TEXT_DISPLAY, TEXT_INPUT, walk
from .interactions import MODAL
from .payloads import COMPONENTS_V2, HELPERS_ROLE_ID, Json
from .state import texts

CONTENT_LIMIT = 2000
EMBED_TOTAL_LIMIT = 6000
COMPONENT_LIMIT = 40
COMPONENT_TEXT_LIMIT = 4000
ROW_LIMIT = 5
"""Action rows of a message without Components V2, and parts of a modal."""
CALLBACKS_WITH_MESSAGE = (4, 7)

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOWUP = "/webhooks/{webhook_id}/{webhook_token}"
WEBHOOK_MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
MESSAGES = "/channels/{channel_id}/messages"
TYPING = "/channels/{channel_id}/typing"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"

MESSAGE_ROUTES = {
    ("POST", FOLLOWUP),
    ("PATCH", ORIGINAL),
    ("PATCH", WEBHOOK_MESSAGE),
    ("POST", MESSAGES),
    ("PATCH", MESSAGE),
}


def message_in(method: str, route: str, body: Any) -> Json | None:
    """Find the message that a request carries, or None where it carries none."""
    if not isinstance(body, dict):
        return None
    if (method, route) in MESSAGE_ROUTES:
        return body
    if route == CALLBACK and body.get("type") in CALLBACKS_WITH_MESSAGE:
        return body.get("data") or {}
    return None


def faults(method: str, route: str, body: Any) -> Iterator[str]:
    """Say in words what is wrong with the message or the modal that a request carries."""
    if route == CALLBACK and isinstance(body, dict) and body.get("type") == MODAL:
        yield from _modal_faults(body["data"])
    message = message_in(method, route, body)
    if message is None:
        return
    yield from _mention_faults(message)
    yield from _limit_faults(message)
    yield from _name_faults(message.get("components"))
    yield from _row_faults(message.get("components"))
    if method == "POST" and not any(message.get(k) for k in ("content", "embeds", "components")):
        yield "an empty message"


def standing_faults(flags_before: int, message: Json) -> Iterator[str]:
    """Say what is wrong with a message as it would stand after a request.

    `message` holds content, embeds, components and flags.
    """
    if message["flags"] & COMPONENTS_V2:
        yield from _layout_faults(message)
        return
    if flags_before & COMPONENTS_V2:
        yield "the flag of Components V2 is taken away"
        return
    kinds = [component["type"] for component in message["components"]]
    if set(kinds) - {ACTION_ROW}:
        yield f"components of types {kinds} stand without the flag of Components V2"
    if len(kinds) > ROW_LIMIT:
        yield f"{len(kinds)} rows, more than {ROW_LIMIT}"


def _mention_faults(message: Json) -> Iterator[str]:
    allowed = message.get("allowed_mentions")
    if not isinstance(allowed, dict):
        yield "allowed_mentions is missing: mentions in a quote would ping"
        return
    if allowed.get("parse") != []:  # absent means that Discord reads mentions from the text
        yield f"allowed_mentions.parse is {allowed.get('parse')}, not an empty list"
    for key in ("users", "roles", "replied_user"):
        if allowed.get(key) and not (key == "roles" and _calls_helpers(message, allowed[key])):
            yield f"allowed_mentions.{key} allows {allowed[key]}"


def _calls_helpers(message: Json, roles: Any) -> bool:
    """Whether only the helpers are pinged, by the first words: no quote stands before those."""
    content = str(message.get("content"))
    ids = [str(role) for role in roles]
    return ids == [HELPERS_ROLE_ID] and content.startswith(f"<@&{HELPERS_ROLE_ID}>")


def _limit_faults(message: Json) -> Iterator[str]:
    content = message.get("content") or ""
    if len(content) > CONTENT_LIMIT:
        yield f"content has {len(content)} characters, more than {CONTENT_LIMIT}"
    shown = sum(len(text) for text in texts(message.get("embeds") or []))
    if shown > EMBED_TOTAL_LIMIT:
        yield f"embeds have {shown} characters together, more than {EMBED_TOTAL_LIMIT}"


def _name_faults(components: Any) -> Iterator[str]:
    names = Counter(c["custom_id"] for c in walk(components) if c.get("custom_id"))
    for name in (name for name, count in names.items() if count > 1):
        yield f"custom_id {name!r} stands twice"


def _row_faults(components: Any) -> Iterator[str]:
    for component in walk(components):
        if component["type"] == ACTION_ROW:
            kinds = [part["type"] for part in component["components"]]
            if len(kinds) > 1 and set(kinds) != {BUTTON}:
                yield f"an action row holds types {kinds}: only buttons stand together"
        if component["type"] == BUTTON:
            yield from _button_faults(component)


def _button_faults(button: Json) -> Iterator[str]:
    wanted, other = ("url", "custom_id") if button["style"] == LINK else ("custom_id", "url")
    if not button.get(wanted) or button.get(other):
        yield f"a button of style {button['style']} needs {wanted} and takes no {other}"
    if not button.get("label") and not button.get("emoji"):
        yield "a button with neither label nor emoji"


def _modal_faults(modal: Json) -> Iterator[str]:
    parts = modal["components"]
    if len(parts) > ROW_LIMIT:
        yield f"a modal of {len(parts)} parts, more than {ROW_LIMIT}"
    yield from _name_faults(parts)
    for row in (part for part in parts if part["type"] == ACTION_ROW):
        if len(row["components"]) > 1 or not row["components"][0].get("label"):
            yield "a row of a modal holds one text input, which has a label"
    for field in (field for field in walk(parts) if field["type"] == TEXT_INPUT):
        if len(field.get("value") or "") > (field.get("max_length") or COMPONENT_TEXT_LIMIT):
            yield f"the text input {field['custom_id']!r} begins with more than it takes"


def _layout_faults(message: Json) -> Iterator[str]:
    for key in ("content", "embeds"):
        if message[key]:
            yield f"{key} stands beside Components V2"
    if not message["components"]:
        yield "an empty message"
    found = list(walk(message["components"]))
    if len(found) > COMPONENT_LIMIT:
        yield f"{len(found)} components, more than {COMPONENT_LIMIT}"
    shown = sum(len(part["content"]) for part in found if part["type"] == TEXT_DISPLAY)
    if shown > COMPONENT_TEXT_LIMIT:
        yield f"components show {shown} characters, more than {COMPONENT_TEXT_LIMIT}"
