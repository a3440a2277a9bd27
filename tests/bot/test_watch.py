"""Watching: documents that changed and settled are indexed, once, and never against a person."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from parts import MakeEngine
from stand_ins import HeldEngine, a_desk, until

from bot.asking.desk import Desk
from bot.settings import DiscordSettings
from bot.upkeep.upkeep import Upkeep
from bot.upkeep.watch import watch, watch_once
from index import Engine


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus / "apples.txt", "Apples grow on trees. " * 20)
    return corpus


@pytest.fixture
def engine(corpus: Path, tmp_path: Path, make_engine: MakeEngine) -> Engine:
    engine = make_engine(corpus, tmp_path / "data")
    engine.reindex()
    return engine


@pytest.fixture
async def opened(engine: Engine, tmp_path: Path) -> AsyncIterator[Desk]:
    """A bot that watches, as far as the index goes."""
    desk = a_desk(engine, tmp_path, DiscordSettings(admin_channel=7))
    await desk.open()
    yield desk
    if isinstance(engine, HeldEngine):
        engine.let_all()
    await desk.close(1)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def move(folder: Path, to: Path) -> None:
    folder.rename(to)


def answering(engine: Engine) -> str:
    return engine.current().name


async def told(desk: Desk) -> list[str]:
    """All notices so far."""
    notices: list[str] = []
    while True:
        try:
            notice = await asyncio.wait_for(desk.notices.first(), 0.05)
        except TimeoutError:
            return notices
        notices.append(notice.reply.content)
        desk.notices.drop()


async def looks(upkeep: Upkeep, times: int, seen: str | None = None) -> str | None:
    for _ in range(times):
        seen = await watch_once(upkeep, seen)
    return seen


async def test_nothing_is_done_while_nothing_changes(opened: Desk, engine: Engine) -> None:
    await looks(opened.upkeep, 5)
    assert answering(engine) == "000001"
    assert await told(opened) == []


async def test_changed_documents_are_indexed_when_they_have_settled_and_the_admins_told(
    opened: Desk, engine: Engine, corpus: Path
) -> None:
    seen = await looks(opened.upkeep, 2)
    write(corpus / "pears.txt", "Pears grow")
    seen = await watch_once(opened.upkeep, seen)
    write(corpus / "pears.txt", "Pears grow on trees.")  # it was still being written
    seen = await watch_once(opened.upkeep, seen)
    assert answering(engine) == "000001"
    seen = await watch_once(opened.upkeep, seen)
    assert answering(engine) == "000002"
    assert engine.source("pears.txt").text.strip() == "Pears grow on trees."
    await looks(opened.upkeep, 3, seen)
    assert answering(engine) == "000002"
    (notice,) = await told(opened)
    assert notice.startswith("I reindexed by myself, because the documents changed.")
    assert "+1 added" in notice


async def test_a_failure_is_told_once_and_tried_again_when_the_documents_change(
    opened: Desk, engine: Engine, corpus: Path
) -> None:
    write(corpus / "apples.txt", "Apples.")
    seen = await looks(opened.upkeep, 6)
    (notice,) = await told(opened)
    assert notice.startswith("**I tried by myself to bring the index up to date")
    assert "shrank from" in notice
    assert answering(engine) == "000001"
    write(corpus / "apples.txt", "Apples grow on trees. " * 30)
    await looks(opened.upkeep, 3, seen)
    assert answering(engine) == "000002"
    assert len(await told(opened)) == 1


async def test_a_folder_that_is_gone_is_told_once_and_taken_up_when_it_is_back(
    opened: Desk, engine: Engine, corpus: Path
) -> None:
    move(corpus, corpus.with_name("away"))
    seen = await looks(opened.upkeep, 6)
    (notice,) = await told(opened)
    assert "I can't read the documents" in notice
    move(corpus.with_name("away"), corpus)
    write(corpus / "pears.txt", "Pears grow on trees.")
    await looks(opened.upkeep, 3, seen)
    assert answering(engine) == "000002"


async def test_what_could_not_be_built_at_the_start_is_not_told_again(
    corpus: Path, tmp_path: Path, make_engine: MakeEngine
) -> None:
    (corpus / "apples.txt").unlink()
    engine = make_engine(corpus, tmp_path / "other")
    desk = a_desk(engine, tmp_path, DiscordSettings(admin_channel=7))
    await desk.open()
    seen = await looks(desk.upkeep, 4)
    assert len(await told(desk)) == 1
    write(corpus / "apples.txt", "Apples grow on trees.")
    await looks(desk.upkeep, 3, seen)
    assert answering(engine) == "000001"
    await desk.close(1)


async def test_a_rollback_is_not_undone(opened: Desk, engine: Engine, corpus: Path) -> None:
    write(corpus / "pears.txt", "Pears grow on trees.")
    seen = await looks(opened.upkeep, 3)
    assert answering(engine) == "000002"
    await opened.upkeep.roll_back(None)
    seen = await looks(opened.upkeep, 4, seen)
    assert answering(engine) == "000001"
    write(corpus / "plums.txt", "Plums grow on trees.")
    await looks(opened.upkeep, 3, seen)
    assert answering(engine) == "000003"


class TestHeld:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        held_engine.due = "the documents have changed"
        return held_engine

    async def test_what_an_admin_cancelled_is_not_begun_again(
        self, opened: Desk, held_engine: HeldEngine
    ) -> None:
        begun = asyncio.create_task(opened.upkeep.reindex(by="kim"))
        await until(lambda: held_engine.builds == 1)
        assert opened.upkeep.build
        opened.upkeep.call_off(opened.upkeep.build.name, "pat")
        with pytest.raises(Exception, match="cancelled"):
            await begun
        await looks(opened.upkeep, 4)
        assert held_engine.builds == 1

    async def test_there_are_never_two_at_once(self, opened: Desk, held_engine: HeldEngine) -> None:
        begun = asyncio.create_task(opened.upkeep.reindex(by="kim"))
        await until(lambda: held_engine.builds == 1)
        await looks(opened.upkeep, 4)
        assert held_engine.builds == 1
        held_engine.let_build.set()
        await begun

    async def test_it_looks_by_itself_and_ends_when_it_is_told(
        self, opened: Desk, held_engine: HeldEngine, logs: Callable[[], str]
    ) -> None:
        watching = asyncio.create_task(watch(opened.upkeep, 0.02))
        await until(lambda: held_engine.builds > 0)
        await opened.close(0)
        watching.cancel()
        await asyncio.wait({watching}, timeout=5)
        assert watching.done()
        assert "event=documents_changed" in logs()
        await until(lambda: opened.running_calls() == 0)
        assert await told(opened) == []

    async def test_a_look_that_fails_ends_no_watching(
        self, opened: Desk, held_engine: HeldEngine, logs: Callable[[], str]
    ) -> None:
        held_engine.due_fault = ZeroDivisionError()
        watching = asyncio.create_task(watch(opened.upkeep, 0.02))
        await until(lambda: "event=watching_failed" in logs())
        held_engine.due_fault = None
        await until(lambda: held_engine.builds > 0)
        watching.cancel()
