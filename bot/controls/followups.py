"""The buttons "Follow up" and "Rephrase": a form for the next question, and its answer."""

from typing import Any

import discord

from bot.asking.desk import Desk
from bot.asking.interactions import ask_here, asked_by
from bot.connection.components import filled_in
from bot.connection.deliver import open_form, tell_alone
from bot.records import Exchange
from bot.rendering.cut import beginning
from bot.rendering.declined import FORGOTTEN
from bot.rendering.reply import Field, Form, custom_id

FOLLOWED_UP = "followed-up"
REPHRASED = "rephrased"
ASKED_ABOUT = "asked-about"
FIELD = "question"
LONGEST_FIELD = 4000
"""Characters that Discord takes in one field of a form."""


async def open_follow_up(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Ask for the question that follows the one of an answer, if that is remembered."""
    if await desk.state.exchanges.find(name) is None:
        await tell_alone(interaction, FORGOTTEN)
    else:
        await open_form(interaction, _form(desk, "Follow up", FOLLOWED_UP, name))


async def open_rephrase(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Ask for a question in other words, with those of before to start from."""
    exchange = await desk.state.exchanges.find(name)
    asked = exchange.answer.question if exchange else ""
    await open_form(interaction, _form(desk, "Rephrase", REPHRASED, name, asked))


async def follow_up(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Answer what was filled in as a question that follows an answer."""
    exchange = await desk.state.exchanges.find(name)
    if exchange is None:  # forgotten while the form was filled in: "and who else?" says nothing
        await tell_alone(interaction, FORGOTTEN)
        return
    asked = asked_by(
        interaction,
        filled_in(interaction)[FIELD],
        FOLLOWED_UP,
        private=_private(interaction, exchange),
        after=exchange.before,
    )
    await ask_here(desk, interaction, asked)


async def rephrase(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Answer what was filled in as the same question in other words."""
    exchange = await desk.state.exchanges.find(name)
    asked = asked_by(
        interaction,
        filled_in(interaction)[FIELD],
        REPHRASED,
        private=_private(interaction, exchange),
        after=exchange.follows if exchange else None,
    )
    await ask_here(desk, interaction, asked)


async def ask_about(desk: Desk, interaction: discord.Interaction[Any], _about: str) -> None:
    """Answer what was made of a long message."""
    words = filled_in(interaction)[FIELD]
    asked = asked_by(interaction, words, ASKED_ABOUT, private=True)
    await ask_here(desk, interaction, asked)


def _private(interaction: discord.Interaction[Any], exchange: Exchange | None) -> bool | None:
    """True where the form was opened under what one member alone sees, else None.

    The private copy of a shared answer is seen by one member too.
    """
    seen_alone = interaction.message is not None and interaction.message.flags.ephemeral
    return True if seen_alone or (exchange and exchange.private) else None


def question_form(desk: Desk, words: str) -> Form:
    """The form for a question out of a message that is too long to be one."""
    return _form(desk, "Ask about this", ASKED_ABOUT, "", words)


def _form(desk: Desk, title: str, act: str, name: str, value: str = "") -> Form:
    longest = min(desk.longest_question, LONGEST_FIELD)
    field = Field(FIELD, "Your question", beginning(value, longest), longest)
    return Form(title, custom_id(act, name), (field,))
