"""How members ask, and what they see when they do."""

import asyncio

from bot.asking.conversation import PLACE_SECONDS
from bot.records import ServerSettings
from bot.settings import DiscordSettings
from pictures.drawing import Shot
from pictures.room import HELD_SECONDS, LIBRARY, Room
from pictures.scenes import Chapter
from pictures.simulation import notify, open_menu

ASKING = Chapter("Asking")
WHO = "who is the secretary general of interpol?"
MET = "who met remotely with the G7 security ministers?"
JOINED = "and who joined in person?"
WORDY = " ".join(["I have read the article twice and found no name in it."] * 20)
NEAR_MISS = "how many people were arrested at the border?"


@ASKING.scene("An answer", "Secretary General Jürgen Stock underlined")
async def answer(room: Room) -> Shot:
    """`/ask`: the quote leads, with the answer in bold; below it stands where it is from."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("An answer for one member alone", "Only you can see this … for four weeks", LIBRARY)
async def private(room: Room) -> Shot:
    """`/ask` with `private: True`; a source that has an address gets a button that opens it."""
    question = "how long may I borrow a book?"
    given = await room.ann.slash(room.channel, "ask", question=question, private=True)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("Two things asked at once", "nine in the morning … 10 cents a page", LIBRARY)
async def two_things(room: Room) -> Shot:
    """A question with two halves gets a quote for each."""
    question = "when does the reading room open and how much do copies cost?"
    given = await room.ann.slash(room.channel, "ask", question=question)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("Sources that differ", "The sources give different answers", LIBRARY)
async def sources_differ(room: Room) -> Shot:
    """Where two documents say different things, both are quoted with their dates."""
    question = "how many desks will the harbour branch have?"
    given = await room.ann.slash(room.channel, "ask", question=question)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("Not in the documents", "I couldn't find this in the indexed documents.")
async def abstain(room: Room) -> Shot:
    """What the documents do not answer is said to be so, and the closest passage is named that."""
    given = await room.ann.slash(room.channel, "ask", question=NEAR_MISS)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("Rephrase", "Your question")
async def rephrase(room: Room) -> Shot:
    """The button under such an answer opens a form with the question of before."""
    given = await room.ann.slash(room.channel, "ask", question=NEAR_MISS)
    form = await room.ann.click(given.response.message, label="Rephrase")
    return Shot(room.channel, room.ann, form)


@ASKING.scene("Small talk", "Hello! Ask me a question")
async def small_talk(room: Room) -> Shot:
    """What is no question gets one sentence that says what to do."""
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "ask", question="hi!"))


@ASKING.scene("/help", "For those who manage this server")
async def help_command(room: Room) -> Shot:
    """What one can do here, for whoever asks alone; here for one who manages the server."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "help"))


@ASKING.scene("A mention, and a reply that follows it", "for four weeks … 20 cents a day", LIBRARY)
async def mention(room: Room) -> Shot:
    """Mention the bot with a question; a reply to its answer is understood as what follows."""
    await room.ann.send(room.channel, f"{room.bot} how long may I borrow a book?")
    first = room.channel.last_message
    await room.ann.send(room.channel, "and what does it cost when overdue?", reply_to=first)
    return Shot(room.channel, room.ann, whole=True)


@ASKING.scene("In a thread", "Secretary General Jürgen Stock underlined")
async def thread(room: Room) -> Shot:
    """In a thread the bot is asked as in its channel."""
    words = await room.ann.send(room.channel, "Let us read the article together.")
    await words.create_thread(name="The London meeting")
    await room.env.settle()
    (inside,) = room.channel.threads
    await room.ann.slash(inside, "ask", question=WHO)
    await room.ann.send(inside, "Thank you, that is the name I was looking for.")
    return Shot(inside, room.ann, whole=True)


@ASKING.scene("In direct messages", "Secretary General Jürgen Stock underlined")
async def direct_message(room: Room) -> Shot:
    """In direct messages one just writes; no mention is needed."""
    zoe = room.env.create_user("zoe", global_name="Zoe")
    await zoe.send_dm(WHO)
    return Shot(zoe.dm_channel, zoe, whole=True)


