"""Who may manage the index or messages: decided here, at each command and each press.

What a command asks for when it is registered is a default that a server's admins may change.
"""

from typing import Any, TypeVar

import discord
from discord import app_commands

T = TypeVar("T")


def for_admins(command: T) -> T:
    """Have Discord offer a command in servers only, to those who may manage the server."""
    for limit in (
        app_commands.default_permissions(manage_guild=True),
        app_commands.allowed_installs(guilds=True, users=False),
        app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False),
    ):
        command = limit(command)
    return command


def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Whether whoever asks has Manage Server, or all rights, where they ask."""
    rights = interaction.permissions
    return interaction.guild_id is not None and (rights.manage_guild or rights.administrator)


def may_moderate(interaction: discord.Interaction[Any]) -> bool:
    """Whether whoever asks may manage messages, or the server, where they ask."""
    moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
    return moderates or may_manage(interaction)
