"""Questions that follow an answer: by a reply, a button, a thread, the menu of a message."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import simcord
from parts import MakeEngine
from stand_ins import last, said

from bot.asking.desk import Desk
from bot.controls.followups import FIELD
from bot.records import ServerSettings
from bot.rendering.cut import units
from bot.rendering.declined import CHANGED, FORGOTTEN, NO_WORDS, REPLY_UNREADABLE
from index import Engine

QUESTION = "who met remotely with the G7 security ministers"
NEXT = "and who joined in person?"
NEXT_ANSWER = "John Tien"
UNANSWERED = "how much did the meeting cost?"


def labels(message: object) -> list[str]:
    """The labels of what can be pressed, row by row."""
    rows = getattr(message, "components", [])
    return [button["label"] for row in rows for button in row["components"]]


@pytest.fixture
async def answer(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> simcord.InteractionResult:
    return await member.slash(channel, "ask", question=QUESTION)


async def test_a_question_by_itself_is_not_understood_as_one_that_follows(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    before, question, answer = "how many victims does ICSE find a day", "and offenders?", "12,000"
    asked = await member.slash(channel, "ask", question=before)
    assert asked.response
    form = await member.click(asked.response.message, label="Follow up")
    assert answer in said(await member.submit_modal(form, {FIELD: question}))
    assert answer not in said(await member.slash(channel, "ask", question=question))


async def test_the_button_opens_a_form_whose_question_follows_the_answer(
    answer: simcord.InteractionResult, member: simcord.MemberActor
) -> None:
    assert answer.response
    form = await member.click(answer.response.message, label="Follow up")
    assert form.modal
    assert form.modal["title"] == "Follow up"
    given = await member.submit_modal(form, {FIELD: NEXT})
    assert NEXT_ANSWER in said(given)
    assert f"-# Question: {NEXT}" in said(given)
    assert not given.ephemeral


async def test_the_button_works_after_a_restart(
    answer: simcord.InteractionResult,
    member: simcord.MemberActor,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    assert answer.response
    await restart()
    form = await member.click(answer.response.message, label="Follow up")
    await restart()
    given = await member.submit_modal(form, {FIELD: NEXT})
    assert NEXT_ANSWER in said(given)


async def test_a_follow_up_of_a_private_answer_is_private(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    private = await member.slash(channel, "ask", question=QUESTION, private=True)
    assert private.response
    form = await member.click(private.response.message, label="Follow up")
    given = await member.submit_modal(form, {FIELD: NEXT})
    assert given.ephemeral


async def test_a_reply_to_an_answer_of_a_command_cannot_be_read_and_is_told_what_can(
    answer: simcord.InteractionResult,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    simcord_env: simcord.Env,
) -> None:
    assert answer.response
    assert simcord_env.bot.user
    await member.send(channel, NEXT, reply_to=answer.response.message)
    assert last(channel).content == REPLY_UNREADABLE.content
    mention = f"<@{simcord_env.bot.user.id}>"
    await member.send(channel, f"{NEXT} {mention}", reply_to=answer.response.message)
    assert NEXT_ANSWER in last(channel).content


async def test_a_reply_that_pings_the_bot_follows_its_answer(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, simcord_env: simcord.Env
) -> None:
    assert simcord_env.bot.user
    await member.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    await member.send(channel, NEXT, reply_to=last(channel))
    assert NEXT_ANSWER in last(channel).content
    assert "Question" not in last(channel).content


async def test_a_reply_to_someone_else_is_left_alone(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, admin: simcord.MemberActor
) -> None:
    words = await admin.send(channel, "good morning")
    await member.send(channel, NEXT, reply_to=words)
    assert last(channel).content == NEXT


async def test_in_a_thread_of_the_answer_the_button_asks_there(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> None:
    assert simcord_env.bot.user
    await member.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    thread = await last(channel).create_thread(name="more")
    await simcord_env.settle()
    (handle,) = channel.threads
    asked = await member.slash(handle, "ask", question=QUESTION)
    assert asked.response
    form = await member.click(asked.response.message, label="Follow up")
    given = await member.submit_modal(form, {FIELD: NEXT})
    assert NEXT_ANSWER in said(given)
    assert given.response
    assert given.response.channel_id == thread.id


async def test_in_direct_messages_one_can_ask_reply_and_press(simcord_env: simcord.Env) -> None:
    zoe = simcord_env.create_user("zoe")
    await zoe.send_dm(QUESTION)
    answer = last(zoe.dm_channel)
    assert "Attorney General" in answer.content
    reference = {"channel_id": str(zoe.dm_channel.id), "message_id": str(answer.id)}
    await zoe.send_dm(NEXT, reference=reference)
    assert NEXT_ANSWER in last(zoe.dm_channel).content


async def test_what_a_message_says_can_be_asked_about_from_its_menu(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, admin: simcord.MemberActor
) -> None:
    words = await admin.send(channel, "who is the\nsecretary general of interpol")
    given = await member.context_menu(channel, "Ask about this", words)
    assert "Jürgen Stock" in said(given)
    assert given.ephemeral


async def test_of_a_long_message_one_chooses_what_to_ask(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, admin: simcord.MemberActor
) -> None:
    words = await admin.send(channel, "who is the secretary general of interpol? " + "la " * 400)
    form = await member.context_menu(channel, "Ask about this", words)
    assert form.modal
    given = await member.submit_modal(form, {FIELD: "who is the secretary general of interpol"})
    assert "Jürgen Stock" in said(given)


async def test_the_form_for_a_long_message_begins_with_as_much_of_it_as_is_whole(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, admin: simcord.MemberActor
) -> None:
    family = "👨‍👩‍👧‍👦"
    words = await admin.send(channel, "who" + family * 150)
    form = await member.context_menu(channel, "Ask about this", words)
    assert form.modal
    field = form.modal["components"][0]["component"]
    whole = (field["max_length"] - 3) // units(family)
    assert field["value"] == "who" + family * whole


async def test_of_a_message_names_are_asked_and_no_ids(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    admin: simcord.MemberActor,
) -> None:
    assert simcord_env.bot.user
    bot = f"<@{simcord_env.bot.user.id}>"
    words = await admin.send(
        channel, f"{bot} hey {member.mention} {channel.mention} who leads interpol <:wave:1234567>"
    )
    given = await member.context_menu(channel, "Ask about this", words)
    question = said(given).rpartition("Question: ")[2].replace("\\", "")
    assert question == "hey @ann #questions who leads interpol :wave:"


async def test_where_answers_are_private_so_is_that_to_a_follow_up(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    server: simcord.GuildHandle,
    desk: Desk,
) -> None:
    await desk.state.servers.change(server.id, lambda _: ServerSettings(private=True))
    assert simcord_env.bot.user
    await member.send(channel, f"<@{simcord_env.bot.user.id}> who is the head of interpol")
    form = await member.click(last(channel), label="Follow up")
    given = await member.submit_modal(form, {FIELD: "and who joined in person?"})
    assert given.ephemeral


async def test_a_message_without_words_is_told_so(
    channel: simcord.ChannelHandle, member: simcord.MemberActor, admin: simcord.MemberActor
) -> None:
    picture = await admin.send(channel, attachments=[("cat.png", b"a cat")])
    given = await member.context_menu(channel, "Ask about this", picture)
    assert said(given) == NO_WORDS.content


async def test_an_abstention_offers_to_rephrase_with_the_words_of_before(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    asked = await member.slash(channel, "ask", question=UNANSWERED)
    assert asked.response
    assert "Follow up" not in labels(asked.response)
    form = await member.click(asked.response.message, label="Rephrase")
    assert form.modal
    field = form.modal["components"][0]["component"]
    assert field["value"] == UNANSWERED
    given = await member.submit_modal(form, {FIELD: "who is the secretary general of interpol"})
    assert "Jürgen Stock" in said(given)


async def test_one_can_rephrase_after_a_restart(
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    restart: Callable[[], Awaitable[Desk]],
) -> None:
    asked = await member.slash(channel, "ask", question=UNANSWERED)
    assert asked.response
    await restart()
    form = await member.click(asked.response.message, label="Rephrase")
    assert form.modal
    assert form.modal["components"][0]["component"]["value"] == UNANSWERED
    await restart()
    given = await member.submit_modal(form, {FIELD: "who is the secretary general of interpol"})
    assert "Jürgen Stock" in said(given)


async def test_a_follow_up_is_held_to_the_channels_that_were_set_since(
    answer: simcord.InteractionResult,
    member: simcord.MemberActor,
    server: simcord.GuildHandle,
    desk: Desk,
) -> None:
    assert answer.response
    form = await member.click(answer.response.message, label="Follow up")
    other = server.create_text_channel("elsewhere")
    await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(other.id,)))
    given = await member.submit_modal(form, {FIELD: NEXT})
    assert f"<#{other.id}>" in said(given)
    assert given.ephemeral


async def test_more_context_is_shown_to_who_presses_alone_with_the_quote_bold(
    answer: simcord.InteractionResult, admin: simcord.MemberActor, real_engine: Engine
) -> None:
    assert answer.response
    shown = await admin.click(answer.response.message, label="More context")
    assert shown.ephemeral
    quote = real_engine.ask(QUESTION).quotes[0]
    wide = real_engine.around(quote, 1600)
    assert wide
    assert len(said(shown)) > len(said(answer))
    assert "> " in said(shown)
    assert f"**{quote.text.splitlines()[0][:20]}" in said(shown)


async def test_other_passages_are_shown_to_who_presses_alone(
    answer: simcord.InteractionResult, admin: simcord.MemberActor, real_engine: Engine
) -> None:
    assert answer.response
    (label,) = [one for one in labels(answer.response) if one.startswith("Other passages")]
    shown = await admin.click(answer.response.message, label=label)
    assert shown.ephemeral
    others = real_engine.explain(QUESTION).others
    assert label == f"Other passages ({len(others)})"
    assert said(shown).count("\n-# ") == len(others)
    assert "**" not in said(shown)


@pytest.mark.parametrize("label", ["More context", "Other passages"])
async def test_more_of_the_documents_is_shown_after_a_restart_as_before(
    answer: simcord.InteractionResult,
    member: simcord.MemberActor,
    restart: Callable[[], Awaitable[Desk]],
    label: str,
) -> None:
    assert answer.response
    (whole,) = [one for one in labels(answer.response) if one.startswith(label)]
    before = said(await member.click(answer.response.message, label=whole))
    await restart()
    assert said(await member.click(answer.response.message, label=whole)) == before


class TestWhatIsGone:
    @pytest.mark.parametrize("label", ["More context", "Other passages (3)", "Follow up"])
    async def test_a_forgotten_answer_is_said_to_be_one(
        self,
        answer: simcord.InteractionResult,
        member: simcord.MemberActor,
        desk: Desk,
        label: str,
    ) -> None:
        assert answer.response
        exchange = await desk.state.exchanges.find_by_message(answer.response.id)
        assert exchange
        await desk.state.exchanges.forget(exchange.name)
        shown = await member.click(answer.response.message, label=label)
        assert said(shown) == FORGOTTEN.content

    async def test_one_that_is_forgotten_while_the_form_is_filled_in_too(
        self, answer: simcord.InteractionResult, member: simcord.MemberActor, desk: Desk
    ) -> None:
        assert answer.response
        form = await member.click(answer.response.message, label="Follow up")
        exchange = await desk.state.exchanges.find_by_message(answer.response.id)
        assert exchange
        await desk.state.exchanges.forget(exchange.name)
        assert said(await member.submit_modal(form, {FIELD: NEXT})) == FORGOTTEN.content


class TestDocumentsThatChange:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir()
        (folder / "ferry.txt").write_text("The ferry leaves at noon.\n", encoding="utf-8")
        (folder / "bus.txt").write_text("The bus leaves at nine.\n", encoding="utf-8")
        return folder

    @pytest.fixture
    def engine(self, corpus: Path, tmp_path: Path, make_engine: MakeEngine) -> Engine:
        engine = make_engine(corpus, tmp_path / "data")
        engine.reindex()
        return engine

    async def test_what_no_longer_stands_there_is_not_shown_under_an_old_answer(
        self,
        channel: simcord.ChannelHandle,
        member: simcord.MemberActor,
        corpus: Path,
        engine: Engine,
    ) -> None:
        asked = await member.slash(channel, "ask", question="when does the ferry leave?")
        assert asked.response
        for name in ("ferry.txt", "bus.txt"):
            (corpus / name).write_text("Nothing leaves today.\n", encoding="utf-8")
        engine.reindex()
        pressed = [one for one in labels(asked.response) if one[0] in "MO"]
        assert len(pressed) == 2
        for label in pressed:
            assert said(await member.click(asked.response.message, label=label)) == CHANGED.content
