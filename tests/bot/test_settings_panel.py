"""`/settings`: where and by whom the bot may be asked, set by admins on a panel."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import HeldEngine, in_file, let, said, sent, take_rights

from bot.asking.desk import Desk
from bot.records import ServerSettings
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE, NOT_YOU
from bot.rendering.reply import LIMIT
from bot.rendering.server_settings import (
    DIRECT_MESSAGES,
    NOT_EVERYONE,
    LeftOnServer,
    render_settings,
)
from bot.state import State

BUTTON = 2
CHANNELS, ROLES, HELPERS = (f"quoth:settings:{what}" for what in ("channels", "roles", "helpers"))
FRESH = """\
**How I may be used on this server.** Each choice counts at once.
**Where I may be asked:** everywhere.
**Who may ask me:** everyone.
**Whom “Ask a human” pings:** nobody, so that button isn't offered.
**Who sees an answer:** everyone in the channel, unless a member asks with `private: True`."""


@pytest.fixture
def engine(held_engine: HeldEngine) -> HeldEngine:
    held_engine.let_all()
    return held_engine


@pytest.fixture
def helpers(server: simcord.GuildHandle) -> simcord.RoleHandle:
    return server.create_role("helpers")


@dataclass
class Panel:
    """A panel in the hands of an admin, and what is kept of what they choose."""

    admin: simcord.MemberActor
    message: simcord.ResponseMessage
    desk: Desk

    async def choose(
        self, menu: str, *values: simcord.ChannelHandle | simcord.RoleHandle
    ) -> simcord.InteractionResult:
        return await self.admin.select(self.message, values, custom_id=menu)

    async def press(self, label: str) -> simcord.InteractionResult:
        return await self.admin.click(self.message, label=label)

    @property
    def told(self) -> str:
        return self.message.content

    def line(self, start: str) -> str:
        (found,) = [line for line in self.told.splitlines() if line.startswith(f"**{start}")]
        return found.partition(":** ")[2]

    @property
    def kept(self) -> ServerSettings:
        return self.desk.state.servers.of(self.admin.guild.id)

    @property
    def preset(self) -> dict[str, list[dict[str, Any]]]:
        """What each menu shows as chosen."""
        return {
            item["custom_id"]: item.get("default_values", [])
            for row in self.message.components
            for item in row["components"]
            if item["type"] != BUTTON
        }

    @property
    def buttons(self) -> list[str]:
        return [item["label"] for item in self.message.components[-1]["components"]]


async def opened(desk: Desk, channel: simcord.ChannelHandle, admin: simcord.MemberActor) -> Panel:
    result = await admin.slash(channel, "settings")
    assert result.ephemeral
    assert result.response
    return Panel(admin, result.response, desk)


@pytest.fixture
async def panel(desk: Desk, channel: simcord.ChannelHandle, admin: simcord.MemberActor) -> Panel:
    return await opened(desk, channel, admin)


async def test_a_fresh_panel_says_in_plain_words_what_holds(
    panel: Panel,
) -> None:
    assert panel.told == FRESH
    assert panel.preset == {CHANNELS: [], ROLES: [], HELPERS: []}
    assert panel.buttons == ["Show answers to the asker alone"]


async def test_each_choice_is_kept_and_shown_in_the_same_message(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    helpers: simcord.RoleHandle,
    panel: Panel,
) -> None:
    await panel.choose(CHANNELS, channel)
    await panel.choose(ROLES, helpers)
    await panel.choose(HELPERS, helpers)
    await panel.press("Show answers to the asker alone")
    assert panel.kept == ServerSettings((channel.id,), (helpers.id,), helpers.id, private=True)
    assert len(channel.history(viewer=panel.admin)) == 1
    assert panel.line("Where") == channel.mention
    assert panel.line("Who may") == helpers.mention
    assert panel.line("Who sees").startswith("only who asked")
    assert DIRECT_MESSAGES in panel.told
    assert panel.preset == {
        CHANNELS: [{"id": channel.id, "type": "channel"}],
        ROLES: [{"id": helpers.id, "type": "role"}],
        HELPERS: [{"id": helpers.id, "type": "role"}],
    }
    assert all(body["allowed_mentions"] == {"parse": []} for body in sent(simcord_env, "PATCH"))


async def test_a_choice_can_be_taken_back(
    channel: simcord.ChannelHandle, helpers: simcord.RoleHandle, panel: Panel
) -> None:
    for menu, value in ((CHANNELS, channel), (ROLES, helpers), (HELPERS, helpers)):
        await panel.choose(menu, value)
        await panel.choose(menu)
    await panel.press("Show answers to the asker alone")
    await panel.press("Show answers to everyone")
    assert panel.kept == ServerSettings()
    assert panel.told == FRESH


async def test_a_choice_holds_at_once(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    helpers: simcord.RoleHandle,
    panel: Panel,
) -> None:
    await panel.choose(ROLES, helpers)
    assert said(await member.slash(channel, "ask", question="who?")) == NOT_YOU.content
    await panel.choose(ROLES, member.guild.default_role)
    assert panel.line("Who may") == "everyone."
    assert "Jürgen" in said(await member.slash(channel, "ask", question="who?"))


async def test_a_panel_from_before_a_restart_works_on(
    channel: simcord.ChannelHandle,
    helpers: simcord.RoleHandle,
    panel: Panel,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    await panel.choose(CHANNELS, channel)
    panel.desk = await restart()
    await panel.choose(ROLES, helpers)
    assert panel.kept == ServerSettings((channel.id,), (helpers.id,))
    assert panel.line("Where") == channel.mention


class TestWhoMay:
    async def test_a_member_to_whom_it_was_handed_is_shown_nothing(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
    ) -> None:
        await let(simcord_env, server, member, "settings")
        result = await member.slash(channel, "settings")
        assert result.ephemeral
        assert said(result) == MAY_NOT_MANAGE.content

    async def test_whoever_lost_the_right_meanwhile_changes_nothing(
        self, simcord_env: simcord.Env, channel: simcord.ChannelHandle, panel: Panel
    ) -> None:
        take_rights(simcord_env, panel.admin.guild, "keepers")
        refused = [
            await panel.choose(CHANNELS, channel),
            await panel.press("Show answers to the asker alone"),
        ]
        for result in refused:
            assert result.ephemeral
            assert said(result) == MAY_NOT_MANAGE.content
        assert panel.kept == ServerSettings()
        assert panel.told == FRESH

    async def test_discord_is_told_that_it_is_for_admins_in_servers(
        self, simcord_env: simcord.Env
    ) -> None:
        (synced,) = sent(simcord_env, "PUT")
        (command,) = [command for command in synced if command["name"] == "settings"]
        assert command["default_member_permissions"] == 32
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]


class TestWhatIsGone:
    async def test_that_every_channel_and_role_is_gone_is_said_with_the_way_out(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        helpers: simcord.RoleHandle,
        panel: Panel,
    ) -> None:
        old = server.create_text_channel("old")
        await panel.choose(CHANNELS, old)
        await panel.choose(ROLES, helpers)
        await panel.choose(HELPERS, helpers)
        simcord_env.backend.delete_channel(old.id)
        simcord_env.backend.delete_role(server.id, helpers.id)
        panel = await opened(panel.desk, channel, panel.admin)
        assert panel.line("Where").startswith("**nowhere**, since all that was chosen is gone.")
        assert panel.line("Who may").startswith("**nobody**, since all that was chosen is gone.")
        assert panel.line("Whom") == "nobody, since the role is gone. Please choose another."
        assert panel.preset == {CHANNELS: [], ROLES: [], HELPERS: []}
        await panel.press("Forget what is gone")
        assert panel.kept == ServerSettings()
        assert panel.told == FRESH
        assert panel.buttons == ["Show answers to the asker alone"]

    async def test_what_is_left_stays_chosen_when_the_rest_is_forgotten(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor, desk: Desk
    ) -> None:
        some_gone = ServerSettings((1, channel.id, 2), private=True)
        await desk.state.servers.change(admin.guild.id, lambda _: some_gone)
        panel = await opened(desk, channel, admin)
        assert panel.line("Where") == f"{channel.mention} (2 more chosen, now gone)"
        await panel.press("Forget what is gone")
        assert panel.kept == ServerSettings((channel.id,), private=True)


class TestTheHelperRole:
    async def test_one_that_cannot_be_pinged_is_told_with_both_remedies(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        helpers: simcord.RoleHandle,
        panel: Panel,
    ) -> None:
        server = panel.admin.guild
        edit_role, bots_own = simcord_env.backend.edit_role, server.roles["TestBot"]
        all_but_ping = discord.Permissions(send_messages=True, view_channel=True)
        edit_role(server.id, bots_own.id, {"permissions": all_but_ping.value})
        await panel.choose(HELPERS, helpers)
        told = panel.line("Whom")
        assert told.startswith(f"{helpers.mention}, but I can't ping it.")
        assert "Allow anyone to mention that role" in told
        assert r"“Mention \@everyone, \@here and All Roles”" in told
        edit_role(server.id, helpers.id, {"mentionable": True})
        panel = await opened(panel.desk, channel, panel.admin)
        assert panel.line("Whom") == helpers.mention

    async def test_with_the_right_the_bot_pings_any(
        self, helpers: simcord.RoleHandle, panel: Panel
    ) -> None:
        await panel.choose(HELPERS, helpers)
        assert panel.line("Whom") == helpers.mention

    async def test_everyone_is_not_taken_for_one(
        self, server: simcord.GuildHandle, panel: Panel
    ) -> None:
        await panel.choose(HELPERS, server.default_role)
        assert panel.kept == ServerSettings()
        assert panel.told == f"{FRESH}\n{NOT_EVERYONE}"


class TestTwoAdmins:
    async def test_at_two_panels_undo_nothing_of_each_other(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        helpers: simcord.RoleHandle,
        panel: Panel,
    ) -> None:
        server = panel.admin.guild
        pat = server.add_member(simcord_env.create_user("pat"), roles=[server.roles["keepers"]])
        theirs = await opened(panel.desk, channel, pat)
        await panel.choose(CHANNELS, channel)
        await theirs.choose(ROLES, helpers)
        assert panel.kept == ServerSettings((channel.id,), (helpers.id,))
        assert theirs.line("Where") == channel.mention

    async def test_in_the_same_moment_undo_nothing_of_each_other(self, tmp_path: Path) -> None:
        state = State(tmp_path / "shared", keep_days=1)
        await state.open()
        servers = state.servers
        await asyncio.gather(
            servers.change(1, lambda now: replace(now, channels=(2,))),
            servers.change(1, lambda now: replace(now, roles=(3,))),
            servers.change(1, lambda now: replace(now, helper_role=4)),
            servers.change(1, lambda now: replace(now, private=True)),
        )
        wanted = ServerSettings((2,), (3,), 4, private=True)
        assert servers.of(1) == wanted
        await servers.load()
        assert servers.of(1) == wanted
        await state.close()


async def test_a_choice_that_cannot_be_kept_is_told_on_the_panel_which_stays(
    desk: Desk, channel: simcord.ChannelHandle, panel: Panel
) -> None:
    let_nothing_be_kept(desk)
    await panel.choose(CHANNELS, channel)
    told = panel.told
    assert told.startswith(FRESH)
    assert "I could not keep that choice, so nothing has changed." in told
    assert "-# Reference: " in told
    assert panel.preset[CHANNELS] == []
    assert panel.kept == ServerSettings()


def let_nothing_be_kept(desk: Desk) -> None:
    in_file(
        desk.state.path,
        "CREATE TRIGGER full BEFORE INSERT ON servers "
        "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    )


IDS = st.integers(10**18, 2**63 - 1)
MANY = st.lists(IDS, max_size=25, unique=True).map(tuple)


@given(MANY, MANY, st.none() | IDS, st.booleans(), st.data())
def test_whatever_is_chosen_the_panel_fits_into_one_message(
    channels: tuple[int, ...],
    roles: tuple[int, ...],
    helpers: int | None,
    private: bool,  # noqa: FBT001  # drawn
    draw: st.DataObject,
) -> None:
    settings = ServerSettings(channels, roles, helpers, private)
    left = LeftOnServer(
        tuple(draw.draw(st.sets(st.sampled_from(channels)))) if channels else (),
        tuple(draw.draw(st.sets(st.sampled_from(roles)))) if roles else (),
        draw.draw(st.sampled_from([helpers, None])),
        draw.draw(st.booleans()),
    )
    reply = render_settings(settings, left, "x" * 300)
    assert units(reply.content) <= LIMIT
    assert len(reply.rows) == 4
