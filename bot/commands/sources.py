"""`/sources`: which documents are indexed, for those who may manage the index."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.controls.admins import tell_admin
from bot.controls.sources import page_of_sources
from bot.rendering.sources import SOURCES
from bot.rights import for_admins


def sources_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, listing what the engine of `desk` holds."""

    @app_commands.command(description="Show the indexed documents to you alone.")
    @for_admins
    async def sources(interaction: discord.Interaction[Any]) -> None:
        await tell_admin(desk, interaction, SOURCES, lambda: page_of_sources(desk, 1))

    return sources
