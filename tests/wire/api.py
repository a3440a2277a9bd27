"""What the routes of Discord's REST API do to messages, commands and interactions."""

import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from . import payloads, rules
from .answers import Refused, Wrong, answer
from .components import numbered
from .interactions import (
    CHOICES,
    CREATING,
    DEFERRED_MESSAGE,
    MODAL,
    UPDATE,
    UPDATING,
    callback_response,
    metadata,
    responses,
)
from .payloads import LOADING, Json, snowflake
from .state import CHAT_COMMAND, COMMAND, MENU_COMMAND, Interaction, Message

COMMANDS = "/applications/{application_id}/commands"
ACKNOWLEDGE_SECONDS = 3.0

UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10008, 10015, 10062
INVALID_TOKEN, ALREADY_ACKNOWLEDGED = 50027, 40060
NOT_YOUR_MESSAGE = 50005

Handler = Callable[[web.Request, Any], Awaitable[web.Response]]
Notice = Callable[[Message, str], Awaitable[None]]
"""Tells the gateway of a message and what happened to it."""


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
        yield "GET", rules.WEBHOOK_MESSAGE, self._get_webhook_message
        yield "PATCH", rules.WEBHOOK_MESSAGE, self._edit_webhook_message
        yield "DELETE", rules.WEBHOOK_MESSAGE, self._delete_webhook_message
        yield "GET", "/channels/{channel_id}", self._get_channel
        yield "POST", "/channels/{channel_id}/typing", self._type
        yield "POST", rules.MESSAGES, self._post_message
        yield "GET", rules.MESSAGES, self._get_messages
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
        kind, data = body["type"], body.get("data") or {}
        if kind not in responses(interaction):
            raise Wrong(f"an interaction of type {interaction.kind} is answered by type {kind}")
        interaction.acknowledged_at, interaction.response_type = time.monotonic(), kind
        try:
            await self._respond(interaction, kind, data)
        except Wrong:
            interaction.acknowledged_at = None
            raise
        if request.query.get("with_response") in ("1", "true"):
            return answer(callback_response(interaction))
        return answer(None, 204)

    async def _respond(self, interaction: Interaction, kind: int, data: Json) -> None:
        source = interaction.source
        if kind in CREATING:
            interaction.original = self._response(interaction, data)
            interaction.original.flags |= LOADING if kind == DEFERRED_MESSAGE else 0
            await self._notice(interaction.original, "MESSAGE_CREATE")
        elif kind in UPDATING and source is not None:
            interaction.original = source
            if kind == UPDATE:
                await self._changed(source, data)
        elif kind == MODAL:
            interaction.modal = data | {"components": numbered(data["components"])}
        elif kind == CHOICES:
            interaction.choices = data["choices"]

    async def _get_original(self, request: web.Request, _body: Any) -> web.Response:
        return answer(self._original(request).payload())

    async def _edit_original(self, request: web.Request, body: Any) -> web.Response:
        return await self._changed(self._original(request), body)

    async def _delete_original(self, request: web.Request, _body: Any) -> web.Response:
        return await self._deleted(self._original(request))

    async def _follow_up(self, request: web.Request, body: Any) -> web.Response:
        interaction = self._interaction(request)
        if interaction.original is not None and interaction.original.thinking:
            return await self._changed(interaction.original, body)
        message = self._response(interaction, body)
        await self._notice(message, "MESSAGE_CREATE")
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

    async def _get_messages(self, request: web.Request, _body: Any) -> web.Response:
        """The messages of a channel that follow one, newest first; none that are for one alone."""
        after, limit = int(request.query["after"]), int(request.query["limit"])
        found = [
            message.payload()
            for message in self.messages.values()
            if message.channel_id == request.match_info["channel_id"]
            and int(message.id) > after
            and not message.deleted
            and not message.ephemeral
        ]
        return answer(found[:limit][::-1])

    async def _get_message(self, request: web.Request, _body: Any) -> web.Response:
        return answer(self._message(request).payload())

    async def _edit_message(self, request: web.Request, body: Any) -> web.Response:
        message = self._message(request)
        if message.author != payloads.BOT:
            raise Refused(403, NOT_YOUR_MESSAGE, "Cannot edit a message authored by another user")
        return await self._changed(message, body)

    async def _delete_message(self, request: web.Request, _body: Any) -> web.Response:
        return await self._deleted(self._message(request))

    async def _get_webhook_message(self, request: web.Request, _body: Any) -> web.Response:
        return answer(self._webhook_message(request).payload())

    async def _edit_webhook_message(self, request: web.Request, body: Any) -> web.Response:
        return await self._changed(self._webhook_message(request), body)

    async def _delete_webhook_message(self, request: web.Request, _body: Any) -> web.Response:
        return await self._deleted(self._webhook_message(request))

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.interactions.get(request.match_info["webhook_token"])
        if interaction is None or interaction.acknowledged_at is None:
            raise Refused(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        if not interaction.token_good:
            raise Refused(401, INVALID_TOKEN, "Invalid Webhook Token")
        return interaction

    def _original(self, request: web.Request) -> Message:
        original = self._interaction(request).original
        if original is None or original.deleted:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return original

    def _webhook_message(self, request: web.Request) -> Message:
        """Find a message that belongs to the interaction: one it made, or the component's."""
        interaction = self._interaction(request)
        message = self.messages.get(request.match_info["message_id"])
        mine = (*interaction.messages, interaction.source)
        if message is None or message.deleted or not any(message is one for one in mine):
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return message

    def _message(self, request: web.Request) -> Message:
        """Find a message of the channel, where those for one member alone are unknown."""
        message = self.messages.get(request.match_info["message_id"])
        if message is None or message.deleted or message.ephemeral:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return message

    async def _changed(self, message: Message, body: Json) -> web.Response:
        _change(message, body)
        await self._notice(message, "MESSAGE_UPDATE")
        return answer(message.payload())

    async def _deleted(self, message: Message) -> web.Response:
        message.deleted = True
        await self._notice(message, "MESSAGE_DELETE")
        return answer(None, 204)

    def _response(self, interaction: Interaction, body: Json) -> Message:
        """Make one more message of an interaction."""
        message = self._new_message(interaction.channel_id, body)
        message.metadata = metadata(interaction)
        if interaction.kind == COMMAND and interaction.original is None:
            message.kind = MENU_COMMAND if interaction.target else CHAT_COMMAND
        interaction.messages.append(message)
        return message

    def _new_message(self, channel_id: str, body: Json) -> Message:
        message = Message(snowflake(), channel_id, payloads.BOT)
        flags = int(body.get("flags") or 0)
        _check(message, held := message.after(body))
        message.content, message.embeds = held["content"], held["embeds"]
        message.components, message.flags = numbered(held["components"]), flags
        message.reference = body.get("message_reference")
        if message.reference:
            message.referenced = self.messages.get(str(message.reference["message_id"]))
        self.messages[message.id] = message
        return message


def _change(message: Message, body: Json) -> None:
    _check(message, message.after(body))
    message.change(body)


def _check(message: Message, held: Json) -> None:
    wrong = list(rules.standing_faults(message.flags, held))
    if wrong:
        raise Wrong(*wrong)


def _registered(command: Json) -> Json:
    known = {"id": snowflake(), "application_id": payloads.BOT_ID, "version": snowflake()}
    return {"type": 1, "description": "", "default_member_permissions": None, **command, **known}
