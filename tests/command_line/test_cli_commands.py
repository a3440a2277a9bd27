"""The other commands: reindex, verify, source, settings, help, version, and errors in words."""

import shutil
from pathlib import Path

import pytest
from cli_values import ARTICLE, ROOT, TOKEN, Quoth

from bot.command_line import commands
from bot.command_line.settings_table import setting_rows
from bot.settings import read_settings
from index import Engine

pytest_plugins = ["cli_fixtures"]


def test_a_reindex_reports_what_it_did_and_names_what_it_set_aside(
    quoth: Quoth, folder: Path
) -> None:
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "noise.txt").write_bytes(bytes(range(256)) * 20)
    (corpus / "old.txt").write_bytes("El niño come piñas".encode("cp1252"))
    result = quoth("reindex")
    assert result.status == 0
    assert "+2 added  ~0 changed  -0 removed  =0 unchanged" in result.out
    assert "  read as windows-1252, a guess: old.txt: save it as UTF-8\n" in result.out
    assert f"  + {ARTICLE}" in result.out
    assert "  set aside: noise.txt: " in result.out


def test_a_reindex_that_cannot_be_leaves_the_index_as_it_is(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    assert quoth("reindex", "--corpus", "nowhere").status == 2
    assert quoth("verify").status == 0
    assert quoth("ask", "--no-reindex", "who leads interpol").status == 0


def test_verify_says_that_a_build_is_whole_or_what_is_wrong_with_it(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built / "data", folder / "data")
    whole = quoth("verify")
    assert whole.status == 0
    assert ": whole" in whole.out
    for file in (folder / "data").rglob("*"):
        if "generations" in file.parts and file.suffix not in {".json", ""}:
            file.write_bytes(file.read_bytes()[:-1] + b"!")
            break
    damaged = quoth("verify")
    assert damaged.status == 2
    assert ": damaged" in damaged.out
    assert file.name in damaged.out


def test_verify_with_nothing_built_says_what_to_do(quoth: Quoth) -> None:
    result = quoth("verify")
    assert (result.status, result.out) == (2, "")
    assert "run `quoth reindex`" in result.err


def test_source_prints_the_text_exactly(on_article: Quoth) -> None:
    result = on_article("source", ARTICLE)
    assert result.out.encode() == (ROOT / "corpus" / ARTICLE).read_bytes()
    assert result.out.count("\u00a0") == 7


def test_source_keeps_line_ends_as_they_were_indexed(quoth: Quoth, folder: Path) -> None:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "dos.txt").write_bytes(b"The cat is called Admiral.\r\nSo it is.")
    quoth("reindex")
    assert not quoth("source", "dos.txt").out.endswith("\n")


def test_source_of_an_unknown_document_suggests_near_names(on_article: Quoth) -> None:
    result = on_article("source", "london-interior-commitment.txt")
    assert result.status == 2
    assert ARTICLE in result.err


def test_an_error_is_one_line_whatever_a_file_is_called(quoth: Quoth, folder: Path) -> None:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "two\nlines.txt").write_text("The cat is called Admiral.\n")
    assert "1 passage, 1 of them embedded now" in quoth("reindex").out
    assert "  1 document, 1 passage, " in quoth("generations").out
    told = quoth("source", "two lines.txt").err
    assert told.endswith("did you mean two␊lines.txt?\n")
    assert told.count("\n") == 1


def test_settings_show_value_and_origin_but_never_the_token(
    quoth: Quoth, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "quoth.toml").write_text("[index]\ncandidates = 30\n")
    (folder / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n")
    monkeypatch.setenv("QUOTH_LOG_LEVEL", "warning")
    out = quoth("settings", "--corpus", "handbook").out
    assert "index.candidates = 30  quoth.toml" in out
    assert "log_level = warning  environment QUOTH_LOG_LEVEL" in out
    assert "index.corpus = handbook  command line" in out
    assert "index.data = data  default" in out
    assert "discord_token = set (hidden)  .env" in out
    assert TOKEN not in out


def test_settings_show_every_meaning_whole_where_nothing_is_wrapped(quoth: Quoth) -> None:
    lines = quoth("settings").out.splitlines()
    for row in setting_rows(read_settings()):
        assert f"    {row.meaning}" in lines


def test_a_setting_that_cannot_be_is_one_plain_line(quoth: Quoth, folder: Path) -> None:
    (folder / "quoth.toml").write_text("[index]\ncandidate = 30\n")
    result = quoth("ask", "who leads interpol")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "error: quoth.toml: unknown setting `index.candidate`; did you mean `index.candidates`?\n"
    )


def test_the_version_is_told(quoth: Quoth) -> None:
    assert quoth("--version").out.startswith("quoth 0.")


