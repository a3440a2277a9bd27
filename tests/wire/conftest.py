"""Fixtures of the wire: Discord on loopback, an index built once, and the bot."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.records import ServerSettings
from bot.state import State

from . import openapi
from .discord_server import DiscordServer
from .openapi import OpenApi
from .payloads import ADMIN_CHANNEL_ID, GUILD_ID, HELPERS_ROLE_ID
from .process import CORPUS, SERVED, Program

WIRE = Path(__file__).parent
TEST_SECONDS = 300
"""The first test of a run builds the index, and the models are loaded on a busy machine."""

LAST = ("served", "shared_at_its_end")
"""Fixtures of the tests that come after all others, the very last first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give everything here one event loop and time; what needs all other tests done is last."""
    for item in items:
        if WIRE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))
    items.sort(key=lambda item: [one in getattr(item, "fixturenames", ()) for one in LAST])


@pytest.fixture(scope="session")
def description() -> OpenApi:
    """Discord's API description; without it these tests cannot judge and say so."""
    if not openapi.location().is_file():
        pytest.skip(f"needs Discord's API description at {openapi.location()} (set QUOTH_SHARED)")
    return openapi.load()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def built_index(tmp_path_factory: pytest.TempPathFactory, description: OpenApi) -> Path:
    """An index of the article, built once by the program itself."""
    assert description is not None  # no build where the tests will be skipped
    data = tmp_path_factory.mktemp("index") / "data"
    program = Program(tmp_path_factory.mktemp("reindex"))
    await program.start("reindex", "--corpus", str(CORPUS), "--data", str(data))
    assert await program.exit_code() == 0, program.log()
    return data


@pytest.fixture
def data(built_index: Path, tmp_path: Path) -> Path:
    """A copy of the index for one test to use up."""
    return Path(shutil.copytree(built_index, tmp_path / "data"))


@pytest_asyncio.fixture(loop_scope="session")
async def discord(description: OpenApi) -> AsyncIterator[DiscordServer]:
    """Discord for one test, which must find nothing wrong in what it was sent."""
    server = DiscordServer(description)
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest_asyncio.fixture(loop_scope="session")
async def program(tmp_path: Path, discord: DiscordServer) -> AsyncIterator[Program]:
    """One run of the program, ended with the test, its log checked for secrets."""
    made = Program(tmp_path)
    yield made
    await made.kill()
    check_log(made, discord)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(
    description: OpenApi, built_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[DiscordServer, Program]]:
    """One bot in one Discord, for all tests that leave it as it was.

    There are helpers, whom one may call as often as one likes, and a channel for admins.
    """
    folder = tmp_path_factory.mktemp("shared")
    data = Path(shutil.copytree(built_index, folder / "data"))
    await have_helpers(data)
    server, program = DiscordServer(description), Program(folder)
    await server.start()
    await program.run_bot(
        server.address,
        data,
        QUOTH_DISCORD__ADMIN_CHANNEL=ADMIN_CHANNEL_ID,
        QUOTH_DISCORD__MEMBER_CALLS_AN_HOUR="1000",
        QUOTH_DISCORD__SERVER_CALLS_AN_HOUR="1000",
    )
    await program.logged_in(server)
    await program.says("index_opened")
    yield server, program
    await program.kill()
    await server.stop()


@pytest.fixture
def running(shared: tuple[DiscordServer, Program]) -> Iterator[DiscordServer]:
    """The Discord of the shared bot; each test leaves nothing wrong behind, or fails alone."""
    server, program = shared
    yield server
    violations, left = list(server.violations), server.faults.left()
    server.violations.clear()
    server.faults.clear()
    print(program.log())  # noqa: T201  # shown with a test that fails
    assert program.running
    assert violations == []
    assert left == []
    check_log(program, server)


@pytest.fixture
def shared_at_its_end(shared: tuple[DiscordServer, Program]) -> tuple[DiscordServer, Program]:
    """The shared bot for the one test that ends it; collected last."""
    return shared


@pytest.fixture
def served() -> list[DiscordServer]:
    """Every Discord that the program was in, in all tests that ran before; collected last."""
    return SERVED


async def have_helpers(data: Path) -> None:
    """Set the role of the helpers, as an admin does on the panel."""
    state = State(data, 30)
    await state.open()
    await state.servers.change(
        int(GUILD_ID), lambda _: ServerSettings(helper_role=int(HELPERS_ROLE_ID))
    )
    await state.close()


def check_log(program: Program, discord: DiscordServer) -> None:
    """No token, no member's words, and no traceback may stand in a log."""
    log = program.log()
    assert discord.rest.token not in log
    assert discord.rest.token.rsplit(".", 1)[1] not in log
    assert [words for words in discord.words if words.casefold() in log.casefold()] == []
    assert "interaction-token-" not in log
    assert "Traceback" not in log, log
