"""A question as it was asked in Discord."""

from dataclasses import dataclass
from typing import Any

import discord

from index import Before


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and where, by ids. `channels` are the channel and, of a thread, the one it is in.

    `server` is None in direct messages. `roles` are the member's.
    """

    member: int
    server: int | None
    channels: tuple[int, ...]
    roles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked by whom; `after` is what it follows.

    `via` is how it was asked, for the log. `private`: whether the answer is for the asker alone;
    None leaves that to what the server's admins set. `shown`: whether the question is told below
    the answer, since others cannot see it.
    """

    text: str
    asker: Asker
    via: str
    private: bool | None = None
    shown: bool = False
    after: Before | None = None


def asker_of(interaction: discord.Interaction[Any]) -> Asker:
    """Who used a command, button or form, and where."""
    user = interaction.user
    roles = tuple(role.id for role in user.roles) if isinstance(user, discord.Member) else ()
    channels = _with_parent(interaction.channel_id, interaction.channel)
    return Asker(user.id, interaction.guild_id, channels, roles)


def author_of(message: discord.Message) -> Asker:
    """Who wrote a message, and where."""
    author = message.author
    roles = tuple(role.id for role in author.roles) if isinstance(author, discord.Member) else ()
    channels = _with_parent(message.channel.id, message.channel)
    return Asker(author.id, message.guild.id if message.guild else None, channels, roles)


def _with_parent(channel: int | None, known: object) -> tuple[int, ...]:
    parent = getattr(known, "parent_id", None)
    return tuple(one for one in (channel, parent) if one is not None)
