"""How the bot is: its index, what it does just now, and since when it runs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.filesize import decimal

from bot.records import Build, Stage, Tally
from bot.rendering.amounts import count, moment
from bot.rendering.reply import Reply
from bot.rendering.report import begun, progress
from bot.rendering.short import short, short_generation, short_model
from index import GenerationSummary

OPENING = Reply("still being opened; questions wait until it is.")
PROBLEM_MAX_UNITS = 120
MOST_DAMAGED = 3


@dataclass(frozen=True, slots=True)
class Load:
    """How many questions are answered and wait now, and how many can be."""

    answering: int
    waiting: int
    at_once: int
    may_wait: int


@dataclass(frozen=True, slots=True)
class Status:
    """All there is to tell; a Reply in place of what could not be found out, saying why.

    `index` is the build that answers, `builds` are all on disk. `latency` is in seconds, None where
    it was not measured yet.
    """

    index: GenerationSummary | Reply
    builds: Sequence[GenerationSummary] | Reply
    votes: Tally | Reply
    load: Load
    build: Build | None
    stage: Stage | None
    since: datetime
    version: str
    latency: float | None


def render_status(status: Status) -> Reply:
    """One line for each fact; what could not be found out stands there with the reason."""
    lines = [
        f"**Index:** {_index(status.index)}",
        *_damaged(status.builds),
        f"**Reindex:** {_reindex(status.build, status.stage)}",
        f"**Questions now:** {_questions(status.load)}",
        f"**Votes:** {_votes(status.votes)}",
        f"**Running** since {_since(status.since)} · Quoth {status.version}",
        f"**Discord** {_latency(status.latency)}",
    ]
    return Reply("\n".join(lines))


def _damaged(builds: Sequence[GenerationSummary] | Reply) -> list[str]:
    """A line for each build that is damaged, the newest first."""
    if isinstance(builds, Reply):
        return [f"**Builds on disk:** {builds.content}"]
    damaged = [one for one in reversed(builds) if one.state == "damaged"]
    told = [
        f"**Damaged:** generation {short_generation(one.name)}: "
        f"{short(one.problem or '', PROBLEM_MAX_UNITS)}"
        for one in damaged[:MOST_DAMAGED]
    ]
    if len(damaged) > MOST_DAMAGED:
        told.append(f"-# … and {len(damaged) - MOST_DAMAGED} more; `/generations` shows them")
    return told


def _index(one: GenerationSummary | Reply) -> str:
    if isinstance(one, Reply):
        return one.content
    built = moment(one.created)
    facts = (
        f"generation {short_generation(one.name)}" + (f", built {built}" if built else ""),
        count(one.documents, "document"),
        count(one.chunks, "passage"),
        short_model(one.model),
        decimal(one.size),
    )
    return " · ".join(facts)


def _reindex(build: Build | None, stage: Stage | None) -> str:
    if build is None:
        return "none under way"
    if build.cancelled_by:
        return f"being stopped, {begun(build)}"
    return f"under way, {begun(build)}" + (f" · {progress(stage)}" if stage else "")


def _questions(load: Load) -> str:
    return (
        f"{load.answering} being answered, {load.waiting} in line "
        f"(at most {load.at_once} at a time, {load.may_wait} in line)"
    )


def _votes(votes: Tally | Reply) -> str:
    if isinstance(votes, Reply):
        return votes.content
    return f"{votes.helpful:,} helpful, {votes.unhelpful:,} not helpful"


def _since(since: datetime) -> str:
    return f"<t:{int(since.timestamp())}:f> (<t:{int(since.timestamp())}:R>)"


def _latency(latency: float | None) -> str:
    return "not measured yet" if latency is None else f"answers in {latency * 1000:.0f} ms"