@pytest.mark.parametrize(
    "command", ["ask", "reindex", "run", "verify", "source", "doctor", "settings"]
)
def test_each_command_teaches_by_example(quoth: Quoth, command: str) -> None:
    result = quoth(command, "--help")
    assert result.status == 0
    assert f"quoth {command}" in result.out
    assert "Example" in result.out


@pytest.mark.parametrize("arguments", [("aks",), ("ask",), ("ask", "--jsn", "x"), ("source",)])
def test_a_wrong_command_line_ends_with_status_2(quoth: Quoth, arguments: tuple[str, ...]) -> None:
    result = quoth(*arguments)
    assert (result.status, result.out) == (2, "")
    assert "Error" in result.err


class Broken(Engine):
    """An engine with a fault that nobody foresaw."""

    def staleness(self) -> str | None:
        raise ZeroDivisionError("a fault\x1b[2J of ours")


def test_what_nobody_foresaw_is_one_plain_line_too(
    quoth: Quoth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "Engine", Broken)
    result = quoth("ask", "anything")
    assert result.status == 2
    assert result.err.startswith("error: this should not happen: ZeroDivisionError: a fault␛[2J")
    assert "QUOTH_DEBUG=1" in result.err
    assert result.err.count("\n") == 1


def test_who_debugs_gets_the_fault_itself(quoth: Quoth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "Engine", Broken)
    monkeypatch.setenv("QUOTH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        quoth("ask", "anything")


class Interrupted(Engine):
    """An engine that Ctrl-C stops."""

    def staleness(self) -> str | None:
        raise KeyboardInterrupt


def test_an_interrupt_ends_quietly_with_status_130(
    quoth: Quoth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "Engine", Interrupted)
    result = quoth("ask", "anything")
    assert (result.status, result.out, result.err) == (130, "", "")


def test_an_earlier_build_answers_after_a_rollback_and_is_listed_so(
    quoth: Quoth, folder: Path
) -> None:
    corpus = folder / "corpus"
    corpus.mkdir()
    for name in ("Admiral", "Bosun"):
        (corpus / "cat.txt").write_text(f"The cat of the lighthouse is called {name}.\n")
        assert quoth("reindex").status == 0
    back = quoth("rollback")
    assert (back.status, back.out.split()[:2]) == (0, ["000001", "answering"])
    listed = [line.split()[:2] for line in quoth("generations").out.splitlines()]
    assert listed == [["000001", "answering"], ["000002", "withdrawn"]]
    assert "Admiral" in quoth("ask", "what is the cat of the lighthouse called").out
    assert quoth("rollback", "2").status == 0
    assert "Bosun" in quoth("ask", "what is the cat of the lighthouse called").out


def test_a_rollback_that_cannot_be_says_why(quoth: Quoth, built: Path, folder: Path) -> None:
    assert "run `quoth reindex`" in quoth("rollback").err
    assert "run `quoth reindex`" in quoth("generations").err
    shutil.copytree(built, folder, dirs_exist_ok=True)
    none_before = quoth("rollback")
    assert (none_before.status, none_before.out) == (2, "")
    assert "no whole generation before" in none_before.err


def test_documents_that_are_mostly_gone_need_a_word(quoth: Quoth, folder: Path) -> None:
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(3):
        (corpus / f"{number}.txt").write_text(f"Number {number} is here.\n")
    assert quoth("reindex").status == 0
    for number in range(2):
        (corpus / f"{number}.txt").unlink()
    refused = quoth("reindex")
    assert (refused.status, refused.out) == (2, "")
    assert "quoth reindex --allow-shrink" in refused.err
    assert "-2 removed" in quoth("reindex", "--allow-shrink").out
    assert "nothing has changed: generation 000002 stays" in quoth("reindex").out
    assert "+0 added" in quoth("reindex", "--full").out


def test_documents_that_are_all_gone_need_a_word_and_then_nothing_is_answered(
    quoth: Quoth, folder: Path
) -> None:
    note = folder / "corpus" / "note.txt"
    note.parent.mkdir()
    note.write_text("Lockers are given out on the first Monday of the month.\n")
    assert quoth("reindex").status == 0
    note.unlink()
    assert "quoth reindex --allow-shrink" in quoth("reindex").err
    assert "-1 removed" in quoth("reindex", "--allow-shrink").out
    assert quoth("verify").status == 0
    asked = quoth("ask", "when are lockers given out?")
    assert (asked.status, asked.err) == (1, "")


def test_a_reindex_says_first_why_it_is_due(
    quoth: Quoth, built: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    assert quoth("reindex").err == ""
    monkeypatch.setenv("QUOTH_INDEX__CHUNK_TOKENS", "64")
    told = quoth("reindex").err
    assert told.startswith("Building the index: ")
    assert "chunk_tokens" in told
