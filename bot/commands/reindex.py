"""`/reindex`: build the index anew, with progress, while members go on asking."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.deliver import LOST_FOR_GOOD, Edit, acknowledge, deliver, edit_of_response, send
from bot.desk import AlreadyBuilding, Desk
from bot.faults import Stopping, tell_fault
from bot.logs import failure
from bot.reply import Reply
from bot.report import NOT_FINISHED, OUT_OF_TIME, REFUSED, render_build, render_report, render_stage

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

PROGRESS_SECONDS = 2.5
TOKEN_MARGIN = timedelta(seconds=30)
"""An interaction can be edited for 15 minutes; the last edit must not come too late."""


def reindex_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, reindexing through `desk`."""

    @app_commands.command(description="Read the documents anew. Members can go on asking.")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def reindex(interaction: discord.Interaction[Any]) -> None:
        with desk.conversation():
            # a server's admins can hand the command to anyone: who may is decided here
            refusal = None if _may(interaction) else REFUSED
            if refusal is None and desk.stopping:
                refusal = Reply(str(Stopping()))
            if refusal is None and desk.build:
                refusal = render_build(desk.build)
            if not await acknowledge(interaction, private=refusal is not None):
                return
            if refusal:
                await deliver(edit_of_response(interaction), refusal)
            else:
                await _reindex(desk, interaction)

    return reindex


def _may(interaction: discord.Interaction[Any]) -> bool:
    rights = interaction.permissions
    return interaction.guild_id is not None and (rights.manage_guild or rights.administrator)


async def _reindex(desk: Desk, interaction: discord.Interaction[Any]) -> None:
    edit, editable_until = edit_of_response(interaction), interaction.expires_at - TOKEN_MARGIN
    building = asyncio.create_task(desk.reindex(by=interaction.user.display_name))
    await show_progress(desk, building, edit, editable_until)
    try:
        reply = render_report(await building)
    except AlreadyBuilding as refusal:  # another was quicker while this one was acknowledged
        reply = render_build(refusal.build)
    except Stopping:
        reply = NOT_FINISHED
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        reply = tell_fault(error, "reindex")
    in_time = discord.utils.utcnow() < editable_until
    if not in_time or not await deliver(edit, reply):
        await _tell_channel(interaction, reply)


async def show_progress(
    desk: Desk,
    building: asyncio.Task[Any],
    edit: Edit,
    editable_until: datetime,
    every_seconds: float = PROGRESS_SECONDS,
) -> None:
    """Edit the message when there is news, until the build is done or edits come too late."""
    shown = None
    while not building.done():
        await asyncio.wait({building}, timeout=every_seconds)
        late = discord.utils.utcnow() >= editable_until
        news = OUT_OF_TIME if late else render_stage(desk.stage)
        if building.done() or shown in (news, OUT_OF_TIME):
            continue
        shown = news
        try:
            await edit(news)
        except LOST_FOR_GOOD as error:  # the report matters, this does not
            log.info("progress_lost", error=failure(error))


async def _tell_channel(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Discord takes no more edits: say it in a message of the channel."""
    if not isinstance(interaction.channel, discord.abc.Messageable):
        return
    try:
        await send(interaction.channel, reply, None, nonce=str(interaction.id))
    except LOST_FOR_GOOD as error:
        log.warning("report_undeliverable", error=failure(error))
