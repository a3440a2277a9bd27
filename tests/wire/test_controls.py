"""Buttons, forms and menus over the wire: after a restart, and with answers lost on the way."""

from pathlib import Path

import pytest

from . import faults, rules
from .conftest import have_helpers
from .discord_server import DiscordServer
from .faults import Fault
from .payloads import MANAGER
from .process import START_SECONDS, Program
from .state import Interaction, Message

QUESTION = "who met remotely with the G7 security ministers"
NEXT = "and who joined in person?"
NEXT_ANSWER = "John Tien"
FIELD = "Your question"
UNANSWERED = "what is the boiling point of mercury"

TROUBLES: dict[str, list[Fault]] = {
    "its answer is lost": [faults.lost_answer(502)],
    "the connection closes after it": [faults.dropped_after()],
    "the connection drops before it": [faults.dropped_before()],
    "Discord is overloaded": [faults.server_error(503)],
    "Discord asks to wait": [faults.rate_limited(0.5)],
}
CALLBACK, EDIT = ("POST", rules.CALLBACK), ("PATCH", rules.ORIGINAL)


async def answer(discord: DiscordServer, *, private: bool = False) -> Message:
    """The message of an answer."""
    asked = await discord.interaction("ask", {"question": QUESTION, "private": private})
    await discord.final(asked)
    (message,) = asked.shown
    return message


async def says_once(discord: DiscordServer, used: Interaction, words: str) -> None:
    """See that one message answers the use of a control, and that it says these words."""
    assert words in await discord.final(used)
    await discord.quiet()
    assert [words in message.plain for message in used.shown] == [True]


async def test_a_press_is_answered_once_to_who_pressed(running: DiscordServer) -> None:
    pressed = await running.press(await answer(running), "More context", MANAGER)
    await says_once(running, pressed, "London Interior Commitments")
    assert pressed.shown[0].ephemeral
    assert pressed.acknowledged_after < 3


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_form_opens_and_is_answered_once_when(running: DiscordServer, trouble: str) -> None:
    message = await answer(running)
    running.faults.put(*CALLBACK, *TROUBLES[trouble])
    pressed = await running.press(message, "Follow up")
    given = await running.submit(pressed, {FIELD: NEXT})
    await says_once(running, given, NEXT_ANSWER)


@pytest.mark.parametrize("trouble", ["its answer is lost", "Discord asks to wait"])
@pytest.mark.parametrize("at", [CALLBACK, EDIT], ids=["acknowledging", "editing"])
async def test_an_answer_is_shared_once_when_at(
    running: DiscordServer, at: tuple[str, str], trouble: str
) -> None:
    message = await answer(running, private=True)
    running.faults.put(*at, *TROUBLES[trouble])
    shared = await running.press(message, "Share")
    await says_once(running, shared, "Shared by")
    again = await running.press(message, "Share")
    await says_once(running, again, "shared already")


async def test_buttons_of_before_work_after_a_crash_and_a_new_start(
    discord: DiscordServer, program: Program, data: Path, tmp_path: Path
) -> None:
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    public, private = await answer(discord), await answer(discord, private=True)
    form = await discord.press(public, "Follow up")
    await discord.acknowledged(form)
    await program.kill()

    (tmp_path / "again").mkdir()
    again = Program(tmp_path / "again")
    await again.run_bot(discord.address, data)
    await again.logged_in(discord, times=2)
    await says_once(discord, await discord.submit(form, {FIELD: NEXT}), NEXT_ANSWER)
    pressed = await discord.press(public, "More context")
    await says_once(discord, pressed, "London Interior Commitments")
    await says_once(discord, await discord.press(private, "Share"), "Shared by")
    await discord.acknowledged(await discord.press(public, "Delete"))
    await discord.quiet()
    assert public.deleted
    await again.kill()


async def test_a_reply_follows_the_answer_that_it_is_written_under(
    running: DiscordServer,
) -> None:
    asked = await running.mention(QUESTION)
    first = await running.reply(asked, "Direct match")
    follows = await running.reply_to(first, NEXT)
    assert NEXT_ANSWER in (await running.reply(follows, NEXT_ANSWER)).plain
    await running.quiet()
    assert len(running.replies(follows)) == 1


async def test_what_a_message_asks_is_answered_from_its_menu(running: DiscordServer) -> None:
    words = await running.write("who is the secretary general of interpol", MANAGER)
    used = await running.menu("Ask about this", words)
    await says_once(running, used, "Jürgen Stock")


@pytest.mark.parametrize(
    "trouble", ["its answer is lost", "the connection drops before it", "Discord asks to wait"]
)
async def test_a_person_is_called_once_when(
    discord: DiscordServer, program: Program, data: Path, trouble: str
) -> None:
    await have_helpers(data)
    await program.run_bot(discord.address, data)
    await program.logged_in(discord)
    asked = await discord.interaction("ask", {"question": UNANSWERED})
    await discord.final(asked, START_SECONDS)
    discord.faults.put("POST", rules.MESSAGES, *TROUBLES[trouble])
    (message,) = asked.shown
    pressed = await discord.press(message, "Ask a human")
    await says_once(discord, pressed, "asked this server's helpers")
    (call,) = [one for one in discord.api.messages.values() if "a person's answer" in one.plain]
    taken = await discord.press(call, "I'll take it", MANAGER)
    await discord.acknowledged(taken)
    assert "Taken by" in await discord.shows(call, "Taken by")


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_answer_is_deleted_once_when(running: DiscordServer, trouble: str) -> None:
    message = await answer(running)
    running.faults.put("DELETE", rules.ORIGINAL, *TROUBLES[trouble])
    before = len(running.requests("DELETE", rules.ORIGINAL))
    await running.acknowledged(await running.press(message, "Delete"))
    await running.quiet()
    assert message.deleted
    first, second = running.requests("DELETE", rules.ORIGINAL)[before:]
    asked_to_wait = sum(fault.retry_after for fault in TROUBLES[trouble])
    assert second.at - first.at >= asked_to_wait
