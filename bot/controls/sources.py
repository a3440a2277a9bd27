"""The pages of the indexed documents, and the buttons that turn them."""

from typing import Any

import discord

from bot.asking.desk import Desk
from bot.controls.admins import edit_for_admin
from bot.rendering.reply import Reply
from bot.rendering.sources import SOURCES, render_sources
from index import Engine, GenerationSummary, Source


async def turn_page(desk: Desk, interaction: discord.Interaction[Any], page: str) -> None:
    """Show another page in place of the one whose button was pressed."""
    number = int(page) if page.isdecimal() else 1
    await edit_for_admin(interaction, SOURCES, lambda: page_of_sources(desk, number))


async def page_of_sources(desk: Desk, page: int) -> Reply:
    """One page of the documents as they are indexed now. Raises what the engine raises."""
    return await desk.in_worker(_page, desk.engine, page)


def _page(engine: Engine, page: int) -> Reply:
    found, generation = _held(engine)
    return render_sources(found, generation, page)


def _held(engine: Engine) -> tuple[list[Source], GenerationSummary]:
    """The documents of the generation that answers, and that generation, which surely belong."""
    while True:
        generation, found = engine.current(), engine.sources()
        if engine.current() == generation:  # else a reindex published another meanwhile
            return found, generation
