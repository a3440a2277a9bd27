"""Every setting of the program, read once at the entry.

Strongest first: the command line, the environment, `.env` (for secrets), `quoth.toml`, defaults.
An environment variable that is empty counts as not set.
"""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from index import QuothError
from index import Settings as IndexSettings

SETTINGS_FILE = Path("quoth.toml")
SECRETS_FILE = Path(".env")
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  # the variable's name, no token
PORTAL = "https://discord.com/developers/applications"
"""Where Discord gives out tokens."""
DISCORD_API = "https://discord.com/api/v10"
COMMAND_LINE = "command line"
DEFAULT = "default"


class SettingError(QuothError):
    """A setting is unknown or has a value that cannot be; the text names it and its place."""


class DiscordSettings(BaseModel):
    """How the bot behaves in Discord."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    api: str = Field(
        DISCORD_API,
        description="Address of Discord's API; change it only to go through a proxy of your own.",
    )
    workers: int = Field(
        2, ge=1, le=16, description="Questions answered at the same time; more wait their turn."
    )
    waiting: int = Field(
        50, ge=0, description="Questions that may wait; one more is told politely to come back."
    )
    member_questions_a_minute: int = Field(
        6, ge=1, description="Questions that one member may ask in a minute."
    )
    server_questions_a_minute: int = Field(
        60, ge=1, description="Questions that the members of one server may ask in a minute."
    )
    member_calls_an_hour: int = Field(
        3, ge=1, description="How often one member may have the helpers called in an hour."
    )
    server_calls_an_hour: int = Field(
        20, ge=1, description="How often the members of one server may, together, in an hour."
    )
    keep_days: int = Field(
        30,
        ge=1,
        description="How long a question and its answer are remembered: so long the buttons under "
        "an answer work. Older ones are deleted.",
    )
    keep_vote_words: bool = Field(
        default=False,
        description="Whether a member who found an answer not helpful is asked to say why in words "
        "of their own, and these are kept.",
    )
    admin_channel: int | None = Field(
        None,
        ge=1,
        description="Id of a channel where the bot tells admins what they must know: a damaged "
        "build of the index, and what it built by itself or could not.",
    )
    watch_seconds: float | None = Field(
        None,
        ge=1,
        description="How often the documents are looked at; when they have changed and then stayed "
        "the same for one look, they are reindexed. Never if not set.",
    )
    shutdown_seconds: float = Field(
        5.5,
        gt=0,
        le=6,
        description="Time that questions under way get to finish when the bot is told to stop.",
    )

    @field_validator("api")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        """Refuse what no waiting makes an address; a host that is away may come back."""
        try:
            parts = urlsplit(value)
            fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number, half an IPv6 address
            fits = False
        if not fits or not value.isprintable() or " " in value:
            raise ValueError(f"this is no address; write one such as {DISCORD_API}")
        return value


class Settings(BaseSettings):
    """The whole program's settings; frozen. The token never shows in a repr or a log."""

    model_config = SettingsConfigDict(
        env_prefix="QUOTH_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        env_file=SECRETS_FILE,
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: SecretStr | None = Field(
        None,
        validation_alias=TOKEN_VARIABLE,
        description="The bot's token: only from the environment or `.env`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe message that is logged."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="One `key=value` line a message, or one JSON object."
    )
    index: IndexSettings = Field(default_factory=IndexSettings)
    discord: DiscordSettings = Field(default_factory=DiscordSettings)

    @field_validator("discord_token", mode="before")
    @classmethod
    def _empty_token_is_absent(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the hook's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put `quoth.toml` below the environment and `.env`."""
        return init_settings, env_settings, dotenv_settings, _SettingsFile(settings_cls)


class _SettingsFile(PydanticBaseSettingsSource):
    """`quoth.toml` of the working folder, if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Not asked: the file is taken whole."""
        raise NotImplementedError(field, field_name)

    def __call__(self) -> dict[str, Any]:
        return read_settings_file()


def read_settings(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Settings:
    """Read every setting; `overrides` are tables of the command line, such as {"index": {…}}.

    Raises SettingError for a key that is unknown, a value that cannot be, or an unreadable file.
    """
    try:
        return Settings(**dict(overrides or {}))  # type: ignore[arg-type]  # tables, not models
    except ValidationError as error:
        raise SettingError(_plain(error, overrides or {})) from None  # its cause holds the values
    except SettingsError as error:
        raise SettingError(f"a setting in the environment cannot be read: {error}") from None
    except UnicodeDecodeError:
        raise SettingError(f"{SECRETS_FILE} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SettingError(f"{error.filename or SECRETS_FILE}: {error.strerror}") from None


def origins(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, str]:
    """Where each setting was set, by its dotted name: a place such as `quoth.toml`."""
    places: list[tuple[str, Mapping[str, Any]]] = [
        (COMMAND_LINE, overrides or {}),
        ("environment", EnvSettingsSource(Settings)()),
        (str(SECRETS_FILE), DotEnvSettingsSource(Settings)()),
        (str(SETTINGS_FILE), read_settings_file()),
    ]
    return {name: _origin(name, places) for name in setting_names()}


def setting_names() -> list[str]:
    """Dotted names of all settings, tables after what stands alone."""
    names = []
    for name, field in Settings.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            names += [f"{name}.{key}" for key in table.model_fields]
        else:
            names.append(name)
    return names


def variable(name: str) -> str:
    """Name the environment variable of a setting, given the setting's dotted name."""
    if name == "discord_token":
        return TOKEN_VARIABLE
    return "QUOTH_" + name.replace(".", "__").upper()


def read_settings_file() -> dict[str, Any]:
    """`quoth.toml` as tables, or nothing. Raises SettingError, naming key and file."""
    try:
        text = SETTINGS_FILE.read_bytes().decode("utf-8-sig")  # Notepad puts a mark in front
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise SettingError(f"{SETTINGS_FILE} is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{SETTINGS_FILE} is not valid TOML: {error}") from None
    except OSError as error:
        raise SettingError(f"{SETTINGS_FILE} cannot be read: {error.strerror}") from None
    for key in _dotted(tables):
        _check_key(key)
    return tables


def _dotted(tables: Mapping[str, Any]) -> list[str]:
    keys = []
    for name, value in tables.items():
        if isinstance(value, dict):
            keys += [f"{name}.{key}" for key in value]
        else:
            keys.append(name)
    return keys


def _check_key(key: str) -> None:
    if key.rpartition(".")[2].lower() in {"discord_token", "token"}:
        raise SettingError(
            f"{SETTINGS_FILE}: the token does not belong here (`{key}`); "
            f"put {TOKEN_VARIABLE}=… into {SECRETS_FILE}"
        )
    known = setting_names()
    if key in known:
        return
    if any(name.startswith(f"{key}.") for name in known):
        raise SettingError(f"{SETTINGS_FILE}: `{key}` is a table; write [{key}] and its keys below")
    near = difflib.get_close_matches(key, known, n=1)
    remedy = f"did you mean `{near[0]}`?" if near else "`quoth settings` lists all"
    raise SettingError(f"{SETTINGS_FILE}: unknown setting `{key}`; {remedy}")


def _origin(name: str, places: list[tuple[str, Mapping[str, Any]]]) -> str:
    for place, values in places:
        if _holds(values, name):
            return f"{place} {variable(name)}" if place == "environment" else place
    return DEFAULT


def _holds(values: Mapping[str, Any], name: str) -> bool:
    if name == "discord_token":
        return bool(str(values.get(TOKEN_VARIABLE) or "").strip())
    table, _, key = name.rpartition(".")
    inner = values.get(table, {}) if table else values
    return isinstance(inner, Mapping) and key in inner


def _plain(error: ValidationError, overrides: Mapping[str, Mapping[str, Any]]) -> str:
    """Say each fault with the setting's name and the place that set it, never with the value."""
    faults = []
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        name = ".".join(str(part) for part in fault["loc"])
        name = "discord_token" if name == TOKEN_VARIABLE else name
        if fault["type"] == "extra_forbidden":
            place = f"{variable(name)} in the environment or {SECRETS_FILE}"
            faults.append(f"unknown setting `{name}` ({place}); `quoth settings` lists all")
            continue
        told = fault["msg"].removeprefix("Value error, ")
        if name in setting_names():
            told = f"setting `{name}` (from {origins(overrides)[name]}): {told}"
        faults.append(told)
    return "; ".join(faults)
