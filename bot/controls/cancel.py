"""The button "Cancel" under a reindex. It outlives restarts, and then says what is the case."""

from typing import Any

import discord

from bot.asking.desk import Desk
from bot.connection.deliver import tell_alone
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.report import render_press
from bot.rights import may_manage


async def cancel(desk: Desk, interaction: discord.Interaction[Any], build: str) -> None:
    """Cancel the reindex of that name, for those who may."""
    reply = MAY_NOT_MANAGE
    if may_manage(interaction):
        by = interaction.user.display_name
        reply = render_press(desk.upkeep.call_off(build, by), by)
    await tell_alone(interaction, reply)
