"""`/why` and "Why this answer?": how an answer came about, to admins alone."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import simcord
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import MakeEngine
from stand_ins import last, let, said, sent, tell

from bot.asking.desk import Desk
from bot.rendering.cut import units
from bot.rendering.declined import MAY_NOT_MANAGE
from bot.rendering.reply import LIMIT
from bot.rendering.why import NOT_KNOWN, NOT_MINE, render_why
from index import Answer, Before, Considered, Engine, Explanation
from index.records import Chunk, Hit, Reading, Span

QUESTION = "who is the secretary general of interpol"
MENU = "Why this answer?"
DOCUMENT = "london-interior-commitments.txt"
MESSAGE = 3


async def test_every_passage_is_told_with_its_scores_and_what_cut_it(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor, real_engine: Engine
) -> None:
    result = await admin.slash(channel, "why", question=QUESTION)
    assert result.ephemeral
    head, asked, facts, *passages = tell(said(result)).splitlines()
    considered = real_engine.explain(QUESTION).considered
    best = considered[0].hit.chunk
    assert head == "**Why?** Direct match, 1 quote."
    assert asked == f"-# Question: {QUESTION}"
    assert re.fullmatch(
        rf"-# Language: en · {len(considered)} passages considered · opening \d+ ms, "
        r"search \d+ ms, read \d+ ms, answer \d+ ms",
        facts,
    )
    assert passages[0] == f"**1 shown** · {DOCUMENT}, characters {best.start}–{best.end}"
    assert passages[1] == "> The ministers called for the expansion of the…"
    assert re.fullmatch(
        r"-# probability 0\.\d{3} · vector 0\.\d\d · words \d+\.\d\d · fused 0\.\d\d · "
        r"relevance -?\d+\.\d\d · above -?\d+\.\d\d · answered -?\d+\.\d\d",
        passages[2],
    )
    assert passages[3].startswith("**2 not the best, and its probability is under 0.85** · ")
    told = sum(line.startswith("**") for line in passages)
    assert passages[-1] == f"-# … and {len(considered) - told} more passages"
    assert told >= 6


def test_what_only_a_button_shows_is_told_apart(real_engine: Engine) -> None:
    found = real_engine.explain(QUESTION)
    first, second, *_ = found.considered
    quoted = replace(found, considered=(first, replace(second, cut=None)))
    told = tell(render_why(quoted, None, None).content)
    assert "**1 shown** · " in told
    assert "**2 under *Other passages*** · " in told


async def test_both_halves_of_a_question_have_their_passages(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    told = said(await admin.slash(channel, "why", question="who met remotely and who was there"))
    assert "**Asked as:** who met remotely\n**1 " in told
    assert "**Asked as:** who was there\n**1 " in told


async def test_a_quote_that_names_the_topic_is_said_to(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    told = said(await admin.slash(channel, "why", question="is ransomware mentioned?"))
    assert "**1 shown, names the topic** · " in told
    assert told.count("names the topic") == 1


async def test_of_small_talk_it_says_that_nothing_was_searched(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    told = said(await admin.slash(channel, "why", question="hello"))
    assert told.splitlines() == [
        "**Why?** Not answered: nothing was asked, so nothing was searched.",
        "-# Question: hello",
    ]


async def test_what_cannot_be_asked_is_told_as_to_a_member(
    channel: simcord.ChannelHandle, admin: simcord.MemberActor
) -> None:
    told = said(await admin.slash(channel, "why", question="  "))
    assert told == "The question is empty; write what you want to know."


async def test_members_to_whom_they_were_handed_are_shown_nothing(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> None:
    for command in ("why", MENU):
        await let(simcord_env, server, member, command)
    refused = [await member.slash(channel, "why", question=QUESTION)]
    await member.slash(channel, "ask", question=QUESTION)
    refused.append(await member.context_menu(channel, MENU, last(channel)))
    for result in refused:
        assert result.ephemeral
        assert said(result) == MAY_NOT_MANAGE.content


class TestOfAnAnswer:
    async def test_it_is_explained_where_it_stands_and_after_a_restart(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
        restart: Callable[[], Awaitable[Desk]],
    ) -> None:
        await member.slash(channel, "ask", question=QUESTION)
        answer = last(channel)
        for _ in range(2):
            result = await admin.context_menu(channel, MENU, answer)
            assert result.ephemeral
            told = said(result)
            assert told.startswith(f"**Why?** Direct match, 1 quote.\n-# Question: {QUESTION}\n")
            assert "has changed" not in told
            await restart()

    async def test_one_that_followed_another_is_asked_so_again(
        self,
        simcord_env: simcord.Env,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
    ) -> None:
        assert simcord_env.bot.user
        me = simcord_env.bot.user.mention
        await member.send(channel, f"{me} who met remotely?")
        await member.send(channel, f"{me} and who joined in person?", reply_to=last(channel))
        told = said(await admin.context_menu(channel, MENU, last(channel)))
        assert "-# Question: and who joined in person?" in told
        assert "-# It follows: who met remotely?" in told

    async def test_a_message_of_another_is_none_of_mine(
        self, channel: simcord.ChannelHandle, admin: simcord.MemberActor
    ) -> None:
        message = await admin.send(channel, "Good morning.")
        assert said(await admin.context_menu(channel, MENU, message)) == NOT_MINE.content

    async def test_a_message_of_mine_that_is_no_answer_or_forgotten_is_told_as_that(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
        desk: Desk,
    ) -> None:
        await member.slash(channel, "ask", question=QUESTION)
        exchange = await desk.state.exchanges.find_by_message(last(channel).id)
        assert exchange
        await desk.state.exchanges.forget(exchange.name)
        assert said(await admin.context_menu(channel, MENU, last(channel))) == NOT_KNOWN.content


class TestWhenTheIndexChanged:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "_apples_.txt").write_text("**Apples** grow on trees.", encoding="utf-8")
        return corpus

    @pytest.fixture
    def engine(self, corpus: Path, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        engine = make_engine(corpus, tmp_path / "data")
        engine.reindex()
        return engine

    async def test_that_is_said_and_what_stands_in_documents_does_nothing(
        self,
        channel: simcord.ChannelHandle,
        admin: simcord.MemberActor,
        member: simcord.MemberActor,
        corpus: Path,
    ) -> None:
        await member.slash(channel, "ask", question="where do apples grow?")
        answer = last(channel)
        (corpus / "pears.txt").write_text("Pears grow on trees.", encoding="utf-8")
        await admin.slash(channel, "reindex")
        told = said(await admin.context_menu(channel, MENU, answer))
        assert "The index has changed since that answer: from generation 000001 to 000002." in told
        assert r"· \_apples\_.txt, characters 0–25" in told
        assert "\n> \\*\\*Apples\\*\\* grow on trees." in told


async def test_discord_is_told_whose_they_are_and_how_long_a_question_may_be(
    simcord_env: simcord.Env,
) -> None:
    (synced,) = sent(simcord_env, "PUT")
    known = {command["name"]: command for command in synced}
    assert known["why"]["options"][0]["max_length"] == 1000
    assert known[MENU]["type"] == MESSAGE
    for name in ("why", MENU):
        assert known[name]["default_member_permissions"] == 32
        assert known[name]["contexts"] == [0]
        assert known[name]["integration_types"] == [0]


WORDS = st.text(max_size=300) | st.sampled_from(
    ["*a* " * 90, "\u202e" * 200, "x" * 400, "@everyone"]
)
SCORES = st.floats(-99, 99)


@st.composite
def considered(draw: st.DrawFn, forms: list[str]) -> Considered:
    text = draw(WORDS.filter(bool))
    start = draw(st.integers(0, 10**7))
    chunk = Chunk(draw(WORDS), start, start + len(text), text, ())
    reading = draw(st.none() | st.builds(Reading, SCORES, SCORES, st.just(())))
    hit = Hit(chunk, None, draw(SCORES), draw(SCORES), draw(SCORES), reading)
    return Considered(
        asked=draw(st.sampled_from(forms)),
        hit=hit,
        title="",
        quote=Span(0, 1) if reading else None,
        probability=draw(st.floats(0, 1)) if reading else None,
        cut=draw(st.none() | WORDS),
    )


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    forms = draw(st.lists(WORDS, min_size=1, max_size=2))
    found = draw(st.lists(considered(forms), max_size=40))
    answer = Answer(draw(WORDS), answered=False, confidence=None, quotes=(), closest=(), ms=1.0)
    ms = {stage: draw(st.floats(0, 10**6)) for stage in ("opening", "search", "read", "answer")}
    return Explanation(answer, draw(st.none() | WORDS), tuple(found), ms, (), draw(WORDS))


@settings(deadline=None)
@given(explanations(), st.none() | st.builds(Before, WORDS, st.just(())), st.none() | WORDS)
def test_as_many_as_fit_are_shown_and_none_is_left_uncounted(
    explanation: Explanation, follows: Before | None, then: str | None
) -> None:
    told = render_why(explanation, follows, then).content
    assert units(told) <= LIMIT
    shown = re.findall(r"^\*\*\d+ ", told, re.MULTILINE)
    more = re.findall(r"^-# … and (\d+) more passages?$", told, re.MULTILINE)
    assert len(shown) + sum(map(int, more)) == len(explanation.considered)
    assert "@everyone" not in told.replace(r"\@", "")
