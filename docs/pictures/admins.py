"""The admins' tools."""

import asyncio
import threading
import time
from pathlib import Path

from bot.commands.reindex import PROGRESS_SECONDS
from bot.state.servers import ServerSettings
from bot.upkeep.unasked import reindex_unasked
from bot.upkeep.watch import WHY
from pictures.asking import WHO
from pictures.drawing import Shot
from pictures.room import HELD_SECONDS, LIBRARY, Room, reindex
from pictures.scenes import Chapter

ADMINS = Chapter("For admins")


def _change(corpus: Path) -> None:
    """New, changed and removed documents, and one that cannot be read."""
    (corpus / "rooms.md").write_text("# Rooms\n\nA room is booked at the desk.\n", encoding="utf-8")
    (corpus / "schools.md").unlink()
    prices = corpus / "prices-2026.md"
    prices.write_text(prices.read_text("utf-8") + "\nA bag costs 2 euros.\n", encoding="utf-8")
    (corpus / "broken.md").write_bytes(b"\xff\xfe\x00\xd8\x00")


def _thrice(own: Path) -> None:
    """Three generations."""
    reindex(own)
    for number in (1, 2):
        note = own / "corpus" / f"note-{number}.md"
        note.write_text(f"# Note {number}\n\nThe desk closes early on day {number}.\n", "utf-8")
        reindex(own)


def _damaged(own: Path) -> None:
    """A newer generation, one file of which is broken."""
    _thrice(own)
    (own / "data" / "generations" / "000003" / "words.zip").write_bytes(b"broken")


@ADMINS.scene("/reindex: progress", LIBRARY, prepare=reindex)
async def reindex_progress(room: Room) -> Shot:
    """The message is edited as it goes on, and who may reindex can cancel it."""
    _change(room.corpus)
    room.hold.clear()
    await room.begin(room.kim.slash(room.channel, "reindex"))
    while not (stage := room.desk.upkeep.stage) or stage.name != "embedding" or not stage.done:
        await asyncio.to_thread(time.sleep, 0.2)
    await room.pass_time(PROGRESS_SECONDS)
    return Shot(room.channel, room.kim)


@ADMINS.scene("/reindex: the report", LIBRARY, prepare=reindex)
async def reindex_report(room: Room) -> Shot:
    """What changed, what was set aside and why, and which generation answers now."""
    _change(room.corpus)
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "reindex"))


@ADMINS.scene("/reindex: nothing has changed", LIBRARY)
async def reindex_nothing(room: Room) -> Shot:
    """Then nothing is built."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "reindex"))


@ADMINS.scene("/reindex: cancelled", LIBRARY, prepare=reindex)
async def reindex_cancelled(room: Room) -> Shot:
    """The last index goes on answering."""
    _change(room.corpus)
    room.hold.clear()
    await room.begin(room.kim.slash(room.channel, "reindex"))
    progress = room.channel.last_message
    threading.Timer(1, room.hold.set).start()
    await room.kim.click(progress, label="Cancel")
    while room.desk.upkeep.build:
        await asyncio.to_thread(time.sleep, 0.2)
    await asyncio.to_thread(time.sleep, 1)
    return Shot(room.channel, room.kim, whole=True)


@ADMINS.scene("/reindex: refused to a member")
async def reindex_refused(room: Room) -> Shot:
    """Rights are checked at each use, whatever a server's admins made of the defaults."""
    await room.allow(room.ann, "reindex")
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "reindex"))


@ADMINS.scene("/generations", LIBRARY, prepare=_thrice)
async def generations(room: Room) -> Shot:
    """The finished builds that are kept."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "generations"))


@ADMINS.scene("/rollback", LIBRARY, prepare=_thrice)
async def rollback(room: Room) -> Shot:
    """Answers come from the build before, and nothing is deleted."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "rollback"))


@ADMINS.scene("/sources", LIBRARY)
async def sources(room: Room) -> Shot:
    """The indexed documents, a page at a time."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "sources"))


@ADMINS.scene("/status", LIBRARY)
async def status(room: Room) -> Shot:
    """How the index, the line of questions and the connection are."""
    given = await room.ann.slash(room.channel, "ask", question="when does the reading room open?")
    await room.ann.click(given.response.message, label="Helpful")
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "status"))


@ADMINS.scene("Why this answer?")
async def why(room: Room) -> Shot:
    """On the menu of an answer, or `/why` with a question: what was considered, and what cut it."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    told = await room.kim.context_menu(room.channel, "Why this answer?", given.response.message)
    return Shot(room.channel, room.kim, told)


@ADMINS.scene("/settings")
async def settings(room: Room) -> Shot:
    """Where and by whom the bot may be asked, whom it may ping, and who sees answers."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "settings"))


@ADMINS.scene("/settings: chosen")
async def settings_chosen(room: Room) -> Shot:
    """Each choice counts at once, and the panel says what is set in words."""
    helpers = room.server.create_role("Helpers")
    chosen = ServerSettings(channels=(room.channel.id,), helper_role=helpers.id, private=True)
    await room.desk.state.servers.put(room.server.id, chosen)
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "settings"))


@ADMINS.scene("The admins' channel: damage", LIBRARY, prepare=_damaged)
async def damage(room: Room) -> Shot:
    """A damaged build is passed over, the one before answers, and admins are told once."""
    await room.desk.upkeep.opened.wait()
    await room.env.settle()
    return Shot(room.admins, room.kim)


@ADMINS.scene("The admins' channel: reindexed by itself", LIBRARY, prepare=reindex)
async def unasked(room: Room) -> Shot:
    """With `discord.watch_seconds`, when the documents changed."""
    _change(room.corpus)
    await asyncio.wait_for(reindex_unasked(room.desk.upkeep, WHY), HELD_SECONDS)
    await room.env.settle()
    return Shot(room.admins, room.kim)
