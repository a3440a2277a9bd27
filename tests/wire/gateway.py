"""Discord's gateway v10: sessions that survive a lost connection, and the connections."""

import asyncio
import contextlib
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from . import payloads
from .payloads import Json, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED = 4001, 4002, 4003
AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED = 4004, 4005
INVALID_SHARD, SHARDING_REQUIRED, INVALID_VERSION = 4010, 4011, 4012
INVALID_INTENTS, DISALLOWED_INTENTS = 4013, 4014
SESSION_ENDERS = (1000, 1001)
"""A client that closes with one of these gives its session up."""

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
"""Guild members, presences, message content."""
ALL_INTENTS = (1 << 26) - 1

HEARTBEAT_SECONDS = 2.0


class Connection:
    """One websocket, compressed as the client asked."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.closed_here = False
        self._request = request
        streamed = request.query.get("compress") == "zlib-stream"
        self._compressor = zlib.compressobj() if streamed else None

    async def send(self, payload: Json) -> None:
        """Send one payload; a connection that is gone loses it, as on the real wire."""
        data = json.dumps(payload, ensure_ascii=False).encode()
        with contextlib.suppress(ConnectionError):
            if self._compressor is None:
                await self.socket.send_str(data.decode())
            else:
                packed = self._compressor.compress(data)
                await self.socket.send_bytes(packed + self._compressor.flush(zlib.Z_SYNC_FLUSH))

    def address(self, path: str) -> str:
        """The address of another place on the same server, as the client sees the server."""
        return f"ws://{self._request.host}{path}"

    async def close(self, code: int, reason: str = "") -> None:
        """Close as Discord does, with a code."""
        self.closed_here = True
        await self.socket.close(code=code, message=reason.encode())

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(slots=True)
class Session:
    """What Discord keeps about one shard between connections. `sent` is for replay."""

    id: str
    shard: tuple[int, int]
    intents: int
    sent: list[Json] = field(default_factory=list)
    connection: Connection | None = None


class Gateway:
    """All connections and sessions, and what the client said on them."""

    def __init__(self, token: str, shards: int, fault: Callable[[str], None]) -> None:
        self.token = token
        self.shards = shards
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats = 0
        self.connected_at: list[tuple[str, float]] = []
        self.refuse_identify: int | None = None
        self.refuse_connections = 0
        self.sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._fault = fault

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Talk with one client until the connection ends."""
        if self.refuse_connections:
            self.refuse_connections -= 1
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=1 << 20, timeout=2.0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.add(connection)
        self.connected_at.append((request.path, time.monotonic()))
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self._fault(f"gateway: connected with {request.query_string}")
        try:
            await connection.send(
                {"op": HELLO, "d": {"heartbeat_interval": int(HEARTBEAT_SECONDS * 1000)}}
            )
            await self._listen(connection)
        finally:
            self._connections.discard(connection)
            session = self._owner(connection)
            if session is not None:
                session.connection = None
        return socket

    def session(self, shard_id: int = 0) -> Session | None:
        """The newest session of a shard, or None while it has none."""
        found = [s for s in self.sessions.values() if s.shard[0] == shard_id]
        return found[-1] if found else None

    def ready(self) -> bool:
        """Whether every shard has a session and is connected to it."""
        sessions = [self.session(shard) for shard in range(self.shards)]
        return all(session is not None and session.connection for session in sessions)

    def shard_of(self, guild_id: str | None) -> int:
        """Which shard hears of a server; direct messages go to the first."""
        return (int(guild_id) >> 22) % self.shards if guild_id else 0

    async def dispatch(
        self, event: str, data: Any, guild_id: str | None = payloads.GUILD_ID
    ) -> None:
        """Send an event to the shard of its server, or keep it for when that resumes."""
        session = self.session(self.shard_of(guild_id))
        if session is not None:
            await self._emit(session, event, data)

    def lose_connections(self) -> None:
        """Make every connection deaf: what follows is kept for replay but never arrives."""
        for session in self.sessions.values():
            session.connection = None

    def drop(self) -> None:
        """Cut every connection without a word; sessions can be resumed."""
        self.lose_connections()
        for connection in list(self._connections):
            connection.drop()

    async def close(self, code: int, reason: str = "") -> None:
        """Close every connection with a code."""
        await asyncio.gather(*(c.close(code, reason) for c in list(self._connections)))

    async def ask_to_reconnect(self) -> None:
        """Ask every client to come back and resume."""
        for connection in list(self._connections):
            await connection.send({"op": RECONNECT, "d": None})

    async def invalidate(self) -> None:
        """End every session: clients have to identify anew."""
        self.sessions.clear()
        for connection in list(self._connections):
            await connection.send({"op": INVALID_SESSION, "d": False})

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                await connection.close(DECODE_ERROR, "Error while decoding payload.")
                return
            payload = json.loads(message.data)
            await self._receive(connection, payload["op"], payload.get("d"))
        if connection.socket.close_code in SESSION_ENDERS and not connection.closed_here:
            session = self._owner(connection)
            if session is not None:
                del self.sessions[session.id]

    async def _receive(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            self.heartbeats += 1
            await connection.send({"op": HEARTBEAT_ACK})
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif self._owner(connection) is None:
            await connection.close(NOT_AUTHENTICATED, "Not authenticated.")
        elif op not in (3, 4, 8):  # presence, voice state, members: heard, not needed
            self._fault(f"gateway: unknown opcode {op}")
            await connection.close(UNKNOWN_OPCODE, "Unknown opcode.")

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append({key: data[key] for key in data if key != "token"})
        refusal = self._refusal(connection, data)
        if refusal is not None:
            await connection.close(*refusal)
            return
        shard = tuple(data.get("shard") or (0, 1))
        session = Session(snowflake(), (shard[0], shard[1]), data["intents"], [], connection)
        self.sessions[session.id] = session
        here = self.shard_of(payloads.GUILD_ID) == shard[0]
        ready = {
            "v": 10,
            "user": payloads.bot_user(),
            "guilds": [{"id": payloads.GUILD_ID, "unavailable": True}] * here,
            "session_id": session.id,
            "resume_gateway_url": connection.address("/gateway/resume"),
            "shard": list(shard),
            "application": {"id": payloads.BOT_ID, "flags": 0},
        }
        await self._emit(session, "READY", ready)
        if here and session.intents & GUILDS:
            await self._emit(session, "GUILD_CREATE", payloads.guild())

    def _refusal(self, connection: Connection, data: Json) -> tuple[int, str] | None:
        intents = data["intents"]
        refusals = (
            (self.refuse_identify is not None, self.refuse_identify or 0, "Refused."),
            (data.get("token") != self.token, AUTHENTICATION_FAILED, "Authentication failed."),
            (self._owner(connection) is not None, ALREADY_AUTHENTICATED, "Already authenticated."),
            (data.get("shard", [0, 1])[1] != self.shards, INVALID_SHARD, "Invalid shard."),
            (bool(intents & ~ALL_INTENTS), INVALID_INTENTS, "Invalid intent(s)."),
            (bool(intents & PRIVILEGED), DISALLOWED_INTENTS, "Disallowed intent(s)."),
        )
        return next(((code, reason) for holds, code, reason in refusals if holds), None)

    async def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append({key: data[key] for key in data if key != "token"})
        if data.get("token") != self.token:
            await connection.close(AUTHENTICATION_FAILED, "Authentication failed.")
            return
        session = self.sessions.get(data["session_id"])
        if session is None or data["seq"] is None or data["seq"] > len(session.sent):
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        session.connection = connection
        for missed in session.sent[data["seq"] :]:
            await connection.send(missed)
        await self._emit(session, "RESUMED", {"_trace": []})

    async def _emit(self, session: Session, event: str, data: Any) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(session.sent) + 1, "d": data}
        session.sent.append(payload)
        if session.connection is not None:
            await session.connection.send(payload)

    def _owner(self, connection: Connection) -> Session | None:
        return next((s for s in self.sessions.values() if s.connection is connection), None)
