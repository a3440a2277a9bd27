"""What the buttons under an answer do."""

import discord

from bot.controls.followups import FIELD
from bot.records import ServerSettings
from bot.rendering.votes import REASON
from bot.settings import DiscordSettings
from pictures.asking import JOINED, MET, NEAR_MISS, WHO
from pictures.drawing import Shot
from pictures.room import LIBRARY, Room, reindex
from pictures.scenes import Chapter

BUTTONS = Chapter("The buttons")
BORROW = "how long may I borrow a book?"
ANOTHER_MISS = "how much did the meeting cost?"


@BUTTONS.scene("More context", "The Commitments noted … Jürgen Stock … An example")
async def more_context(room: Room) -> Shot:
    """What stands around the quote, to who pressed alone; the quote is bold in it."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    shown = await room.ann.click(given.response.message, label="More context")
    return Shot(room.channel, room.ann, shown)


@BUTTONS.scene("Other passages", "Other passages that were found", LIBRARY)
async def other_passages(room: Room) -> Shot:
    """What else was found, folded away until someone presses."""
    given = await room.ann.slash(room.channel, "ask", question=BORROW)
    shown = await room.ann.click(given.response.message, label="Other passages (3)")
    return Shot(room.channel, room.ann, shown)


@BUTTONS.scene("Follow up: the form", "Your question")
async def follow_up(room: Room) -> Shot:
    """A question that follows the answer can be short: it is understood from the one before."""
    given = await room.ann.slash(room.channel, "ask", question=MET)
    form = await room.ann.click(given.response.message, label="Follow up")
    return Shot(room.channel, room.ann, form)


@BUTTONS.scene("Follow up: the answer", "John Tien … and who joined in person?")
async def followed_up(room: Room) -> Shot:
    """The question before was who met remotely."""
    given = await room.ann.slash(room.channel, "ask", question=MET)
    form = await room.ann.click(given.response.message, label="Follow up")
    answer = await room.ann.submit_modal(form, {FIELD: JOINED})
    return Shot(room.channel, room.ann, answer)


@BUTTONS.scene(
    "Follow up: in a thread", "who met remotely with the G7 security ministers? … John Tien"
)
async def followed_up_in_thread(room: Room) -> Shot:
    """The same in a thread, where the answer comes into the thread too."""
    words = await room.ann.send(room.channel, "Let us read the article together.")
    await words.create_thread(name="The London meeting")
    await room.env.settle()
    (inside,) = room.channel.threads
    given = await room.ann.slash(inside, "ask", question=MET)
    form = await room.ann.click(given.response.message, label="Follow up")
    await room.ann.submit_modal(form, {FIELD: JOINED})
    return Shot(inside, room.ann, whole=True)


@BUTTONS.scene("Helpful", "Thanks, noted.")
async def helpful(room: Room) -> Shot:
    """Counted once for each member and answer, and kept without a name."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    thanks = await room.ann.click(given.response.message, label="Helpful")
    return Shot(room.channel, room.ann, thanks)


