"""What `quoth doctor` looks at: each a finding, and the next step where one is due."""

import base64
import binascii
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.rendering.amounts import count
from bot.settings import (
    PORTAL,
    SECRETS_FILE,
    TOKEN_VARIABLE,
    Settings,
    origins,
    setting_names,
    variable,
)
from index import CorpusError, Engine, ModelError, QuothError, find_files

PACKAGES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "faiss-cpu",
    "bm25s",
    "onnxruntime",
    "sentencex",
    "discord.py",
)
RIGHTS = {
    "view_channel": "see the channels it is asked in",
    "send_messages": "answer a mention",
    "send_messages_in_threads": "answer in threads",
    "read_message_history": "answer as a reply to the question",
}
"""What the bot must be allowed in Discord, by discord.py's name, and what for."""
SCOPES = ("bot", "applications.commands")
ENVIRONMENT_ONLY = {
    "QUOTH_DEBUG", "QUOTH_SHARED", "QUOTH_LARGE", "QUOTH_FAULTS", "QUOTH_INDEX", "QUOTH_DISCORD",
}  # fmt: skip
"""Variables of ours that are no setting of their own."""
TOKEN_PARTS = 3


class State(Enum):
    """`NOTE` is worth knowing; `MISSING` keeps Quoth from its main job."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `next_step` is empty where nothing is to be done."""

    name: str
    state: State
    finding: str
    next_step: str = ""


def examine(engine: Engine, settings: Settings, client_id: str | None = None) -> Iterator[Check]:
    """Look at everything that answering in Discord needs, the quick looks first."""
    yield _program()
    yield from _packages()
    yield from _unknown_variables()
    yield _corpus(settings.index.corpus)
    yield _data(settings.index.data)
    yield from _state(settings.index.data)
    yield from _model_and_index(engine, settings.index.model)
    yield _token(settings)
    yield from _discord(settings, client_id)


def invite_address(client_id: str) -> str:
    """Where an admin adds the bot to a server, asking for the rights that it needs."""
    import discord  # noqa: PLC0415  # half a second that only this and the bot need

    permissions = discord.Permissions(**dict.fromkeys(RIGHTS, True))
    return (
        f"https://discord.com/oauth2/authorize?client_id={client_id}"
        f"&scope={'+'.join(SCOPES)}&permissions={permissions.value}"
    )


