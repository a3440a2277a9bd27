"""Why the index may not be changed now by whoever asks, as it is told to them."""

from typing import Any

import discord

from bot.refusals import Stopping
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.reply import Reply
from bot.rendering.report import render_build
from bot.rights import may_manage
from bot.upkeep.upkeep import Upkeep


def refusal(upkeep: Upkeep, interaction: discord.Interaction[Any]) -> Reply | None:
    """Why whoever asks may not change the index, or not now; None if they may."""
    if not may_manage(interaction):
        return MAY_NOT_MANAGE
    if upkeep.stopping:
        return Reply(str(Stopping()))
    return render_build(upkeep.build) if upkeep.build else None
