"""The button "Cancel": who may, what is said, and that nothing goes wrong by pressing twice."""

from datetime import UTC, datetime

import discord
import pytest
import simcord
from stand_ins import HeldEngine, begin, last, said, stands, told, until

from bot.connection.client import Client
from bot.connection.components import view
from bot.records import Build
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.report import CANCELLING, NO_LONGER, render_stage

ALREADY = "kim has already cancelled it."


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    return held_engine


@pytest.fixture
async def progress(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor, held_engine: HeldEngine
) -> discord.Message:
    """The message of a reindex that kim began."""
    await begin(
        admin.slash(channel, "reindex"),
        lambda: held_engine.builds == 1 and stands(channel, "Reindexing"),
    )
    return last(channel)


@pytest.fixture
def other_admin(simcord_env: simcord.Env, server: simcord.GuildHandle) -> simcord.MemberActor:
    role = server.create_role("others", permissions=discord.Permissions(administrator=True))
    return server.add_member(simcord_env.create_user("*pat*"), roles=[role])


def button(message: discord.Message) -> discord.Button:
    (row,) = message.components
    assert isinstance(row, discord.ActionRow)
    (found,) = row.children
    assert isinstance(found, discord.Button)
    return found


def now(channel: simcord.ChannelHandle, message: discord.Message) -> discord.Message:
    return next(one for one in channel.history() if one.id == message.id)


async def test_it_stands_under_the_progress_from_the_first_moment(
    progress: discord.Message,
) -> None:
    assert progress.content == "Reindexing…"
    assert button(progress).label == "Cancel"
    assert button(progress).style is discord.ButtonStyle.danger


async def test_pressed_the_message_says_by_whom_and_what_answers(
    channel: simcord.ChannelHandle,
    progress: discord.Message,
    other_admin: simcord.MemberActor,
) -> None:
    pressed = await other_admin.click(progress, label="Cancel")
    assert pressed.ephemeral
    assert said(pressed) == CANCELLING.content
    ended = now(channel, progress)
    assert ended.content == (
        r"The reindex was cancelled by \*pat\*. Nothing is lost: the last index still answers."
    )
    assert ended.components == []


async def test_a_member_is_refused_privately_and_the_reindex_goes_on(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    progress: discord.Message,
    member: simcord.MemberActor,
    held_engine: HeldEngine,
) -> None:
    await begin(
        member.click(progress, label="Cancel"),
        lambda: stands(channel, MAY_NOT_MANAGE.content, member),
    )
    assert told(channel, member).content == MAY_NOT_MANAGE.content
    held_engine.let_build.set()
    await simcord_env.settle()
    ended = now(channel, progress)
    assert ended.content.startswith("**Reindexed**")
    assert ended.components == []


async def test_two_admins_at_one_button_do_no_harm(
    channel: simcord.ChannelHandle,
    progress: discord.Message,
    admin: simcord.MemberActor,
    other_admin: simcord.MemberActor,
    held_engine: HeldEngine,
) -> None:
    held_engine.heeds = False  # at a stage that cannot be left at once
    first, second = (who.click(progress, label="Cancel") for who in (admin, other_admin))
    await begin(first, lambda: stands(channel, CANCELLING.content, admin))
    await begin(second, lambda: stands(channel, ALREADY, other_admin))
    assert told(channel, admin).content == CANCELLING.content
    assert told(channel, other_admin).content.startswith(ALREADY)
    held_engine.heeds = True
    await until(lambda: "cancelled by kim" in now(channel, progress).content)
    assert held_engine.builds == 1


async def test_one_from_before_a_restart_says_that_nothing_runs_any_more(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    assert isinstance(simcord_env.bot, Client)
    old = render_stage(None, Build("kim", datetime.now(UTC)))
    shown = view(old)
    assert shown is not None
    there = simcord_env.bot.get_partial_messageable(channel.id)
    left = await there.send(old.content, view=shown)
    pressed = await admin.click(left, label="Cancel")
    assert pressed.ephemeral
    assert said(pressed) == NO_LONGER.content


async def test_whoever_asks_for_a_second_reindex_may_cancel_the_first(
    channel: simcord.ChannelHandle,
    progress: discord.Message,
    admin: simcord.MemberActor,
) -> None:
    await begin(admin.slash(channel, "reindex"), lambda: stands(channel, "already running", admin))
    answer = told(channel, admin)
    assert said(await admin.click(answer, label="Cancel")) == CANCELLING.content
    assert "cancelled by kim" in now(channel, progress).content
