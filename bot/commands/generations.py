"""`/generations`: which finished builds there are, for those who may manage the index."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, deliver, edit_of_response
from bot.faults import tell_fault
from bot.rendering.generations import render_generations
from bot.rendering.reply import Reply
from bot.rights import REFUSED, may_manage


def generations_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, asking the upkeep of `desk`."""

    @app_commands.command(description="Show the finished builds of the index to you alone.")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def generations(interaction: discord.Interaction[Any]) -> None:
        with desk.conversation():
            if await acknowledge(interaction, private=True):
                reply = await _listed(desk) if may_manage(interaction) else REFUSED
                await deliver(edit_of_response(interaction), reply)

    return generations


async def _listed(desk: Desk) -> Reply:
    try:
        return render_generations(await desk.unless_cut_off(desk.upkeep.generations()))
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        return tell_fault(error, "generations")
