"""What the bot remembers and what it does to the index, as frozen values.

In order of birth: what admins set, an exchange with its votes and its call, a reindex under
way, and what going back to an earlier build did.
"""

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from index import Answer, Before, GenerationSummary, Quote, understood

CallState = Literal["waiting", "taken", "solved"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where and by whom the bot may be asked, by ids: anywhere and by everyone where empty.

    `helper_role` is pinged when a member asks for a person. `private` is how answers are shown to
    those who do not say.
    """

    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    helper_role: int | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what was answered; `others` are passages that the answer does not show.

    `name` stands in the custom ids of the buttons. `server` is None in direct messages; `message`
    is the id of the answer's message, None until it is there. `asked` is in seconds since 1970.
    `generation` is the one that answered, empty where none was asked. `share_claim` is the id of
    the press which claimed the right to share it.
    """

    asker: int
    server: int | None
    channel: int | None
    private: bool
    answer: Answer
    others: tuple[Quote, ...] = ()
    follows: Before | None = None
    message: int | None = None
    shared: bool = False
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    asked: int = field(default_factory=lambda: int(time.time()))
    generation: str = ""
    share_claim: int | None = None

    @property
    def before(self) -> Before:
        """What a question that follows this one has to know: of one that followed another, both."""
        documents = dict.fromkeys(quote.document for quote in self.answer.quotes)
        asked = self.answer.question
        return Before(understood(asked, self.follows) if self.follows else asked, tuple(documents))


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote; `reason` says why not helpful, `words` is what was written where that is kept."""

    helpful: bool
    reason: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answers were found helpful, and how many not."""

    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call for a person, by the exchange it is about; `helper` is who took it.

    `channel` and `message` are the ids of what was posted, None until these are known; `claim` is
    that of the press which claimed the right to post it. `withdrawn`: whether its question is being
    deleted.
    """

    exchange: str
    state: CallState
    helper: int | None = None
    channel: int | None = None
    message: int | None = None
    withdrawn: bool = False
    claim: int | None = None

    @property
    def left_open(self) -> bool:
        """Whether it was claimed, and it is not known yet whether its message was posted."""
        waits = self.state == "waiting" and not self.withdrawn
        return waits and self.claim is not None and self.message is None


@dataclass(frozen=True, slots=True)
class Build:
    """A reindex under way: who asked for it (None: the bot itself), when, and who cancelled it.

    `name` tells it from others, those before a restart included.
    """

    by: str | None
    since: datetime
    cancelled_by: str | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(6))


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a reindex has come."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What going back to an earlier build did; `withdrawn` are the names of later ones, in order.

    `answering` is the build that answers now, `moved` whether another did before.
    """

    answering: GenerationSummary
    moved: bool
    withdrawn: tuple[str, ...]
