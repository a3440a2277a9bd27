"""The buttons "More context" and "Other passages": more of the documents, to who pressed alone."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord

from bot.asking.desk import Desk
from bot.connection.deliver import acknowledge, deliver
from bot.connection.messages import edit_of_response
from bot.records import Exchange
from bot.rendering.answer import render_context, render_passages
from bot.rendering.controls import other_passages
from bot.rendering.declined import CHANGED, FORGOTTEN
from bot.rendering.reply import Reply
from index import Engine, Quote

FindMore: TypeAlias = Callable[[Desk, Exchange], Awaitable[Reply]]
"""Finds what more of the documents is shown of an exchange."""

CONTEXT_CHARACTERS = 1600
"""What is shown around a quote, where its own paragraph is not longer."""


async def show_context(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Show what stands around the first quote of an answer, or around the closest passage."""
    await _show(desk, interaction, name, _context)


async def show_others(desk: Desk, interaction: discord.Interaction[Any], name: str) -> None:
    """Show the passages that an answer does not."""
    await _show(desk, interaction, name, _others)


async def _show(
    desk: Desk, interaction: discord.Interaction[Any], name: str, find_more: FindMore
) -> None:
    if not await acknowledge(interaction, private=True):
        return
    exchange = await desk.state.exchanges.find(name)
    reply = await find_more(desk, exchange) if exchange else FORGOTTEN
    await deliver(edit_of_response(interaction), reply)


async def _context(desk: Desk, exchange: Exchange) -> Reply:
    first = (*exchange.answer.quotes, *exchange.answer.closest)[0]
    return await desk.in_worker(_wide, desk.engine, first)


def _wide(engine: Engine, quote: Quote) -> Reply:
    """In a worker too: what has no blank lines is one paragraph, of megabytes perhaps."""
    wide = engine.around(quote, CONTEXT_CHARACTERS)
    return render_context(wide) if wide else CHANGED


async def _others(desk: Desk, exchange: Exchange) -> Reply:
    found = await desk.in_worker(still_quoted, desk.engine, other_passages(exchange))
    return render_passages(found) if found else CHANGED


def still_quoted(engine: Engine, quotes: tuple[Quote, ...]) -> list[Quote]:
    """Those of the quotes that the index still holds. Raises IndexMissing, IndexDamaged."""
    return [quote for quote in quotes if engine.stands(quote)]
