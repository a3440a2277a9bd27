"""Questions in messages."""

from collections.abc import Callable

import discord
import pytest
import simcord
from stand_ins import last, said

from bot.asking import conversation
from bot.asking.desk import Desk
from bot.records import ServerSettings
from bot.rendering.declined import NOWHERE
from bot.rendering.help import HOW_TO_ASK

QUESTION = "who is the secretary general of interpol"


def bot_mention(env: simcord.Env) -> str:
    assert env.bot.user
    return f"<@{env.bot.user.id}>"


@pytest.mark.parametrize("form", ["{0} {1}", "{1} {0}", "hey {0}, {1}?"])
async def test_a_mention_anywhere_is_answered_by_one_reply(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    form: str,
) -> None:
    before = len(simcord_env.http_requests)
    asked = await member.send(channel, form.format(bot_mention(simcord_env), QUESTION))
    calls = simcord_env.http_requests[before:]
    assert [call.path.rpartition("/")[2] for call in calls] == ["typing", "messages"]
    body = calls[-1].json
    assert body
    assert body["enforce_nonce"]
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
    question, reply = channel.history()
    assert question.id == asked.id
    assert reply.reference
    assert reply.reference.message_id == asked.id
    assert "Jürgen Stock" in reply.content
    assert "Question:" not in reply.content
    assert reply.flags.suppress_embeds


async def test_a_mention_without_a_question_gets_one_sentence_of_help(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    await member.send(channel, f" {bot_mention(simcord_env)} ")
    assert last(channel).content == HOW_TO_ASK.content


async def test_other_messages_are_left_alone(
    channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    await member.send(channel, QUESTION)
    assert len(channel.history()) == 1


async def test_bots_and_webhooks_are_never_answered(
    simcord_env: simcord.Env, server: simcord.GuildHandle, channel: simcord.ChannelHandle
) -> None:
    other = server.add_member(simcord_env.create_user("other", bot=True))
    await other.send(channel, f"{bot_mention(simcord_env)} {QUESTION}")
    hook = server.create_webhook(channel)
    await hook.send(f"{bot_mention(simcord_env)} {QUESTION}")
    assert len(channel.history()) == 2


async def test_a_direct_message_needs_no_mention(simcord_env: simcord.Env) -> None:
    ann = simcord_env.create_user("ann")
    await ann.send_dm(QUESTION)
    assert "Jürgen Stock" in last(ann.dm_channel).content


async def test_where_the_bot_may_not_write_it_says_so_once_in_the_log(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    logs: Callable[[], str],
) -> None:
    simcord_env.inject_error(
        "POST", "/channels/*/messages", status=403, code=50013, times=None, message="no rights"
    )
    for _ in range(2):
        await member.send(channel, f"{bot_mention(simcord_env)} {QUESTION}")
    assert logs().count("event=cannot_reply") == 1
    assert len(channel.history()) == 2


async def test_a_passing_failure_to_reply_hides_no_later_refusal(
    simcord_env: simcord.Env,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    logs: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversation, "ANSWER_PAUSES", (0.0,))
    for status, code in ((503, 0), (503, 0), (403, 50013), (403, 50013)):
        simcord_env.inject_error(
            "POST", "/channels/*/messages", status=status, code=code, message="no"
        )
        await member.send(channel, f"{bot_mention(simcord_env)} {QUESTION}")
    lines = [line for line in logs().splitlines() if "event=cannot_reply" in line]
    assert ["Forbidden" in line for line in lines] == [True]
    assert logs().count("event=answer_undeliverable") == 2


async def test_no_privileged_intent_is_asked_for(simcord_env: simcord.Env) -> None:
    intents = simcord_env.bot.intents
    assert (
        intents.value == discord.Intents(guilds=True, guild_messages=True, dm_messages=True).value
    )


async def test_a_mention_of_the_bots_own_role_gets_help(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> None:
    guild, me = simcord_env.bot.get_guild(server.id), simcord_env.bot.user
    assert guild
    assert me
    (own,) = [role for role in guild.roles if role.managed]
    own.tags = discord.RoleTags({"bot_id": str(me.id)})  # Discord tells it, simcord does not
    await member.send(channel, f"<@&{own.id}> {QUESTION}")
    assert last(channel).content == HOW_TO_ASK.content


async def test_where_it_may_not_be_asked_it_says_so_once_a_minute(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
) -> None:
    other = server.create_text_channel("elsewhere")
    await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(other.id,)))
    for words in ("", "who leads it", "", "who leads it"):
        await member.send(channel, f"{bot_mention(simcord_env)} {words}")
    said = [one.content for one in channel.history() if one.author.bot]
    assert said == [f"I answer questions in these channels of this server: <#{other.id}>"]


async def test_of_the_channels_where_it_may_be_asked_those_that_are_left_are_named(
    simcord_env: simcord.Env,
    server: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
    desk: Desk,
) -> None:
    left, gone = server.create_text_channel("left"), server.create_text_channel("gone")
    simcord_env.backend.delete_channel(gone.id)
    await desk.state.servers.change(
        server.id, lambda _: ServerSettings(channels=(gone.id, left.id))
    )
    assert said(await member.slash(channel, "ask", question=QUESTION)).endswith(f": <#{left.id}>")
    await desk.state.servers.change(server.id, lambda _: ServerSettings(channels=(gone.id,)))
    assert said(await member.slash(channel, "ask", question=QUESTION)) == NOWHERE.content


async def test_whoever_asks_too_fast_is_told_once(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    for _ in range(12):
        await member.send(channel, f"{bot_mention(simcord_env)} {QUESTION}")
    said = [one.content for one in channel.history() if one.author.bot]
    assert len(said) == 7
    assert said[-1].startswith("That was quick!")


async def test_a_question_that_is_too_long_is_refused_kindly(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    await member.send(channel, f"{bot_mention(simcord_env)} who is {'x' * 1100}")
    assert last(channel).content.startswith("Your question is 1,107 characters long, and I read at")


async def test_where_the_history_is_hidden_it_answers_beside_the_question(
    simcord_env: simcord.Env, channel: simcord.ChannelHandle, member: simcord.MemberActor
) -> None:
    simcord_env.inject_error(
        "POST", "/channels/*/messages", status=400, code=160002, times=1, message="no history"
    )
    await member.send(channel, f"{bot_mention(simcord_env)} {QUESTION}")
    assert "Jürgen Stock" in last(channel).content
    assert last(channel).reference is None


async def test_a_direct_message_that_forwards_another_gets_help(
    simcord_env: simcord.Env,
) -> None:
    ann = simcord_env.create_user("ann")
    first = await ann.send_dm("who leads interpol")
    forward = {"type": 1, "channel_id": str(ann.dm_channel.id), "message_id": str(first.id)}
    await ann.send_dm("", reference=forward)
    assert last(ann.dm_channel).content == HOW_TO_ASK.content
