"""Every request on its way to Discord's REST API: faults, authorization, checks."""

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from . import rules
from .answers import LIMIT, VIA, Refused, Wrong, answer
from .api import Api, Handler
from .faults import OPEN_ROUTES, Fault, FaultScript
from .openapi import OpenApi

PREFIX = "/api/v10"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that arrived, for tests to count."""

    method: str
    route: str
    path: str
    body: Any
    at: float


class Rest:
    """The way of every request; what Discord would not accept is kept in `violations`."""

    def __init__(self, token: str, openapi: OpenApi, script: FaultScript, api: Api) -> None:
        self.token = token
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self._openapi = openapi
        self._script = script
        self._api = api

    def add_to(self, app: web.Application, gateway: Handler) -> None:
        """Put all routes into an application; any other request is a violation."""
        for method, route, handler in (("GET", "/gateway/bot", gateway), *self._api.routes()):
            app.router.add_route(method, PREFIX + route, self._wrapped(method, route, handler))
        app.router.add_route("*", "/{path:.*}", self._unknown)

    def _wrapped(
        self, method: str, route: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            raw = await request.read()
            body = json.loads(raw) if raw else None
            self.requests.append(Request(method, route, request.path, body, time.monotonic()))
            fault = self._script.take(method, route, body) or Fault()
            await asyncio.sleep(fault.delay)
            response = answer(None)
            if fault.acts:
                response = await self._carry_out(request, method, route, body, handler)
            await asyncio.sleep(fault.silence)
            if fault.loss is not None and request.transport is not None:
                cut = request.transport.abort if fault.loss == "reset" else request.transport.close
                cut()
            response = response if fault.status is None else _broken(fault)
            if not fault.everywhere:
                response.headers["X-RateLimit-Bucket"] = _bucket(method, route)
            return response

        return handle

    async def _carry_out(
        self, request: web.Request, method: str, route: str, body: Any, handler: Handler
    ) -> web.Response:
        authorized = request.headers.get("Authorization") == f"Bot {self.token}"
        if not authorized and not route.startswith(OPEN_ROUTES):
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            self._check(request, method, route, body)
            return await handler(request, body)
        except Wrong as refused:
            self.violations += [f"{method} {route}: {fault}" for fault in refused.faults]
            return answer(refused.body, refused.status)
        except Refused as refused:
            return answer(refused.body, refused.status)

    def _check(self, request: web.Request, method: str, route: str, body: Any) -> None:
        wrong = [
            *self._openapi.faults(method, route, body),
            *(
                f"unknown query parameter {name}"
                for name in self._openapi.unknown_parameters(method, route, set(request.query))
            ),
        ] or list(rules.faults(method, route, body))
        if wrong:
            raise Wrong(*wrong)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.violations.append(f"{request.method} {request.path}: no such route here")
        return answer({"message": "404: Not Found", "code": 0}, 404)


def _broken(fault: Fault) -> web.Response:
    if fault.status == 429:
        body = {
            "message": "You are being rate limited.",
            "retry_after": fault.retry_after,
            "global": fault.everywhere,
        }
        return answer(body, 429, _limits_of(fault))
    return answer({"message": f"{fault.status}: Server Error", "code": 0}, fault.status or 500)


def _limits_of(fault: Fault) -> dict[str, str]:
    """What the head of an answer says of the wait that it asks for."""
    wait = {**VIA, "Retry-After": str(math.ceil(fault.retry_after))}
    if fault.everywhere:
        return wait | {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return {
        **wait,
        **LIMIT,
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{time.time() + fault.retry_after:.3f}",
        "X-RateLimit-Reset-After": f"{fault.retry_after:.3f}",
        "X-RateLimit-Scope": "user",
    }


def _bucket(method: str, route: str) -> str:
    """The name of the limit that a route counts for."""
    return hashlib.sha256(f"{method} {route}".encode()).hexdigest()[:32]
