"""What the routes of Discord's REST API do to messages, commands and interactions."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from . import payloads, rules
from .payloads import EPHEMERAL, LOADING, Json, snowflake
from .state import Interaction, Message

COMMANDS = "/applications/{application_id}/commands"
ACKNOWLEDGE_SECONDS = 3.0
TOKEN_SECONDS = 900.0

UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10008, 10015, 10062
INVALID_TOKEN, ALREADY_ACKNOWLEDGED = 50027, 40060
MESSAGE_RESPONSE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7

Handler = Callable[[web.Request, Any], Awaitable[web.Response]]
Notice = Callable[[Message, str], Awaitable[None]]
"""Tells the gateway of a message and what happened to it."""

LIMITS = {
    "X-RateLimit-Limit": "50",
    "X-RateLimit-Remaining": "49",
    "X-RateLimit-Reset-After": "1.000",
    "Via": "1.1 google",
}


class Refused(Exception):  # what Discord does, not an error of the tests
    """Discord's answer to a request that it does not carry out."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "code": code}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer as Discord does: its content type names no charset."""
    if status == 204:
        return web.Response(status=status, headers=LIMITS)
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={"Content-Type": "application/json", **LIMITS, **(headers or {})},
    )


class Api:
    """The state behind the routes, and the routes."""

    def __init__(self, notice: Notice) -> None:
        self.commands: list[Json] = []
        self.interactions: dict[str, Interaction] = {}
        self.messages: dict[str, Message] = {}
        self._nonces: dict[str, Message] = {}
        self._notice = notice

    def routes(self) -> Iterator[tuple[str, str, Handler]]:
        """Every route that is spoken here, named as in Discord's description."""
        yield "GET", "/users/@me", self._me
        yield "GET", "/applications/@me", self._application
        yield "GET", "/oauth2/applications/@me", self._application
        yield "GET", COMMANDS, self._get_commands
        yield "PUT", COMMANDS, self._put_commands
        yield "POST", COMMANDS, self._post_command
        yield "POST", rules.CALLBACK, self._callback
        yield "GET", rules.ORIGINAL, self._get_original
        yield "PATCH", rules.ORIGINAL, self._edit_original
        yield "DELETE", rules.ORIGINAL, self._delete_original
        yield "POST", rules.FOLLOWUP, self._follow_up
        yield "PATCH", rules.WEBHOOK_MESSAGE, self._edit_message
        yield "DELETE", rules.WEBHOOK_MESSAGE, self._delete_message
        yield "GET", "/channels/{channel_id}", self._get_channel
        yield "POST", "/channels/{channel_id}/typing", self._type
        yield "POST", rules.MESSAGES, self._post_message
        yield "GET", rules.MESSAGE, self._get_message
        yield "PATCH", rules.MESSAGE, self._edit_message
        yield "DELETE", rules.MESSAGE, self._delete_message

    async def _me(self, _request: web.Request, _body: Any) -> web.Response:
        return answer(payloads.bot_user())

    async def _application(self, _request: web.Request, _body: Any) -> web.Response:
        return answer(payloads.application())

    async def _get_commands(self, _request: web.Request, _body: Any) -> web.Response:
        return answer(self.commands)

    async def _put_commands(self, _request: web.Request, body: Any) -> web.Response:
        self.commands = [_registered(command) for command in body]
        return answer(self.commands)

    async def _post_command(self, _request: web.Request, body: Any) -> web.Response:
        command = _registered(body)
        self.commands = [c for c in self.commands if c["name"] != body["name"]] + [command]
        return answer(command, 201)

    async def _get_channel(self, request: web.Request, _body: Any) -> web.Response:
        return answer(payloads.channel(request.match_info["channel_id"]))

    async def _type(self, _request: web.Request, _body: Any) -> web.Response:
        return answer(None, 204)

    async def _callback(self, request: web.Request, body: Any) -> web.Response:
        interaction = self.interactions.get(request.match_info["interaction_token"])
        late = interaction and time.monotonic() - interaction.sent_at > ACKNOWLEDGE_SECONDS
        if interaction is None or late:
            raise Refused(404, UNKNOWN_INTERACTION, "Unknown interaction")
        if interaction.acknowledged_at is not None:
            raise Refused(400, ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
        interaction.acknowledged_at = time.monotonic()
        interaction.response_type = body["type"]
        await self._respond(interaction, body["type"], body.get("data") or {})
        if request.query.get("with_response") in ("1", "true"):
            return answer(_callback_response(interaction))
        return answer(None, 204)

    async def _respond(self, interaction: Interaction, kind: int, data: Json) -> None:
        if kind in (MESSAGE_RESPONSE, DEFERRED_MESSAGE):
            message = self._new_message(interaction.channel_id, data)
            message.flags |= LOADING if kind == DEFERRED_MESSAGE else 0
            interaction.original = message
            interaction.messages.append(message)
            await self._notice(message, "MESSAGE_CREATE")
        elif kind in (DEFERRED_UPDATE, UPDATE):
            interaction.original = interaction.source
            if kind == UPDATE and interaction.source is not None:
                interaction.source.change(data)

    async def _get_original(self, request: web.Request, _body: Any) -> web.Response:
        return answer(self._original(request).payload())

    async def _edit_original(self, request: web.Request, body: Any) -> web.Response:
        return await self._changed(self._original(request), body)

    async def _delete_original(self, request: web.Request, _body: Any) -> web.Response:
        self._original(request).deleted = True
        return answer(None, 204)

    async def _follow_up(self, request: web.Request, body: Any) -> web.Response:
        interaction = self._interaction(request)
        if interaction.original is not None and interaction.original.thinking:
            return await self._changed(interaction.original, body)
        message = self._new_message(interaction.channel_id, body)
        interaction.messages.append(message)
        return answer(message.payload())

    async def _post_message(self, request: web.Request, body: Any) -> web.Response:
        nonce = str(body.get("nonce") or "") if body.get("enforce_nonce") else ""
        if nonce in self._nonces:
            return answer(self._nonces[nonce].payload())
        message = self._new_message(request.match_info["channel_id"], body)
        if nonce:
            self._nonces[nonce] = message
        await self._notice(message, "MESSAGE_CREATE")
        return answer({**message.payload(), "nonce": body.get("nonce")})

    async def _get_message(self, request: web.Request, _body: Any) -> web.Response:
        return answer(self._message(request).payload())

    async def _edit_message(self, request: web.Request, body: Any) -> web.Response:
        return await self._changed(self._message(request), body)

    async def _delete_message(self, request: web.Request, _body: Any) -> web.Response:
        self._message(request).deleted = True
        return answer(None, 204)

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.interactions.get(request.match_info["webhook_token"])
        if interaction is None or interaction.acknowledged_at is None:
            raise Refused(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        if time.monotonic() - interaction.sent_at > TOKEN_SECONDS:
            raise Refused(401, INVALID_TOKEN, "Invalid Webhook Token")
        return interaction

    def _original(self, request: web.Request) -> Message:
        original = self._interaction(request).original
        if original is None or original.deleted:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return original

    def _message(self, request: web.Request) -> Message:
        message = self.messages.get(request.match_info["message_id"])
        if message is None or message.deleted:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return message

    async def _changed(self, message: Message, body: Json) -> web.Response:
        message.change(body)
        await self._notice(message, "MESSAGE_UPDATE")
        return answer(message.payload())

    def _new_message(self, channel_id: str, body: Json) -> Message:
        message = Message(
            snowflake(),
            channel_id,
            payloads.BOT,
            body.get("content") or "",
            body.get("embeds") or [],
            body.get("components") or [],
            int(body.get("flags") or 0),
            body.get("message_reference"),
        )
        self.messages[message.id] = message
        return message


def _registered(command: Json) -> Json:
    known = {"id": snowflake(), "application_id": payloads.BOT_ID, "version": snowflake()}
    return {"type": 1, "description": "", "default_member_permissions": None, **command, **known}


def _callback_response(interaction: Interaction) -> Json:
    original = interaction.original
    about: Json = {"id": interaction.id, "type": 2}
    if original is None:
        return {"interaction": about, "resource": {"type": interaction.response_type}}
    about["response_message_id"] = original.id
    about["response_message_loading"] = original.thinking
    about["response_message_ephemeral"] = bool(original.flags & EPHEMERAL)
    resource = {"type": interaction.response_type, "message": original.payload()}
    return {"interaction": about, "resource": resource}
