"""What the bot remembers: that it lasts as long as it shall and no longer, and fails in order."""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parts import ROOT
from stand_ins import (
    HeldEngine,
    a_quote,
    an_answer,
    answer_of,
    in_file,
    labels,
    said,
    until,
)

from bot.asking.desk import Desk
from bot.records import Exchange, ServerSettings, Tally, Vote
from bot.refusals import StateError
from bot.state import FILE, State, forgetting
from bot.state import database as database_module
from bot.state.database import Database
from bot.state.exchanges import DAY_SECONDS
from bot.state.migrations import MIGRATIONS
from bot.state.servers import DEFAULT
from index import Answer, Before, Quote

KEEP_DAYS = 30
SERVER, CHANNEL, MESSAGE, ANN, BOB, PRESS = 11, 22, 33, 44, 55, 66
PAGE = ROOT / "docs" / "privacy.md"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
WORDS = "what nobody else shall ever read"


@pytest.fixture
async def state(folder: Path) -> AsyncIterator[State]:
    state = State(folder, KEEP_DAYS)
    await state.open()
    yield state
    await state.close()


def an_exchange(question: str = "who?", *, days_ago: float = 0) -> Exchange:
    asked = int(time.time() - days_ago * DAY_SECONDS)
    answer = an_answer(a_quote(answer="Jürgen Stock"), question=question)
    return Exchange(ANN, SERVER, CHANNEL, private=True, answer=answer, asked=asked)


