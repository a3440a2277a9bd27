"""The judge itself: what Discord or Quoth forbids must be caught, and what is right must pass."""

from typing import Any

import aiohttp
import pytest

from . import faults, payloads, rules
from .discord_server import DiscordServer
from .openapi import OpenApi
from .payloads import COMPONENTS_V2, Json
from .state import COMPONENT, MODAL_SUBMIT, Interaction, Message

NOBODY: Json = {"parse": []}
MESSAGE: Json = {"content": "> quoted", "allowed_mentions": NOBODY}
MANY_FIELDS = [{"name": "n" * 256, "value": "v" * 1024}] * 2
BUTTON: Json = {"type": 2, "style": 2, "label": "More", "custom_id": "more"}
LINK: Json = {"type": 2, "style": 5, "label": "More", "url": "https://example.org/more"}
SELECT: Json = {"type": 3, "custom_id": "one", "options": [{"label": "A", "value": "a"}]}
TEXT: Json = {"type": 10, "content": "quoted"}
FIELD: Json = {"type": 4, "custom_id": "why", "style": 2, "max_length": 10}
MODAL: Json = {"custom_id": "report", "title": "Report", "components": []}


def buttons(*found: Json) -> Json:
    """A message with one row of these."""
    return MESSAGE | {"components": [{"type": 1, "components": list(found)}]}


def layout(*components: Json) -> Json:
    """A message in Components V2."""
    return {
        "flags": COMPONENTS_V2,
        "components": [{"type": 17, "components": list(components)}],
        "allowed_mentions": NOBODY,
    }


def modal(*fields: Json, **more: Any) -> Json:
    """A response that opens a modal with these fields."""
    labels = [{"type": 18, "label": "Why?", "component": field} for field in fields]
    return {"type": 9, "data": MODAL | {"components": labels} | more}


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
    "mentions of a role that is not the helpers'": (
        "POST",
        rules.MESSAGES,
        {"content": "<@&7> hm", "allowed_mentions": {"parse": [], "roles": ["7"]}},
        "allowed_mentions.roles",
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
        layout(*[TEXT] * 40),
        "41 components",
    ),
    "4,001 characters in components": (
        "PATCH",
        rules.ORIGINAL,
        layout({"type": 10, "content": "x" * 4000}, {"type": 10, "content": "y"}),
        "4001 characters",
    ),
    "an empty layout": (
        "PATCH",
        rules.ORIGINAL,
        layout() | {"components": []},
        "empty",
    ),
    "a container without the flag": (
        "PATCH",
        rules.ORIGINAL,
        layout(TEXT) | {"flags": 0},
        "without the flag",
    ),
    "six rows": (
        "PATCH",
        rules.ORIGINAL,
        MESSAGE
        | {
            "components": [
                {"type": 1, "components": [BUTTON | {"custom_id": f"more:{row}"}]}
                for row in range(6)
            ]
        },
        "6 rows",
    ),
    "one custom_id twice": ("PATCH", rules.ORIGINAL, buttons(BUTTON, BUTTON), "twice"),
    "one custom_id twice in a layout": (
        "PATCH",
        rules.ORIGINAL,
        layout(
            {"type": 9, "components": [TEXT], "accessory": BUTTON},
            {"type": 1, "components": [BUTTON]},
        ),
        "twice",
    ),
    "a custom_id of 101 characters": (
        "PATCH",
        rules.ORIGINAL,
        buttons(BUTTON | {"custom_id": "x" * 101}),
        "components",
    ),
    "a button without a custom_id": (
        "PATCH",
        rules.ORIGINAL,
        buttons(BUTTON | {"custom_id": None}),
        "needs custom_id",
    ),
    "a link with a custom_id": (
        "PATCH",
        rules.ORIGINAL,
        buttons(LINK | {"custom_id": "more"}),
        "no custom_id",
    ),
    "a button without words": (
        "PATCH",
        rules.ORIGINAL,
        buttons(BUTTON | {"label": ""}),
        "neither label nor emoji",
    ),
    "a select beside a button": (
        "PATCH",
        rules.ORIGINAL,
        buttons(SELECT, BUTTON),
        "only buttons",
    ),
    "a select without options": (
        "PATCH",
        rules.ORIGINAL,
        buttons(SELECT | {"options": []}),
        "components",
    ),
    "a modal without fields": ("POST", rules.CALLBACK, modal(), "data/components"),
    "a modal of six fields": (
        "POST",
        rules.CALLBACK,
        modal(*(FIELD | {"custom_id": f"why:{number}"} for number in range(6))),
        "6 parts",
    ),
    "a modal with one custom_id twice": ("POST", rules.CALLBACK, modal(FIELD, FIELD), "twice"),
    "a modal with a title of 46 characters": (
        "POST",
        rules.CALLBACK,
        modal(FIELD, title="x" * 46),
        "data/title",
    ),
    "a modal with a custom_id of 101 characters": (
        "POST",
        rules.CALLBACK,
        modal(FIELD, custom_id="x" * 101),
        "data/custom_id",
    ),
    "a field of a modal without a label": (
        "POST",
        rules.CALLBACK,
        modal(components=[{"type": 1, "components": [FIELD]}]),
        "which has a label",
    ),
    "a field that begins with more than it takes": (
        "POST",
        rules.CALLBACK,
        modal(FIELD | {"value": "x" * 11}),
        "more than it takes",
    ),
    "an update of no message": (
        "POST",
        rules.CALLBACK,
        {"type": 7, "data": MESSAGE},
        "type 2 is answered by type 7",
    ),
    "suggestions for a command": (
        "POST",
        rules.CALLBACK,
        {"type": 8, "data": {"choices": []}},
        "type 2 is answered by type 8",
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
    "an edit with buttons": ("PATCH", rules.ORIGINAL, buttons(BUTTON, LINK)),
    "an edit with a select": ("PATCH", rules.ORIGINAL, buttons(SELECT)),
    "an edit with Components V2": ("PATCH", rules.ORIGINAL, layout(TEXT)),
    "a layout of 40 components": ("PATCH", rules.ORIGINAL, layout(*[TEXT] * 39)),
    "a layout of 4,000 characters": (
        "PATCH",
        rules.ORIGINAL,
        layout({"type": 10, "content": "x" * 4000}),
    ),
    "a modal": ("POST", rules.CALLBACK, modal(FIELD)),
    "a modal with text": (
        "POST",
        rules.CALLBACK,
        modal(components=[TEXT, {"type": 18, "label": "Why?", "component": FIELD}]),
    ),
    "a modal of rows": (
        "POST",
        rules.CALLBACK,
        modal(components=[{"type": 1, "components": [FIELD | {"label": "Why?"}]}]),
    ),
}


