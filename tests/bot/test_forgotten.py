"""What is gone is not kept: messages deleted in Discord itself, servers that the bot has left."""

from collections.abc import Callable

import discord
import pytest
import simcord
from people import QUESTION, People, name_of
from stand_ins import Abstaining, answer_of, in_file, sent

from bot.asking.desk import Desk
from bot.records import ServerSettings
from bot.rendering.calls import WITHDRAWN
from bot.state.servers import DEFAULT
from index import Engine

COUNTS = """
    SELECT (SELECT count(*) FROM exchanges), (SELECT count(*) FROM votes),
    (SELECT count(*) FROM calls)
"""


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    return Abstaining(real_engine)


async def delete(env: simcord.Env, message: discord.Message) -> None:
    """Delete a message in Discord itself, as its moderators can."""
    env.backend.delete_message(message.channel.id, message.id)
    await env.settle()


def kept(desk: Desk) -> tuple[int, ...]:
    """How many exchanges, votes and calls there are."""
    (counts,) = in_file(desk.state.path, COUNTS)
    return counts


async def test_an_answer_that_a_moderator_deletes_is_forgotten_and_its_call_withdrawn(
    simcord_env: simcord.Env,
    desk: Desk,
    people: People,
    answer: discord.Message,
    call: discord.Message,
) -> None:
    await people.zoe.click(answer, label="Helpful")
    assert kept(desk) == (1, 1, 1)
    await delete(simcord_env, answer)
    assert kept(desk) == (0, 0, 0)
    edited = sent(simcord_env, "PATCH")[-1]
    assert edited["content"] == WITHDRAWN.format(asker=people.ann.id)
    assert edited["components"] == []
    assert call.content != edited["content"]


async def test_of_many_deleted_at_once_the_answers_are_forgotten_and_no_other(
    simcord_env: simcord.Env, desk: Desk, channel: simcord.ChannelHandle, people: People
) -> None:
    answers = [
        answer_of(await people.ann.slash(channel, "ask", question=QUESTION)) for _ in range(3)
    ]
    other = await people.zoe.send(channel, "beside it")
    gone = [answers[0].id, answers[2].id, other.id]
    simcord_env.backend.bulk_delete_messages(channel.id, gone)
    await simcord_env.settle()
    assert [await desk.state.exchanges.find_by_message(one.id) is None for one in answers] == [
        True,
        False,
        True,
    ]


async def test_other_messages_take_nothing_along(
    simcord_env: simcord.Env,
    desk: Desk,
    channel: simcord.ChannelHandle,
    people: People,
    call: discord.Message,
) -> None:
    await delete(simcord_env, await people.zoe.send(channel, "beside it"))
    await delete(simcord_env, call)
    assert kept(desk) == (1, 0, 1)


async def test_a_call_that_the_button_delete_is_at_is_left_to_it(
    simcord_env: simcord.Env, desk: Desk, answer: discord.Message, call: discord.Message
) -> None:
    assert call
    await desk.state.calls.withdraw(await name_of(desk, answer))
    before = len(sent(simcord_env, "PATCH"))
    await delete(simcord_env, answer)
    assert len(sent(simcord_env, "PATCH")) == before
    assert kept(desk) == (0, 0, 0)


async def test_a_file_that_fails_is_logged_in_one_line(
    simcord_env: simcord.Env,
    desk: Desk,
    people: People,
    answer: discord.Message,
    logs: Callable[[], str],
) -> None:
    in_file(desk.state.path, "DROP TABLE votes")
    await delete(simcord_env, answer)
    assert logs().count("event=not_forgotten") == 1
    simcord_env.backend.remove_guild(people.ann.guild.id)
    await simcord_env.settle()
    assert logs().count("event=not_forgotten") == 2


class TestAServer:
    @pytest.fixture
    async def elsewhere(self, simcord_env: simcord.Env, desk: Desk) -> simcord.GuildHandle:
        """Another server, with its own settings and an answer."""
        elsewhere = simcord_env.create_guild("Elsewhere")
        bob = elsewhere.add_member(simcord_env.create_user("bob"))
        await bob.slash(elsewhere.create_text_channel("questions"), "ask", question=QUESTION)
        await desk.state.servers.change(elsewhere.id, lambda _: ServerSettings(private=True))
        return elsewhere

    @pytest.mark.usefixtures("call")
    async def test_that_the_bot_was_removed_from_is_forgotten_and_no_other(
        self,
        simcord_env: simcord.Env,
        desk: Desk,
        people: People,
        elsewhere: simcord.GuildHandle,
        logs: Callable[[], str],
    ) -> None:
        left = people.ann.guild.id
        assert kept(desk) == (2, 0, 1)
        simcord_env.backend.remove_guild(left)
        await simcord_env.settle()
        assert kept(desk) == (1, 0, 0)
        assert desk.state.servers.of(left) == DEFAULT
        assert desk.state.servers.of(elsewhere.id).private
        assert logs().count("event=server_forgotten") == 1

    @pytest.mark.usefixtures("answer")
    async def test_that_has_an_outage_is_not_forgotten(
        self, simcord_env: simcord.Env, desk: Desk, server: simcord.GuildHandle
    ) -> None:
        settings = desk.state.servers.of(server.id)
        simcord_env.backend.emit("GUILD_DELETE", {"id": str(server.id), "unavailable": True})
        await simcord_env.settle()
        assert kept(desk) == (1, 0, 0)
        assert desk.state.servers.of(server.id) == settings != DEFAULT
