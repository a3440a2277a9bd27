"""Every setting of the program, read once at the entry.

Strongest first: the command line, the environment, `.env` (for secrets), `quoth.toml`, defaults.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index import Settings as IndexSettings

SETTINGS_FILE = Path("quoth.toml")


class DiscordSettings(BaseModel):
    """How the bot behaves in Discord."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    api: str = Field(
        "https://discord.com/api/v10",
        description="Address of Discord's API; change it only to go through a proxy of your own.",
    )
    workers: int = Field(
        2, ge=1, le=16, description="Questions answered at the same time; more wait their turn."
    )
    waiting: int = Field(
        50, ge=0, description="Questions that may wait; one more is told politely to come back."
    )
    shutdown_seconds: float = Field(
        6.0,
        gt=0,
        le=8,
        description="Time that questions under way get to finish when the bot is told to stop.",
    )


class Settings(BaseSettings):
    """The whole program's settings; frozen. The token never shows in a repr or a log."""

    model_config = SettingsConfigDict(
        env_prefix="QUOTH_",
        env_nested_delimiter="__",
        env_file=".env",
        toml_file=SETTINGS_FILE,
        extra="ignore",
        frozen=True,
    )

    discord_token: SecretStr | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="The bot's token: keep it in `.env`."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe message that is logged."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="One `key=value` line a message, or one JSON object."
    )
    index: IndexSettings = Field(default_factory=IndexSettings)
    discord: DiscordSettings = Field(default_factory=DiscordSettings)

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
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, toml
