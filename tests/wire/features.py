"""All that members and admins can do with the bot, each to its end."""

import os
import signal

import pytest

from bot.connection.certain import ACKNOWLEDGE_PAUSES
from bot.connection.posted import CLAIM_SECONDS

from . import faults, payloads, rules
from .components import numbered
from .discord_server import DiscordServer, until
from .payloads import BOT, CHANNEL_ID, DIRECT_CHANNEL_ID, MANAGER, MEMBER, OTHER_MEMBER, snowflake
from .process import Program
from .state import Interaction, Message
from .test_reindexing import begun

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER = "Secretary General Jürgen Stock"
UNANSWERED = "what is the boiling point of mercury"
FIELD = "Your question"
CALL = "a person's answer"
HUMAN, TAKE, SOLVED = "Ask a human", "I'll take it", "Solved"
POST = ("POST", rules.MESSAGES)


async def ask(discord: DiscordServer) -> None:
    """Ask by the command."""
    await answer(discord, QUESTION, ANSWER)


async def mention(discord: DiscordServer) -> None:
    """Ask by a mention, and what follows by a reply."""
    first = await discord.reply(await discord.mention(QUESTION), ANSWER)
    await discord.reply(await discord.reply_to(first, QUESTION), ANSWER)


async def ask_directly(discord: DiscordServer) -> None:
    """Ask in direct messages."""
    await discord.reply(await discord.write(QUESTION, channel_id=DIRECT_CHANNEL_ID), ANSWER)


async def ask_about(discord: DiscordServer) -> None:
    """Ask what a message asks, a short one and a long one."""
    short, long = await discord.write(QUESTION), await discord.write("So it is. " * 110)
    await says(discord, await discord.menu("Ask about this", short), ANSWER)
    opened = await discord.menu("Ask about this", long)
    await says(discord, await discord.submit(opened, {FIELD: QUESTION}), ANSWER)


async def read_on(discord: DiscordServer) -> None:
    """Press what stands under an answer."""
    message = await answer(discord, QUESTION, ANSWER)
    await says(discord, await discord.press(message, "More context"), "London Interior")
    await says(discord, await discord.press(message, "quoth:others:"), "London Interior")
    opened = await discord.press(message, "Follow up")
    await says(discord, await discord.submit(opened, {FIELD: QUESTION}), ANSWER)
    await says(discord, await discord.press(message, "Helpful"), "noted")
    opened = await discord.press(message, "Not helpful")
    await says(discord, await discord.submit(opened, {"What was wrong?": "wrong"}), "noted")
    await says(discord, await discord.menu("Why this answer?", message, MANAGER), "passage")


async def rephrase(discord: DiscordServer) -> None:
    """Ask in other words what was not answered."""
    opened = await discord.press(await answer(discord, UNANSWERED, "couldn't find"), "Rephrase")
    await says(discord, await discord.submit(opened, {FIELD: QUESTION}), ANSWER)


async def share(discord: DiscordServer) -> None:
    """Share a private answer."""
    message = await answer(discord, QUESTION, ANSWER, private=True)
    await says(discord, await discord.press(message, "Share"), "Shared by")


async def delete(discord: DiscordServer) -> None:
    """Delete an answer by its button."""
    message = await answer(discord, QUESTION, ANSWER)
    await discord.press(message, "Delete")
    await until(lambda: message.deleted, "the answer to be gone")


async def call(discord: DiscordServer) -> None:
    """Call a person, who takes it and solves it; one who may not is told so beside it."""
    asked = await answer(discord, UNANSWERED, "couldn't find")
    called = await call_of(discord, await discord.press(asked, HUMAN))
    await discord.press(called, TAKE, MANAGER)
    await discord.shows(called, "Taken by")
    await says(discord, await discord.press(called, SOLVED, OTHER_MEMBER), "Only the one who asked")
    await discord.press(called, SOLVED, MANAGER)
    await discord.shows(called, "Solved by")


async def call_privately(discord: DiscordServer) -> None:
    """Call a person about a private answer, and delete that call's question."""
    asked = await answer(discord, UNANSWERED, "couldn't find", private=True)
    confirming = await discord.press(asked, HUMAN)
    await says(discord, confirming, "where others can see it")
    await discord.press(confirming.shown[0], "Post it")
    await discord.shows(confirming.shown[0], "I asked this server's helpers")