@BUTTONS.scene(
    "Not helpful", "What was wrong? … In your words", settings=DiscordSettings(keep_vote_words=True)
)
async def not_helpful(room: Room) -> Shot:
    """A form asks why; for words of one's own only where the operator has turned that on."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    form = await room.ann.click(given.response.message, label="Not helpful")
    return Shot(room.channel, room.ann, form)


@BUTTONS.scene("Not helpful: a person is offered", "A person may know more: Ask a human")
async def not_helped(room: Room) -> Shot:
    """Where the server has helpers, who asked and was not helped can call one."""
    await _with_helpers(room)
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    form = await room.ann.click(given.response.message, label="Not helpful")
    thanks = await room.ann.submit_modal(form, {REASON: "beside"})
    return Shot(room.channel, room.ann, thanks)


@BUTTONS.scene("Share", "Shared by @Ann", LIBRARY)
async def shared(room: Room) -> Shot:
    """A private answer, posted for all once its asker wants that."""
    given = await room.ann.slash(room.channel, "ask", question=BORROW, private=True)
    public = await room.ann.click(given.response.message, label="Share")
    return Shot(room.channel, room.ann, public)


@BUTTONS.scene("Delete, for others", "Only the one who asked can delete this answer")
async def delete_refused(room: Room) -> Shot:
    """The asker can delete an answer, and who may manage messages; anyone else is told so."""
    given = await room.kim.slash(room.channel, "ask", question=WHO)
    refused = await room.ann.click(given.response.message, label="Delete")
    return Shot(room.channel, room.ann, refused)


@BUTTONS.scene("Ask a human: offered", "Rephrase Ask a human")
async def human_offered(room: Room) -> Shot:
    """Where the documents do not answer and the server has helpers."""
    await _with_helpers(room)
    given = await room.ann.slash(room.channel, "ask", question=NEAR_MISS)
    return Shot(room.channel, room.ann, given)


@BUTTONS.scene(
    "Ask a human: before a private question is posted", "I'll post your question in this channel"
)
async def human_confirm(room: Room) -> Shot:
    """Others will see the question, so its asker is asked first."""
    await _with_helpers(room)
    given = await room.ann.slash(room.channel, "ask", question=NEAR_MISS, private=True)
    confirm = await room.ann.click(given.response.message, label="Ask a human")
    return Shot(room.channel, room.ann, confirm)


@BUTTONS.scene("Ask a human: waiting", "Waiting for someone to take it.")
async def human_waiting(room: Room) -> Shot:
    """One message pings the role of the helpers, once."""
    await _called(room)
    return Shot(room.channel, room.ann)


@BUTTONS.scene("Ask a human: taken", "Taken by @Kim")
async def human_taken(room: Room) -> Shot:
    """A helper has taken it; a second one who presses is told who has it."""
    await room.kim.click(await _called(room), label="I'll take it")
    return Shot(room.channel, room.ann)


@BUTTONS.scene("Ask a human: solved", "Solved by @Kim")
async def human_solved(room: Room) -> Shot:
    """The helper or the asker says so, and the buttons go."""
    call = await _called(room)
    await room.kim.click(call, label="I'll take it")
    await room.kim.click(call, label="Solved")
    return Shot(room.channel, room.ann)


@BUTTONS.scene("Ask a human: asked already", "A person was asked already.")
async def human_again(room: Room) -> Shot:
    """There is one call for a question, however often and by whomever it is pressed."""
    await _called(room)
    answered = room.channel.history()[0]
    return Shot(room.channel, room.ann, await room.ann.click(answered, label="Ask a human"))


@BUTTONS.scene(
    "Ask a human: too often",
    "You called for a person often just now.",
    settings=DiscordSettings(member_calls_an_hour=1),
)
async def human_limit(room: Room) -> Shot:
    """A member may have the helpers called so many times an hour."""
    await _called(room)
    given = await room.ann.slash(room.channel, "ask", question=ANOTHER_MISS)
    refused = await room.ann.click(given.response.message, label="Ask a human")
    return Shot(room.channel, room.ann, refused)


@BUTTONS.scene("Ask a human: withdrawn", "was withdrawn: no answer is needed any more.")
async def human_withdrawn(room: Room) -> Shot:
    """Whoever deletes the answer takes the call back: its words go, and what could be pressed."""
    call = await _called(room)
    await room.ann.click(room.channel.history()[0], label="Delete")
    return Shot(room.channel, room.kim, call)


@BUTTONS.scene("An answer that is forgotten", "I no longer remember this answer")
async def forgotten(room: Room) -> Shot:
    """Answers are remembered for some days; afterwards their buttons say so."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    exchanges = room.desk.state.exchanges
    exchange = await exchanges.find_by_message(given.response.message.id)
    if exchange is None:
        raise RuntimeError("the answer was not remembered")
    await exchanges.forget(exchange.name)
    told = await room.ann.click(given.response.message, label="More context")
    return Shot(room.channel, room.ann, told)


@BUTTONS.scene(
    "An answer whose document has changed",
    "The documents have changed since",
    LIBRARY,
    prepare=reindex,
)
async def changed(room: Room) -> Shot:
    """Nothing is shown any more that does not stand in the documents."""
    given = await room.ann.slash(room.channel, "ask", question=BORROW)
    for document in room.corpus.glob("*.md"):
        words = document.read_text(encoding="utf-8").replace("weeks", "months")
        document.write_text(words, encoding="utf-8")
    await room.kim.slash(room.channel, "reindex")
    told = await room.ann.click(given.response.message, label="More context")
    return Shot(room.channel, room.ann, told)


async def _with_helpers(room: Room) -> None:
    role = room.server.create_role("Helpers", mentionable=True)
    await room.desk.state.servers.change(
        room.server.id, lambda _: ServerSettings(helper_role=role.id)
    )


async def _called(room: Room) -> discord.Message:
    """The message that calls a person."""
    await _with_helpers(room)
    given = await room.ann.slash(room.channel, "ask", question=NEAR_MISS)
    await room.ann.click(given.response.message, label="Ask a human")
    call = room.channel.last_message
    if call is None:
        raise RuntimeError("nobody was called")
    return call
