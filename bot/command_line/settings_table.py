"""What there is to set, as a table: for `quoth settings` and for docs/settings.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings, setting_names, variable

REASONS = {
    "discord_token": "Discord gives it once, under Bot in the developer portal.",
    "log_level": "One line for each finished act; `debug` adds what the libraries say.",
    "log_format": "People read `text`; collectors of logs read `json`.",
    "index.corpus": "The folder that the repository ships; any other replaces it.",
    "index.data": "Beside the corpus, and kept out of version control.",
    "index.model": "Small (90 MB), quick on a CPU, and an ordinary Python package, so that it "
    "loads offline and without an account.",
    "index.model_revision": "A packaged model or a folder has one revision: itself.",
    "index.reader": "Trained for this (index/models/reader/card.md), offline, on any processor.",
    "index.reader_revision": "The packaged reader and a folder have one revision: itself.",
    "index.multilingual": "The packaged model is English; the names of others tell.",
    "index.device": "Every machine has one; a graphics card pays off for large corpora.",
    "index.chunk_tokens": "What a model was trained to read is a safe upper limit.",
    "index.candidates": "Enough that the right passage is among them, few enough to read at once.",
    "index.answer_from": "Chosen on public question sets: docs/quality.md.",
    "index.max_quotes": "An answer is to be read, not searched.",
    "index.question_max_characters": "Half of a Discord message; a longer text is no question. "
    "`/ask` takes no more than 6,000, whatever is set: Discord's own limit.",
    "index.generations_kept": "The current build and two to step back to.",
    "discord.api": "Discord's own address and the version that discord.py 2.7 speaks.",
    "discord.workers": "Answering keeps a processor core busy; two suit a small machine.",
    "discord.waiting": "Enough for a busy moment; beyond it, coming back beats waiting.",
    "discord.member_questions_a_minute": "More than a person reads; a script is slowed.",
    "discord.server_questions_a_minute": "One a second: an answer takes a fraction of one, so that "
    "one server cannot keep all others waiting.",
    "discord.member_calls_an_hour": "A call pings people; whoever needs more can ask directly.",
    "discord.server_calls_an_hour": "Helpers who are pinged every three minutes leave.",
    "discord.keep_days": "An answer is discussed within days; what members asked is not kept for "
    "long.",
    "discord.keep_vote_words": "Words of members are not kept unless someone wants them.",
    "discord.admin_channel": "Only the admins know which; whatever is told there is logged too.",
    "discord.watch_seconds": "Off, for an index that changes by itself is a choice; 30 suits a "
    "folder of some thousand files.",
    "discord.shutdown_seconds": "Docker kills after ten seconds; this leaves time to say so "
    "and close.",
}
"""Why each default is what it is; a test asks one of every setting."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as the table shows it; `value` is what holds now, hidden if it is a secret."""

    name: str
    variable: str
    default: str
    value: str
    meaning: str
    reason: str


def setting_rows(settings: Settings) -> list[SettingRow]:
    """One row for each setting, in the order of the settings' own definition."""
    return [_row(name, settings) for name in setting_names()]


def markdown_table(rows: Iterable[SettingRow]) -> str:
    """Draw the table that docs/settings.md holds."""
    lines = [
        "| Setting | Environment variable | Default | Meaning | Why this default |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        default = "not set" if row.default == "not set" else f"`{row.default}`"
        cells = (f"`{row.name}`", f"`{row.variable}`", default, row.meaning, row.reason)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _row(name: str, settings: Settings) -> SettingRow:
    table, _, key = name.rpartition(".")
    holder: BaseModel = getattr(settings, table) if table else settings
    field = type(holder).model_fields[key]
    return SettingRow(
        name=name,
        variable=variable(name),
        default=_shown(field.get_default(call_default_factory=False)),
        value=_shown(getattr(holder, key)),
        meaning=f"{field.description} {_range(field)}".strip(),
        reason=REASONS.get(name, ""),
    )


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, SecretStr):
        return "set (hidden)"
    return value.as_posix() if isinstance(value, Path) else str(value)


def _range(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return f"One of {', '.join(get_args(field.annotation))}."
    words = {
        annotated_types.Ge: ("at least", "ge"),
        annotated_types.Gt: ("more than", "gt"),
        annotated_types.Le: ("at most", "le"),
        annotated_types.Lt: ("less than", "lt"),
    }
    limits = [
        f"{words[type(limit)][0]} {getattr(limit, words[type(limit)][1])}"
        for limit in field.metadata
        if type(limit) in words
    ]
    return f"{' and '.join(limits).capitalize()}." if limits else ""