def read(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What another program finds in the file."""
    return in_file(folder / FILE, query)


def tables(folder: Path) -> list[tuple[object, ...]]:
    return read(folder, "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")


def write_version(folder: Path, number: int) -> None:
    """The file as that version of its form made it, with a question and a vote in it."""
    connection = sqlite3.connect(folder / FILE)
    for script in MIGRATIONS[:number]:
        connection.executescript(script)
    connection.execute(f"PRAGMA user_version = {number}")
    exchange = an_exchange()
    connection.execute("INSERT INTO votes VALUES (?, randomblob(16), 1, NULL, NULL)", ("gone",))
    connection.execute(
        "INSERT INTO exchanges (name, asked, asker, server, channel, message, private, shared, "
        "follows, answer, others) VALUES (?, ?, 44, 11, 22, 33, 0, 0, 'null', ?, '[]')",
        ("kept", exchange.asked, an_old_answer()),
    )
    connection.commit()
    connection.close()


def an_old_answer() -> str:
    return (
        '{"question": "who?", "answered": false, "confidence": null, "quotes": [], "closest": [],'
        ' "ms": 1.0, "abstention": "no answer", "sources_differ": false, "leading": 0}'
    )


def test_what_follows_a_follow_up_is_understood_from_both() -> None:
    first = an_exchange("when was the bridge built?")
    second = replace(an_exchange("What about Rome?"), follows=first.before)
    assert first.before.question == "when was the bridge built?"
    assert second.before.question == "when was the bridge built, Rome?"


class TestTheFile:
    async def test_it_is_made_with_its_folder_where_there_is_none(self, folder: Path) -> None:
        state = State(folder / "not" / "there", KEEP_DAYS)
        await state.open()
        await state.close()
        assert read(folder / "not" / "there", "PRAGMA user_version") == [(len(MIGRATIONS),)]

    @pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
    async def test_an_older_one_is_brought_to_today_s_form_and_loses_nothing(
        self, folder: Path, version: int
    ) -> None:
        write_version(folder, version)
        state = State(folder, KEEP_DAYS)
        await state.open()
        kept = await state.exchanges.find("kept")
        assert kept
        assert (kept.asker, kept.message, kept.answer.question) == (ANN, MESSAGE, "who?")
        assert await state.votes.tally() == Tally(1, 0)
        await state.close()
        new = folder / "new"
        fresh = State(new, KEEP_DAYS)
        await fresh.open()
        await fresh.close()
        assert tables(folder) == tables(new)

    async def test_a_migration_that_fails_leaves_the_file_as_it_was(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_version(folder, len(MIGRATIONS))
        before = tables(folder)
        broken = (*MIGRATIONS, "CREATE TABLE more (a INTEGER) STRICT; CREATE TABLE votes (a);")
        monkeypatch.setattr(database_module, "MIGRATIONS", broken)
        with pytest.raises(StateError, match="table votes already exists"):
            await State(folder, KEEP_DAYS).open()
        assert tables(folder) == before
        assert read(folder, "PRAGMA user_version") == [(len(MIGRATIONS),)]

    async def test_one_of_a_later_version_is_refused_with_what_to_do(self, folder: Path) -> None:
        write_version(folder, len(MIGRATIONS))
        read(folder, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        with pytest.raises(StateError, match="later version of Quoth; update Quoth, or move"):
            await State(folder, KEEP_DAYS).open()

    @pytest.mark.parametrize("start", [0, 4096])
    async def test_a_damaged_one_is_refused_with_what_to_do(self, folder: Path, start: int) -> None:
        write_version(folder, len(MIGRATIONS))
        damaged = bytearray((folder / FILE).read_bytes())
        damaged[start : start + 3000] = b"\xa5" * 3000
        (folder / FILE).write_bytes(damaged)
        with pytest.raises(StateError, match="restore a copy of it, or move it away"):
            await State(folder, KEEP_DAYS).open()
        assert (folder / FILE).read_bytes()[start : start + 3000] == b"\xa5" * 3000

    async def test_one_that_another_program_holds_is_refused_with_what_to_do(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.1)
        write_version(folder, 1)
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match="locked; end the other program"):
            await State(folder, KEEP_DAYS).open()
        other.close()

    async def test_a_folder_in_its_place_is_refused(self, folder: Path) -> None:
        (folder / FILE).mkdir()
        with pytest.raises(StateError, match="let the bot read and write there"):
            await State(folder, KEEP_DAYS).open()

    async def test_one_that_cannot_be_written_is_read(self, folder: Path) -> None:
        state = State(folder, KEEP_DAYS)
        await state.open()
        await state.servers.change(SERVER, lambda _: ServerSettings(private=True))
        await state.close()
        (folder / f"{FILE}-wal").mkdir()  # in the place of what it would be written to first
        unwritable = State(folder, KEEP_DAYS)
        await unwritable.open()
        assert unwritable.servers.of(SERVER).private
        with pytest.raises(StateError, match="readonly database"):
            await unwritable.servers.change(SERVER, lambda _: ServerSettings())
        await unwritable.close()

    async def test_where_none_can_be_made_it_is_kept_in_memory(self, folder: Path) -> None:
        (folder / "file").write_bytes(b"")
        state = State(folder / "file", KEEP_DAYS)
        await state.open()
        await state.servers.change(SERVER, lambda _: ServerSettings(private=True))
        assert state.servers.of(SERVER).private
        await state.close()

    async def test_closed_it_says_so(self, folder: Path) -> None:
        state = State(folder, KEEP_DAYS)
        await state.open()
        await state.close()
        with pytest.raises(StateError, match="is not open"):
            await state.votes.tally()

    async def test_a_lookup_behind_an_act_that_waits_for_another_program_ends_in_time(
        self, state: State, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        voting = asyncio.create_task(state.votes.cast(exchange.name, ANN, Vote(helpful=True)))
        await until(lambda: state._database._threads.running == 1)
        with monkeypatch.context() as impatient:
            impatient.setattr(database_module, "IN_TIME_SECONDS", 0.05)
            with pytest.raises(StateError, match="does not answer; end the other program"):
                await state.exchanges.find(exchange.name)
        other.close()
        await voting
        assert await state.exchanges.find(exchange.name) == exchange


class TestServers:
    async def test_what_was_put_is_there_after_a_restart(self, state: State, folder: Path) -> None:
        first = ServerSettings((1, 2), (3,), helper_role=4, private=True)
        await state.servers.change(SERVER, lambda _: first)
        await state.servers.change(2, lambda _: ServerSettings(channels=(9,)))
        await state.servers.change(2, lambda _: ServerSettings(helper_role=5))
        await state.close()
        again = State(folder, KEEP_DAYS)
        await again.open()
        assert again.servers.of(SERVER) == first
        assert again.servers.of(2) == ServerSettings(helper_role=5)
        assert again.servers.of(3) == again.servers.of(None) == DEFAULT
        await again.close()

    async def test_what_cannot_be_written_stays_as_it_was(self, state: State) -> None:
        await state.servers.change(SERVER, lambda _: ServerSettings(helper_role=5))
        await fill(state)
        with pytest.raises(StateError, match="full"):
            await state.servers.change(
                SERVER, lambda _: ServerSettings(channels=tuple(range(10_000)))
            )
        assert state.servers.of(SERVER) == ServerSettings(helper_role=5)


class TestForgetting:
    async def test_an_exchange_is_forgotten_after_its_days_and_not_before(
        self, state: State
    ) -> None:
        old, young = an_exchange(days_ago=KEEP_DAYS + 0.1), an_exchange(days_ago=KEEP_DAYS - 0.1)
        for one in (old, young):
            await state.exchanges.keep(one)
        await state.exchanges.keep(an_exchange())
        assert await state.exchanges.find(old.name) is None
        assert await state.exchanges.find(young.name) == young

    async def test_from_then_on_no_button_uses_it_though_nobody_asks_and_it_is_still_there(
        self, state: State, folder: Path
    ) -> None:
        old = replace(an_exchange(days_ago=KEEP_DAYS + 0.1), message=MESSAGE)
        await state.exchanges.keep(old)
        assert read(folder, "SELECT name FROM exchanges") == [(old.name,)]
        assert await state.exchanges.find(old.name) is None
        assert await state.exchanges.find_by_message(MESSAGE) is None
        assert await state.exchanges.answered_in([MESSAGE]) == [old]  # so that it can be forgotten

    async def test_it_is_forgotten_within_the_hour_too_though_nobody_asks(
        self, state: State, folder: Path, monkeypatch: pytest.MonkeyPatch, logs: Callable[[], str]
    ) -> None:
        monkeypatch.setattr(forgetting, "EVERY_SECONDS", 0.02)
        old, young = an_exchange(WORDS * 30, days_ago=KEEP_DAYS + 0.1), an_exchange()
        for one in (young, old):
            await state.exchanges.keep(one)
        with monkeypatch.context() as broken:
            broken.setattr(state.exchanges, "_database", Database(folder / "closed"))
            hourly = asyncio.create_task(forgetting.keep_forgetting(state.exchanges))
            await until(lambda: "event=not_forgotten" in logs())
        await until(lambda: read(folder, "SELECT name FROM exchanges") == [(young.name,)])
        await until(lambda: (folder / f"{FILE}-wal").stat().st_size == 0)
        hourly.cancel()
        assert WORDS.encode() not in (folder / FILE).read_bytes()

    async def test_it_is_forgotten_at_a_start_too_when_nobody_asks(
        self, state: State, folder: Path
    ) -> None:
        old = an_exchange(days_ago=KEEP_DAYS + 1)
        await state.exchanges.keep(old)
        await state.close()
        again = State(folder, KEEP_DAYS)
        await again.open()
        assert read(folder, "SELECT name FROM exchanges") == []
        await again.close()

    async def test_its_votes_stay_counted_and_tell_nothing_of_their_voters(
        self, state: State, folder: Path
    ) -> None:
        old, young = an_exchange(days_ago=KEEP_DAYS + 1), an_exchange()
        for one in (young, old):
            await state.exchanges.keep(one)
            await state.votes.cast(one.name, ANN, Vote(helpful=True))
            await state.votes.cast(one.name, BOB, Vote(helpful=False, reason="wrong"))
        before = read(folder, "SELECT exchange, voter, helpful, reason FROM votes")
        await state.exchanges.keep(an_exchange())
        after = read(folder, "SELECT exchange, voter, helpful, reason FROM votes")
        assert await state.votes.tally() == Tally(2, 2)
        assert changed(before, after) == {old.name}
        await state.exchanges.keep(an_exchange())
        assert read(folder, "SELECT exchange, voter, helpful, reason FROM votes") == after

    async def test_a_vote_on_what_is_forgotten_counts_once_and_is_scrubbed_in_turn(
        self, state: State, folder: Path
    ) -> None:
        for _ in range(2):
            await state.votes.cast("forgotten", ANN, Vote(helpful=True))
        assert await state.votes.tally() == Tally(1, 0)
        before = read(folder, "SELECT exchange, voter FROM votes")
        await state.exchanges.keep(an_exchange())
        assert changed(before, read(folder, "SELECT exchange, voter FROM votes")) == {"forgotten"}

    async def test_a_deleted_exchange_takes_its_votes_and_its_call_along(
        self, state: State, folder: Path
    ) -> None:
        gone, other = an_exchange(), an_exchange()
        for one in (gone, other):
            await state.exchanges.keep(one)
            await state.votes.cast(one.name, ANN, Vote(helpful=True))
            await state.calls.claim(one.name, PRESS)
        await state.exchanges.forget(gone.name)
        assert await state.votes.tally() == Tally(1, 0)
        assert read(folder, "SELECT exchange FROM calls") == [(other.name,)]

    async def test_its_words_are_no_longer_in_the_file(self, state: State, folder: Path) -> None:
        kept = an_exchange("what may stay")
        gone = an_exchange(WORDS * 30)
        for one in (kept, gone):
            await state.exchanges.keep(one)
        await state.exchanges.forget(gone.name)
        left = b"".join([(folder / (FILE + end)).read_bytes() for end in ("", "-wal")])
        assert b"what may stay" in left
        assert WORDS.encode() not in left

    async def test_a_server_is_forgotten_with_all_that_is_kept_of_it_and_no_other(
        self, state: State, folder: Path
    ) -> None:
        gone, other = an_exchange(WORDS * 30), replace(an_exchange(), server=2)
        for one in (gone, other):
            await state.exchanges.keep(one)
            await state.votes.cast(one.name, ANN, Vote(helpful=True))
            await state.calls.claim(one.name, PRESS)
            await state.servers.change(one.server or 0, lambda _: ServerSettings(private=True))
        await state.forget_server(SERVER)
        for table, column in (("votes", "exchange"), ("calls", "exchange"), ("exchanges", "name")):
            assert read(folder, f"SELECT {column} FROM {table}") == [(other.name,)]  # noqa: S608
        assert read(folder, "SELECT server FROM servers") == [(2,)]
        assert state.servers.of(SERVER) == DEFAULT
        assert state.servers.of(2).private
        left = b"".join([(folder / (FILE + end)).read_bytes() for end in ("", "-wal")])
        assert WORDS.encode() not in left

    async def test_while_another_program_reads_nothing_waits_and_the_words_go_when_it_is_done(
        self, state: State, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "FLUSH_PAUSE_SECONDS", 0.02)
        gone = an_exchange(WORDS * 30)
        await state.exchanges.keep(gone)
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN")
        other.execute("SELECT * FROM exchanges").fetchall()
        async with asyncio.timeout(database_module.IN_TIME_SECONDS):
            await state.exchanges.forget(gone.name)
        wal = folder / f"{FILE}-wal"
        assert WORDS.encode() in wal.read_bytes()
        other.close()
        await until(lambda: wal.stat().st_size == 0)
        assert WORDS.encode() not in (folder / FILE).read_bytes()


class TestVotes:
    async def test_each_member_has_one_and_the_last_counts(self, state: State) -> None:
        for helpful in (True, False, True):
            for member in (ANN, BOB):
                await state.votes.cast("one", member, Vote(helpful=helpful))
        await state.votes.cast("one", ANN, Vote(helpful=False, reason="wrong"))
        assert await state.votes.tally() == Tally(1, 1)

    async def test_the_same_member_shows_differently_on_each_answer(
        self, state: State, folder: Path
    ) -> None:
        for name in ("one", "two"):
            await state.votes.cast(name, ANN, Vote(helpful=True))
        (one,), (two,) = read(folder, "SELECT voter FROM votes")
        assert one != two


class TestClaims:
    async def test_one_of_many_at_once_may_share(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        claims = [state.exchanges.claim_sharing(exchange.name, PRESS + n) for n in range(20)]
        claimed = await asyncio.gather(*claims)
        assert sum(claimed) == 1
        by = PRESS + claimed.index(True)
        await state.exchanges.give_back_sharing(exchange.name, by + 1)
        assert not await state.exchanges.claim_sharing(exchange.name, PRESS)
        await state.exchanges.give_back_sharing(exchange.name, by)
        assert await state.exchanges.claim_sharing(exchange.name, PRESS)
        assert not await state.exchanges.claim_sharing("unknown", PRESS)

    async def test_one_of_many_at_once_may_call(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        claimed = await asyncio.gather(
            *(state.calls.claim(exchange.name, PRESS + n) for n in range(20))
        )
        assert sum(claimed) == 1
        await state.calls.give_back(exchange.name, PRESS + claimed.index(True))
        assert await state.calls.claim(exchange.name, PRESS)

    async def test_what_is_being_shared_is_forgotten_only_when_that_is_over(
        self, state: State
    ) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        await state.votes.cast(exchange.name, ANN, Vote(helpful=True))
        await state.exchanges.claim_sharing(exchange.name, PRESS)
        await state.exchanges.forget(exchange.name)
        assert await state.exchanges.find(exchange.name)
        assert await state.votes.tally() == Tally(1, 0)
        await state.exchanges.publish(exchange.name, CHANNEL, 7)
        await state.exchanges.forget(exchange.name)
        assert await state.exchanges.find(exchange.name) is None
        assert await state.votes.tally() == Tally(0, 0)

    async def test_a_press_gives_back_no_later_one_s_right_to_call(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        assert await state.calls.claim(exchange.name, PRESS)
        assert await state.calls.claim(exchange.name, PRESS + 1, instead_of=PRESS)
        await state.calls.give_back(exchange.name, PRESS)
        call = await state.calls.find(exchange.name)
        assert call
        assert call.claim == PRESS + 1

    async def test_one_of_many_at_once_takes_up_what_was_left_open(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        for claim in (state.calls.claim, state.exchanges.claim_sharing):
            assert await claim(exchange.name, PRESS)
            assert not await claim(exchange.name, PRESS + 1)
            assert not await claim(exchange.name, PRESS + 1, instead_of=PRESS - 1)
            again = [claim(exchange.name, PRESS + n, instead_of=PRESS) for n in range(1, 20)]
            assert sum(await asyncio.gather(*again)) == 1

    async def test_what_is_known_to_be_posted_is_not_taken_up_again(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        await state.calls.claim(exchange.name, PRESS)
        await state.exchanges.claim_sharing(exchange.name, PRESS)
        assert await state.calls.place(exchange.name, CHANNEL, MESSAGE)
        await state.exchanges.publish(exchange.name, CHANNEL, MESSAGE)
        assert not await state.calls.claim(exchange.name, PRESS + 1, instead_of=PRESS)
        assert not await state.exchanges.claim_sharing(exchange.name, PRESS + 1, instead_of=PRESS)

    async def test_of_many_helpers_at_once_one_takes_a_call(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        await state.calls.claim(exchange.name, PRESS)
        taking = [state.calls.take(exchange.name, helper) for helper in range(1, 21)]
        calls = await asyncio.gather(*taking)
        assert len(set(calls)) == 1
        solved = await state.calls.solve(exchange.name, ANN)
        assert solved
        assert (solved.state, solved.helper) == ("solved", calls[0].helper if calls[0] else None)
        assert await state.calls.take(exchange.name, BOB) == solved

    async def test_two_programs_on_one_file_share_once(self, state: State, folder: Path) -> None:
        other = State(folder, KEEP_DAYS)
        await other.open()
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        claims = [one.exchanges.claim_sharing(exchange.name, PRESS) for one in (state, other) * 5]
        assert sum(await asyncio.gather(*claims)) == 1
        await other.close()

    async def test_what_is_published_is_public_and_found_by_its_message(self, state: State) -> None:
        exchange = an_exchange()
        await state.exchanges.keep(exchange)
        await state.exchanges.place(exchange.name, CHANNEL, 1)
        await state.exchanges.publish(exchange.name, CHANNEL, 2)
        public = replace(exchange, private=False, message=2)
        assert await state.exchanges.find_by_message(2) == public
        assert await state.exchanges.find_by_message(1) is None


ids = st.integers(1, 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
scores = st.floats(0, 1)
quotes = st.builds(
    Quote,
    **dict.fromkeys(("text", "document", "title"), texts),
    **dict.fromkeys(("answer", "section", "url", "date"), st.none() | texts),
    **dict.fromkeys(("answer_start", "answer_end", "page"), st.none() | ids),
    **dict.fromkeys(("line_start", "line_end", "start", "end"), ids),
    score=scores,
)
shown = st.lists(quotes, max_size=3).map(tuple)
answers = st.builds(
    Answer,
    question=texts,
    answered=st.booleans(),
    confidence=st.sampled_from(["direct", "related", None]),
    quotes=shown,
    closest=shown,
    ms=scores,
    abstention=st.sampled_from(["no answer", "small talk", "language", None]),
    sources_differ=st.booleans(),
    leading=st.integers(0, 3),
)
exchanges = st.builds(
    Exchange,
    asker=ids,
    server=st.none() | ids,
    channel=st.none() | ids,
    private=st.booleans(),
    answer=answers,
    others=shown,
    follows=st.none() | st.builds(Before, question=texts, documents=st.tuples(texts)),
    message=st.none() | ids,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(exchange=exchanges)
async def test_an_exchange_comes_back_as_it_was_kept(state: State, exchange: Exchange) -> None:
    await state.exchanges.keep(exchange)
    assert await state.exchanges.find(exchange.name) == exchange
    if exchange.message:
        found = await state.exchanges.find_by_message(exchange.message)
        assert found
        assert found.message == exchange.message


async def fill(state: State) -> None:
    """Let the disk be full: the file may not grow by one page."""

    def limit(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    await state._database.run(limit)


class TestWithoutMemory:
    """The disk is full or the file is held: an answer comes all the same."""

    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        held_engine.let_ask.set()
        return held_engine

    async def test_an_answer_comes_with_links_alone_when_the_disk_is_full(
        self,
        desk: Desk,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        held_engine: HeldEngine,
        logs: Callable[[], str],
    ) -> None:
        held_engine.url = "https://example.org/article"
        await fill(desk.state)
        answers = [await member.slash(channel, "ask", question=WORDS * 20) for _ in range(6)]
        last = answers[-1]
        assert "Jürgen Stock" in said(last)
        assert labels(answer_of(last)) == ["Open source"]
        assert "event=not_remembered" in logs()
        assert WORDS not in logs()

    async def test_an_answer_comes_with_links_alone_when_another_program_holds_the_file(
        self,
        desk: Desk,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        folder: Path,
    ) -> None:
        await desk.state._database.run(lambda file: file.execute("PRAGMA busy_timeout = 50"))
        other = sqlite3.connect(folder / "state" / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        result = await member.slash(channel, "ask", question="who?")
        other.close()
        assert "Jürgen Stock" in said(result)
        assert labels(answer_of(result)) == []
        later = await member.slash(channel, "ask", question="who?")
        assert "Helpful" in labels(answer_of(later))

    @pytest.mark.parametrize("label", ["Helpful", "Delete", "Follow up"])
    async def test_a_button_that_needs_what_cannot_be_read_says_one_true_thing(
        self,
        desk: Desk,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        label: str,
    ) -> None:
        answer = answer_of(await member.slash(channel, "ask", question="who?"))
        in_file(desk.state.path, "DROP TABLE votes")
        in_file(desk.state.path, "DROP TABLE exchanges")
        pressed = await member.click(answer, label=label)
        assert pressed.ephemeral
        assert said(pressed).startswith("I can't reach what I remember")
        assert isinstance(answer, discord.Message)
        assert answer.id in [one.id for one in channel.history()]


class TestThePageOnPrivacy:
    """`docs/privacy.md` says what there is, and its lines delete it."""

    def test_it_names_every_table_and_column(self, folder: Path) -> None:
        write_version(folder, len(MIGRATIONS))
        page = PAGE.read_text(encoding="utf-8")
        rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", page, re.MULTILINE))
        found = [str(name) for (name,) in read(folder, TABLES)]
        assert sorted(rows) == sorted(found)
        for table in found:
            columns = {str(row[1]) for row in read(folder, f"PRAGMA table_info({table})")}
            assert columns <= set(re.findall(r"`(\w+)`", rows[table])), table

    async def test_its_lines_delete_all_that_is_kept_of_a_member_while_the_bot_runs(
        self, state: State, folder: Path
    ) -> None:
        anns = an_exchange(WORDS)
        bobs = replace(an_exchange(), asker=BOB)
        for one in (anns, bobs):
            await state.exchanges.keep(one)
            await state.calls.claim(one.name, PRESS)
            await state.votes.cast(one.name, ANN, Vote(helpful=True))
        await state.calls.take(bobs.name, ANN)
        (lines,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        other = sqlite3.connect(folder / FILE)
        other.executescript(lines.replace("1234", str(ANN)))
        other.close()
        assert await state.exchanges.find(anns.name) is None
        assert await state.exchanges.find(bobs.name) == bobs
        assert read(folder, "SELECT * FROM calls") == []
        assert read(folder, "SELECT exchange, length(voter) FROM votes") == [(bobs.name, 8)]
        left = b"".join([(folder / (FILE + end)).read_bytes() for end in ("", "-wal")])
        assert WORDS.encode() not in left


def changed(before: list[tuple[object, ...]], after: list[tuple[object, ...]]) -> set[object]:
    """The names of rows that are not as they were."""
    return {row[0] for row in set(before) ^ set(after)}
