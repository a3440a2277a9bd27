"""`quoth doctor`: what is there, what is missing and what to do, and never the token."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import discord
import pytest
from cli_values import TOKEN, Quoth, damage_vectors

from bot.command_line.doctor import State, _corpus, _data, client_id_of, invite_address

pytest_plugins = ["cli_fixtures"]


def test_all_is_well_with_an_index_and_a_token(
    on_article: Quoth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    result = on_article("doctor")
    assert result.status == 0
    assert "client_id=123456789012345678" in result.out
    assert "loads offline" in result.out
    assert "from environment DISCORD_TOKEN" in result.out
    assert not any(part in result.out + result.err for part in TOKEN.split("."))


def test_what_is_missing_comes_with_its_next_step(quoth: Quoth) -> None:
    result = quoth("doctor")
    assert result.status == 1
    assert "no folder corpus" in result.out
    assert "nothing is built" in result.out
    assert "run `quoth reindex`" in result.out
    assert "put DISCORD_TOKEN=… into .env" in result.out
    assert "--client-id" in result.out


def test_files_that_no_reindex_reads_are_not_counted(quoth: Quoth, folder: Path) -> None:
    hidden = folder / "corpus" / ".git"
    hidden.mkdir(parents=True)
    for path in (folder / "corpus" / ".gitkeep", hidden / "config"):
        path.write_text("not a document")
    assert "corpus is empty" in quoth("doctor").out
    (folder / "corpus" / "pets.txt").write_text("The cat is called Admiral.\n")
    assert "1 file in corpus" in quoth("doctor").out


def test_where_nobody_may_look_there_is_no_folder(folder: Path) -> None:
    hidden = folder / ("x" * 300)  # refused to all, as others are to some
    assert _corpus(hidden).finding == f"no folder {hidden}"
    assert _data(hidden).state == State.OK  # what is above it is looked at


def test_a_folder_that_cannot_be_listed_is_told_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    (folder / "notes.txt").write_text("seen")
    monkeypatch.setattr(os, "scandir", refuse)  # whoever runs the tests may list all
    assert _corpus(folder).finding == f"the folder {folder} cannot be read: Permission denied"


def test_a_data_folder_that_may_only_be_read_is_worth_a_note(
    quoth: Quoth, built: Path, mount: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    data = mount("size=4m")
    shutil.copytree(built / "data", data, dirs_exist_ok=True)
    shutil.copytree(built / "corpus", "corpus")
    assert "GB free" in quoth("doctor", "--data", str(data)).out
    mount("remount,ro")
    result = quoth("doctor", "--data", str(data))
    assert result.status == 0
    assert f"{data} may only be read" in result.out
    assert "ok   index" in result.out


def test_a_memory_that_no_start_can_use_is_missing_and_left_as_it_is(
    on_article: Quoth, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    data = folder / "data"
    data.mkdir()
    assert " memory  " not in on_article("doctor", "--data", str(data)).out
    file = data / "state.sqlite"
    with closing(sqlite3.connect(file)) as whole:
        whole.execute("CREATE TABLE a (b)")
    assert " memory  " not in on_article("doctor", "--data", str(data)).out
    with closing(sqlite3.connect(file)) as later:
        later.execute("PRAGMA user_version = 999")
    assert "no   memory       " in (told := on_article("doctor", "--data", str(data)).out)
    assert "later version of Quoth\n" in told
    file.write_bytes(b"no database of SQLite" * 99)
    result = on_article("doctor", "--data", str(data))
    assert result.status == 1
    assert f"{file} is damaged: file is not a database\n" in result.out
    assert "move it away to begin anew" in result.out
    assert file.read_bytes() == b"no database of SQLite" * 99
    assert [path.name for path in data.iterdir()] == ["state.sqlite"]


def test_a_data_folder_that_cannot_be_is_worth_a_note(quoth: Quoth, folder: Path) -> None:
    (folder / "notes.txt").write_text("no folder")
    result = quoth("doctor", "--data", "notes.txt/data")
    assert f"{folder / 'notes.txt'} is no folder" in result.out


def test_an_index_that_is_out_of_date_is_worth_a_note(
    quoth: Quoth, built: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    shutil.copytree(built, folder, dirs_exist_ok=True)
    (folder / "corpus" / "more.txt").write_text("There is more.\n")
    result = quoth("doctor")
    assert result.status == 0
    assert "out of date" in result.out


def test_a_model_that_is_not_there_is_told(quoth: Quoth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_INDEX__MODEL", "./no-such-model")
    result = quoth("doctor")
    assert result.status == 1
    assert "no-such-model" in result.out


def test_an_index_whose_every_generation_is_damaged_is_missing(
    quoth: Quoth, built: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    shutil.copytree(built, folder, dirs_exist_ok=True)
    damage_vectors(folder / "data")
    result = quoth("doctor")
    assert result.status == 1
    assert "loads offline" in result.out
    assert "ok   index" not in result.out
    assert f"no   index        no generation in {folder / 'data'} is whole\n" in result.out
    assert "→ run `quoth reindex`" in result.out


def test_a_damaged_generation_beside_a_whole_one_is_worth_a_note(
    quoth: Quoth, folder: Path
) -> None:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "pets.txt").write_text("The cat is called Admiral.\n")
    quoth("reindex", "--data", "first")
    shutil.copytree(folder / "first", folder / "data")
    damage_vectors(folder / "data")
    (broken,) = (folder / "data" / "generations").iterdir()
    quoth("reindex")
    result = quoth("doctor")
    assert f"note index        generation {broken.name} is damaged" in result.out
    assert "ok   index" in result.out


def test_where_a_newer_generation_is_damaged_the_one_that_answers_is_shown(
    quoth: Quoth, folder: Path
) -> None:
    (folder / "corpus").mkdir()
    for name in ("Admiral", "Major"):
        (folder / "corpus" / "pets.txt").write_text(f"The cat is called {name}.\n")
        quoth("reindex")
    (folder / "data" / "generations" / "000002" / "words.zip").write_bytes(b"")
    result = quoth("doctor")
    assert "ok   index        generation 000001" in result.out
    assert "note index        generation 000002 is damaged" in result.out
    assert "until then 000001 answers" in result.out


def test_a_variable_that_sets_nothing_is_pointed_out(
    on_article: Quoth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_INDX__MODEL", "x")
    assert "QUOTH_INDX__MODEL no such setting" in on_article("doctor").out


@pytest.mark.parametrize(
    "token", ["", "password", "a.b.c", "####.b.c", "w7xtbWU=.b.c", "MTIzNDU2.b"]
)
def test_what_is_no_token_gives_no_application_id(token: str) -> None:
    assert client_id_of(token) is None


def test_the_invite_asks_for_the_rights_that_are_needed_and_no_more() -> None:
    address = invite_address("123456789012345678")
    rights = discord.Permissions(int(address.rpartition("permissions=")[2]))
    assert {name for name, granted in rights if granted} == {
        "view_channel",
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "read_message_history",
    } & {name for name, _ in rights}
    assert "scope=bot+applications.commands" in address
