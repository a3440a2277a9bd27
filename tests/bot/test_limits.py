"""Where, by whom and how often the bot may be asked, and what is told to those who wait."""

import asyncio
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
import simcord
from stand_ins import HeldEngine, answer_of, begin, in_line, last, said, until

from bot.asking import conversation
from bot.asking.admission import Admission
from bot.asking.conversation import IN_LINE, LOOKING
from bot.asking.desk import Desk
from bot.asking.line import Line
from bot.asking.question import Asker, Question
from bot.records import ServerSettings
from bot.refusals import Busy
from bot.rendering.declined import NOT_YOU, SERVER_BUSY
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings

QUESTION = "who is the secretary general of interpol"
ANSWER = "Jürgen Stock"


def mention(env: simcord.Env) -> str:
    assert env.bot.user
    return f"<@{env.bot.user.id}> {QUESTION}"


class TestChannelsAndRoles:
    async def test_elsewhere_one_is_told_where_privately(
        self,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        other = server.create_text_channel("elsewhere")
        await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(channel.id,)))
        refused = await member.slash(other, "ask", question=QUESTION)
        assert refused.ephemeral
        assert channel.mention in said(refused)
        assert ANSWER in said(await member.slash(channel, "ask", question=QUESTION))

    async def test_a_mention_elsewhere_is_told_where_too(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        other = server.create_text_channel("elsewhere")
        await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(channel.id,)))
        await member.send(other, mention(simcord_env))
        assert channel.mention in last(other).content

    async def test_threads_of_a_channel_are_in_it(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(channel.id,)))
        words = await member.send(channel, "let us talk")
        found = simcord_env.bot.get_channel(channel.id)
        assert found
        await words.create_thread(name="talk")
        await simcord_env.settle()
        (thread,) = channel.threads
        assert ANSWER in said(await member.slash(thread, "ask", question=QUESTION))

    async def test_without_the_role_one_is_told_so(
        self,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        simcord_env: simcord.Env,
        desk: Desk,
    ) -> None:
        role = server.create_role("readers")
        await desk.state.servers.change(server.id, lambda _: ServerSettings(roles=(role.id,)))
        reader = server.add_member(simcord_env.create_user("rae"), roles=[role])
        assert said(await member.slash(channel, "ask", question=QUESTION)) == NOT_YOU.content
        assert ANSWER in said(await reader.slash(channel, "ask", question=QUESTION))

    @pytest.mark.parametrize("label", ["More context", "Other passages (3)", "Follow up"])
    async def test_no_button_gives_more_without_the_role(
        self,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
        label: str,
    ) -> None:
        answer = answer_of(await member.slash(channel, "ask", question=QUESTION))
        role = server.create_role("readers")
        await desk.state.servers.change(server.id, lambda _: ServerSettings(roles=(role.id,)))
        pressed = await member.click(answer, label=label)
        assert said(pressed) == NOT_YOU.content
        assert pressed.ephemeral

    async def test_what_one_server_sets_does_not_bind_another(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        desk: Desk,
    ) -> None:
        await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(1,)))
        elsewhere = simcord_env.create_guild("Another")
        channel = elsewhere.create_text_channel("questions")
        ben = elsewhere.add_member(simcord_env.create_user("ben"))
        assert ANSWER in said(await ben.slash(channel, "ask", question=QUESTION))

    async def test_answers_are_private_where_admins_say_so_and_the_asker_does_not(
        self,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        await desk.state.servers.change(server.id, lambda _: ServerSettings(private=True))
        unsaid = await member.slash(channel, "ask", question=QUESTION)
        public = await member.slash(channel, "ask", question=QUESTION, private=False)
        assert (unsaid.ephemeral, public.ephemeral) == (True, False)


class TestCooldown:
    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(member_questions_a_minute=2, server_questions_a_minute=3)

    async def test_a_member_who_asks_too_fast_is_told_when_to_ask_again(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor
    ) -> None:
        for _ in range(2):
            assert ANSWER in said(await member.slash(channel, "ask", question=QUESTION))
        refused = await member.slash(channel, "ask", question=QUESTION)
        assert refused.ephemeral
        assert re.search(r"ask again in \d+ s", said(refused))

    async def test_a_server_that_asks_too_fast_is_told_so_and_others_are_served(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
    ) -> None:
        members = [server.add_member(simcord_env.create_user(name)) for name in "abcd"]
        given = [said(await one.slash(channel, "ask", question=QUESTION)) for one in members]
        assert given[3] == SERVER_BUSY.content
        assert all(ANSWER in one for one in given[:3])
        zoe = simcord_env.create_user("zoe")
        assert ANSWER in said(await zoe.slash("ask", question=QUESTION))

    async def test_what_is_refused_since_the_server_is_busy_does_not_count(
        self, server: simcord.GuildHandle, simcord_env: simcord.Env, channel: simcord.ChannelHandle
    ) -> None:
        members = [server.add_member(simcord_env.create_user(name)) for name in "abc"]
        for one in members:
            await one.slash(channel, "ask", question=QUESTION)
        refused = [await members[0].slash(channel, "ask", question=QUESTION) for _ in range(3)]
        assert {said(one) for one in refused} == {SERVER_BUSY.content}

    async def test_after_a_minute_one_may_ask_again(
        self, limits: DiscordSettings, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 1000.0
        monkeypatch.setattr(time, "time", lambda: now)
        door = Admission(limits, desk.state.servers, 1000)
        asker = Asker(7, None, (1,))
        assert [door.refusal(asker, QUESTION) is None for _ in range(3)] == [True, True, False]
        now += 61
        assert door.refusal(asker, QUESTION) is None

    async def test_a_refusal_of_the_channel_costs_nothing(
        self, limits: DiscordSettings, desk: Desk
    ) -> None:
        await desk.state.servers.change(5, lambda _: ServerSettings(channels=(1,)))
        door = Admission(limits, desk.state.servers, 1000)
        for _ in range(5):
            refused = door.refusal(Asker(7, 5, (2,)), QUESTION)
            assert refused
            assert "<#1>" in refused.content
        assert door.refusal(Asker(7, 5, (1,)), QUESTION) is None


class TestTheLine:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    @pytest.fixture
    def limits(self) -> DiscordSettings:
        return DiscordSettings(workers=1, waiting=2)

    async def test_who_waits_is_told_how_many_are_before_and_then_answered(
        self, desk: Desk, held_engine: HeldEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversation, "PLACE_SECONDS", 0.05)
        await desk.open()
        told: list[list[str]] = [[], [], []]

        async def ask(number: int) -> None:
            async def edit(reply: Reply) -> Any:
                told[number].append(reply.content)
                return SimpleNamespace(id=number, channel=SimpleNamespace(id=1))

            question = Question(f"who is {number}?", Asker(7, None, (1,)), "slash")
            await conversation.converse(desk, question, edit, acknowledged=True)

        asking = [asyncio.create_task(ask(number)) for number in range(3)]
        await until(lambda: all(told[1:]))
        assert not told[0]
        assert [each[0] for each in told[1:]] == [IN_LINE.format(ahead=n) for n in (1, 2)]
        held_engine.let_ask.set()
        await asyncio.gather(*asking)
        assert all(ANSWER in each[-1] for each in told)

    async def test_who_sees_nothing_yet_is_told_that_it_is_looked_up(
        self, desk: Desk, held_engine: HeldEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversation, "PLACE_SECONDS", 0.05)
        await desk.open()
        told: list[str] = []

        async def edit(reply: Reply) -> Any:
            told.append(reply.content)
            return SimpleNamespace(id=1, channel=SimpleNamespace(id=1))

        question = Question("who?", Asker(7, None, (1,)), "mention")
        asking = asyncio.create_task(
            conversation.converse(desk, question, edit, acknowledged=False)
        )
        await until(lambda: bool(told))
        held_engine.let_ask.set()
        await asking
        assert told[0] == LOOKING
        assert ANSWER in told[1]
        assert len(told) == 2

    async def test_a_place_that_discord_does_not_take_holds_no_answer_up_for_ever(
        self, desk: Desk, held_engine: HeldEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversation, "PLACE_SECONDS", 0.05)
        monkeypatch.setattr(conversation, "EDIT_SECONDS", 0.2)
        told = await self.two_answers(desk, held_engine, discord_takes=3600)
        assert [ANSWER in each for each in told] == [False, True, True]

    async def test_an_answer_waits_for_what_discord_is_still_taking(
        self, desk: Desk, held_engine: HeldEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else that would be shown in its place."""
        monkeypatch.setattr(conversation, "PLACE_SECONDS", 0.05)
        told = await self.two_answers(desk, held_engine, discord_takes=0.3)
        assert told[0] == "on its way"
        assert ANSWER in told[1]  # of the first, which no one is before
        assert told[2] == IN_LINE.format(ahead=1)
        assert ANSWER in told[3]

    @staticmethod
    async def two_answers(desk: Desk, engine: HeldEngine, discord_takes: float) -> list[str]:
        """What two are told of whom the second waits, where news take Discord some seconds."""
        await desk.open()
        told: list[str] = []

        async def edit(reply: Reply) -> Any:
            if reply.content == IN_LINE.format(ahead=1):
                told.append("on its way")
                await asyncio.sleep(discord_takes)
            told.append(reply.content)
            return SimpleNamespace(id=1, channel=SimpleNamespace(id=1))

        question = Question("who?", Asker(7, None, (1,)), "slash")
        asking = [
            asyncio.create_task(conversation.converse(desk, question, edit, acknowledged=True))
            for _ in "ab"
        ]
        await until(lambda: told == ["on its way"])
        engine.let_ask.set()
        await asyncio.gather(*asking)
        return told

    def test_places_move_up_and_a_full_line_takes_no_one(self) -> None:
        line = Line(2, 2)
        turns = [line.turn() for _ in range(4)]
        first, *others = [turn.__enter__() for turn in turns]
        assert [one.ahead for one in (first, *others)] == [0, 0, 1, 2]
        with pytest.raises(Busy), line.turn():
            pass
        turns[0].__exit__(None, None, None)
        assert [one.ahead for one in others] == [0, 0, 1]
        assert len(line) == 3


class TestFifty:
    @pytest.fixture
    def engine(self, held_engine: HeldEngine) -> HeldEngine:
        return held_engine

    async def test_fifty_questions_at_once_are_each_answered_once(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        desk: Desk,
        held_engine: HeldEngine,
    ) -> None:
        for number in range(50):
            one = server.add_member(simcord_env.create_user(f"m{number}"))
            asking = one.slash(channel, "ask", question=f"who is {number}?")
            await begin(asking, in_line(desk, number + 1))
        held_engine.let_ask.set()
        await simcord_env.settle()
        told = [message.content for message in channel.history()]
        assert all(ANSWER in one for one in told)
        assert [one.rpartition(" ")[2] for one in told] == [f"{n}?" for n in range(50)]

    async def test_fifty_mentions_at_once_get_one_reply_each(
        self,
        simcord_env: simcord.Env,
        server: simcord.GuildHandle,
        channel: simcord.ChannelHandle,
        desk: Desk,
        held_engine: HeldEngine,
    ) -> None:
        assert simcord_env.bot.user
        for number in range(50):
            one = server.add_member(simcord_env.create_user(f"m{number}"))
            words = f"<@{simcord_env.bot.user.id}> who is {number}?"
            await begin(one.send(channel, words), in_line(desk, number + 1))
        held_engine.let_ask.set()
        await simcord_env.settle()
        asked = [one.id for one in channel.history() if not one.author.bot]
        replies = [one for one in channel.history() if one.author.bot]
        assert {one.reference.message_id for one in replies if one.reference} == set(asked)
        assert all(ANSWER in one.content for one in replies)
        assert len(replies) == len(asked) == 50
