"""The judge itself: what Discord or Quoth forbids must be caught, and what is right must pass."""

from typing import Any

import aiohttp
import pytest

from . import faults, payloads, rules
from .discord_server import DiscordServer
from .openapi import OpenApi
from .payloads import COMPONENTS_V2, Json
from .state import Interaction

NOBODY: Json = {"parse": []}
MESSAGE: Json = {"content": "> quoted", "allowed_mentions": NOBODY}
MANY_FIELDS = [{"name": "n" * 256, "value": "v" * 1024}] * 2
BUTTON: Json = {"type": 2, "style": 2, "label": "More", "custom_id": "more"}
TEXT = {"type": 10, "content": "quoted"}

REFUSED: dict[str, tuple[str, str, Any, str]] = {
    "a missing allowed_mentions": ("POST", rules.MESSAGES, {"content": "hm"}, "allowed_mentions"),
    "allowed_mentions null": (
        "PATCH",
        rules.ORIGINAL,
        {"content": "hm", "allowed_mentions": None},
        "allowed_mentions",
    ),
    "allowed_mentions without parse": (
        "PATCH",
        rules.ORIGINAL,
        {"content": "hm", "allowed_mentions": {}},
        "parse",
    ),
    "mentions of everyone": (
        "PATCH",
        rules.ORIGINAL,
        {"content": "hm", "allowed_mentions": {"parse": ["everyone"]}},
        "parse",
    ),
    "a ping of the one who is replied to": (
        "POST",
        rules.MESSAGES,
        {"content": "hm", "allowed_mentions": {"parse": [], "replied_user": True}},
        "replied_user",
    ),
    "content of 2,001 characters": (
        "POST",
        rules.MESSAGES,
        MESSAGE | {"content": "x" * 2001},
        "2001 characters",
    ),
    "content over the limit in an edit": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"content": "x" * 2001},
        "content",
    ),
    "an embed description of 4,097 characters": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"embeds": [{"description": "x" * 4097}]},
        "description",
    ),
    "embeds of over 6,000 characters together": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"embeds": [{"description": "x" * 4000, "fields": MANY_FIELDS}]},
        "6560 characters together",
    ),
    "content that is a number": ("POST", rules.MESSAGES, MESSAGE | {"content": 7}, "content"),
    "an empty message": ("POST", rules.MESSAGES, MESSAGE | {"content": ""}, "empty"),
    "content beside Components V2": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"flags": COMPONENTS_V2, "components": [TEXT]},
        "Components V2",
    ),
    "41 components": (
        "PATCH",
        rules.ORIGINAL,
        {
            "flags": COMPONENTS_V2,
            "components": [{"type": 17, "components": [TEXT] * 20}] * 2,
            "allowed_mentions": NOBODY,
        },
        "42 components",
    ),
    "one custom_id twice": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"components": [{"type": 1, "components": [BUTTON, BUTTON]}]},
        "twice",
    ),
    "a custom_id of 101 characters": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"components": [{"type": 1, "components": [BUTTON | {"custom_id": "x" * 101}]}]},
        "components",
    ),
    "a response without a type": ("POST", rules.CALLBACK, {"data": {}}, "body"),
    "a response that may ping": (
        "POST",
        rules.CALLBACK,
        {"type": 4, "data": {"content": "@everyone"}},
        "allowed_mentions",
    ),
    "a command without a name": (
        "PUT",
        "/applications/{application_id}/commands",
        [{"description": "Ask"}],
        "name",
    ),
    "a body where none belongs": ("POST", "/channels/{channel_id}/typing", {}, "no body"),
}

