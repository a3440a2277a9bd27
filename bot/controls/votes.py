"""The buttons "Helpful" and "Not helpful": one vote a member and answer, the last one counts."""

from typing import Any

import discord
import structlog

from bot.asking.desk import Desk
from bot.connection.components import filled_in
from bot.connection.deliver import acknowledge, deliver, open_form
from bot.connection.messages import edit_of_response
from bot.controls.call_message import may_be_posted
from bot.controls.calls import may_call
from bot.records import Vote
from bot.rendering.calls import THEN_A_PERSON
from bot.rendering.controls import ASK_HUMAN
from bot.rendering.cut import beginning
from bot.rendering.reply import Button, Reply, Row, custom_id
from bot.rendering.votes import (
    HELPED,
    NOT_HELPED,
    OTHER,
    REASON,
    REASONS,
    WORDS,
    WORDS_MAX_UNITS,
    unhelpful_form,
)

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


async def vote_helpful(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Count a vote that the answer helped."""
    if await acknowledge(interaction, private=True):
        await _cast(desk, interaction, name, Vote(helpful=True))
        await deliver(edit_of_response(interaction), HELPED)


async def open_unhelpful(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Ask what was wrong, and in words too only where these are kept."""
    form = unhelpful_form(name, in_words=desk.settings.keep_vote_words)
    await open_form(interaction, form)


async def vote_unhelpful(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Count a vote that the answer did not help, and offer a person where there are some."""
    if not await acknowledge(interaction, private=True):
        return
    await _cast(desk, interaction, name, _filled_in(desk, interaction))
    rows = await _offer(desk, interaction, name)
    reply = Reply(f"{NOT_HELPED}\n{THEN_A_PERSON}" if rows else NOT_HELPED, rows)
    await deliver(edit_of_response(interaction), reply)


def _filled_in(desk: Desk, interaction: discord.Interaction[Any]) -> Vote:
    given = filled_in(interaction)
    reason = given.get(REASON, OTHER)
    words = (
        beginning(given.get(WORDS, "").strip(), WORDS_MAX_UNITS)
        if desk.settings.keep_vote_words
        else ""
    )
    return Vote(
        helpful=False, reason=reason if reason in dict(REASONS) else OTHER, words=words or None
    )


async def _cast(desk: Desk, interaction: discord.Interaction[Any], name: str, vote: Vote) -> None:
    await desk.state.votes.cast(name, interaction.user.id, vote)
    log.info("vote", helpful=vote.helpful, reason=vote.reason)


async def _offer(desk: Desk, interaction: discord.Interaction[Any], name: str) -> tuple[Row, ...]:
    exchange = await desk.state.exchanges.find(name)
    if exchange is None or not may_call(desk, interaction, exchange):
        return ()
    if not may_be_posted(await desk.state.calls.find(name), interaction.id):
        return ()
    return ((Button("Ask a human", custom_id(ASK_HUMAN, name)),),)
