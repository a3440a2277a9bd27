"""`/rollback`: answer from an earlier build. Nothing is deleted."""

from typing import Any

import discord
import structlog
from discord import app_commands

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, deliver
from bot.connection.messages import edit_of_response
from bot.faults import tell_fault
from bot.logs import failure
from bot.refusals import AlreadyBuilding
from bot.rendering.generations import choice, render_rolled_back, render_unknown
from bot.rendering.reply import Reply
from bot.rendering.report import render_build
from bot.rights import for_admins, may_manage
from bot.upkeep.refusal import refusal
from index import GenerationUnknown, IndexDamaged, IndexMismatch

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

MOST_CHOICES = 25
"""As many as Discord shows."""

LONGEST_NAME = 20
WORDS = {
    IndexDamaged: "That build is damaged, so I won't answer from it. Nothing has changed.",
    IndexMismatch: "That build was made with other settings than today's, so it can't answer. "
    "Nothing has changed.",
}


def rollback_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, going back through the upkeep of `desk`."""

    @app_commands.command(description="Answer from an earlier build of the index.")
    @app_commands.describe(
        generation="Which one, as /generations names it; the one before if left out."
    )
    @for_admins
    async def rollback(
        interaction: discord.Interaction[Any],
        generation: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
    ) -> None:
        with desk.conversation():
            refused = refusal(desk.upkeep, interaction)
            if await acknowledge(interaction, private=refused is not None):
                reply = refused or await _rolled_back(desk, generation)
                await deliver(edit_of_response(interaction), reply)

    @rollback.autocomplete("generation")
    async def names(
        interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await _choices(desk, typed) if may_manage(interaction) else []

    return rollback


async def _rolled_back(desk: Desk, to: str | None) -> Reply:
    try:
        return render_rolled_back(await desk.unless_cut_off(desk.upkeep.roll_back(to)))
    except AlreadyBuilding as refused:  # it began while this one was acknowledged
        return render_build(refused.build)
    except GenerationUnknown as error:
        return render_unknown(str(error))
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        return tell_fault(error, "rollback", WORDS)


async def _choices(desk: Desk, typed: str) -> list[app_commands.Choice[str]]:
    """Builds that could answer instead, newest first; none when they cannot be listed."""
    try:
        listed = await desk.upkeep.listed()
    except Exception as error:  # noqa: BLE001  # one can type the name all the same
        log.info("no_choices", error=failure(error))
        return []
    found = [one for one in reversed(listed) if one.state in {"kept", "withdrawn"}]
    choices = [app_commands.Choice(name=choice(one), value=one.name) for one in found]
    return [one for one in choices if typed.strip() in one.value][:MOST_CHOICES]
