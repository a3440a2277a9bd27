"""`/ask`: a question, answered by one edit of its acknowledgement."""

from typing import Any

import discord
from discord import app_commands

from bot.asking.conversation import converse
from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, edit_of_response

LONGEST_OPTION = 6000
"""Characters that Discord lets one type into an option."""


def ask_command(desk: Desk, longest_question: int) -> app_commands.Command[Any, ..., None]:
    """The command, answering from `desk`; Discord holds one to the length while one types."""
    longest = min(longest_question, LONGEST_OPTION)

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
        private: bool = False,  # noqa: FBT001, FBT002  # an option of the command
    ) -> None:
        with desk.conversation():
            if await acknowledge(interaction, private=private):
                edit = edit_of_response(interaction)
                await converse(desk, question, edit, via="slash", show=True)

    return ask
