"""`/ask` on the real engine and article."""

import re

import pytest
import simcord
from stand_ins import Abstaining, said, sent, tell

from bot.asking.desk import Desk
from bot.connection.client import Client
from bot.rendering.words import ABSTAINED
from index import Engine

QUESTION = "who is the secretary general of interpol"
PLACE_LINE = 3
DEFER, EPHEMERAL = 5, 64


async def test_a_question_is_acknowledged_before_it_is_answered_by_one_edit(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    before = len(simcord_env.http_requests)
    await member.slash(channel, "ask", question=QUESTION)
    calls = simcord_env.http_requests[before:]
    assert [call.method for call in calls] == ["POST", "PATCH"]
    assert sent(simcord_env, "POST")[0]["type"] == DEFER
    assert calls[1].path.endswith("/messages/@original")


async def test_the_quote_stands_in_the_document_word_for_word(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, real_engine: Engine
) -> None:
    result = await member.slash(channel, "ask", question=QUESTION)
    lines = said(result).splitlines()
    quoted = tell(lines[0].removeprefix("> ").replace("**", ""))
    source = real_engine.source("london-interior-commitments.txt").text
    assert "Jürgen Stock" in quoted
    assert quoted in source
    place = re.search(r"line (\d+)", lines[1])
    assert place
    assert source.splitlines()[int(place[1]) - 1].find(quoted) >= 0


async def test_the_answer_says_how_sure_it_is_in_words_and_shows_no_score(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    result = await member.slash(channel, "ask", question=QUESTION)
    assert re.search(r"\*\*(Direct match|Related passage)\*\*", said(result))
    assert not re.search(r"0\.\d", said(result))


async def test_an_answer_is_public_unless_asked_for_privately(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    public = await member.slash(channel, "ask", question=QUESTION)
    private = await member.slash(channel, "ask", question=QUESTION, private=True)
    assert not public.ephemeral
    assert private.ephemeral
    flags = [body.get("data", {}).get("flags", 0) for body in sent(simcord_env, "POST")]
    assert flags == [0, EPHEMERAL]


async def test_no_mention_resolves_in_any_request(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    question = f"what would {member.mention} and @everyone say about interpol"
    result = await member.slash(channel, "ask", question=question)
    assert "\\@everyone" in said(result)
    assert member.mention not in said(result)
    assert [body["allowed_mentions"] for body in sent(simcord_env, "PATCH")] == [{"parse": []}]


async def test_a_question_of_blanks_is_refused_in_plain_words(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    result = await member.slash(channel, "ask", question="   ")
    assert said(result) == "The question is empty; write what you want to know."


async def test_discord_is_told_to_take_no_more_than_1000_characters(
    simcord_env: simcord.Env,
) -> None:
    (synced,) = sent(simcord_env, "PUT")
    (ask,) = [command for command in synced if command["name"] == "ask"]
    assert ask["options"][0]["max_length"] == 1000
    assert ask["contexts"] == [0, 1]
    assert ask["integration_types"] == [0]


class TestWithALongerQuestionAllowed:
    @pytest.fixture(params=[(4000, 4000), (7000, 6000)])
    def longest(self, request: pytest.FixtureRequest) -> tuple[int, int]:
        """What the setting says, and what Discord is told: it takes 6,000 at most."""
        pair: tuple[int, int] = request.param
        return pair

    @pytest.fixture
    async def simcord_bot(self, desk: Desk, longest: tuple[int, int]) -> Client:
        desk.longest_question = longest[0]
        return Client(desk)

    async def test_discord_takes_it(
        self, simcord_env: simcord.Env, longest: tuple[int, int]
    ) -> None:
        (synced,) = sent(simcord_env, "PUT")
        (ask,) = [command for command in synced if command["name"] == "ask"]
        assert ask["options"][0]["max_length"] == longest[1]


async def test_a_direct_message_can_use_the_command_too(simcord_env: simcord.Env) -> None:
    result = await simcord_env.create_user("zoe").slash("ask", question=QUESTION)
    assert "Jürgen Stock" in said(result)


class TestAbstaining:
    @pytest.fixture
    def engine(self, real_engine: Engine) -> Engine:
        return Abstaining(real_engine)

    async def test_an_abstention_says_so_and_names_the_closest_passage_as_such(
        self, channel: simcord.ChannelHandle, member: simcord.MemberActor
    ) -> None:
        result = await member.slash(channel, "ask", question=QUESTION)
        lines = said(result).splitlines()
        assert lines[0] == ABSTAINED["no answer"]
        assert lines[1] == "-# The closest passage, which may not answer it:"
        assert lines[2].startswith("> ")
        assert "**" not in lines[2]
        assert "line" in lines[PLACE_LINE]
