"""Discord's own description of its API, as a judge of what the bot sends."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CHECKOUT = Path(__file__).parents[2]
DOCUMENT = "urn:discord-openapi"


def location() -> Path:
    """Where the description is expected: under QUOTH_SHARED, or in `shared` beside the checkout."""
    shared = os.environ.get("QUOTH_SHARED") or CHECKOUT.parent / "shared"
    return Path(shared) / "discord" / "openapi.json"


class OpenApi:
    """The description, ready to check one body after another."""

    def __init__(self, document: dict[str, Any]) -> None:
        # Discord reads a snowflake written as a number as well; discord.py writes references so.
        document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        self._paths: dict[str, Any] = document["paths"]
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
        self._validator = cache(self._make_validator)

    def knows(self, method: str, route: str) -> bool:
        """Whether Discord has such a route."""
        return method.lower() in self._paths.get(route, {})

    def faults(self, method: str, route: str, body: Any) -> Iterator[str]:
        """Say in words what Discord would not accept in this body."""
        operation = self._paths[route][method.lower()]
        request = operation.get("requestBody")
        if request is None:
            if body is not None:
                yield "takes no body"
        elif body is None:
            if request.get("required", False):
                yield "needs a body"
        else:
            worst = best_match(self._validator(method.lower(), route).iter_errors(body))
            if worst is not None:
                yield describe(worst)

    def unknown_parameters(self, method: str, route: str, names: set[str]) -> set[str]:
        """Query parameters that the route does not have."""
        operation = self._paths[route][method.lower()]
        known = {p["name"] for p in operation.get("parameters", ()) if p.get("in") == "query"}
        return names - known

    def _make_validator(self, method: str, route: str) -> Draft202012Validator:
        escaped = route.replace("~", "~0").replace("/", "~1")
        pointer = f"#/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
        return Draft202012Validator({"$ref": DOCUMENT + pointer}, registry=self._registry)


def read() -> dict[str, Any]:
    """Read the description from where it is expected."""
    document: dict[str, Any] = json.loads(location().read_text(encoding="utf-8"))
    return document


def load() -> OpenApi:
    """Make a judge of the description."""
    return OpenApi(read())


def describe(error: ValidationError) -> str:
    """One line: where in the body, and what is wrong there."""
    place = "/".join(str(step) for step in error.absolute_path) or "body"
    return f"{place}: {error.message[:200]}"
