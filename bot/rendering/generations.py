"""The finished builds on disk in words: which there are, and which answers now. Pure."""

from collections.abc import Sequence

from rich.filesize import decimal

from bot.records import RolledBack
from bot.rendering.amounts import count, moment
from bot.rendering.cut import units
from bot.rendering.reply import LIMIT, Reply
from bot.rendering.short import short, short_generation, short_model
from index import GenerationSummary

NONE = Reply("Nothing is built yet. `/reindex` reads the documents and builds an index.")
HEAD = "**Finished builds**, newest first:"
FOOT = "-# `/rollback` answers from the one before, or from the one that you name."
STATES = {"answering": "answers now", "kept": "kept", "withdrawn": "withdrawn"}
PROBLEM_MAX_UNITS = 160
UNKNOWN_MAX_UNITS = 400
MOST_NAMED = 10


def render_generations(found: Sequence[GenerationSummary]) -> Reply:
    """One line for each, newest first, as many as a message holds; `found` has the oldest first."""
    if not found:
        return NONE
    lines = [HEAD]
    for position, one in enumerate(reversed(found)):
        line = f"- {_line(one)}"
        if units("\n".join([*lines, line, FOOT])) > LIMIT - 30:
            lines.append(f"- … and {len(found) - position} older")
            break
        lines.append(line)
    return Reply("\n".join([*lines, FOOT]))


def render_rolled_back(done: RolledBack) -> Reply:
    """Which build answers now, from when it is, what was withdrawn and how to get that back."""
    now, name = done.answering, short_generation(done.answering.name)
    if not done.moved:
        return Reply(f"Generation {name} answers already: nothing has changed.")
    lines = [f"**Answers come from generation {name} now**: {_facts(now)}."]
    if done.withdrawn:
        newest = reversed(done.withdrawn[-MOST_NAMED:])
        names = ", ".join(short_generation(one) for one in newest)
        if len(done.withdrawn) > MOST_NAMED:
            names += f" and {len(done.withdrawn) - MOST_NAMED} older"
        back = f"`/rollback generation:{short_generation(done.withdrawn[-1])}`"
        lines.append(f"Withdrawn: {names}. Nothing is deleted yet: {back} answers from it again.")
    lines.append("-# A new index, by `/reindex`, deletes what is withdrawn.")
    return Reply("\n".join(lines))


def render_unknown(why: str) -> Reply:
    """That there is no such build; `why` is the engine's own words, with those that there are."""
    return Reply(f"{short(why[:1].upper() + why[1:], UNKNOWN_MAX_UNITS)}. Nothing has changed.")


def choice(one: GenerationSummary) -> str:
    """A build to choose, in plain text as Discord's menus show it."""
    counts = count(one.documents, "document")
    return f"{one.name} · {STATES[one.state]} · {counts} · {one.created[:10]}"


def _line(one: GenerationSummary) -> str:
    name = f"**{short_generation(one.name)}**"
    if one.problem:
        return f"{name} is damaged: {short(one.problem, PROBLEM_MAX_UNITS)}"
    facts = (_facts(one), short_model(one.model), decimal(one.size))
    return f"{name} {STATES[one.state]} · {' · '.join(facts)}"


def _facts(one: GenerationSummary) -> str:
    counts = f"{count(one.documents, 'document')}, {count(one.chunks, 'passage')}"
    built = moment(one.created)
    return f"{built} · {counts}" if built else counts
