"""The admins' tools."""

import asyncio
import threading
import time
from calendar import month_name
from pathlib import Path

from bot.commands.reindex import PROGRESS_SECONDS
from bot.records import ServerSettings
from bot.upkeep.unasked import reindex_unasked
from bot.upkeep.watch import WHY
from pictures.asking import NEAR_MISS, WHO
from pictures.drawing import Shot
from pictures.room import HELD_SECONDS, LIBRARY, Room, reindex
from pictures.scenes import Chapter

ADMINS = Chapter("For admins")
EDITABLE_SECONDS = 14.6 * 60
"""After which the bot edits its response no more: Discord takes edits for a quarter of an hour."""


def _change(corpus: Path) -> None:
    """New, changed and removed documents, and one that cannot be read."""
    (corpus / "rooms.md").write_text("# Rooms\n\nA room is booked at the desk.\n", encoding="utf-8")
    (corpus / "schools.md").unlink()
    prices = corpus / "prices-2026.md"
    prices.write_text(prices.read_text("utf-8") + "\nA bag costs 2 euros.\n", encoding="utf-8")
    (corpus / "broken.md").write_bytes(b"\xff\xfe\x00\xd8\x00")


async def _begin_reindex(room: Room) -> None:
    """Have a reindex go on until it is in the midst of its embedding."""
    _change(room.corpus)
    room.hold.clear()
    await room.begin(room.kim.slash(room.channel, "reindex"))
    while not (stage := room.desk.upkeep.stage) or stage.name != "embedding" or not stage.done:
        await asyncio.to_thread(time.sleep, 0.2)


def _with_all_minutes(own: Path) -> None:
    """So many documents that they do not fit one page, nor two."""
    for month, name in enumerate(month_name[1:], start=1):
        for year in (2024, 2025):
            head = f"---\ntitle: Minutes of {name} {year}\ndate: {year}-{month:02}-15\n---\n"
            words = f"# Minutes\n\nThe council met in {name} {year}.\n"
            (own / "corpus" / f"minutes-{year}-{month:02}.md").write_text(head + words, "utf-8")
    reindex(own)


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


@ADMINS.scene("/reindex: progress", "Embedding passages", LIBRARY, prepare=reindex)
async def reindex_progress(room: Room) -> Shot:
    """The message is edited as it goes on, and who may reindex can cancel it."""
    await _begin_reindex(room)
    await room.pass_time(PROGRESS_SECONDS)
    return Shot(room.channel, room.kim)


@ADMINS.scene("/reindex: the report", "+1 added … Set aside (1)", LIBRARY, prepare=reindex)
async def reindex_report(room: Room) -> Shot:
    """What changed, what was set aside and why, and which generation answers now."""
    _change(room.corpus)
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "reindex"))


@ADMINS.scene(
    "/reindex: past a quarter of an hour",
    "Still reindexing … Answers come from the new index now",
    LIBRARY,
    prepare=reindex,
)
async def reindex_late(room: Room) -> Shot:
    """Discord takes no edits after 15 minutes: the report is a message then.

    Here the clock was put forward.
    """
    await _begin_reindex(room)
    room.env.backend.advance_clock(EDITABLE_SECONDS)
    await room.pass_time(PROGRESS_SECONDS)
    await room.end()
    return Shot(room.channel, room.kim, whole=True)


@ADMINS.scene("/reindex: nothing has changed", "Nothing has changed", LIBRARY)
async def reindex_nothing(room: Room) -> Shot:
    """Then nothing is built."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "reindex"))


@ADMINS.scene("/reindex: cancelled", "The reindex was cancelled by Kim", LIBRARY, prepare=reindex)
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


@ADMINS.scene("/reindex: refused to a member", "Only members who may manage this server")
async def reindex_refused(room: Room) -> Shot:
    """Rights are checked at each use, whatever a server's admins made of the defaults."""
    await room.allow(room.ann, "reindex")
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "reindex"))


@ADMINS.scene(
    "/generations", "000003 answers now … 000002 kept … 000001 kept", LIBRARY, prepare=_thrice
)
async def generations(room: Room) -> Shot:
    """The finished builds that are kept."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "generations"))


@ADMINS.scene("/rollback", "Answers come from generation 000002 now", LIBRARY, prepare=_thrice)
async def rollback(room: Room) -> Shot:
    """Answers come from the build before, and nothing is deleted."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "rollback"))


@ADMINS.scene("/sources", "Page 2 of 3 … Previous Next", LIBRARY, prepare=_with_all_minutes)
async def sources(room: Room) -> Shot:
    """The indexed documents, a page at a time; here the second one."""
    given = await room.kim.slash(room.channel, "sources")
    await room.kim.click(given.response.message, label="Next")
    return Shot(room.channel, room.kim, given)


@ADMINS.scene("/status", "Votes: 1 helpful", LIBRARY)
async def status(room: Room) -> Shot:
    """How the index, the line of questions and the connection are."""
    given = await room.ann.slash(room.channel, "ask", question="when does the reading room open?")
    await room.ann.click(given.response.message, label="Helpful")
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "status"))


@ADMINS.scene("Why this answer?", "passages considered … 1 shown")
async def why(room: Room) -> Shot:
    """On the menu of an answer: the passages that were considered, and what cut them."""
    given = await room.ann.slash(room.channel, "ask", question=WHO)
    told = await room.kim.context_menu(room.channel, "Why this answer?", given.response.message)
    return Shot(room.channel, room.kim, told)


@ADMINS.scene("/why", "Not answered: no passage was likely enough")
async def why_command(room: Room) -> Shot:
    """The same of any question, without an answer for members to see."""
    given = await room.kim.slash(room.channel, "why", question=NEAR_MISS)
    return Shot(room.channel, room.kim, given)


@ADMINS.scene("/settings", "Where I may be asked: everywhere.")
async def settings(room: Room) -> Shot:
    """Where and by whom the bot may be asked, whom it may ping, and who sees answers."""
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "settings"))


@ADMINS.scene("/settings: chosen", "@Helpers")
async def settings_chosen(room: Room) -> Shot:
    """Each choice counts at once, and the panel says what is set in words."""
    helpers = room.server.create_role("Helpers")
    chosen = ServerSettings(channels=(room.channel.id,), helper_role=helpers.id, private=True)
    await room.desk.state.servers.change(room.server.id, lambda _: chosen)
    return Shot(room.channel, room.kim, await room.kim.slash(room.channel, "settings"))


@ADMINS.scene(
    "The admins' channel: damage",
    "A build of the index on disk is damaged",
    LIBRARY,
    prepare=_damaged,
)
async def damage(room: Room) -> Shot:
    """A damaged build is passed over, the one before answers, and admins are told once."""
    await room.desk.upkeep.opened.wait()
    await room.env.settle()
    return Shot(room.admins, room.kim)


@ADMINS.scene(
    "The admins' channel: reindexed by itself", "I reindexed by myself", LIBRARY, prepare=reindex
)
async def unasked(room: Room) -> Shot:
    """With `discord.watch_seconds`, when the documents changed."""
    _change(room.corpus)
    await asyncio.wait_for(reindex_unasked(room.desk.upkeep, WHY), HELD_SECONDS)
    await room.env.settle()
    return Shot(room.admins, room.kim)
