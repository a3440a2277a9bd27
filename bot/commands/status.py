"""`/status`: how the bot is, for those who may manage it. What fails is told beside the rest."""

import asyncio
import math
from collections.abc import Coroutine
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.asking.desk import Desk
from bot.controls.admins import tell_admin
from bot.faults import tell_fault
from bot.refusals import TooSlow
from bot.rendering.reply import Reply
from bot.rendering.status import OPENING, Load, Status, render_status
from bot.rights import for_admins
from index import GenerationSummary

T = TypeVar("T")

FACT_SECONDS = 20.0
"""How long each fact is waited for: the rest must be told in time."""

UNKNOWN_VERSION = "(not installed)"


def status_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, telling of `desk` and all that it has."""

    @app_commands.command(description="Show how I am to you alone: index, questions, connection.")
    @for_admins
    async def status(interaction: discord.Interaction[Any]) -> None:
        await tell_admin(desk, interaction, "status", lambda: _status(desk, interaction.client))

    return status


async def _status(desk: Desk, client: discord.Client) -> Reply:
    index, builds, votes, installed = await asyncio.gather(
        _found(desk, _index(desk)),
        _found(desk, desk.upkeep.listed()),
        _found(desk, desk.state.votes.tally()),
        asyncio.to_thread(_version),
    )
    status = Status(
        index=index,
        builds=builds,
        votes=votes,
        load=_load(desk),
        build=desk.upkeep.build,
        stage=desk.upkeep.stage,
        since=desk.since,
        version=installed,
        latency=client.latency if math.isfinite(client.latency) else None,
    )
    return render_status(status)


async def _found(desk: Desk, finding: Coroutine[Any, Any, T]) -> T | Reply:
    """One fact, or why it cannot be found out."""
    try:
        async with asyncio.timeout(FACT_SECONDS) as patience:
            return await desk.unless_cut_off(finding)
    except TimeoutError as error:
        return tell_fault(TooSlow() if patience.expired() else error, "status")
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        return tell_fault(error, "status")


async def _index(desk: Desk) -> GenerationSummary | Reply:
    return await desk.upkeep.current() if desk.upkeep.opened.is_set() else OPENING


def _load(desk: Desk) -> Load:
    line, settings = desk.line, desk.settings
    return Load(line.answering, line.waiting, settings.workers, settings.waiting)


def _version() -> str:
    try:
        return version("quoth")
    except PackageNotFoundError:
        return UNKNOWN_VERSION
