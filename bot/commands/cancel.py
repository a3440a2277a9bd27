"""The button "Cancel" under a reindex. It outlives restarts, and then says what is the case."""

import re
from typing import Any, Self

import discord

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, deliver, edit_of_response
from bot.rendering.report import CANCEL, render_press
from bot.rights import REFUSED, may_manage


def cancel_button(desk: Desk) -> type[discord.ui.DynamicItem[discord.ui.Button[Any]]]:
    """The button's kind, whose presses cancel what runs at `desk`."""

    class CancelButton(
        discord.ui.DynamicItem[discord.ui.Button[Any]], template=f"{CANCEL}(?P<build>[0-9a-f]+)"
    ):
        def __init__(self, build: str) -> None:
            super().__init__(discord.ui.Button(label="Cancel", custom_id=CANCEL + build))
            self.build = build

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction[Any],
            _item: discord.ui.Item[Any],
            match: re.Match[str],
            /,
        ) -> Self:
            """The button of one build."""
            return cls(match["build"])

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            """Answer one press."""
            with desk.conversation():
                await _pressed(desk, interaction, self.build)

    return CancelButton


async def _pressed(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    reply = REFUSED
    if may_manage(interaction):
        by = interaction.user.display_name
        reply = render_press(desk.upkeep.call_off(name, by), by)
    if await acknowledge(interaction, private=True):
        await deliver(edit_of_response(interaction), reply)
