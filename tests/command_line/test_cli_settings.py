"""Settings: which place wins, what is refused and how, and that the token shows nowhere."""

import io
import logging
from pathlib import Path

import pytest
from cli_values import TOKEN

from bot.command_line.program import ToldOnce
from bot.settings import SettingError, Settings, origins, read_settings, setting_names, variable
from index import QuothError

pytest_plugins = ["cli_fixtures"]


@pytest.fixture(autouse=True)
def _in_folder(folder: Path) -> None:
    assert folder == Path.cwd()


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_the_stronger_place_wins_key_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    write("quoth.toml", '[index]\ncorpus = "d"\ndata = "d"\nmodel = "d"\ncandidates = 4\n')
    write(".env", "QUOTH_INDEX__CORPUS=c\nQUOTH_INDEX__DATA=c\nQUOTH_INDEX__MODEL=c\n")
    monkeypatch.setenv("QUOTH_INDEX__CORPUS", "b")
    monkeypatch.setenv("QUOTH_INDEX__DATA", "b")
    overrides = {"index": {"corpus": Path("a")}}
    index = read_settings(overrides).index
    found = (index.corpus, index.data, index.model, index.candidates, index.max_quotes)
    assert found == (Path("a"), Path("b"), "c", 4, 3)
    places = origins(overrides)
    assert [
        places[f"index.{name}"] for name in ("corpus", "data", "model", "candidates", "max_quotes")
    ] == ["command line", "environment QUOTH_INDEX__DATA", ".env", "quoth.toml", "default"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[index]\ncandidate = 3\n", "unknown setting `index.candidate`; did you mean"),
        ("[indx]\ncandidates = 3\n", "unknown setting `indx.candidates`"),
        ("colour = 3\n", "unknown setting `colour`; `quoth settings` lists all"),
        ('[index]\ncandidates = "many"\n', "`index.candidates` (from quoth.toml)"),
        ("[index]\ncandidates = 0\n", "`index.candidates` (from quoth.toml)"),
        ('log_level = "loud"\n', "`log_level` (from quoth.toml)"),
        ("index = 3\n", "`index` is a table"),
        ("[index\n", "not valid TOML"),
        ("discord_token = 'x'\n", "put DISCORD_TOKEN=… into .env"),
        ("[discord]\ntoken = 'x'\n", "put DISCORD_TOKEN=… into .env"),
    ],
)
def test_a_wrong_settings_file_is_named_with_its_key(text: str, says: str) -> None:
    write("quoth.toml", text)
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert "quoth.toml" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["quoth.toml", ".env"])
def test_a_file_that_is_not_utf8_is_named(name: str) -> None:
    Path(name).write_bytes(b"log_level = '\xff'\n")
    with pytest.raises(SettingError, match=f"{name} is not UTF-8"):
        read_settings()


def test_a_mark_of_notepad_in_front_of_either_file_does_no_harm() -> None:
    write("quoth.toml", "\ufefflog_level = 'error'\n")
    write(".env", f"\ufeffDISCORD_TOKEN={TOKEN}\n")
    settings = read_settings()
    assert settings.log_level == "error"
    assert settings.discord_token is not None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("QUOTH_INDEX__CANDIDATES", "many", "`index.candidates` (from environment"),
        ("QUOTH_INDEX__CANDIDATE", "3", "unknown setting `index.candidate`"),
        ("QUOTH_INDEX", '{"a', "environment cannot be read"),
        ("QUOTH_DISCORD__API", "foo", "QUOTH_DISCORD__API): this is no address; write one such as"),
        ("QUOTH_DISCORD__API", "ftp://a.b", "this is no address"),
        ("QUOTH_DISCORD__API", "https://", "this is no address"),
        ("QUOTH_DISCORD__API", "http://a.b:c/", "this is no address"),
        ("QUOTH_DISCORD__API", "http://[a/", "this is no address"),
        ("QUOTH_DISCORD__API", "http://a b/", "this is no address"),
        ("QUOTH_INDEX__DEVICE", "gpu", "`index.device` (from environment"),
        ("QUOTH_DISCORD__ADMIN_CHANNEL", "-5", "`discord.admin_channel` (from environment"),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://a.b/api/v10", "http://127.0.0.1:8080", "http://[::1]"]
)
def test_an_address_of_a_proxy_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("QUOTH_DISCORD__API", address)
    assert read_settings().discord.api == address


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:1", "mps"])
def test_a_device_is_taken_by_the_name_that_pytorch_has_for_it(
    monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    monkeypatch.setenv("QUOTH_INDEX__DEVICE", device)
    assert read_settings().index.device == device


def test_a_folder_may_lie_in_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("QUOTH_INDEX__CORPUS", "~/docs")
    write("quoth.toml", '[index]\ndata = "~nobody-of-that-name/data"\n')
    index = read_settings().index
    assert index.corpus == Path("/home/ann/docs")
    assert index.data == Path("~nobody-of-that-name/data")


def test_settings_that_do_not_go_together_are_told_in_plain_words() -> None:
    with pytest.raises(SettingError, match=r"^the data folder a lies in the corpus a, so that"):
        read_settings({"index": {"corpus": Path("a"), "data": Path("a")}})


def test_a_line_of_the_file_of_secrets_that_is_none_is_told_once_with_its_place() -> None:
    write(".env", f"what is this\nDISCORD_TOKEN={TOKEN}\n")
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.addFilter(ToldOnce())
    logging.getLogger().addHandler(handler)
    try:
        assert read_settings().discord_token
        assert set(origins().values()) == {".env", "default"}
    finally:
        logging.getLogger().removeHandler(handler)
    assert told.getvalue().startswith(".env is not read whole: ")
    assert told.getvalue().endswith("at line 1\n")
    assert told.getvalue().count("\n") == 1


def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".env", "POSTGRES_PASSWORD=x\nINDEX__MODEL=y\n")
    monkeypatch.setenv("INDEX__MODEL", "z")
    assert read_settings() == Settings(_env_file=None)


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_token_is_no_token(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", value)
    assert read_settings().discord_token is None


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".env", f"DISCORD_TOKEN={TOKEN}\n")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("QUOTH_INDEX__CANDIDATES", "")
    settings = read_settings()
    assert settings.discord_token is not None
    assert (
        settings.index.candidates
        == Settings.model_fields["index"].get_default(call_default_factory=True).candidates
    )


def test_the_token_shows_in_no_repr_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert TOKEN not in repr(read_settings())
    assert TOKEN not in str(read_settings().model_dump())
    monkeypatch.setenv("QUOTH_LOG_LEVEL", TOKEN)
    monkeypatch.setenv("QUOTH_INDEX__CANDIDATES", TOKEN)
    with pytest.raises(QuothError) as caught:
        read_settings()
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(ValueError, match="log_level") as raw:
        Settings()
    assert TOKEN not in str(raw.value)


def test_every_setting_has_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    names = setting_names()
    assert len({variable(name) for name in names}) == len(names)
    monkeypatch.setenv(variable("index.max_quotes"), "2")
    monkeypatch.setenv(variable("discord.workers"), "5")
    settings = read_settings()
    assert (settings.index.max_quotes, settings.discord.workers) == (2, 5)
