"""What documents say is shown as it is and does nothing; and what faults look like."""

from pathlib import Path

from pictures.drawing import Shot
from pictures.room import FORUM, Room, reindex
from pictures.scenes import Chapter

INERTNESS = Chapter("Shown as it is")
FAULTS = Chapter("When something is wrong")


async def _asked(room: Room, question: str) -> Shot:
    return Shot(
        room.channel, room.ann, await room.ann.slash(room.channel, "ask", question=question)
    )


@INERTNESS.scene("Markdown, mentions and links in a document", FORUM)
async def inert(room: Room) -> Shot:
    """Nothing that a document says pings, links or formats; the words are those of the source."""
    question = "who is the moderator of the forum?"
    return await _asked(room, question)


@INERTNESS.scene("Code", FORUM)
async def code(room: Room) -> Shot:
    """Code is quoted line by line."""
    question = "how large may an upload be?"
    given = await room.ann.slash(room.channel, "ask", question=question)
    shown = await room.ann.click(given.response.message, label="More context")
    return Shot(room.channel, room.ann, shown)


@INERTNESS.scene("A table", FORUM)
async def table(room: Room) -> Shot:
    """Rows of a table are quoted whole."""
    question = "what is the price of the Large plan?"
    return await _asked(room, question)


@INERTNESS.scene("Right to left", FORUM)
async def right_to_left(room: Room) -> Shot:
    """Such words keep their place; a character that would turn the direction is made visible."""
    question = "how are new members greeted in Arabic?"
    return await _asked(room, question)


@INERTNESS.scene("Emoji", FORUM)
async def emoji(room: Room) -> Shot:
    """Never torn apart, however many characters they are made of."""
    return await _asked(room, "when is the birthday of the forum?")


@INERTNESS.scene("A very long word", FORUM)
async def long_word(room: Room) -> Shot:
    """Nothing is broken, and an address in a document is no link."""
    question = "what is the longest name of a village in Wales?"
    return await _asked(room, question)


def _without_index(own: Path) -> None:
    reindex(own)
    for file in (own / "corpus").iterdir():
        file.unlink()
    for manifest in own.glob("data/generations/*/manifest.json"):
        manifest.write_text("{}", encoding="utf-8")


@FAULTS.scene("No index, and no documents to make one of", prepare=_without_index)
async def no_index(room: Room) -> Shot:
    """A member sees what is wrong and who can mend it; the log has the rest under the reference."""
    return await _asked(room, "who is the secretary general of interpol?")


@FAULTS.scene("A question without words")
async def blank(room: Room) -> Shot:
    """What a member can mend is said to that member."""
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "ask", question="  "))
