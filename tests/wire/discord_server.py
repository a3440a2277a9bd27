"""A Discord small enough for one test: loopback only, and driven by what members do."""

import time
from typing import Any

from aiohttp import web

from .answers import answer
from .api import Api
from .faults import FaultScript
from .gateway import Gateway
from .members import Members
from .openapi import OpenApi
from .rest import Request, Rest
from .waiting import until

__all__ = ["TOKEN", "DiscordServer", "until"]

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Wire01.only-for-tests-on-loopback-000000000000"  # noqa: S105
QUIET_SECONDS = 1.2
"""Longer than any pause between tries that a lost answer sets off."""


class DiscordServer(Members):
    """Discord's two doors, and what members do behind them."""

    def __init__(self, openapi: OpenApi, shards: int = 1, token: str = TOKEN) -> None:
        self.faults = FaultScript()
        api = Api(self.notice)
        self.rest = Rest(token, openapi, self.faults, api)
        super().__init__(api, Gateway(token, shards, self.rest.violations.append))
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

    def requests(self, method: str, route: str) -> list[Request]:
        """Every request that arrived at a route."""
        return [r for r in self.rest.requests if (r.method, r.route) == (method, route)]

    async def quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Wait until every fault was met and no request has come for a while."""
        await until(lambda: not self.faults.left(), "requests to meet the faults")
        await until(
            lambda: time.monotonic() - self.rest.requests[-1].at > seconds, "requests to end"
        )

    async def _gateway_address(self, _request: web.Request, _body: Any) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        url = f"ws://127.0.0.1:{self.port}/gateway"
        return answer({"url": url, "shards": self.gateway.shards, "session_start_limit": limit})