async def send(discord: DiscordServer, method: str, route: str, body: Any) -> tuple[int, Json]:
    """Send one body to a route, on behalf of a command that was acknowledged."""
    used(discord)
    if route == rules.ORIGINAL:
        await request(discord, "POST", rules.CALLBACK, {"type": 5})
    return await request(discord, method, route, body)


def used(discord: DiscordServer) -> Interaction:
    """A command that a member uses, known to `request`."""
    made = Interaction("7", "token-7", payloads.MEMBER, payloads.CHANNEL_ID)
    discord.api.interactions[made.token] = made
    return made


def pressed(discord: DiscordServer, message: Message) -> Interaction:
    """A button under a message that a member presses, known to `request`."""
    made = used(discord)
    made.kind, made.source = COMPONENT, message
    return made


async def request(
    discord: DiscordServer, method: str, route: str, body: Any, message_id: str = "8"
) -> tuple[int, Json]:
    path = route.format(
        interaction_id="7",
        interaction_token="token-7",  # noqa: S106
        webhook_id=payloads.BOT_ID,
        webhook_token="token-7",  # noqa: S106
        channel_id=payloads.CHANNEL_ID,
        application_id=payloads.BOT_ID,
        message_id=message_id,
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
    assert (status, discord.violations) == (204 if route == rules.CALLBACK else 200, [])


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


async def test_components_v2_cannot_be_taken_out_of_a_message(discord: DiscordServer) -> None:
    await send(discord, "PATCH", rules.ORIGINAL, layout(TEXT))
    for body, reason in (
        (MESSAGE, "content stands beside"),
        (MESSAGE | {"flags": 0}, "taken away"),
    ):
        status, answer = await request(discord, "PATCH", rules.ORIGINAL, body)
        assert (status, answer["code"]) == (400, 50035)
        assert reason in discord.violations.pop()
    (message,) = discord.api.messages.values()
    assert (message.plain, message.edits) == ("quoted", 1)
    status, _ = await request(
        discord, "PATCH", rules.ORIGINAL, layout(TEXT | {"content": "new"}) | {"flags": None}
    )
    assert (status, message.plain, message.flags) == (200, "new", COMPONENTS_V2)


async def test_a_message_becomes_one_of_components_v2_once_its_content_goes(
    discord: DiscordServer,
) -> None:
    await send(discord, "PATCH", rules.ORIGINAL, MESSAGE)
    status, _ = await request(discord, "PATCH", rules.ORIGINAL, layout(TEXT))
    assert status == 400
    assert "content stands beside" in discord.violations.pop()
    status, _ = await request(discord, "PATCH", rules.ORIGINAL, layout(TEXT) | {"content": None})
    assert status == 200


async def test_a_response_that_is_refused_acknowledges_nothing(discord: DiscordServer) -> None:
    wrong = {"type": 4, "data": layout(TEXT) | {"content": "hm"}}
    refused, _ = await send(discord, "POST", rules.CALLBACK, wrong)
    assert "content stands beside" in discord.violations.pop()
    accepted, _ = await request(discord, "POST", rules.CALLBACK, {"type": 5})
    assert (refused, accepted) == (400, 204)
    assert len(discord.api.messages) == 1


@pytest.mark.parametrize("kind", [5, 6, 9])
async def test_a_press_is_acknowledged_once(discord: DiscordServer, kind: int) -> None:
    await send(discord, "PATCH", rules.ORIGINAL, buttons(BUTTON))
    (message,) = discord.api.messages.values()
    made = pressed(discord, message)
    body = modal(FIELD) if kind == 9 else {"type": kind}
    first, _ = await request(discord, "POST", rules.CALLBACK, body)
    second, answer = await request(discord, "POST", rules.CALLBACK, body)
    assert (first, second, answer["code"]) == (204, 400, 40060)
    assert len(made.shown) == (1 if kind == 5 else 0)


async def test_a_modal_opens_no_modal(discord: DiscordServer) -> None:
    used(discord).kind = MODAL_SUBMIT
    status, _ = await request(discord, "POST", rules.CALLBACK, modal(FIELD))
    assert status == 400
    assert "type 5 is answered by type 9" in discord.violations.pop()


async def test_after_its_token_an_answer_can_be_neither_edited_nor_deleted(
    discord: DiscordServer,
) -> None:
    await send(discord, "PATCH", rules.ORIGINAL, MESSAGE)
    discord.api.interactions["token-7"].expired = True
    message_id = next(iter(discord.api.messages))
    for method, route, body in (
        ("PATCH", rules.ORIGINAL, MESSAGE),
        ("DELETE", rules.ORIGINAL, None),
        ("POST", rules.FOLLOWUP, MESSAGE),
        ("PATCH", rules.WEBHOOK_MESSAGE, MESSAGE),
    ):
        status, answer = await request(discord, method, route, body, message_id)
        assert (status, answer["code"]) == (401, 50027)
    status, _ = await request(discord, "PATCH", rules.MESSAGE, MESSAGE, message_id)
    assert status == 200


async def test_a_message_is_edited_and_deleted_by_whom_it_belongs_to(
    discord: DiscordServer,
) -> None:
    await send(discord, "POST", rules.CALLBACK, {"type": 5, "data": {"flags": payloads.EPHEMERAL}})
    private = next(iter(discord.api.messages))
    theirs = await discord.write("Not the bot's")
    for message_id, route, status, code in (
        (private, rules.MESSAGE, 404, 10008),
        (theirs.id, rules.MESSAGE, 403, 50005),
        (theirs.id, rules.WEBHOOK_MESSAGE, 404, 10008),
    ):
        found, answer = await request(discord, "PATCH", route, MESSAGE, message_id)
        assert (found, answer["code"]) == (status, code)
    done, _ = await request(discord, "DELETE", rules.WEBHOOK_MESSAGE, None, private)
    assert (done, discord.api.messages[private].deleted) == (204, True)


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
