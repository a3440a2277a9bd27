"""What members do reaches a bot as from Discord: buttons, selects, modals, menus and replies."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from .discord_server import TOKEN, DiscordServer, until
from .payloads import DIRECT_CHANNEL_ID, MEMBER, OTHER_MEMBER
from .small_bot import SmallBot
from .state import CHAT_COMMAND, MENU_COMMAND, Message


@pytest_asyncio.fixture(loop_scope="session")
async def bot(discord: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallBot]:
    """The small bot, logged in over the sockets of the server."""
    monkeypatch.setattr("discord.http.Route.BASE", discord.address)
    async with SmallBot() as made:
        await made.login(TOKEN)
        connecting = made.loop.create_task(made.connect())
        await made.wait_until_ready()
        yield made
        await made.close()
        await connecting


async def shown(discord: DiscordServer, *, private: bool = False) -> Message:
    """The page that the bot shows, in Components V2."""
    asked = await discord.interaction("show", {"private": private})
    assert "shown" in await discord.final(asked)
    (message,) = asked.shown
    return message


@pytest.mark.usefixtures("bot")
async def test_components_v2_are_read_as_members_read_them(discord: DiscordServer) -> None:
    message = await shown(discord)
    assert message.plain.splitlines()[0] == "shown"
    assert message.labels == ["Modal", "Update", "Later", "Alone", "Remove"]
    assert (message.kind, message.edits) == (CHAT_COMMAND, 1)
    ids = [component["id"] for component in message.components]
    assert all(isinstance(one, int) and one > 0 for one in ids)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("private", [False, True])
async def test_a_press_can_update_its_message(discord: DiscordServer, private: bool) -> None:  # noqa: FBT001
    message = await shown(discord, private=private)
    pressed = await discord.press(message, "Update", OTHER_MEMBER)
    await discord.shows(message, "by Grace")
    assert (pressed.shown, pressed.original, message.ephemeral) == ([], message, private)


@pytest.mark.usefixtures("bot")
async def test_a_press_can_update_its_message_later(discord: DiscordServer) -> None:
    message = await shown(discord)
    await discord.press(message, "small:later")
    await discord.shows(message, "late")


@pytest.mark.usefixtures("bot")
async def test_a_press_can_be_answered_by_a_message_of_its_own(discord: DiscordServer) -> None:
    message = await shown(discord)
    pressed = await discord.press(message, "Alone")
    assert await discord.final(pressed) == "to you"
    assert [one.ephemeral for one in pressed.shown] == [True]
    assert "shown" in message.plain
    about = pressed.shown[0].metadata or {}
    assert (about["user"]["id"], about["interacted_message_id"]) == (MEMBER.id, message.id)


async def test_a_press_can_remove_its_message(discord: DiscordServer, bot: SmallBot) -> None:
    message = await shown(discord)
    await discord.press(message, "Remove")
    await until(lambda: message.deleted, "the message to be gone")
    await until(lambda: bot.deleted == [int(message.id)], "the bot to hear of it")


@pytest.mark.usefixtures("bot")
async def test_a_choice_arrives(discord: DiscordServer) -> None:
    message = await shown(discord)
    answered = await discord.choose(message, "Which?", "Green")
    assert await discord.final(answered) == f"['G'] of {message.id}"


@pytest.mark.usefixtures("bot")
async def test_a_modal_that_a_button_opens_updates_its_message(discord: DiscordServer) -> None:
    message = await shown(discord)
    opened = await discord.press(message, "Modal")
    sent = await discord.submit(opened, {"What is it?": "a bolt", "Why?": ["It is wrong"]})
    await discord.shows(message, "a bolt ['wrong']")
    assert (opened.shown, sent.shown, sent.original) == ([], [], message)


@pytest.mark.usefixtures("bot")
async def test_a_modal_that_a_command_opens_is_answered(discord: DiscordServer) -> None:
    opened = await discord.interaction("tell", {"about": "a nut"})
    sent = await discord.submit(opened, {"Why?": ["It is wrong"]})
    assert await discord.final(sent) == "a nut ['wrong']"


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "empty"),
        ({"What is it?": "x" * 11}, "length"),
        ({"What is it?": "a nut", "Why?": ["It is fine"]}, "not all"),
        ({"What is it?": "a nut", "Who?": "me"}, "no fields"),
    ],
)
async def test_a_modal_that_discord_would_not_send_fails_the_test(
    discord: DiscordServer, given: dict[str, str | bool | list[str] | None], reason: str
) -> None:
    opened = await discord.interaction("tell")
    with pytest.raises(AssertionError, match=reason):
        await discord.submit(opened, given)


@pytest.mark.usefixtures("bot")
async def test_a_command_in_the_menu_of_a_message_reads_it(discord: DiscordServer) -> None:
    written = await discord.write("The bridge was closed in May")
    asked = await discord.menu("Ask about this", written, OTHER_MEMBER)
    assert await discord.final(asked) == "Ada: The bridge was closed in May"
    assert asked.shown[0].kind == MENU_COMMAND


async def test_a_reply_to_the_bot_carries_words_only_where_it_pings(
    discord: DiscordServer, bot: SmallBot
) -> None:
    message = await shown(discord)
    await discord.reply_to(message, "And in 2019?")
    await discord.reply_to(message, "And in 2020?", pings=())
    await until(lambda: len(bot.heard) == 2, "both replies")
    assert [heard.content for heard in bot.heard] == ["And in 2019?", ""]
    for heard in bot.heard:
        assert heard.reference is not None
        assert heard.reference.message_id == int(message.id)
        resolved = heard.reference.resolved
        assert getattr(resolved, "author", None) == bot.user
        assert getattr(resolved, "components", None)


async def test_a_reply_in_direct_messages_is_read_without_a_ping(
    discord: DiscordServer, bot: SmallBot
) -> None:
    asked = await discord.interaction("show", channel_id=DIRECT_CHANNEL_ID)
    await discord.final(asked)
    await discord.reply_to(asked.shown[0], "And then?", pings=())
    await until(lambda: [heard.content for heard in bot.heard] == ["And then?"], "the reply")


async def test_suggestions_are_read(discord: DiscordServer, bot: SmallBot) -> None:
    assert bot.user is not None
    assert await discord.suggestions("tell", "about", "brid") == ["brid!"]


@pytest.mark.usefixtures("bot")
async def test_what_no_member_can_press_fails_the_test(discord: DiscordServer) -> None:
    message = await shown(discord)
    with pytest.raises(AssertionError, match="0 components are named 'Nothing'"):
        await discord.press(message, "Nothing")
    with pytest.raises(AssertionError, match="5 components are named 'small:'"):
        await discord.press(message, "small:")
    await discord.delete(message)
    with pytest.raises(AssertionError, match="deleted"):
        await discord.press(message, "Update")
