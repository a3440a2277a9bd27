"""`/help`: what one can do here, to whoever asks alone."""

import pytest
import simcord
from stand_ins import HeldEngine, said

from bot.asking.desk import Desk
from bot.records import ServerSettings
from bot.rendering.cut import units
from bot.rendering.help import render_help
from bot.rendering.reply import LIMIT
from bot.settings import DiscordSettings


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    return held_engine


async def test_a_member_is_told_alone_what_members_can_do(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    given = await member.slash(channel, "help")
    assert given.ephemeral
    assert "*Follow up*" in said(given)
    assert "/reindex" not in said(given)
    assert "Ask a human" not in said(given)


async def test_an_admin_is_told_of_the_rest_and_all_of_what_the_server_has(
    channel: simcord.ChannelHandle,
    admin: simcord.MemberActor,
    server: simcord.GuildHandle,
    desk: Desk,
) -> None:
    await desk.state.servers.change(
        server.id, lambda _: ServerSettings(helper_role=7, private=True)
    )
    told = said(await admin.slash(channel, "help"))
    for name in admin.available_commands(channel):
        assert f"`/{name}`" in told or name in {"help", "Why this answer?", "Ask about this"}
    assert "Ask a human" in told
    assert "`private:False`" in told


async def test_it_is_there_in_direct_messages(simcord_env: simcord.Env) -> None:
    given = await simcord_env.create_user("ann").slash("help")
    assert "/reindex" not in said(given)


def test_it_fits_one_message() -> None:
    server = ServerSettings(helper_role=7, private=True)
    assert units(render_help(server, DiscordSettings(), manages=True).content) <= LIMIT
