"""How Discord's REST API answers: with a body, or with a refusal."""

import json
from typing import Any

from aiohttp import web

INVALID_BODY = 50035

VIA = {"Via": "1.1 google"}
"""Without it, a client takes a refusal for one of whoever stands before Discord."""

LIMIT = {"X-RateLimit-Limit": "50"}
LIMITS = {
    **VIA,
    **LIMIT,
    "X-RateLimit-Remaining": "49",
    "X-RateLimit-Reset-After": "1.000",
}


class Refused(Exception):  # what Discord does, not an error of the tests
    """Discord's answer to a request that it does not carry out."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "code": code}


class Wrong(Refused):
    """Discord's answer to what no bot should send; the faults are remembered."""

    def __init__(self, *faults: str) -> None:
        super().__init__(400, INVALID_BODY, "Invalid Form Body")
        self.faults = faults


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer as Discord does: its content type names no charset.

    `headers` say of limits what is not usual.
    """
    if status == 204:
        return web.Response(status=status, headers=LIMITS)
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(LIMITS if headers is None else headers)},
    )
