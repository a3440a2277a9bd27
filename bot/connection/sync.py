"""Telling Discord which commands there are, only when it does not know yet.

Discord counts 200 new commands a day; asking what it has costs nothing.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.logs import failure

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

PAUSES = (0.0, 5.0, 30.0, 120.0)
"""Seconds before each try."""

LEFT_TO_DISCORD = frozenset({"dm_permission"})
"""What discord.py sends, and Discord no longer gives back since it has `contexts`."""


async def sync_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Make Discord's commands those of `tree`; a failure is logged and stops nothing."""
    for pause in PAUSES:
        await asyncio.sleep(pause)
        try:
            changed = await _sync(tree)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("commands_not_synced", error=failure(error))
        else:
            log.info("commands_synced", changed=changed)
            return


async def _sync(tree: app_commands.CommandTree[Any]) -> bool:
    client = tree.client
    if client.application_id is None:
        raise app_commands.MissingApplicationID
    known = await client.http.get_global_commands(client.application_id)
    wanted = [command.to_dict(tree) for command in tree.get_commands()]
    if same_commands(wanted, known):
        return False
    await tree.sync()
    return True


def same_commands(wanted: list[dict[str, Any]], known: list[Any]) -> bool:
    """Whether Discord already has every command as it is wanted, and no other."""
    theirs = {(command["name"], command.get("type", 1)): command for command in known}
    ours = {(command["name"], command["type"]): command for command in wanted}
    return theirs.keys() == ours.keys() and all(_holds(theirs[key], ours[key]) for key in ours)


def _holds(theirs: Any, ours: Any) -> bool:
    """Whether `theirs` says what `ours` does; it may say more, and leave out what is empty."""
    if isinstance(ours, Mapping):
        if not isinstance(theirs, Mapping):
            return False
        keys = ours.keys() - LEFT_TO_DISCORD
        return all(_holds(theirs.get(key), ours[key]) for key in keys)
    if isinstance(ours, (list, tuple)):
        theirs = theirs or []
        if len(theirs) != len(ours):
            return False
        return all(_holds(their, our) for their, our in zip(theirs, ours, strict=True))
    return str(theirs or "") == str(ours or "")  # numbers of rights come back as text
