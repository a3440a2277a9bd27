"""Starting, or saying plainly why not. What needs a wire is in tests/wire."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest
from stand_ins import PATIENCE_SECONDS, HeldEngine, a_desk, an_answer

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.connection.connect import (
    FATAL,
    NO_TOKEN,
    WRONG_TOKEN,
    CannotStart,
    raise_if_fatal,
    stay_connected,
)
from bot.records import Exchange
from bot.run import CANNOT_START, _live, run
from bot.settings import Settings
from bot.state.exchanges import DAY_SECONDS


@pytest.mark.parametrize(
    ("token", "words"), [(None, NO_TOKEN), ("tökén", WRONG_TOKEN), ("a\nb", WRONG_TOKEN)]
)
def test_without_a_token_it_says_where_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str | None,
    words: str,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token or "")
    assert run(Settings(_env_file=None)) == CANNOT_START
    err = capsys.readouterr().err
    assert err == f"error: {words}\n"
    assert "DISCORD_TOKEN" in err
    assert ".env" in err
    assert "discord.com/developers" in err


@pytest.mark.parametrize("code", FATAL)
def test_close_codes_that_no_waiting_mends_end_it_with_what_to_do(code: int) -> None:
    closed = discord.ConnectionClosed(
        SimpleNamespace(close_code=code),  # type: ignore[arg-type]  # all that it reads
        shard_id=0,
        code=code,
    )
    with pytest.raises(CannotStart, match="Discord"):
        raise_if_fatal(closed)


async def test_while_it_runs_it_forgets_what_is_too_old(
    held_engine: HeldEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = a_desk(held_engine, tmp_path)
    asked = int(time.time()) - (desk.settings.keep_days + 1) * DAY_SECONDS
    old = Exchange(1, 2, 3, private=False, answer=an_answer(), message=4, asked=asked)

    async def connected_until_it_is_forgotten(*_: object) -> None:
        await desk.state.exchanges.keep(old)
        while await desk.state.exchanges.answered_in([4]):  # noqa: ASYNC110  # a file tells of nothing
            await asyncio.sleep(0.02)

    monkeypatch.setattr("bot.state.forgetting.EVERY_SECONDS", 0.02)
    monkeypatch.setattr("bot.run.stay_connected", connected_until_it_is_forgotten)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await _live(Settings(_env_file=None), desk, "token")


class ShortLived(Client):
    """A client that Discord lets in and that breaks `life` seconds later, on a clock of its own."""

    def __init__(self, desk: Desk, life: float) -> None:
        super().__init__(desk)
        self.life = life

    async def start(self, token: str, *, reconnect: bool = True) -> None:  # noqa: ARG002
        await self.on_ready()
        raise ZeroDivisionError

    def ready_seconds(self) -> float:
        return self.life


async def pauses_between(
    lives: list[float], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> list[float]:
    """How long the bot waits after each of these lives."""
    pauses: list[float] = []
    left = list(lives)

    async def record(seconds: float) -> None:
        pauses.append(seconds)
        if not left:
            raise asyncio.CancelledError

    monkeypatch.setattr("bot.connection.connect.sleep", record)
    with pytest.raises(asyncio.CancelledError):
        await stay_connected(lambda: ShortLived(desk, left.pop(0)), "token")
    return pauses


async def test_a_fault_that_comes_back_after_each_login_uses_up_no_day_s_logins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = await pauses_between([1.0] * 12, desk, monkeypatch)
    assert pauses[0] <= 2
    assert min(pauses[-4:]) > 86_400 / 1000


async def test_after_minutes_of_life_the_bot_comes_back_quickly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = await pauses_between([*[1.0] * 12, 3600.0], desk, monkeypatch)
    assert pauses[-1] <= 2


def test_what_waiting_may_mend_is_waited_for() -> None:
    raise_if_fatal(ConnectionRefusedError())
    raise_if_fatal(discord.GatewayNotFound())  # type: ignore[no-untyped-call]  # its own lack
