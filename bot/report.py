"""What a reindex says in Discord: its progress, its report, and why not. Pure."""

from bot.cut import units
from bot.desk import Build, Stage
from bot.inert import inert_text, one_line
from bot.reply import LIMIT, Reply
from index import BuildReport

REFUSED = Reply(
    "Only members who may manage this server can reindex. Please ask one of its admins."
)
NOT_FINISHED = Reply(
    "I was told to stop before the reindex was finished. Nothing is lost: the last index still "
    "answers. Please run `/reindex` again when I'm back."
)
OUT_OF_TIME = Reply(
    "Still reindexing. Discord lets me edit this message no longer, so I'll post the report "
    "in this channel."
)
STAGES = {
    "reading": "Reading documents",
    "chunking": "Cutting passages",
    "embedding": "Embedding passages",
}
REASON = 160


def render_stage(stage: Stage | None) -> Reply:
    """How far it has come, in words."""
    if stage is None:
        return Reply("Reindexing…")
    name = STAGES.get(stage.name, stage.name.capitalize())
    count = f": {stage.done:,} of {stage.total:,}" if stage.total else ""
    return Reply(f"Reindexing… {name}{count}\n-# Questions are answered from the last index.")


def render_build(build: Build) -> Reply:
    """That a reindex is under way, since when and by whom, without a ping."""
    by = f"started by {inert_text(build.by)}" if build.by else "which I began at my own start"
    since = f"<t:{int(build.since.timestamp())}:R>"
    return Reply(f"A reindex is already running, {by} {since}. Please wait for its report.")


def render_report(report: BuildReport) -> Reply:
    """What was done, and each document that was set aside with the reason."""
    changes = (
        f"+{len(report.added)} added · ~{len(report.changed)} changed · "
        f"−{len(report.removed)} removed · ={len(report.unchanged)} unchanged"
    )
    passages = f"{report.chunks:,} passages, {report.embedded:,} embedded"
    lines = [
        f"**Reindexed** in {report.seconds:.1f} s. Answers come from the new index now.",
        changes,
        f"-# {passages} · generation {inert_text(report.generation)}",
    ]
    if report.quarantined:
        lines.append(f"**Set aside ({len(report.quarantined)}):**")
    for position, bad in enumerate(report.quarantined):
        line = f"- {inert_text(bad.document[:REASON])}: {inert_text(one_line(bad.reason)[:REASON])}"
        if units("\n".join([*lines, line])) > LIMIT - 40:
            lines.append(f"- … and {len(report.quarantined) - position} more; the log has them")
            break
        lines.append(line)
    return Reply("\n".join(lines))
