"""What members would see just now: the messages of the channel and the state of interactions."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import payloads
from .payloads import EPHEMERAL, LOADING, Json, Member

MARKS = re.compile(r"\*\*|\\(?=\W)|^> ?", re.MULTILINE)
"""Bold, escapes and the bar of a quote."""

THINKING = "thinking…"
"""What Discord shows in place of a deferred answer."""


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

    def change(self, body: Json) -> None:
        """Take over what an edit names; the ephemeral flag stays as it was."""
        self.content = body.get("content", self.content) or ""
        self.embeds = body.get("embeds", self.embeds) or []
        self.components = body.get("components", self.components) or []
        kept = self.flags & EPHEMERAL
        self.flags = kept | (int(body.get("flags") or self.flags) & ~(LOADING | EPHEMERAL))
        self.edits += 1

    def payload(self) -> Json:
        """The message as Discord's API and gateway give it."""
        in_guild = {"guild_id": payloads.GUILD_ID, "member": payloads.bare_member()}
        bot_named = f"<@{payloads.BOT_ID}>" in self.content
        return {
            "id": self.id,
            "channel_id": self.channel_id,
            "author": payloads.user(self.author),
            "content": self.content,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [payloads.user(payloads.BOT)] if bot_named else [],
            "mention_roles": [],
            "attachments": [],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "type": 19 if self.reference else 0,
            "flags": self.flags,
            **({"message_reference": self.reference} if self.reference else {}),
            **(in_guild if self.channel_id == payloads.CHANNEL_ID else {}),
        }


@dataclass(slots=True)
class Interaction:
    """One use of a command, and what came of it."""

    id: str
    token: str
    member: Member
    channel_id: str
    source: Message | None = None
    sent_at: float = field(default_factory=time.monotonic)
    acknowledged_at: float | None = None
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    response_type: int | None = None

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
        """Whether something stands there and nothing says "thinking…" any more."""
        return bool(self.shown) and not any(message.thinking for message in self.shown)


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
