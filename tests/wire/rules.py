"""Rules of Discord, and of Quoth, that the API description does not state."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .payloads import COMPONENTS_V2, Json
from .state import texts

CONTENT_LIMIT = 2000
EMBED_TOTAL_LIMIT = 6000
COMPONENT_LIMIT = 40
COMPONENT_TEXT_LIMIT = 4000
CALLBACKS_WITH_MESSAGE = (4, 7)

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOWUP = "/webhooks/{webhook_id}/{webhook_token}"
WEBHOOK_MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
MESSAGES = "/channels/{channel_id}/messages"
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
    """Say in words what is wrong with the message that a request carries, if it carries one."""
    message = message_in(method, route, body)
    if message is None:
        return
    yield from _mention_faults(message)
    yield from _limit_faults(message)
    if int(message.get("flags") or 0) & COMPONENTS_V2:
        yield from _layout_faults(message)
    if method == "POST" and not any(message.get(k) for k in ("content", "embeds", "components")):
        yield "an empty message"


def _mention_faults(message: Json) -> Iterator[str]:
    allowed = message.get("allowed_mentions")
    if not isinstance(allowed, dict):
        yield "allowed_mentions is missing: mentions in a quote would ping"
        return
    if allowed.get("parse") != []:  # absent means that Discord reads mentions from the text
        yield f"allowed_mentions.parse is {allowed.get('parse')}, not an empty list"
    for key in ("users", "roles", "replied_user"):
        if allowed.get(key):
            yield f"allowed_mentions.{key} allows {allowed[key]}"


def _limit_faults(message: Json) -> Iterator[str]:
    content = message.get("content") or ""
    if len(content) > CONTENT_LIMIT:
        yield f"content has {len(content)} characters, more than {CONTENT_LIMIT}"
    shown = sum(len(text) for text in texts(message.get("embeds") or []))
    if shown > EMBED_TOTAL_LIMIT:
        yield f"embeds have {shown} characters together, more than {EMBED_TOTAL_LIMIT}"
    names = Counter(_found(message.get("components"), "custom_id"))
    for name in (name for name, count in names.items() if count > 1):
        yield f"custom_id {name!r} stands twice"


def _layout_faults(message: Json) -> Iterator[str]:
    for key in ("content", "embeds", "poll"):
        if message.get(key):
            yield f"{key} stands beside Components V2"
    components = message.get("components") or []
    count = sum(1 for _ in _found(components, "type"))
    if count > COMPONENT_LIMIT:
        yield f"{count} components, more than {COMPONENT_LIMIT}"
    shown = sum(len(text) for text in _found(components, "content"))
    if shown > COMPONENT_TEXT_LIMIT:
        yield f"components show {shown} characters, more than {COMPONENT_TEXT_LIMIT}"


def _found(part: Any, key: str) -> Iterator[Any]:
    """Find the values of a key in components, at any depth."""
    if isinstance(part, list):
        for item in part:
            yield from _found(item, key)
    elif isinstance(part, dict):
        if key in part:
            yield part[key]
        for name in ("components", "accessory"):
            yield from _found(part.get(name), key)
