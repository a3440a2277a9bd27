"""A Discord small enough for one test: loopback only, and driven by what members do."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from . import payloads
from .api import Api, answer
from .faults import FaultScript
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from .openapi import OpenApi
from .payloads import CHANNEL_ID, DIRECT_CHANNEL_ID, GUILD_ID, MEMBER, Json, Member, snowflake
from .rest import Request, Rest
from .state import Interaction, Message

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Wire01.only-for-tests-on-loopback-000000000000"  # noqa: S105
OPTION_TYPES = {str: 3, int: 4, bool: 5}
CHAT_INPUT, MESSAGE_MENU = 1, 3
COMMAND, COMPONENT = 2, 3
WAIT_SECONDS = 30.0
QUIET_SECONDS = 1.2
"""Longer than any pause between tries that a lost answer sets off."""


class DiscordServer:
    """Discord's two doors, one server with one channel, and members who use them."""

    def __init__(self, openapi: OpenApi, shards: int = 1, token: str = TOKEN) -> None:
        self.faults = FaultScript()
        self.words: list[str] = []
        self.api = Api(self._notice)
        self.rest = Rest(token, openapi, self.faults, self.api)
        self.gateway = Gateway(token, shards, self.rest.violations.append)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """Where the bot finds the REST API."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def violations(self) -> list[str]:
        """What the bot sent and Discord would not accept, by route."""
        return self.rest.violations

    async def start(self, port: int = 0) -> None:
        """Listen on loopback, on a free port unless one is given."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/resume", self.gateway.handle)
        self.rest.add_to(app, self._gateway_address)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut what is open and stop listening."""
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def interaction(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        member: Member = MEMBER,
        channel_id: str = CHANNEL_ID,
    ) -> Interaction:
        """Let a member use a slash command that the bot has registered."""
        command = next(c for c in self.api.commands if c["name"] == name)
        given = options or {}
        known = {option["name"] for option in command.get("options", ())}
        missing = {o["name"] for o in command.get("options", ()) if o.get("required")} - set(given)
        assert set(given) <= known, f"/{name} has no options {set(given) - known}"
        assert not missing, f"/{name} needs {missing}"
        self.words += [value for value in given.values() if isinstance(value, str)]
        data = {
            "id": command["id"],
            "name": name,
            "type": CHAT_INPUT,
            "options": [
                {"name": key, "type": OPTION_TYPES[type(value)], "value": value}
                for key, value in given.items()
            ],
        }
        return await self._interact(COMMAND, data, member, channel_id)

    async def press(self, message: Message, custom_id: str, member: Member = MEMBER) -> Interaction:
        """Let a member press a button under a message."""
        data = {"custom_id": custom_id, "component_type": 2}
        return await self._interact(COMPONENT, data, member, message.channel_id, message)

    async def mention(
        self, question: str, member: Member = MEMBER, channel_id: str = CHANNEL_ID
    ) -> Message:
        """Let a member write to the bot in the channel, naming it."""
        return await self.write(f"<@{payloads.BOT_ID}> {question}", member, channel_id)

    async def write(
        self, content: str, member: Member = MEMBER, channel_id: str = CHANNEL_ID
    ) -> Message:
        """Let a member write anything."""
        self.words += filter(None, [content.removeprefix(f"<@{payloads.BOT_ID}> ")])
        message = Message(snowflake(), channel_id, member, content)
        self.api.messages[message.id] = message
        await self._notice(message, "MESSAGE_CREATE")
        return message

    def replies(self, question: Message) -> list[Message]:
        """What the bot has written in the channel since a message, and not deleted."""
        mine = (m for m in self.api.messages.values() if m.author == payloads.BOT)
        later = (m for m in mine if int(m.id) > int(question.id) and not m.deleted)
        under_commands = {m.id for i in self.api.interactions.values() for m in i.messages}
        return [m for m in later if m.id not in under_commands]

    def requests(self, method: str, route: str) -> list[Request]:
        """Every request that arrived at a route."""
        return [r for r in self.rest.requests if (r.method, r.route) == (method, route)]

    async def final(self, interaction: Interaction, seconds: float = WAIT_SECONDS) -> str:
        """Wait until a command has its answer, and read it without its marks."""
        await until(lambda: interaction.final, "the answer of a command", seconds)
        return "\n".join(message.plain for message in interaction.shown)

    async def reply(self, question: Message, words: str, seconds: float = WAIT_SECONDS) -> Message:
        """Wait until the bot has written something with these words below a message."""
        await until(
            lambda: any(words in message.plain for message in self.replies(question)),
            f"{words!r} in the answer to a message",
            seconds,
        )
        return next(m for m in self.replies(question) if words in m.plain)

    async def quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Wait until every fault was met and no request has come for a while."""
        await until(lambda: not self.faults.left(), "requests to meet the faults")
        await until(
            lambda: time.monotonic() - self.rest.requests[-1].at > seconds, "requests to end"
        )

    async def _interact(
        self,
        kind: int,
        data: Json,
        member: Member,
        channel_id: str,
        source: Message | None = None,
    ) -> Interaction:
        made = Interaction(snowflake(), f"interaction-token-{snowflake()}", member, channel_id)
        made.source = source
        self.api.interactions[made.token] = made
        direct = channel_id == DIRECT_CHANNEL_ID
        payload: Json = {
            "id": made.id,
            "application_id": payloads.BOT_ID,
            "type": kind,
            "data": data,
            "token": made.token,
            "version": 1,
            "channel_id": channel_id,
            "channel": payloads.channel(channel_id),
            "app_permissions": str(payloads.BOT_PERMISSIONS),
            "locale": "en-GB",
            "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if direct else GUILD_ID},
            "attachment_size_limit": 10_485_760,
            "context": 1 if direct else 0,
        }
        if source is not None:
            payload["message"] = source.payload()
        if direct:
            payload["user"] = payloads.user(member)
        else:
            payload["guild_id"] = GUILD_ID
            payload["guild"] = {"id": GUILD_ID, "locale": "en-GB", "features": []}
            payload["guild_locale"] = "en-GB"
            payload["member"] = payloads.guild_member(member)
        guild_id = None if direct else GUILD_ID
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild_id)
        return made

    async def _notice(self, message: Message, event: str) -> None:
        """Tell the bot of a message, with the words in it only where it may read them."""
        if message.ephemeral:
            return
        direct = message.channel_id == DIRECT_CHANNEL_ID
        guild_id = None if direct else GUILD_ID
        session = self.gateway.session(self.gateway.shard_of(guild_id))
        if session is None or not session.intents & (DIRECT_MESSAGES if direct else GUILD_MESSAGES):
            return
        payload = message.payload()
        if not (direct or message.author == payloads.BOT or payload["mentions"]):
            payload |= {"content": "", "embeds": [], "components": [], "attachments": []}
        await self.gateway.dispatch(event, payload, guild_id)

    async def _gateway_address(self, _request: web.Request, _body: Any) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        url = f"ws://127.0.0.1:{self.port}/gateway"
        return answer({"url": url, "shards": self.gateway.shards, "session_start_limit": limit})


async def until(condition: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> float:
    """Wait for something to become true; the seconds it took. Fails by name when it does not."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        await asyncio.sleep(0.02)
    return time.monotonic() - begun
