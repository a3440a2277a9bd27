"""A bot that is ended between its claim to post something and the post: never two, never none."""

from collections.abc import Awaitable, Callable

import discord
import pytest
import simcord
from people import People, calls, forget_where, name_of
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from stand_ins import Abstaining, answer_of, in_file, labels, said

from bot.asking.desk import Desk
from bot.connection.posted import CLAIM_SECONDS
from bot.rendering.calls import CALLED, WITHDRAWN
from bot.rendering.declined import (
    BEING_CALLED,
    BEING_SHARED,
    CALLED_THERE,
    CANNOT_LOOK_FOR_CALL,
    CANNOT_LOOK_FOR_SHARED,
    SHARED_ALREADY,
)
from index import Engine

LATER = CLAIM_SECONDS + 1


@pytest.fixture
def engine(real_engine: Engine) -> Engine:
    return Abstaining(real_engine)


def forbid_looking(env: simcord.Env, channel: simcord.ChannelHandle) -> None:
    """Take the bot's right to read back in a channel, as an admin can at any time."""
    assert env.bot.user
    right = discord.Permissions(read_message_history=True)
    taken = Overwrite(env.bot.user.id, OverwriteType.MEMBER, deny=right.value)
    env.backend.set_overwrite(channel.id, taken)


class TestACall:
    @pytest.fixture
    async def claimed(
        self, simcord_env: simcord.Env, desk: Desk, answer: discord.Message
    ) -> discord.Message:
        """An answer whose call was claimed by a press just now, and not posted."""
        assert await desk.state.calls.claim(
            await name_of(desk, answer), simcord_env.backend.snowflake()
        )
        return answer

    async def test_that_was_not_posted_is_posted_once_when_no_one_can_be_at_it_any_more(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        claimed: discord.Message,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        await restart()
        assert said(await people.ann.click(claimed, label="Ask a human")) == BEING_CALLED.content
        assert calls(channel) == []
        simcord_env.backend.advance_clock(LATER)
        assert said(await people.ann.click(claimed, label="Ask a human")) == CALLED.content
        said_again = said(await people.kim.click(claimed, label="Ask a human"))
        (call,) = calls(channel)
        assert said_again == CALLED_THERE.format(url=call.jump_url)

    async def test_that_was_posted_is_found_again_among_others_and_not_posted_twice(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        answer: discord.Message,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        await people.zoe.send(channel, "what was that?")
        await people.ann.click(answer, label="Ask a human")
        await people.zoe.send(channel, "ah")
        forget_where(await restart())
        simcord_env.backend.advance_clock(LATER)
        await people.zoe.send(channel, "and now?")
        said_again = said(await people.ann.click(answer, label="Ask a human"))
        (call,) = calls(channel)
        assert said_again == CALLED_THERE.format(url=call.jump_url)
        await people.ann.click(answer, label="Delete")
        withdrawn = WITHDRAWN.format(asker=people.ann.id)
        assert [one.content for one in channel.history() if one.id == call.id] == [withdrawn]

    async def test_of_which_nobody_can_tell_is_not_posted_again(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        claimed: discord.Message,
    ) -> None:
        simcord_env.backend.advance_clock(LATER)
        forbid_looking(simcord_env, channel)
        pressed = await people.ann.click(claimed, label="Ask a human")
        assert said(pressed) == CANNOT_LOOK_FOR_CALL.content
        assert calls(channel) == []

    async def test_that_can_only_be_made_after_a_vote_is_offered_again(
        self, simcord_env: simcord.Env, people: People, claimed: discord.Message
    ) -> None:
        for after, offered in ((0, []), (LATER, ["Ask a human"])):
            simcord_env.backend.advance_clock(after)
            form = await people.ann.click(claimed, label="Not helpful")
            voted = await people.ann.submit_modal(form, {"reason": "missed"})
            assert labels(answer_of(voted)) == offered

    async def test_that_was_posted_is_looked_for_when_its_answer_is_deleted(
        self,
        desk: Desk,
        channel: simcord.ChannelHandle,
        people: People,
        answer: discord.Message,
    ) -> None:
        await people.ann.click(answer, label="Ask a human")
        forget_where(desk)
        await people.ann.click(answer, label="Delete")
        (left,) = channel.history()
        assert left.content == WITHDRAWN.format(asker=people.ann.id)

    async def test_that_cannot_be_looked_for_keeps_no_answer_from_being_deleted(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        claimed: discord.Message,
    ) -> None:
        forbid_looking(simcord_env, channel)
        await people.ann.click(claimed, label="Delete")
        assert channel.history() == []


class TestAShare:
    @pytest.fixture
    async def private(self, channel: simcord.ChannelHandle, people: People) -> discord.Message:
        """An answer that ann alone sees."""
        asked = await people.ann.slash(channel, "ask", question="who leads interpol?", private=True)
        return answer_of(asked)

    @pytest.fixture
    async def claimed(
        self, simcord_env: simcord.Env, desk: Desk, private: discord.Message
    ) -> discord.Message:
        """One whose sharing was claimed by a press just now, and not done."""
        name = await name_of(desk, private)
        assert await desk.state.exchanges.claim_sharing(name, simcord_env.backend.snowflake())
        return private

    async def test_that_was_not_done_is_done_once_when_no_one_can_be_at_it_any_more(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        claimed: discord.Message,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        await restart()
        assert said(await people.ann.click(claimed, label="Share")) == BEING_SHARED.content
        assert channel.history() == []
        simcord_env.backend.advance_clock(LATER)
        await people.ann.click(claimed, label="Share")
        assert said(await people.ann.click(claimed, label="Share")) == SHARED_ALREADY.content
        assert len(channel.history()) == 1

    async def test_that_was_done_is_found_again_and_not_done_twice(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        private: discord.Message,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        await people.ann.click(private, label="Share")
        (public,) = channel.history()
        anew = await restart()
        not_noted = "UPDATE exchanges SET private = 1, message = ?"
        in_file(anew.state.path, not_noted, private.id)
        simcord_env.backend.advance_clock(LATER)
        assert said(await people.ann.click(private, label="Share")) == SHARED_ALREADY.content
        assert len(channel.history()) == 1
        exchange = await anew.state.exchanges.find_by_message(public.id)
        assert exchange
        assert not exchange.private

    async def test_of_which_nobody_can_tell_is_not_done_again(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        people: People,
        claimed: discord.Message,
    ) -> None:
        simcord_env.backend.advance_clock(LATER)
        forbid_looking(simcord_env, channel)
        assert (
            said(await people.ann.click(claimed, label="Share")) == CANNOT_LOOK_FOR_SHARED.content
        )
        assert channel.history() == []
