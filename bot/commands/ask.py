"""`/ask`, and "Ask about this" on the menu of a message."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.asking.interactions import ask_here, asked_by
from bot.asking.question import words_of
from bot.connection.deliver import open_form, tell_alone
from bot.controls.followups import question_form
from bot.rendering.declined import NO_WORDS

LONGEST_OPTION = 6000
"""Characters that Discord lets one type into an option."""


def ask_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, answering from `desk`; Discord holds one to the length while one types."""
    longest = min(desk.longest_question, LONGEST_OPTION)

    @app_commands.command(description="Ask a question; the answer is quoted from the documents.")
    @app_commands.describe(
        question="What you want to know, in your own words.",
        private="Show the answer to you alone.",
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def ask(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, longest],
        private: bool | None = None,  # noqa: FBT001  # an option of the command
    ) -> None:
        with desk.conversation():
            asked = asked_by(interaction, question, "slash", private=private)
            await ask_here(desk, interaction, asked)

    return ask


def ask_about_menu(desk: Desk) -> app_commands.ContextMenu:
    """The entry "Ask about this" on the menu of every message."""

    @app_commands.context_menu(name="Ask about this")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def ask_about(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        with desk.conversation():
            me = interaction.client.user
            words = words_of(message, me.id if me else interaction.application_id)
            await _ask_about(desk, interaction, words)

    return ask_about


async def _ask_about(desk: Desk, interaction: discord.Interaction[Any], words: str) -> None:
    """Answer what a message asks, to the one who wants to know; of a long one, let them choose."""
    if len(words) > desk.longest_question:
        await open_form(interaction, question_form(desk, words))
    elif words:
        asked = asked_by(interaction, words, "message_menu", private=True)
        await ask_here(desk, interaction, asked)
    else:
        await tell_alone(interaction, NO_WORDS)
