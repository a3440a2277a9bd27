"""What Discord's objects look like in JSON: one server, two channels, the bot and two members."""

import itertools
import time
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
MANAGE_GUILD = 1 << 5
ORDINARY_PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 31)
"""View channel, send messages, read history, use application commands."""
BOT_PERMISSIONS = ORDINARY_PERMISSIONS | (1 << 14) | (1 << 38)
"""The same, embed links and send in threads."""

SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

BOT_ID = "1100000000000000001"
OWNER_ID = "1100000000000000002"
GUILD_ID = "1100000000000000100"
HELPERS_ROLE_ID = "1100000000000000101"
CHANNEL_ID = "1100000000000000101"
DIRECT_CHANNEL_ID = "1100000000000000102"
ADMIN_CHANNEL_ID = "1100000000000000103"

_counter = itertools.count()


def snowflake() -> str:
    """Make an id of this moment; never the same twice."""
    milliseconds = time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS
    return str((milliseconds << 22) | (next(_counter) & 0x3FFFFF))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the server."""

    id: str
    name: str
    permissions: int = ORDINARY_PERMISSIONS


MEMBER = Member("1100000000000000201", "ada")
OTHER_MEMBER = Member("1100000000000000202", "grace")
MANAGER = Member("1100000000000000203", "edith", ORDINARY_PERMISSIONS | MANAGE_GUILD)


def user(member: Member) -> Json:
    """A user object."""
    return {
        "id": member.id,
        "username": member.name,
        "global_name": member.name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": member.id == BOT_ID,
        "public_flags": 0,
    }


def guild_member(member: Member) -> Json:
    """A member object with its user, as interactions and GUILD_CREATE carry it."""
    return {**bare_member(), "user": user(member), "permissions": str(member.permissions)}


def bare_member() -> Json:
    """A member object without its user, as a message carries it."""
    return {
        "roles": [],
        "nick": None,
        "avatar": None,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


BOT = Member(BOT_ID, "quoth", BOT_PERMISSIONS)


def bot_user() -> Json:
    """The bot's own user, as `/users/@me` and READY give it."""
    return {**user(BOT), "flags": 0, "verified": True, "mfa_enabled": True, "email": None}


def application() -> Json:
    """The bot's application."""
    return {
        "id": BOT_ID,
        "name": "quoth",
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": user(Member(OWNER_ID, "mary")),
        "team": None,
        "rpc_origins": [],
        "interactions_endpoint_url": None,
    }


def channel(channel_id: str) -> Json:
    """A text channel of the server, or the direct messages with a member."""
    if channel_id == DIRECT_CHANNEL_ID:
        return {"id": channel_id, "type": 1, "recipients": [user(MEMBER)], "last_message_id": None}
    return {
        "id": channel_id,
        "type": 0,
        "guild_id": GUILD_ID,
        "name": "admins" if channel_id == ADMIN_CHANNEL_ID else "general",
        "position": 0,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [],
        "permissions": str(ORDINARY_PERMISSIONS),
        "flags": 0,
    }


def _role(role_id: str, name: str, position: int) -> Json:
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": position,
        "permissions": str(BOT_PERMISSIONS),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild() -> Json:
    """The whole server, as GUILD_CREATE gives it."""
    everyone = _role(GUILD_ID, "@everyone", 0)
    helpers = _role(HELPERS_ROLE_ID, "Helpers", 1) | {"mentionable": True}
    return {
        "id": GUILD_ID,
        "name": "The Reading Room",
        "owner_id": OWNER_ID,
        "icon": None,
        "unavailable": False,
        "member_count": 4,
        "large": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-GB",
        "system_channel_flags": 0,
        "afk_timeout": 300,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [everyone, helpers],
        "channels": [channel(CHANNEL_ID), channel(ADMIN_CHANNEL_ID)],
        "members": [guild_member(BOT)],
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
    }
