"""`/generations`: which finished builds there are, for those who may manage the index."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.controls.admins import tell_admin
from bot.rendering.generations import render_generations
from bot.rendering.reply import Reply
from bot.rights import for_admins


def generations_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, asking the upkeep of `desk`."""

    async def listed() -> Reply:
        return render_generations(await desk.unless_cut_off(desk.upkeep.generations()))

    @app_commands.command(description="Show the finished builds of the index to you alone.")
    @for_admins
    async def generations(interaction: discord.Interaction[Any]) -> None:
        await tell_admin(desk, interaction, "generations", listed)

    return generations
