"""`/help`: what one can do here, to whoever asks alone."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.connection.deliver import tell_alone
from bot.rendering.help import render_help
from bot.rights import may_manage


def help_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command; those who may manage the server are told their commands too."""

    @app_commands.command(name="help", description="Show what I can do, to you alone.")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def show_help(interaction: discord.Interaction[Any]) -> None:
        with desk.conversation():
            server = desk.state.servers.of(interaction.guild_id)
            reply = render_help(server, desk.settings, manages=may_manage(interaction))
            await tell_alone(interaction, reply)

    return show_help
