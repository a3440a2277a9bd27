"""The bot's one message under a member's, on a bad line."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.connection.certain import Unwritable
from bot.connection.one_reply import Channels, OneReply
from bot.rendering.reply import Reply

WORKING, ANSWER = Reply("Looking it up…"), Reply("the answer")


def refusal(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    """What Discord says to what it does not carry out."""
    answer: Any = SimpleNamespace(status=status, reason="")
    return kind(answer, "no")


class Line:
    """A channel and the message that is answered: a nonce is posted once, and answers get lost."""

    def __init__(self, *troubles: Exception, acts: bool = True, refuses: str = "") -> None:
        self.troubles, self.acts, self.refuses = list(troubles), acts, refuses
        self.shown: dict[str, Any] = {}
        channel = SimpleNamespace(id=1, send=self.send)
        self.message: Any = SimpleNamespace(id=7, channel=channel, to_reference=lambda **_: None)

    async def send(self, content: str, nonce: str, **_: Any) -> Any:
        if content == self.refuses:
            raise refusal(discord.HTTPException, 400)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is None or self.acts:
            there = SimpleNamespace(content=content)
            there.edit = lambda content, **_: self.edit(there, content)
            self.shown.setdefault(nonce, there)
        if trouble:
            raise trouble
        return self.shown[nonce]

    async def edit(self, there: Any, content: str) -> Any:
        there.content = content
        return there

    @property
    def says(self) -> list[str]:
        return [one.content for one in self.shown.values()]


async def test_what_was_posted_although_its_answer_was_lost_becomes_the_answer() -> None:
    line = Line(aiohttp.ServerDisconnectedError())
    reply = OneReply(line.message, Channels())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await reply(WORKING)
    assert line.says == ["Looking it up…"]
    await reply(ANSWER)
    assert line.says == ["the answer"]


async def test_what_discord_refuses_gives_way_to_other_words() -> None:
    line = Line(refuses=ANSWER.content)
    reply = OneReply(line.message, Channels())
    with pytest.raises(discord.HTTPException):
        await reply(ANSWER)
    await reply(Reply("something went wrong"))
    assert line.says == ["something went wrong"]


async def test_where_it_may_not_write_it_may_later() -> None:
    line, channels = Line(refusal(discord.Forbidden, 403), acts=False), Channels()
    reply = OneReply(line.message, channels)
    with pytest.raises(Unwritable):
        await reply(WORKING)
    assert channels.refused == {1}
    await reply(ANSWER)
    assert line.says == ["the answer"]
    assert channels.refused == set()
