"""`/settings`: where and by whom the bot may be asked, for those who may manage the server."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.controls.admins import tell_admin
from bot.controls.server_settings import panel
from bot.rendering.reply import Reply
from bot.rendering.server_settings import SETTINGS
from bot.rights import for_admins


def settings_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, showing what `desk` remembers of a server."""

    @app_commands.command(description="Choose where and by whom I may be asked on this server.")
    @for_admins
    async def settings(interaction: discord.Interaction[Any]) -> None:
        async def shown() -> Reply:
            return panel(desk, interaction)

        await tell_admin(desk, interaction, SETTINGS, shown)

    return settings