@ASKING.scene("In a notification", "Quoth … Secretary General **Jürgen Stock** underlined")
async def notification(room: Room) -> Shot:
    """A direct message notifies of the answer itself; here its words as Discord has them."""
    zoe = room.env.create_user("zoe", global_name="Zoe")
    await zoe.send_dm(WHO)
    answered = zoe.dm_channel.last_message
    shown = notify("Quoth", answered.content)
    return Shot(zoe.dm_channel, zoe, whole=True, before=shown, height=150)


@ASKING.scene("Ask about this: the menu", "Ask about this")
async def ask_about_menu(room: Room) -> Shot:
    """On the menu of any message, under Apps, stands "Ask about this"."""
    words = "Does anyone know who the secretary general of INTERPOL is?"
    await room.kim.send(room.channel, words)
    chosen = open_menu(words, "Ask about this")
    return Shot(room.channel, room.ann, whole=True, before=chosen, height=320)


@ASKING.scene("Ask about this: the answer", "Secretary General Jürgen Stock underlined")
async def ask_about(room: Room) -> Shot:
    """Its answer is for whoever chose it alone."""
    words = "Does anyone know who the secretary general of INTERPOL is?"
    asked = await room.kim.send(room.channel, words)
    given = await room.ann.context_menu(room.channel, "Ask about this", asked)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("A place in line", "3 before you in line", settings=DiscordSettings(workers=1))
async def in_line(room: Room) -> Shot:
    """Who waits is told how many are before; here the three before were held up for the picture."""
    room.hold.clear()
    busy = asyncio.create_task(room.desk.in_worker(room.hold.wait, HELD_SECONDS))
    for _ in range(3):
        room.until_drawn.enter_context(room.desk.line.turn())
    await room.begin(room.ann.slash(room.channel, "ask", question=WHO))
    room.until_drawn.callback(busy.cancel)
    await room.pass_time(PLACE_SECONDS)
    return Shot(room.channel, room.ann)


@ASKING.scene("No place in line", "I'm busy", settings=DiscordSettings(workers=1, waiting=0))
async def busy(room: Room) -> Shot:
    """Where as many wait as may, one more is told to come back; here nobody may wait."""
    room.until_drawn.enter_context(room.desk.line.turn())
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("A question that is too long", "characters long, and I read at most 1,000")
async def too_long(room: Room) -> Shot:
    """`/ask` takes no more than 1,000 characters while one types; a mention of more is told so."""
    await room.ann.send(room.channel, f"{room.bot} {WORDY} {WHO}")
    return Shot(room.channel, room.ann)


@ASKING.scene(
    "Asked too fast",
    "That was quick! Please ask again in",
    settings=DiscordSettings(member_questions_a_minute=1),
)
async def too_fast(room: Room) -> Shot:
    """A member has so many questions a minute; who asks faster is told when to ask again."""
    await room.ann.slash(room.channel, "ask", question=WHO)
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    return Shot(room.channel, room.ann, given)


@ASKING.scene("Asked elsewhere", "I answer questions in these channels")
async def elsewhere(room: Room) -> Shot:
    """Where admins chose channels for the bot, other channels are told which."""
    other = room.server.create_text_channel("lounge")
    wanted = ServerSettings(channels=(room.channel.id,))
    await room.desk.state.servers.change(room.server.id, lambda _: wanted)
    return Shot(other, room.ann, await room.ann.slash(other, "ask", question=WHO))


@ASKING.scene("Asked without the role for it", "Only members with certain roles may ask me here.")
async def no_role(room: Room) -> Shot:
    """Where admins chose roles, others are told so."""
    readers = room.server.create_role("Readers")
    wanted = ServerSettings(roles=(readers.id,))
    await room.desk.state.servers.change(room.server.id, lambda _: wanted)
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "ask", question=WHO))


@ASKING.scene("Asked while it restarts", "I'm restarting just now.")
async def restarting(room: Room) -> Shot:
    """What can be answered before the end is; what comes later is told to come back."""
    room.desk.upkeep.stop()
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "ask", question=WHO))
