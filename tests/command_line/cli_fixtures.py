"""Fixtures that run command lines in this process, on the real engine, with one loaded model."""

import io
import os
import shutil
import sys
from pathlib import Path

import pytest
from cli_values import ROOT, Quoth, Result

from bot.__main__ import main
from index import Engine, Settings


class Engines:
    """Makes engines that share the loaded models, and gives the same engine for same settings."""

    def __init__(self) -> None:
        self._made: dict[Settings, Engine] = {}

    def __call__(self, settings: Settings) -> Engine:
        where = (Path.cwd() / settings.corpus, Path.cwd() / settings.data)
        key = settings.model_copy(update={"corpus": where[0], "data": where[1]})
        if key not in self._made:
            engine = Engine(key)
            for other in self._made.values():
                if other._settings.model == key.model and other._models._embedder:
                    engine._models = other._models
            self._made[key] = engine
        return self._made[key]


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no setting of this machine in the environment."""
    for name in list(os.environ):
        if name.startswith("QUOTH_") or name == "DISCORD_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def quoth(folder: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Quoth:
    """Run `quoth` with these arguments and this standard input."""
    assert folder == Path.cwd()
    # Each command makes an engine of its own, and loading the models takes seconds: these are the
    # real one with the models shared. A fault of our own that nobody foresaw, or a Ctrl-C in the
    # midst of work, comes at will only from an engine made so, and is put in the same way.
    monkeypatch.setattr("bot.command_line.commands.Engine", engines)

    def run(*arguments: str, stdin: bytes = b"") -> Result:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as streams:
            streams.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            streams.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
            streams.setattr(sys, "stderr", io.TextIOWrapper(err, encoding="ascii"))
            status = main(list(arguments))
            sys.stderr.flush()
            return Result(status, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Path:
    """A folder with the article in corpus/ and its index in data/; not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    engines(Settings(corpus=folder / "corpus", data=folder / "data")).reindex()
    return folder


@pytest.fixture
def on_article(quoth: Quoth, built: Path) -> Quoth:
    """Run `quoth` in the folder whose index is built."""
    os.chdir(built)  # `folder` goes back at the end
    return quoth
