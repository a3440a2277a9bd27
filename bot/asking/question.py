"""A question as it was asked in Discord."""

import re
from dataclasses import dataclass
from typing import Any

import discord

from index import Before

TAG = re.compile(
    r"<(?:@!?(?P<member>\d+)|@&(?P<role>\d+)|\#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+"
    r"|/(?P<command>[^:<>]+):\d+)>"
)
"""How a message holds what a reader sees as a name."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and where, by ids. `channels` are the channel and, of a thread, the one it is in.

    `server` is None in direct messages. `roles` are the member's. `known` are the channels that the
    server has, where that is known.
    """

    member: int
    server: int | None
    channels: tuple[int, ...]
    roles: tuple[int, ...] = ()
    known: frozenset[int] = frozenset()


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
    channels = _with_parent(interaction.channel_id, interaction.channel)
    known = _channels(interaction.guild)
    return Asker(user.id, interaction.guild_id, channels, _roles(user), known)


def author_of(message: discord.Message) -> Asker:
    """Who wrote a message, and where."""
    author, server = message.author, message.guild.id if message.guild else None
    channels = _with_parent(message.channel.id, message.channel)
    return Asker(author.id, server, channels, _roles(author), _channels(message.guild))


def words_of(message: discord.Message, bot_id: int) -> str:
    """What a message says to a reader, on one line: names in place of ids, the bot's own left out.

    Of what Discord tells no name of, nothing is left.
    """
    members = {str(one.id): f"@{one.display_name}" for one in message.mentions}
    members[str(bot_id)] = ""
    roles = {str(one.id): f"@{one.name}" for one in message.role_mentions}
    if (own := own_role(message)) is not None:
        roles[str(own)] = ""
    channels = {
        str(one.id): f"#{one.name}"
        for one in message.channel_mentions
        if isinstance(one, discord.abc.GuildChannel | discord.Thread)
    }

    def name(tag: "re.Match[str]") -> str:
        kind, value = next((kind, value) for kind, value in tag.groupdict().items() if value)
        if kind == "emoji":
            return f":{value}:"
        if kind == "command":
            return f"/{value}"
        known = {"member": members, "role": roles, "channel": channels}[kind]
        return known.get(value, "") or " "

    return " ".join(TAG.sub(name, message.content).split())


def own_role(message: discord.Message) -> int | None:
    """The role that a server made for the bot, if it is known: people mention it by mistake."""
    role = message.guild.self_role if message.guild else None
    return role.id if role else None


def _roles(user: discord.abc.User) -> tuple[int, ...]:
    """Ids of a member's roles, also while the server itself is not known yet."""
    return tuple(user._roles) if isinstance(user, discord.Member) else ()  # noqa: SLF001  # `roles` leaves out what it cannot name


def _channels(server: discord.Guild | None) -> frozenset[int]:
    return frozenset(one.id for one in server.channels) if server else frozenset()


def _with_parent(channel: int | None, known: object) -> tuple[int, ...]:
    parent = getattr(known, "parent_id", None)
    return tuple(one for one in (channel, parent) if one is not None)
