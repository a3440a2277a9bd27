"""Questions by commands, buttons and forms: all that Discord calls an interaction."""

from dataclasses import replace
from typing import Any

import discord

from bot.asking.conversation import converse
from bot.asking.desk import Desk
from bot.asking.question import Question, asker_of
from bot.connection.deliver import acknowledge, deliver
from bot.connection.messages import edit_of_response
from index import Before


def asked_by(
    interaction: discord.Interaction[Any],
    text: str,
    via: str,
    *,
    private: bool | None = None,
    after: Before | None = None,
) -> Question:
    """The question of whoever used a command, button or form."""
    return Question(text, asker_of(interaction), via, private, shown=True, after=after)


async def ask_here(desk: Desk, interaction: discord.Interaction[Any], question: Question) -> None:
    """Acknowledge a question and answer it by one edit."""
    refused = desk.admission.refusal(question.asker, question.text)
    private = question.private
    if private is None:
        private = desk.state.servers.of(question.asker.server).private
    if not await acknowledge(interaction, private=private or refused is not None):
        return
    edit = edit_of_response(interaction)
    if refused:
        await deliver(edit, refused)
    else:
        await converse(desk, replace(question, private=private), edit, acknowledged=True)
