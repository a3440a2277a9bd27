"""Which act answers a press, a choice or a form: told by its custom id, after a restart too."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord

from bot.asking.admission import not_allowed
from bot.asking.desk import Desk
from bot.asking.question import asker_of
from bot.connection.deliver import is_press, tell_alone, tell_beside
from bot.controls import (
    calls,
    cancel,
    delete,
    followups,
    passages,
    server_settings,
    share,
    sources,
    votes,
)
from bot.faults import tell_fault
from bot.rendering import controls
from bot.rendering.calls import POST_CALL, SOLVE, TAKE
from bot.rendering.reply import Reply
from bot.rendering.report import CANCEL
from bot.rendering.server_settings import SETTINGS
from bot.rendering.sources import SOURCES
from bot.rendering.votes import FOUND_UNHELPFUL

Act: TypeAlias = Callable[[Desk, discord.Interaction[Any], str], Awaitable[None]]
"""Answers one use of a control; the text is what its custom id is about."""

FOR_THOSE_WHO_MAY_ASK = frozenset(
    {
        controls.CONTEXT,
        controls.OTHERS,
        controls.FOLLOW_UP,
        controls.REPHRASE,
        controls.SHARE,
        controls.ASK_HUMAN,
        POST_CALL,
    }
)
"""Acts that give more of the documents, or ask: only where and for whom the admins allow that."""

CUSTOM_ID = re.compile(r"quoth:(?P<act>[a-z-]+):(?P<about>[0-9a-z-]*)")

ACTS: dict[str, Act] = {
    CANCEL: cancel.cancel,
    controls.CONTEXT: passages.show_context,
    controls.OTHERS: passages.show_others,
    controls.FOLLOW_UP: followups.open_follow_up,
    followups.FOLLOWED_UP: followups.follow_up,
    controls.REPHRASE: followups.open_rephrase,
    followups.REPHRASED: followups.rephrase,
    followups.ASKED_ABOUT: followups.ask_about,
    controls.HELPFUL: votes.vote_helpful,
    controls.UNHELPFUL: votes.open_unhelpful,
    FOUND_UNHELPFUL: votes.vote_unhelpful,
    controls.SHARE: share.share,
    controls.DELETE: delete.delete,
    controls.ASK_HUMAN: calls.ask_human,
    POST_CALL: calls.post_call,
    TAKE: calls.take,
    SOLVE: calls.solve,
    SOURCES: sources.turn_page,
    SETTINGS: server_settings.change_settings,
}


async def answer_control(desk: Desk, interaction: discord.Interaction[Any]) -> None:
    """Do what was pressed, chosen or filled in, if it is of ours; a fault is told to who did it."""
    data: Any = interaction.data or {}
    found = CUSTOM_ID.fullmatch(str(data.get("custom_id", "")))
    act = ACTS.get(found["act"]) if found else None
    if found is None or act is None:
        return
    with desk.conversation():
        try:
            if found["act"] in FOR_THOSE_WHO_MAY_ASK and (refused := _refusal(desk, interaction)):
                await tell_alone(interaction, refused)
                return
            await act(desk, interaction, found["about"])
        except Exception as error:  # noqa: BLE001  # whatever it is, the member is told one true thing
            await _tell(interaction, tell_fault(error, found["act"]))


def _refusal(desk: Desk, interaction: discord.Interaction[Any]) -> Reply | None:
    return not_allowed(asker_of(interaction), desk.state.servers.of(interaction.guild_id))


async def _tell(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Tell whoever pressed alone. What they pressed under stays as it is, to be pressed again."""
    if is_press(interaction):
        await tell_beside(interaction, reply)
    else:
        await tell_alone(interaction, reply)
