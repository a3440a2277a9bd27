"""What documents say is shown as it is and does nothing; and what faults look like."""

from itertools import product
from pathlib import Path

from pictures.drawing import Shot
from pictures.room import FORUM, LIBRARY, Room, reindex
from pictures.scenes import Chapter

INERTNESS = Chapter("Shown as it is")
FAULTS = Chapter("When something is wrong")
LONG = 4000
PLACES = (
    "the reading room",
    "the harbour branch",
    "the cellar",
    "the attic",
    "the office",
    "the depot",
    "the old school",
    "the museum",
)
THINGS = (
    "atlases",
    "globes",
    "sea charts",
    "printed sermons",
    "travel diaries",
    "children's books",
    "plays in verse",
    "bound newspapers",
    "portraits of sailors",
    "letters from abroad",
    "song books",
    "herbals",
    "almanacs",
    "picture postcards",
    "town plans",
    "grammars",
    "cookery books",
    "bibles",
)


async def _asked(room: Room, question: str) -> Shot:
    return Shot(
        room.channel, room.ann, await room.ann.slash(room.channel, "ask", question=question)
    )


@INERTNESS.scene("Markdown, mentions and links in a document", "@everyone", FORUM)
async def inert(room: Room) -> Shot:
    """Nothing that a document says pings, links or formats; the words are those of the source."""
    question = "who is the moderator of the forum?"
    return await _asked(room, question)


@INERTNESS.scene("Code", "limit_megabytes", FORUM)
async def code(room: Room) -> Shot:
    """Code is quoted line by line."""
    question = "how large may an upload be?"
    given = await room.ann.slash(room.channel, "ask", question=question)
    shown = await room.ann.click(given.response.message, label="More context")
    return Shot(room.channel, room.ann, shown)


@INERTNESS.scene("A table", "9 euro", FORUM)
async def table(room: Room) -> Shot:
    """Rows of a table are quoted whole."""
    question = "what is the price of the Large plan?"
    return await _asked(room, question)


@INERTNESS.scene("Right to left", "مرحبا", FORUM)
async def right_to_left(room: Room) -> Shot:
    """Such words keep their place; a character that would turn the direction is made visible."""
    question = "how are new members greeted in Arabic?"
    return await _asked(room, question)


@INERTNESS.scene("Emoji", "the 14th of May", FORUM)
async def emoji(room: Room) -> Shot:
    """Never torn apart, however many characters they are made of."""
    return await _asked(room, "when is the birthday of the forum?")


@INERTNESS.scene("A very long word", "gogogoch", FORUM)
async def long_word(room: Room) -> Shot:
    """Nothing is broken, and an address in a document is no link."""
    question = "what is the longest name of a village in Wales?"
    return await _asked(room, question)


def _with_long_sentence(own: Path) -> None:
    """A document that is one sentence of 4,000 characters, the answer in its midst."""
    counted = [
        f"{number} {things} in {place}"
        for number, (place, things) in enumerate(product(PLACES, THINGS), start=12)
    ]
    counted.insert(len(counted) // 2, "the globe of Coronelli, which Clara Weidmann gave in 1931")
    sentence = f"The inventory of the library names {', '.join(counted)}"
    whole = sentence[:LONG].rpartition(",")[0]
    (own / "corpus" / "inventory.md").write_text(f"# Inventory\n\n{whole}.\n", "utf-8")
    reindex(own)


@INERTNESS.scene(
    "A sentence of 4,000 characters",
    "which Clara Weidmann gave in 1931",
    LIBRARY,
    prepare=_with_long_sentence,
)
async def long_sentence(room: Room) -> Shot:
    """It is parted between words; the part that answers is quoted, “…” at its ends."""
    return await _asked(room, "who gave the globe of Coronelli?")


def _without_documents(own: Path) -> None:
    """No document, and so nothing to build."""
    for file in (own / "corpus").iterdir():
        file.unlink()


@FAULTS.scene(
    "No index, and no documents to make one of",
    "No documents are indexed yet.",
    prepare=_without_documents,
)
async def no_index(room: Room) -> Shot:
    """A member sees what is wrong and who can mend it; the log has the rest under the reference."""
    return await _asked(room, "who is the secretary general of interpol?")


@FAULTS.scene("A question without words", "question is empty")
async def blank(room: Room) -> Shot:
    """What a member can mend is said to that member."""
    return Shot(room.channel, room.ann, await room.ann.slash(room.channel, "ask", question="  "))
