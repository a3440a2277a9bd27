"""What the documentation shows is what the program does."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.command_line.commands import app
from bot.command_line.settings_table import REASONS, markdown_table, setting_rows
from bot.settings import Settings, setting_names

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"```console\n\$ ([^\n]+)\n```\n\n```json\n(.+?)\n```", re.DOTALL)
EXAMPLES: dict[str, str] = dict(
    EXAMPLE.findall((ROOT / "docs" / "json.md").read_text(encoding="utf-8"))
)
VARIES = {"ms": 0, "seconds": 0, "score": 0, "created": "", "size": 0}
"""Keys whose values differ from run to run, or with a model's last digits."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a fresh clone has it: the article and no index."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    return folder


def settled(value: Any) -> Any:
    """The value without what varies."""
    if isinstance(value, dict):
        return {key: VARIES.get(key, settled(inner)) for key, inner in value.items()}
    return [settled(inner) for inner in value] if isinstance(value, list) else value


def run(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the program prints for a command line of the documentation."""
    monkeypatch.chdir(folder)
    if "QUOTH_INDEX__MAX_QUOTES=1 " in command:
        monkeypatch.setenv("QUOTH_INDEX__MAX_QUOTES", "1")
    stdin = "\n" if command.startswith("printf") else None
    words = re.findall(r'"([^"]*)"|(\S+)', command.rpartition("quoth ")[2])
    result = CliRunner().invoke(app, [quoted or bare for quoted, bare in words], input=stdin)
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


@pytest.mark.parametrize("command", list(reversed(EXAMPLES)))  # the page ends with the reindex
def test_an_example_of_the_json_is_what_the_program_prints(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = json.loads(EXAMPLES[command])
    printed = run(command, folder, monkeypatch)
    assert list(printed) == list(shown)
    assert settled(printed) == settled(shown), json.dumps(printed, indent=2, ensure_ascii=False)


def test_the_json_has_an_example_of_each_outcome() -> None:
    shown = [json.loads(example) for example in EXAMPLES.values()]
    answers = [value for value in shown if "answered" in value]
    assert {value["answered"] for value in answers} == {True, False}
    assert any("error" in value for value in answers)
    assert any("generation" in value for value in shown)


def test_the_table_of_settings_is_what_the_program_knows() -> None:
    table = markdown_table(setting_rows(Settings(_env_file=None)))
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page.endswith(f"\n\n{table}\n"), "paste what `quoth settings --markdown` prints"


def test_every_setting_says_what_it_means_and_why() -> None:
    rows = setting_rows(Settings(_env_file=None))
    assert [row.name for row in rows] == setting_names()
    assert set(REASONS) == set(setting_names())
    assert all(row.meaning for row in rows)
