"""What members do and see, on the wire: login, commands, questions, mentions, reindexing."""

from . import payloads, rules
from .api import COMMANDS
from .discord_server import DiscordServer, until
from .gateway import PRIVILEGED
from .payloads import DIRECT_CHANNEL_ID, MANAGER, OTHER_MEMBER
from .process import CORPUS, Program
from .state import MARKS

QUESTION = "Who is the Secretary General of INTERPOL?"
ARTICLE = (CORPUS / "london-interior-commitments.txt").read_text(encoding="utf-8")
ANSWER = "Secretary General Jürgen Stock"


async def test_the_bot_logs_in_without_any_privileged_intent(running: DiscordServer) -> None:
    identify = running.gateway.identifies[0]
    assert identify["intents"] & PRIVILEGED == 0
    assert identify["shard"] == [0, 1]
    await until(lambda: running.gateway.heartbeats >= 2, "heartbeats")


async def test_commands_are_registered_once(running: DiscordServer) -> None:
    assert len(running.requests("PUT", COMMANDS)) == 1
    assert running.requests("POST", COMMANDS) == []
    assert {"ask", "reindex"} <= {command["name"] for command in running.api.commands}


async def test_a_question_is_acknowledged_and_answered_by_one_edit(running: DiscordServer) -> None:
    asked = await running.interaction("ask", {"question": QUESTION})
    answer = await running.final(asked)
    assert ANSWER in answer
    assert asked.acknowledged_after < 3
    assert [message.edits for message in asked.shown] == [1]
    assert not asked.shown[0].ephemeral


async def test_the_answer_is_a_verbatim_quote_with_its_place(running: DiscordServer) -> None:
    asked = await running.interaction("ask", {"question": QUESTION})
    await running.final(asked)
    lines = asked.shown[0].text.splitlines()
    quoted = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert MARKS.sub("", quoted[0]) in ARTICLE
    assert any("London Interior Commitments" in line for line in lines if line not in quoted)


async def test_a_question_without_an_answer_is_told_so(running: DiscordServer) -> None:
    asked = await running.interaction("ask", {"question": "How do I bake sourdough bread?"})
    answer = await running.final(asked)
    assert "couldn't find" in answer


async def test_a_private_question_is_answered_to_the_asker_alone(running: DiscordServer) -> None:
    asked = await running.interaction("ask", {"question": QUESTION, "private": True})
    assert ANSWER in await running.final(asked)
    assert [message.ephemeral for message in asked.shown] == [True]


async def test_a_mention_is_answered_once(running: DiscordServer) -> None:
    question = await running.mention(QUESTION)
    reply = await running.reply(question, ANSWER)
    assert running.replies(question) == [reply]
    assert reply.reference is not None
    assert str(reply.reference["message_id"]) == question.id


async def test_a_direct_message_is_answered(running: DiscordServer) -> None:
    question = await running.write(QUESTION, channel_id=DIRECT_CHANNEL_ID)
    await running.reply(question, ANSWER)


async def test_a_message_that_does_not_name_the_bot_is_left_alone(running: DiscordServer) -> None:
    chatter = await running.write("Nobody asked the bot anything here, did they")
    question = await running.mention(QUESTION, member=OTHER_MEMBER)
    await running.reply(question, ANSWER)
    assert running.replies(chatter) == running.replies(question)


async def test_a_question_cannot_ping_anyone(running: DiscordServer) -> None:
    words = f"Tell @everyone and <@{payloads.OWNER_ID}> who leads the INTERPOL organisation"
    asked = await running.interaction("ask", {"question": words})
    await running.final(asked)
    body = running.requests("PATCH", rules.ORIGINAL)[-1].body
    assert body["allowed_mentions"]["parse"] == []


async def test_ten_questions_at_once_are_all_acknowledged_and_answered(
    running: DiscordServer,
) -> None:
    asked = [await running.interaction("ask", {"question": QUESTION}) for _ in range(10)]
    answers = [await running.final(one) for one in asked]
    assert all(ANSWER in answer for answer in answers)
    assert all(one.acknowledged_after < 3 for one in asked)
    assert [len(one.shown) for one in asked] == [1] * 10


async def test_reindexing_is_done_for_a_member_who_may(
    running: DiscordServer, shared: tuple[DiscordServer, Program]
) -> None:
    _, program = shared
    asked = await running.interaction("reindex", member=MANAGER)
    meanwhile = await running.interaction("ask", {"question": QUESTION})
    await until(
        lambda: any("Nothing has changed" in m.plain for m in asked.shown), "the report", 60
    )
    assert ANSWER in await running.final(meanwhile)
    assert len(asked.shown) == 1
    assert "event=reindexed" in program.log()
    afterwards = await running.interaction("ask", {"question": QUESTION})
    assert ANSWER in await running.final(afterwards)


async def test_the_report_is_a_message_of_the_channel_once_its_own_can_no_longer_be_edited(
    running: DiscordServer,
) -> None:
    asked = await running.interaction("reindex", member=MANAGER)
    await running.acknowledged(asked)
    asked.expired = True
    report = await running.reply(asked.shown[0], "Nothing has changed", 60)
    await running.quiet()
    assert running.replies(asked.shown[0]) == [report]


async def test_reindexing_is_refused_to_a_member_who_may_not(
    running: DiscordServer, shared: tuple[DiscordServer, Program]
) -> None:
    _, program = shared
    before = program.log().count("event=reindexed")
    asked = await running.interaction("reindex")
    assert "manage this server" in await running.final(asked)
    assert [message.ephemeral for message in asked.shown] == [True]
    assert program.log().count("event=reindexed") == before


async def test_commands_are_offered_as_discord_shows_them(running: DiscordServer) -> None:
    commands = {command["name"]: command for command in running.api.commands}
    assert int(commands["reindex"]["default_member_permissions"]) == payloads.MANAGE_GUILD
    options = {option["name"]: option for option in commands["ask"]["options"]}
    assert options["question"]["required"]
    assert not options["private"].get("required", False)
