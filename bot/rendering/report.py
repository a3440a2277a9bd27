"""What a reindex says in Discord: its progress, its report, and why not. Pure."""

from collections.abc import Sequence

from bot.records import Build, Stage
from bot.rendering.cut import units
from bot.rendering.reply import LIMIT, Button, Reply, custom_id
from bot.rendering.short import short, short_generation, short_path
from index import BuildReport

CANCEL = "cancel"
"""What a cancel button does; its custom id names the build too."""

NOT_FINISHED = Reply(
    "I was told to stop before the reindex was finished. Nothing is lost: the last index still "
    "answers. Please run `/reindex` again when I'm back."
)
GOES_ON = Reply(
    "I lost my connection to Discord for a while. The reindex goes on; `/reindex` tells whether "
    "it still runs."
)
OUT_OF_TIME = Reply(
    "Still reindexing. Discord lets me edit this message no longer, so I'll post the report "
    "in this channel. `/reindex` shows a button that cancels it."
)
CANCELLING = Reply("I'm stopping the reindex. The last index goes on answering.")
NO_LONGER = Reply(
    "That reindex no longer runs, so there is nothing to cancel. The newest finished index answers."
)
STAGES = {
    "reading": "Reading documents",
    "chunking": "Cutting passages",
    "embedding": "Embedding passages",
}
ROOM = 300
"""Units kept for what else is said: of each list its heading and how many are left out, and a line
above that names a member."""

PATH_MAX_UNITS = 160
REASON_MAX_UNITS = 160
DAMAGE_MAX_UNITS = 600
MEMBER_MAX_UNITS = 48
"""For a member's name, which has 32 characters: shown, an invisible one takes eight."""


def render_stage(stage: Stage | None, build: Build) -> Reply:
    """How far it has come, in words, with a button to cancel it."""
    if build.cancelled_by:
        return Reply(f"Stopping the reindex, which {_member(build.cancelled_by)} cancelled…")
    rows = ((_cancel(build),),)
    if stage is None:
        return Reply("Reindexing…", rows)
    below = "\n-# Questions are answered from the last index."
    return Reply(f"Reindexing… {progress(stage)}{below}", rows)


def render_build(build: Build) -> Reply:
    """That a reindex is under way, since when and by whom, without a ping."""
    said = f"A reindex is already running, {begun(build)}. Please wait for its report."
    return Reply(said, () if build.cancelled_by else ((_cancel(build),),))


def begun(build: Build) -> str:
    """Who began a reindex, and when."""
    by = f"started by {_member(build.by)}" if build.by else "which I began by myself"
    return f"{by} <t:{int(build.since.timestamp())}:R>"


def progress(stage: Stage) -> str:
    """What a reindex is at, and how far it has come."""
    name = STAGES.get(stage.name, stage.name.capitalize())
    return name + (f": {stage.done:,} of {stage.total:,}" if stage.total else "")


def render_press(build: Build | None, by: str) -> Reply:
    """What whoever pressed "Cancel" is told."""
    if build is None:
        return NO_LONGER
    if build.cancelled_by == by:
        return CANCELLING
    first = _member(build.cancelled_by or "")
    return Reply(f"{first} has already cancelled it. The last index goes on answering.")


def render_cancelled(by: str) -> Reply:
    """That a reindex was cancelled, and by whom."""
    return Reply(
        f"The reindex was cancelled by {_member(by)}. Nothing is lost: the last index still "
        "answers."
    )


def render_damage(damage: str) -> Reply:
    """That a build on disk is damaged and an older one answers."""
    return Reply(
        f"**A build of the index on disk is damaged**, so I answer from an older one: "
        f"{short(damage, DAMAGE_MAX_UNITS)}.\n-# `/reindex` builds a new one; `/generations` "
        "shows them all."
    )


def unasked(why: str) -> str:
    """What stands above the report of a reindex that nobody asked for."""
    return f"I reindexed by myself, because {why}."


def unasked_in_vain(why: str, told: Reply) -> Reply:
    """That the bot tried by itself to have an index that fits, and why it has none."""
    return Reply(
        f"**I tried by myself to bring the index up to date, because {why}, and could not.**\n"
        f"{told.content}"
    )


def unheard(by: str | None, told: Reply) -> Reply:
    """What became of a reindex whose asker could not be told."""
    whose = f"{_member(by)} asked for a reindex" if by else "A reindex was under way"
    return Reply(f"{whose} while my connection was lost. What became of it:\n{told.content}")


def undeliverable(by: str, told: Reply) -> Reply:
    """What became of a reindex, where the channel in which it was asked for takes no message."""
    return Reply(
        f"{_member(by)} asked for a reindex, and I can't post in that channel what became of "
        f"it:\n{told.content}"
    )


def render_report(report: BuildReport, above: str = "") -> Reply:
    """What was done, below a line or none; documents that were set aside, or read by a guess."""
    lines = _done(report) if report.published else _nothing(report)
    lines = [above, *lines] if above else lines
    aside = [(one.document, one.reason) for one in report.quarantined]
    guessed = [(one.document, f"read as {one.encoding}") for one in report.guessed]
    _list(lines, "Set aside", aside)
    _list(lines, "Encoding guessed, save as UTF-8", guessed)
    return Reply("\n".join(lines))


def _list(lines: list[str], heading: str, documents: Sequence[tuple[str, str]]) -> None:
    """Add documents with what is to be said of each, as many as there is room for."""
    if documents:
        lines.append(f"**{heading} ({len(documents)}):**")
    for position, (document, said) in enumerate(documents):
        line = f"- {short_path(document, PATH_MAX_UNITS)}: {short(said, REASON_MAX_UNITS)}"
        if units("\n".join([*lines, line])) > LIMIT - ROOM:
            lines.append(f"- … and {len(documents) - position} more; the log has them")
            return
        lines.append(line)


def _done(report: BuildReport) -> list[str]:
    passages = f"{report.chunks:,} passages, {report.embedded:,} embedded"
    return [
        f"**Reindexed** in {report.seconds:.1f} s. Answers come from the new index now.",
        _changes(report),
        f"-# {passages} · generation {short_generation(report.generation)}",
    ]


def _nothing(report: BuildReport) -> list[str]:
    return [
        f"Nothing has changed: generation {short_generation(report.generation)} stays.",
        _changes(report),
        f"-# {report.chunks:,} passages, none embedded · {report.seconds:.1f} s",
    ]


def _changes(report: BuildReport) -> str:
    return (
        f"+{len(report.added)} added · ~{len(report.changed)} changed · "
        f"−{len(report.removed)} removed · ={len(report.unchanged)} unchanged"
    )


def _cancel(build: Build) -> Button:
    return Button("Cancel", custom_id(CANCEL, build.name), "danger")


def _member(name: str) -> str:
    return short(name, MEMBER_MAX_UNITS)
