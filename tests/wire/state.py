"""What members would see just now: the messages of the channel and the state of interactions."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import payloads
from .components import BUTTON, numbered, walk
from .payloads import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS, Json, Member

MARKS = re.compile(r"\*\*|\\(?=\W)|^> ?", re.MULTILINE)
"""Bold, escapes and the bar of a quote."""

THINKING = "thinking…"
"""What Discord shows in place of a deferred answer."""

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Kinds of interactions."""

TOKEN_SECONDS = 900.0
"""How long the token of an interaction is good for."""

DEFAULT, REPLY, CHAT_COMMAND, MENU_COMMAND = 0, 19, 20, 23
"""Kinds of messages."""

EDITABLE = SUPPRESS_EMBEDS | COMPONENTS_V2
"""The flags that an edit can set."""


IN_LINE = "before you in line"
"""What the bot says to whoever has to wait longer."""


@dataclass(slots=True)
class Message:
    """One message as it stands now, and how often it was changed."""

    id: str
    channel_id: str
    author: Member
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    reference: Json | None = None
    referenced: "Message | None" = None
    mentions: tuple[Member, ...] = ()
    metadata: Json | None = None
    kind: int = DEFAULT
    edits: int = 0
    deleted: bool = False

    @property
    def thinking(self) -> bool:
        """Whether members still see "thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        """Everything there is to read in it, in order."""
        if self.thinking:
            return THINKING
        return "\n".join(texts([self.content, self.embeds, self.components]))

    @property
    def plain(self) -> str:
        """The same without Discord's marks: what the words are."""
        return MARKS.sub("", self.text)

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, in order."""
        return [c["label"] for c in walk(self.components) if c["type"] == BUTTON and c.get("label")]

    def after(self, body: Json) -> Json:
        """What it would hold if an edit took place; only some flags can be edited."""
        flags = int(self.flags if body.get("flags") is None else body["flags"]) & EDITABLE
        return {
            "content": body.get("content", self.content) or "",
            "embeds": body.get("embeds", self.embeds) or [],
            "components": body.get("components", self.components) or [],
            "flags": self.flags & ~(LOADING | EDITABLE) | flags,
        }

    def change(self, body: Json) -> None:
        """Take over what an edit names."""
        held = self.after(body)
        self.content, self.embeds, self.flags = held["content"], held["embeds"], held["flags"]
        self.components = numbered(held["components"])
        self.edits += 1

    def payload(self) -> Json:
        """The message as Discord's API and interactions give it."""
        return self._alone() | self._links() | self._origin()

    def event(self) -> Json:
        """The message as the gateway gives it."""
        if self.channel_id == payloads.DIRECT_CHANNEL_ID:
            return self.payload()
        about = {"guild_id": payloads.GUILD_ID, "member": payloads.bare_member()}
        return self.payload() | about

    def _alone(self) -> Json:
        named = [*self.mentions]
        if f"<@{payloads.BOT_ID}>" in self.content and payloads.BOT not in named:
            named.append(payloads.BOT)
        return {
            "id": self.id,
            "channel_id": self.channel_id,
            "author": payloads.user(self.author),
            "content": self.content,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [payloads.user(member) for member in named],
            "mention_roles": [],
            "attachments": [],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "type": REPLY if self.reference else self.kind,
            "flags": self.flags,
        }

    def _links(self) -> Json:
        """What it replies to; the message itself is null once it is deleted."""
        if not self.reference:
            return {}
        found = self.referenced
        shown = found._alone() | found._origin() if found and not found.deleted else None
        return {"message_reference": self.reference, "referenced_message": shown}

    def _origin(self) -> Json:
        """The interaction that it answers, whose messages come by a webhook."""
        if self.metadata is None:
            return {}
        return {
            "application_id": payloads.BOT_ID,
            "webhook_id": payloads.BOT_ID,
            "interaction_metadata": self.metadata,
        }


@dataclass(slots=True)
class Interaction:
    """One use of a command, a component or a modal, and what came of it.

    `source` is the message of the component; `target` that of a command in a message's menu;
    `opener` the interaction that a modal was opened by. `modal` is what this one has opened,
    `choices` what it has suggested.
    """

    id: str
    token: str
    member: Member
    channel_id: str
    kind: int = COMMAND
    source: Message | None = None
    target: Message | None = None
    opener: "Interaction | None" = None
    sent_at: float = field(default_factory=time.monotonic)
    acknowledged_at: float | None = None
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    response_type: int | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    expired: bool = False

    @property
    def token_good(self) -> bool:
        """Whether messages can still be sent and edited by its token; `expired` ends it early."""
        return not self.expired and time.monotonic() - self.sent_at <= TOKEN_SECONDS

    @property
    def acknowledged_after(self) -> float:
        """Seconds from the command to the first response; infinite if none came."""
        return float("inf") if self.acknowledged_at is None else self.acknowledged_at - self.sent_at

    @property
    def shown(self) -> list[Message]:
        """The messages that stand under the command now."""
        return [message for message in self.messages if not message.deleted]

    @property
    def final(self) -> bool:
        """Whether something stands there, and nothing says "thinking…" or a place in line."""
        waiting = any(message.thinking or IN_LINE in message.plain for message in self.shown)
        return bool(self.shown) and not waiting


def texts(part: Any) -> Iterator[str]:
    """Find what a reader sees in content, embeds and components, in order."""
    if isinstance(part, str):
        if part:
            yield part
    elif isinstance(part, list):
        for item in part:
            yield from texts(item)
    elif isinstance(part, dict):
        for key in ("author", "title", "name", "description", "value", "content", "label"):
            yield from texts(part.get(key))
        for key in ("fields", "components", "accessory", "footer", "text"):
            yield from texts(part.get(key))
