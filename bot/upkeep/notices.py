"""What admins must know, said once in the channel that they chose for it."""

import asyncio
import hashlib
from collections import deque
from dataclasses import dataclass

import discord
import structlog

from bot.connection.certain import FAILURES, LOST_FOR_GOOD, is_refusal
from bot.connection.messages import send
from bot.logs import failure
from bot.rendering.reply import Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

NONCE = 24
"""Characters of a message's nonce; Discord takes 25."""

AGAIN_SECONDS = 60.0
"""Until a message is tried again that Discord did not answer for."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `fact` tells what it says from all else, also after a restart."""

    fact: str
    reply: Reply

    @property
    def nonce(self) -> str:
        """What keeps Discord from posting one fact twice within minutes."""
        return hashlib.sha256(self.fact.encode()).hexdigest()[:NONCE]


class Notices:
    """Keeps notices in order until they are posted. Outlives connections to Discord.

    `channel` is where they go; without one they are dropped, for the log has them too.
    """

    def __init__(self, channel: int | None) -> None:
        self.channel = channel
        self._known: set[str] = set()
        self._waiting: deque[Notice] = deque()
        self._news = asyncio.Event()

    def add(self, fact: str, reply: Reply) -> None:
        """Have a fact told, unless it was before."""
        if self.channel is None or fact in self._known:
            return
        self._known.add(fact)
        self._waiting.append(Notice(fact, reply))
        self._news.set()

    async def first(self) -> Notice:
        """The one that has waited longest, as soon as there is one; it stays until `drop`."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting[0]

    def drop(self) -> None:
        """Forget the first: it is posted, or never can be."""
        self._waiting.popleft()


async def post_notices(
    notices: Notices, client: discord.Client, again_seconds: float = AGAIN_SECONDS
) -> None:
    """Post notices as they come, until cancelled or the client's connection is closed."""
    if notices.channel is None:
        return
    channel = client.get_partial_messageable(notices.channel)
    usable = True
    while True:
        notice = await notices.first()
        try:
            await send(channel, notice.reply, notice.nonce)
            usable = True
        except FAILURES as error:
            if not is_refusal(error):
                await asyncio.sleep(again_seconds)
                continue
            if usable:
                log.warning("admin_channel_unusable", channel=channel.id, error=failure(error))
            usable = False
        except LOST_FOR_GOOD:
            return  # closed: the next client goes on with the same notice
        notices.drop()