ACCEPTED: dict[str, tuple[str, str, Any]] = {
    "a message": ("POST", rules.MESSAGES, MESSAGE),
    "a message of 2,000 characters": ("POST", rules.MESSAGES, MESSAGE | {"content": "x" * 2000}),
    "a reply by numbers": (
        "POST",
        rules.MESSAGES,
        MESSAGE | {"message_reference": {"message_id": 5, "channel_id": 6, "guild_id": 7}},
    ),
    "an edit with buttons": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE | {"components": [{"type": 1, "components": [BUTTON]}]},
    ),
    "an edit with Components V2": (
        "PATCH",
        rules.ORIGINAL,
        {
            "flags": COMPONENTS_V2,
            "components": [{"type": 17, "components": [TEXT]}],
            "allowed_mentions": NOBODY,
        },
    ),
}


async def send(discord: DiscordServer, method: str, route: str, body: Any) -> tuple[int, Json]:
    """Send one body to a route, on behalf of a command that was acknowledged."""
    interaction = Interaction("7", "token-7", payloads.MEMBER, payloads.CHANNEL_ID)
    discord.api.interactions[interaction.token] = interaction
    if route == rules.ORIGINAL:
        await request(discord, "POST", rules.CALLBACK, {"type": 5})
    return await request(discord, method, route, body)


async def request(discord: DiscordServer, method: str, route: str, body: Any) -> tuple[int, Json]:
    path = route.format(
        interaction_id="7",
        interaction_token="token-7",  # noqa: S106
        webhook_id=payloads.BOT_ID,
        webhook_token="token-7",  # noqa: S106
        channel_id=payloads.CHANNEL_ID,
        application_id=payloads.BOT_ID,
    )
    headers = {"Authorization": f"Bot {discord.rest.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.address + path, json=body) as response,
    ):
        if response.status == 204:
            return 204, {}
        assert response.headers["Content-Type"] == "application/json"
        return response.status, await response.json()


@pytest.mark.parametrize("name", REFUSED)
async def test_what_discord_would_refuse_is_caught_and_named(
    discord: DiscordServer, name: str
) -> None:
    method, route, body, reason = REFUSED[name]
    status, answer = await send(discord, method, route, body)
    found = "\n".join(discord.violations)
    assert status == 400
    assert answer["code"] == 50035
    assert f"{method} {route}: " in found
    assert reason in found
    discord.violations.clear()


@pytest.mark.parametrize("name", ACCEPTED)
async def test_what_discord_accepts_passes(discord: DiscordServer, name: str) -> None:
    method, route, body = ACCEPTED[name]
    status, _ = await send(discord, method, route, body)
    assert (status, discord.violations) == (200, [])


async def test_an_unknown_route_is_caught_by_name(discord: DiscordServer) -> None:
    status, _ = await request(discord, "GET", "/guilds/1/emojis", None)
    assert status == 404
    assert discord.violations == ["GET /api/v10/guilds/1/emojis: no such route here"]
    discord.violations.clear()


async def test_a_wrong_token_is_refused(discord: DiscordServer) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bot wrong"}) as session,
        session.get(discord.address + "/users/@me") as response,
    ):
        assert response.status == 401


async def test_a_second_acknowledgement_is_refused_as_discord_does(discord: DiscordServer) -> None:
    first, _ = await send(discord, "POST", rules.CALLBACK, {"type": 5})
    second, answer = await request(discord, "POST", rules.CALLBACK, {"type": 5})
    assert (first, second, answer["code"]) == (204, 400, 40060)


async def test_a_rate_limit_looks_as_discords_does(discord: DiscordServer) -> None:
    discord.faults.put("GET", "/users/@me", faults.rate_limited(1.5))
    headers = {"Authorization": f"Bot {discord.rest.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(discord.address + "/users/@me") as response,
    ):
        assert response.status == 429
        assert {"Via", "Retry-After"} <= set(response.headers)
        assert (await response.json())["retry_after"] == 1.5


def test_every_route_spoken_here_is_one_of_discords(description: OpenApi) -> None:
    spoken = [(method, route) for method, route, _ in DiscordServer(description).api.routes()]
    assert [pair for pair in spoken if not description.knows(*pair)] == []
