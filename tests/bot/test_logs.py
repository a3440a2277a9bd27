"""The log: one line an act, never a token, never a member's words."""

import asyncio
import gc
import json
import logging
from collections.abc import Callable
from functools import partial

import discord
import pytest
import structlog
from discord import app_commands
from stand_ins import A_SECRET

from bot.logs import REDACTED, configure_logs

A_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789_-"  # noqa: S105  # no one's


def test_an_act_is_one_line_of_keys_and_values(logs: Callable[[], str]) -> None:
    structlog.stdlib.get_logger("bot.test").info("did", ms=1.25, what='a "b"\nc', none="")
    (line,) = logs().splitlines()
    assert line.endswith(r'level=info logger=bot.test event=did ms=1.25 what="a \"b\"\nc" none=""')


def test_lines_of_the_index_keep_their_keys(logs: Callable[[], str]) -> None:
    log = logging.getLogger("index.generations.build")
    log.info("reindexed generation=%s documents=%d seconds=%.1f ok=%s", "000003", 3, 0.5, "True")
    log.info("quote dropped document=%s start=%d reason=%r", "a b.md level=x", 3, "it's \n so")
    log.info("plain words")
    told = [line.partition("logger=index.generations.build ")[2] for line in logs().splitlines()]
    assert told == [
        "event=reindexed generation=000003 documents=3 seconds=0.5 ok=True",
        'event="quote dropped" document="a b.md" start=3 reason="it\'s \\n so"',
        'event="plain words"',
    ]


def test_a_line_of_another_library_is_an_event_whatever_it_holds(logs: Callable[[], str]) -> None:
    logging.getLogger("discord.http").warning("Rate limited. limit=5")
    assert logs().endswith('logger=discord.http event="Rate limited. limit=5"\n')


@pytest.mark.parametrize("secret", [A_SECRET, A_TOKEN])
def test_a_token_never_shows(logs: Callable[[], str], secret: str) -> None:
    structlog.stdlib.get_logger("bot").info("did", key=f"x{secret}")
    logging.getLogger("discord").warning("Bot %s", secret)
    error = discord.LoginFailure(f"with {secret}")
    logging.getLogger("bot").error("failed %s", secret, exc_info=error)
    assert secret not in logs()
    assert logs().count(REDACTED) == 4


def test_the_token_of_an_interaction_never_shows(logs: Callable[[], str]) -> None:
    logging.getLogger("discord").warning(
        "rate limited: PATCH /webhooks/123/aW50ZXJhY3Rpb24xyz/messages/@original"
    )
    assert f"/webhooks/123/{REDACTED}/messages/@original" in logs()


def test_an_unforeseen_error_shows_where_but_not_what_it_held(logs: Callable[[], str]) -> None:
    known: dict[str, str] = {}
    try:
        known["what ann asked"]
    except KeyError:
        structlog.stdlib.get_logger("bot").exception("failed")
    (line,) = logs().splitlines()
    assert "error=KeyError where=" in line
    assert "test_logs.py:" in line
    assert "ann" not in line


def test_what_discord_py_says_of_a_member_s_value_stays_out_of_the_log(
    logs: Callable[[], str],
) -> None:
    transformer = app_commands.transformers.RangeTransformer(
        discord.AppCommandOptionType.string, max=3
    )
    error = app_commands.TransformerError(
        "what ann asked", discord.AppCommandOptionType.string, transformer
    )
    structlog.stdlib.get_logger("bot").error("failed", exc_info=error)
    assert "error=TransformerError" in logs()
    assert "ann" not in logs()


async def test_what_nobody_awaited_shows_where_but_not_what_it_held(
    logs: Callable[[], str],
) -> None:
    async def fail(asked: str) -> None:
        raise KeyError(asked)

    task = asyncio.create_task(fail("what ann asked"))
    await asyncio.wait({task})
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(partial(int, base="what ann asked"), "what ann asked")
    await asyncio.sleep(0)
    unawaited, callback = logs().splitlines()
    assert 'event="Task exception was never retrieved" error=KeyError where=' in unawaited
    assert 'event="Exception in callback" error=TypeError' in callback
    assert "ann" not in logs()


def test_failures_of_discord_are_one_plain_line(logs: Callable[[], str]) -> None:
    error = ConnectionRefusedError(111, "Connection refused")
    logging.getLogger("discord.shard").error("Attempting a reconnect in %.2fs", 1.5, exc_info=error)
    (line,) = logs().splitlines()
    assert 'event="Attempting a reconnect in 1.50s"' in line
    assert line.endswith('error="ConnectionRefusedError: [Errno 111] Connection refused"')


def test_discord_py_never_logs_the_bodies_that_it_sends(logs: Callable[[], str]) -> None:
    configure_logs("debug", "text")
    assert not logging.getLogger("discord.http").isEnabledFor(logging.DEBUG)
    assert logs() == ""


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json", (A_SECRET,))
    structlog.stdlib.get_logger("bot").info("did", ms=1, key=A_SECRET)
    told = "reindexed generation=%s documents=%d seconds=%.1f ok=%s reason=%r"
    logging.getLogger("index").info(told, "000003", 3, 0.5, True, 'no "x"')  # noqa: FBT003  # a value
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first["event"] == "did"
    assert first["key"] == REDACTED
    assert [second[key] for key in ("event", "generation", "documents", "seconds")] == [
        "reindexed",
        "000003",
        3,
        0.5,
    ]
    assert (second["ok"], second["reason"]) == (True, 'no "x"')
    assert second["logger"] == "index"
