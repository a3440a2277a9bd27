"""`/reindex`: build the index anew, with progress, while members go on asking."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.asking.desk import Desk
from bot.connection.certain import LOST_FOR_GOOD, may_be_done
from bot.connection.deliver import acknowledge, deliver, may_have_delivered
from bot.connection.messages import edit_of_response, send
from bot.faults import tell_fault
from bot.logs import failure
from bot.refusals import AlreadyBuilding, CalledOff, Refused, Stopping
from bot.rendering.reply import Reply
from bot.rendering.report import (
    GOES_ON,
    NOT_FINISHED,
    OUT_OF_TIME,
    render_build,
    render_cancelled,
    render_report,
    render_stage,
    undeliverable,
)
from bot.rights import for_admins
from bot.upkeep.refusal import refusal
from index import Wanted

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

PROGRESS_SECONDS = 2.5
PROGRESS_EDIT_SECONDS = 5.0
"""How long Discord's answer to news is waited for: the report waits too."""

TOKEN_MARGIN = timedelta(seconds=30)
"""An interaction can be edited for 15 minutes; the last edit must not come too late."""


def reindex_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, reindexing through `desk`."""

    @app_commands.command(description="Read the documents anew. Members can go on asking.")
    @app_commands.describe(
        full="Read every document anew, also those that have not changed.",
        allow_shrink="Go on although most of the documents are gone.",
    )
    @for_admins
    async def reindex(
        interaction: discord.Interaction[Any],
        full: bool = False,  # noqa: FBT001, FBT002  # an option of the command
        allow_shrink: bool = False,  # noqa: FBT001, FBT002  # the same
    ) -> None:
        with desk.conversation():
            refused = refusal(desk.upkeep, interaction)
            if not await acknowledge(interaction, private=refused is not None):
                return
            if refused:
                await deliver(edit_of_response(interaction), refused)
            else:
                await _reindex(desk, interaction, Wanted(full=full, allow_shrink=allow_shrink))

    return reindex


async def _reindex(desk: Desk, interaction: discord.Interaction[Any], wanted: Wanted) -> None:
    edit, editable_until = edit_of_response(interaction), interaction.expires_at - TOKEN_MARGIN
    try:
        work = desk.upkeep.begin(interaction.user.display_name, wanted)
    except AlreadyBuilding as refused:  # another was quicker while this one was acknowledged
        await deliver(edit, render_build(refused.build))
        return
    except Refused as refused:
        await deliver(edit, Reply(str(refused)))
        return
    building = asyncio.create_task(desk.unless_cut_off(work))
    await show_progress(desk, building, edit, editable_until)
    reply = await _outcome(desk, building)
    in_time = discord.utils.utcnow() < editable_until
    if not in_time or not await may_have_delivered(edit, reply):
        await _tell_later(desk, interaction, reply)


async def _outcome(desk: Desk, building: asyncio.Task[Any]) -> Reply:
    """What became of a reindex, in words."""
    try:
        return render_report(await building)
    except CalledOff as ended:
        return render_cancelled(ended.by)
    except Stopping:
        return NOT_FINISHED if desk.stopping else GOES_ON
    except Exception as error:  # noqa: BLE001  # whatever it is, the admin is told one true thing
        return tell_fault(error, "reindex")


async def show_progress(
    desk: Desk,
    building: asyncio.Task[Any],
    edit: Callable[[Reply], Awaitable[object]],
    editable_until: datetime,
    every_seconds: float = PROGRESS_SECONDS,
) -> None:
    """Edit the message when there is news, until the build is done or edits come too late."""
    shown, lost = None, False
    while not building.done():
        build = desk.upkeep.build  # None once it is over and its report is on the way
        late = discord.utils.utcnow() >= editable_until
        news = build and (OUT_OF_TIME if late else render_stage(desk.upkeep.stage, build))
        if news and shown not in (news, OUT_OF_TIME):
            shown = news
            try:
                async with asyncio.timeout(PROGRESS_EDIT_SECONDS):
                    await edit(news)
            except LOST_FOR_GOOD as error:  # the report matters, this does not
                if not lost:
                    log.info("progress_lost", error=failure(error))
                lost = True
        await asyncio.wait({building}, timeout=every_seconds)


async def _tell_later(desk: Desk, interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Discord takes no more edits: say it in a message of the channel, or where admins look."""
    if isinstance(interaction.channel, discord.abc.Messageable):
        try:
            await send(interaction.channel, reply, nonce=str(interaction.id))
        except LOST_FOR_GOOD as error:
            log.warning("report_undeliverable", error=failure(error))
            if may_be_done(error):
                return  # it may stand there: never a second one
        else:
            return
    who = interaction.user.display_name
    desk.notices.add(f"report of {interaction.id}", undeliverable(who, reply))
