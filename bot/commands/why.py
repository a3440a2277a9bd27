"""`/why`, and "Why this answer?" on the menu of a message: for those who may manage the server."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.commands.ask import LONGEST_OPTION
from bot.controls.admins import tell_admin
from bot.rendering.reply import Reply
from bot.rendering.why import NOT_KNOWN, NOT_MINE, render_why
from bot.rights import for_admins
from index import Before


def why_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, explaining what the engine of `desk` would answer."""
    longest = min(desk.longest_question, LONGEST_OPTION)

    @app_commands.command(description="Show to you alone how a question is answered, and why.")
    @app_commands.describe(question="The question, as a member would ask it.")
    @for_admins
    async def why(
        interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, longest]
    ) -> None:
        await tell_admin(desk, interaction, "why", lambda: _why(desk, question))

    return why


def why_menu(desk: Desk) -> app_commands.ContextMenu:
    """The entry "Why this answer?" on the menu of every message."""

    @app_commands.context_menu(name="Why this answer?")
    @for_admins
    async def why(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        mine = message.author == interaction.client.user
        await tell_admin(desk, interaction, "why", lambda: _why_that(desk, message.id, mine=mine))

    return why


async def _why_that(desk: Desk, message: int, *, mine: bool) -> Reply:
    """How the answer in a message came about, as far as the index is what it was."""
    exchange = await desk.state.exchanges.find_by_message(message)
    if exchange is None:
        return NOT_KNOWN if mine else NOT_MINE
    return await _why(desk, exchange.answer.question, exchange.follows, exchange.generation)


async def _why(
    desk: Desk, question: str, follows: Before | None = None, then: str | None = None
) -> Reply:
    with desk.line.turn():
        return render_why(await desk.ask(question, follows), follows, then)
