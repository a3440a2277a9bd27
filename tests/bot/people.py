"""A server in which a person can be called, who is there, and the call."""

from dataclasses import dataclass

import discord
import pytest
import simcord
from stand_ins import answer_of, in_file

from bot.asking.desk import Desk
from bot.records import ServerSettings

QUESTION = "who is the secretary general of interpol"


@dataclass(frozen=True)
class People:
    """Ann, who asks; zoe, another member; kim, an admin; hal and hetty, who help."""

    ann: simcord.MemberActor
    zoe: simcord.MemberActor
    kim: simcord.MemberActor
    hal: simcord.MemberActor
    hetty: simcord.MemberActor


@pytest.fixture
async def helpers(desk: Desk, server: simcord.GuildHandle) -> simcord.RoleHandle:
    """The role that is called."""
    role = server.create_role("helpers")
    await desk.state.servers.change(server.id, lambda _: ServerSettings(helper_role=role.id))
    return role


@pytest.fixture
def people(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    member: simcord.MemberActor,
    admin: simcord.MemberActor,
    helpers: simcord.RoleHandle,
) -> People:
    zoe, hal, hetty = (simcord_env.create_user(name) for name in ("zoe", "hal", "hetty"))
    return People(
        member,
        server.add_member(zoe),
        admin,
        server.add_member(hal, roles=[helpers]),
        server.add_member(hetty, roles=[helpers]),
    )


@pytest.fixture
async def answer(
    channel: simcord.ChannelHandle,
    people: People,
) -> discord.Message:
    """A public answer to ann, which found nothing."""
    return answer_of(await people.ann.slash(channel, "ask", question=QUESTION))


@pytest.fixture
async def call(
    channel: simcord.ChannelHandle, people: People, answer: discord.Message
) -> discord.Message:
    """The call that ann made."""
    await people.ann.click(answer, label="Ask a human")
    return calls(channel)[0]


def calls(channel: simcord.ChannelHandle) -> list[discord.Message]:
    """The calls that stand in a channel, with their questions."""
    return [one for one in channel.history() if "would like a person" in one.content]


async def name_of(desk: Desk, answer: discord.Message) -> str:
    """What the exchange of an answer is called."""
    exchange = await desk.state.exchanges.find_by_message(answer.id)
    assert exchange
    return exchange.name


def forget_where(desk: Desk) -> None:
    """As if the bot had been killed when a call was posted and not noted yet."""
    in_file(desk.state.path, "UPDATE calls SET channel = NULL, message = NULL")