def client_id_of(token: str) -> str | None:
    """Read the bot's public id out of its token's first part, or None if it has not that form."""
    parts = token.split(".")
    if len(parts) != TOKEN_PARTS:
        return None
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        decoded = base64.b64decode(padded, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return decoded if decoded.isdigit() else None


def _program() -> Check:
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("quoth", State.OK, f"{version('quoth')}, {python}")


def _packages() -> Iterator[Check]:
    for package in PACKAGES:
        try:
            yield Check(package, State.OK, version(package))
        except PackageNotFoundError:
            yield Check(package, State.MISSING, "not installed", "install again: pip install -e .")


def _unknown_variables() -> Iterator[Check]:
    known = {variable(name) for name in setting_names()} | ENVIRONMENT_ONLY
    for name in sorted(os.environ):
        if name.startswith("QUOTH_") and name not in known:
            yield Check(
                name,
                State.NOTE,
                "no such setting, so it does nothing",
                "`quoth settings` lists all",
            )


def _corpus(corpus: Path) -> Check:
    if not os.path.isdir(corpus):  # noqa: PTH112  # raises nothing, whoever may look there
        step = "make it and put documents in, or name another with --corpus"
        return Check("documents", State.MISSING, f"no folder {corpus}", step)
    try:
        files = len(find_files(corpus))
    except CorpusError as error:
        return Check("documents", State.MISSING, str(error), "mend its rights")
    if not files:
        return Check("documents", State.MISSING, f"{corpus} is empty", "put documents in")
    return Check("documents", State.OK, f"{count(files, 'file')} in {corpus}")


def _data(data: Path) -> Check:
    """Whether the next reindex can write, as far as one can tell without writing."""
    above = (data, *data.absolute().parents)
    there = next(path for path in above if os.path.exists(path))  # noqa: PTH110  # raises nothing
    step = "choose another (--data) or mend its rights"
    if not os.path.isdir(there):  # noqa: PTH112  # raises nothing
        finding = f"{there} is no folder, so no reindex can work"
        return Check("data folder", State.NOTE, finding, step)
    if not os.access(there, os.W_OK | os.X_OK):
        finding = f"{there} may only be read: questions are answered, but no reindex can work"
        return Check("data folder", State.NOTE, finding, step)
    free = shutil.disk_usage(there).free / 1e9
    return Check("data folder", State.OK, f"{data}, on a disk with {free:.1f} GB free")


def _state(data: Path) -> Iterator[Check]:
    """What keeps a bot from starting though all else is well."""
    from bot.state import FILE  # noqa: PLC0415  # with it comes discord, which only this needs
    from bot.state.soundness import unusable  # noqa: PLC0415  # as above

    if found := unusable(data / FILE):
        yield Check("memory", State.MISSING, *found)


def _model_and_index(engine: Engine, model: str) -> Iterator[Check]:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read by the hub's client when it is first imported
    lack = None
    try:
        engine.load()
    except ModelError as error:
        yield Check("model", State.MISSING, model, str(error))
        yield Check("index", State.NOTE, "cannot be opened without the model")
        return
    except QuothError as error:  # the models are loaded before the index
        lack = str(error)
    yield Check("model", State.OK, f"{model}; loads offline")
    if lack:
        finding, _, step = lack.rpartition("; ")
        yield Check("index", State.MISSING, finding or lack, step)
    else:
        yield from _generations(engine)


def _generations(engine: Engine) -> Iterator[Check]:
    """What is on disk, when some generation there could be opened."""
    summary = engine.current()
    counts = f"{count(summary.documents, 'document')}, {count(summary.chunks, 'passage')}"
    yield Check("index", State.OK, f"generation {summary.name}: {counts}, by {summary.model}")
    for found in engine.verify():
        if found.problems:
            finding = f"generation {found.generation} is damaged: {'; '.join(found.problems)}"
            newer = found.generation > summary.name
            step = f"run `quoth reindex`; until then {summary.name} answers" if newer else ""
            yield Check("index", State.NOTE, finding, step)
    if stale := engine.staleness():
        yield Check("index", State.NOTE, f"out of date: {stale}", "run `quoth reindex`")


def _token(settings: Settings) -> Check:
    if settings.discord_token is None:
        step = (
            f"copy it from {PORTAL}, Bot, Reset Token; put {TOKEN_VARIABLE}=… into {SECRETS_FILE}"
        )
        return Check("token", State.MISSING, "absent; only `quoth run` needs it", step)
    place = origins()["discord_token"]
    if client_id_of(settings.discord_token.get_secret_value()) is None:
        step = f"copy it again from {PORTAL}, Bot, Reset Token"
        return Check("token", State.MISSING, f"from {place}, but not of a token's form", step)
    return Check("token", State.OK, f"present, from {place} (Discord alone knows if it is valid)")


def _discord(settings: Settings, client_id: str | None) -> Iterator[Check]:
    rights = ", ".join(name.replace("_", " ") for name in RIGHTS)
    yield Check("rights", State.OK, f"{rights}; no privileged intent")
    managing = "/reindex and all that looks at or sets the index is for members with Manage Server"
    yield Check("reindexing", State.OK, managing)
    token = settings.discord_token
    known = client_id or (client_id_of(token.get_secret_value()) if token else None)
    if known is None:
        step = "name the application id with --client-id, or set the token"
        yield Check("invite", State.NOTE, "needs the bot's application id", step)
        return
    yield Check("invite", State.OK, invite_address(known))
