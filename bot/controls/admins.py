"""What is told to admins alone, by a command or by a press: to nobody else, and privately."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, acknowledge_press, deliver, tell_alone
from bot.connection.messages import edit_of_response
from bot.faults import tell_fault
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.reply import Reply
from bot.rights import may_manage

FindReply: TypeAlias = Callable[[], Awaitable[Reply]]
"""Finds out what is to be told."""


async def tell_admin(
    desk: Desk, interaction: discord.Interaction[Any], act: str, find: FindReply
) -> None:
    """Answer a command privately, with what `find` finds or why it cannot; `act` is for the log."""
    with desk.conversation():
        if await acknowledge(interaction, private=True):
            reply = await told(act, find) if may_manage(interaction) else MAY_NOT_MANAGE
            await deliver(edit_of_response(interaction), reply)


async def edit_for_admin(interaction: discord.Interaction[Any], act: str, find: FindReply) -> None:
    """Answer a press by an edit of the message pressed under; a refusal is a message of its own."""
    if not may_manage(interaction):
        await tell_alone(interaction, MAY_NOT_MANAGE)
    elif await acknowledge_press(interaction):
        await deliver(edit_of_response(interaction), await told(act, find))


async def told(act: str, find: FindReply) -> Reply:
    """What `find` finds, or in plain words why it cannot."""
    try:
        return await find()
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        return tell_fault(error, act)
