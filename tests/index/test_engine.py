"""Questions go on being answered, truly, while the index is built anew."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import pytest
from parts import MakeEngine

from index import Answer, Engine, IndexDamaged
from index.generations import generation, history

VERSIONS = 6


def write_version(corpus: Path, version: int) -> None:
    for name in ("a.txt", "b.txt"):
        text = f"Version {version} of {name} holds here. It is followed by more words."
        (corpus / name).write_text(text, encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    write_version(tmp_path / "corpus", 0)
    return tmp_path / "corpus"


@pytest.fixture(params=[1, 3], ids=["one generation kept", "three kept"])
def engine(request: pytest.FixtureRequest, corpus: Path, make_engine: MakeEngine) -> Engine:
    made = make_engine(corpus, corpus.parent / "data", generations_kept=request.param)
    made.reindex()
    return made


def version_of(answer: Answer) -> set[str]:
    """Which versions of the corpus the quotes of one answer were taken from."""
    return {quote.text.split()[1] for quote in (*answer.quotes, *answer.closest)}


def test_threads_that_ask_during_reindexes_get_answers_of_one_generation_each(
    engine: Engine, corpus: Path
) -> None:
    done = threading.Event()
    seen: list[set[str]] = []

    def ask() -> None:
        while not done.is_set():
            seen.append(version_of(engine.ask("Which version holds here?")))

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for version in range(1, VERSIONS):
            write_version(corpus, version)
            engine.reindex()
        done.set()
        for each in asking:
            each.result(60)
    assert all(len(versions) == 1 for versions in seen)
    assert seen
    assert version_of(engine.ask("Which version holds here?")) == {str(VERSIONS - 1)}


def test_a_question_in_the_middle_of_publishing_is_answered(
    engine: Engine, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, set[str]]] = []

    def watch(module: ModuleType, name: str) -> None:
        real = getattr(module, name)

        def watched(*args: object) -> object:
            result = real(*args)
            seen.append((name, version_of(engine.ask("Which version holds here?"))))
            return result

        monkeypatch.setattr(module, name, watched)

    for name in ("begin", "publish", "prune"):
        watch(history, name)
    for name in ("write_passages", "seal"):
        watch(generation, name)
    write_version(corpus, 1)
    engine.reindex()
    old, new = {"0"}, {"1"}
    assert seen == [
        ("begin", old),
        ("write_passages", old),
        ("seal", old),
        ("publish", new),
        ("prune", new),
    ]


def test_an_engine_whose_generation_was_deleted_takes_up_the_newer_one(
    engine: Engine, corpus: Path, make_engine: MakeEngine
) -> None:
    other = make_engine(corpus, corpus.parent / "data", generations_kept=1)
    for version in (1, 2):
        write_version(corpus, version)
        other.reindex()
        assert version_of(engine.ask("Which version holds here?")) == {str(version)}


@pytest.mark.usefixtures("engine")
def test_a_generation_deleted_while_it_is_read_gives_way_to_the_newer_one(
    corpus: Path, make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_engine(corpus, corpus.parent / "data", generations_kept=1)
    real = generation.read
    read: list[str] = []

    def overtaken(folder: Path, name: str) -> generation.Contents:
        if folder.name[0] != "." and not read:
            read.append(name)
            write_version(corpus, 1)
            other.reindex()
        return real(folder, name)

    fresh = make_engine(corpus, corpus.parent / "data")
    monkeypatch.setattr(generation, "read", overtaken)
    assert version_of(fresh.ask("Which version holds here?")) == {"1"}
    assert read == ["000001"]


@pytest.mark.usefixtures("engine")
def test_many_threads_may_ask_a_fresh_engine_at_once(corpus: Path, make_engine: MakeEngine) -> None:
    fresh = make_engine(corpus, corpus.parent / "data")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(fresh.ask, ["Which version holds here?"] * 16))
    assert len({answer.quotes for answer in answers}) == 1


def test_the_same_question_gets_the_same_answer(article_engine: Engine) -> None:
    first, second = (article_engine.ask("who leads interpol") for _ in range(2))
    assert (first.quotes, first.closest) == (second.quotes, second.closest)


def test_an_answer_goes_into_json_and_says_how_long_it_took(article_engine: Engine) -> None:
    answer = article_engine.ask("who leads interpol")
    assert json.loads(json.dumps(asdict(answer)))["question"] == "who leads interpol"
    assert 0 < answer.ms < 120_000


def test_no_more_quotes_are_given_than_the_setting_says(
    corpus: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(corpus, corpus.parent / "data", max_quotes=1)
    engine.reindex()
    answer = engine.ask("Which version holds here?")
    assert len(answer.quotes) + len(answer.closest) <= 1


@pytest.mark.usefixtures("engine")
def test_when_no_generation_is_whole_that_is_told_and_a_reindex_mends_it(
    corpus: Path, make_engine: MakeEngine
) -> None:
    for folder in (corpus.parent / "data" / "generations").iterdir():
        (folder / generation.DOCUMENTS).write_bytes(b"")
    fresh = make_engine(corpus, corpus.parent / "data")
    with pytest.raises(IndexDamaged, match="run `quoth reindex`"):
        fresh.ask("Which version holds here?")
    fresh.reindex()
    assert fresh.ask("Which version holds here?").question


def test_the_summary_of_the_newest_generation_is_for_people(engine: Engine) -> None:
    summary = engine.current()
    assert (summary.name, summary.documents, summary.chunks) == ("000001", 2, 2)
    assert summary.size > 1000
    assert summary.created.startswith("20")


def test_a_newer_generation_of_other_settings_leaves_the_one_in_memory_answering(
    corpus: Path, tmp_path: Path, make_engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    asked = make_engine(corpus, tmp_path / "data")
    asked.reindex()
    asked.load()
    make_engine(corpus, tmp_path / "data", chunk_tokens=20).reindex()
    for _ in range(3):
        answer = asked.ask("When does the ferry leave?")
        assert answer.quotes or answer.closest
    told = [record for record in caplog.records if "unusable" in record.message]
    assert len(told) == 1


def test_a_disk_that_fails_is_told_and_the_generation_in_memory_goes_on(
    engine: Engine, corpus: Path, make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.ask("what holds here?").answered
    fresh = make_engine(corpus, corpus.parent / "data")

    def fail(folder: Path) -> Iterator[Path]:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))

    monkeypatch.setattr(Path, "iterdir", fail)
    assert engine.ask("what holds here?").answered
    with pytest.raises(IndexDamaged, match="cannot be listed: Input/output error; check the disk"):
        fresh.ask("what holds here?")