async def withdraw(discord: DiscordServer) -> None:
    """Delete an answer as moderators do, when a person was called about it."""
    asked = await answer(discord, UNANSWERED, "couldn't find")
    called = await call_of(discord, await discord.press(asked, HUMAN))
    await discord.delete(asked)
    await discord.shows(called, "was withdrawn")


async def call_again(discord: DiscordServer) -> None:
    """Call a person, never hear what came of it, and call again when no one can be at it."""
    asked = await answer(discord, UNANSWERED, "couldn't find")
    discord.faults.put(*POST, *[faults.dropped_after()] * len(ACKNOWLEDGE_PAUSES))
    await says(discord, await discord.press(asked, HUMAN), "I can't tell whether")
    passed = round(CLAIM_SECONDS * 1000) + 1
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(payloads, "DISCORD_EPOCH_MS", payloads.DISCORD_EPOCH_MS - passed)
        await says(discord, await discord.press(asked, HUMAN), "A person was asked already")


async def be_told(discord: DiscordServer) -> None:
    """Be told what there is: all commands that only tell."""
    await says(discord, await discord.interaction("help"), "/ask")
    for name, words in (
        ("status", "Questions now"),
        ("sources", "1 document"),
        ("generations", "000001"),
        ("rollback", "Nothing has changed"),
    ):
        await says(discord, await discord.interaction(name, member=MANAGER), words)
    asked = await discord.interaction("why", {"question": QUESTION}, MANAGER)
    await says(discord, asked, "passage")
    assert await discord.suggestions("rollback", "generation", "0", MANAGER) == []


async def change_settings(discord: DiscordServer) -> None:
    """Change a setting of the server, and change it back."""
    asked = await discord.interaction("settings", member=MANAGER)
    await says(discord, asked, "How I may be used")
    (panel,) = asked.shown
    await discord.press(panel, "Show answers to the asker alone", MANAGER)
    await discord.shows(panel, "only who asked")
    await discord.press(panel, "Show answers to everyone", MANAGER)
    await discord.shows(panel, "everyone in the channel")


async def press_what_is_of_before(discord: DiscordServer) -> None:
    """Press buttons that stand under messages of another day."""
    pages = standing("quoth:sources:2")
    await discord.press(pages, "quoth:sources:2", MANAGER)
    await discord.shows(pages, "1 document")
    pressed = await discord.press(standing("quoth:cancel:0123"), "quoth:cancel:0123", MANAGER)
    await says(discord, pressed, "nothing to cancel")


async def reindex(discord: DiscordServer, bot: Program) -> None:
    """Reindex, end that from outside, and read so in its message; then in the channel."""
    for editable in (True, False):
        asked, worker = await begun(discord, bot)
        message = asked.shown[0]
        asked.expired = not editable
        os.kill(worker, signal.SIGKILL)
        if editable:
            await discord.shows(message, "ended from outside")
        else:
            await discord.reply(message, "ended from outside")


MEMBERS_DO = (
    ask,
    mention,
    ask_directly,
    ask_about,
    read_on,
    rephrase,
    share,
    delete,
    call,
    call_privately,
    withdraw,
    call_again,
    be_told,
    change_settings,
    press_what_is_of_before,
)
"""All but a reindex, for which one has to know the process of the bot."""


async def answer(
    discord: DiscordServer, question: str, words: str, *, private: bool = False
) -> Message:
    """Ask; the one message that answers in these words."""
    asked = await discord.interaction("ask", {"question": question, "private": private}, MEMBER)
    await says(discord, asked, words)
    (message,) = asked.shown
    return message


async def says(discord: DiscordServer, used: Interaction, words: str) -> None:
    """Wait for the one message that answers the use of something, and see that it says this."""
    said = await discord.final(used)
    assert words in said
    assert len(used.shown) == 1


async def call_of(discord: DiscordServer, pressed: Interaction) -> Message:
    """The message of the call that was pressed for."""
    await says(discord, pressed, "I asked this server's helpers")
    return [one for one in discord.api.messages.values() if CALL in one.plain][-1]


def standing(custom_id: str) -> Message:
    """A message of the bot with one button."""
    button = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}
    row = {"type": 1, "components": [button]}
    return Message(snowflake(), CHANNEL_ID, BOT, "Of before.", components=numbered([row]))
