"""The panel of a server's settings, and the menus and buttons that change them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import discord

from bot.asking.desk import Desk
from bot.connection.components import chosen
from bot.controls.admins import edit_for_admin
from bot.faults import tell_fault
from bot.records import ServerSettings
from bot.refusals import StateError
from bot.rendering.reply import Reply
from bot.rendering.server_settings import (
    CHANNELS,
    FORGET,
    HELPERS,
    NOT_EVERYONE,
    NOT_SAVED,
    PRIVATE,
    PUBLIC,
    ROLES,
    SETTINGS,
    LeftOnServer,
    gone,
    render_settings,
)

Change: TypeAlias = Callable[[ServerSettings], ServerSettings]


async def change_settings(desk: Desk, interaction: discord.Interaction[Any], what: str) -> None:
    """Keep what was chosen on the panel, and show there what is set now."""
    await edit_for_admin(interaction, SETTINGS, lambda: _changed(desk, interaction, what))


def panel(desk: Desk, interaction: discord.Interaction[Any], note: str = "") -> Reply:
    """The settings of the server that the interaction is in."""
    settings = desk.state.servers.of(interaction.guild_id)
    return render_settings(settings, _left(interaction, settings), note)


async def _changed(desk: Desk, interaction: discord.Interaction[Any], what: str) -> Reply:
    server, ids = interaction.guild_id, chosen(interaction)
    if server is None or (what == HELPERS and server in ids):  # the role of all has its id
        return panel(desk, interaction, NOT_EVERYONE)
    settings = desk.state.servers.of(server)
    lost = gone(settings, _left(interaction, settings))
    try:
        await desk.state.servers.change(server, _change(what, server, ids, lost))
    except StateError as error:
        told = tell_fault(error, SETTINGS, {StateError: NOT_SAVED})
        return panel(desk, interaction, told.content)
    return panel(desk, interaction)


def _change(what: str, server: int, ids: tuple[int, ...], lost: frozenset[int]) -> Change:
    """What a choice changes, and nothing else: another admin may be choosing too."""
    everyone = server in ids  # the role of all has the server's id
    changes: dict[str, Change] = {
        CHANNELS: lambda now: replace(now, channels=ids),
        ROLES: lambda now: replace(now, roles=() if everyone else ids),
        HELPERS: lambda now: replace(now, helper_role=ids[0] if ids else None),
        PRIVATE: lambda now: replace(now, private=True),
        PUBLIC: lambda now: replace(now, private=False),
        FORGET: lambda now: _without(now, lost),
    }
    return changes.get(what, lambda now: now)


def _without(settings: ServerSettings, lost: frozenset[int]) -> ServerSettings:
    return replace(
        settings,
        channels=tuple(one for one in settings.channels if one not in lost),
        roles=tuple(one for one in settings.roles if one not in lost),
        helper_role=None if settings.helper_role in lost else settings.helper_role,
    )


def _left(interaction: discord.Interaction[Any], settings: ServerSettings) -> LeftOnServer:
    """What the server still has; all of it where Discord has not told what the server has."""
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None or guild.unavailable:
        return LeftOnServer(settings.channels, settings.roles, settings.helper_role, pingable=True)
    helpers = guild.get_role(settings.helper_role or 0)
    may_ping = interaction.app_permissions.mention_everyone
    return LeftOnServer(
        channels=tuple(one for one in settings.channels if guild.get_channel(one)),
        roles=tuple(one for one in settings.roles if guild.get_role(one)),
        helper_role=helpers.id if helpers else None,
        pingable=may_ping or bool(helpers and helpers.mentionable),
    )
