"""Many questions at once, over the wire: how soon the bot takes each, and what becomes of it.

    python -m benchmarks.acknowledging [--questions 200] [--rounds 3]

Runs the program as it ships against a Discord on loopback (the one of the tests, on the same
cores), and lets members ask all questions of a round at once: with nothing else to do, and while a
reindex runs. Discord gives up on a question that is not acknowledged within three seconds. Exits
with 1 if the 99th of a hundred waits 2 seconds or more, or one has no answer, or two.
"""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

from wire import openapi, rules  # noqa: E402  # found only now
from wire.discord_server import DiscordServer, until  # noqa: E402
from wire.openapi import OpenApi  # noqa: E402
from wire.payloads import MANAGER, Member, snowflake  # noqa: E402
from wire.process import CORPUS, Program  # noqa: E402
from wire.state import Interaction  # noqa: E402

MARK_SECONDS = 2.0
PATIENCE_SECONDS = 240.0
PARAGRAPHS = 3000
"""More than is embedded while a round lasts."""

QUESTION = "Who is the Secretary General of INTERPOL?"
ANSWER, BUSY = "Jürgen Stock", "I'm busy"


class CheckedLater(OpenApi):
    """Discord's description, which takes all for right while time is measured."""

    def faults(self, _method: str, _route: str, _body: Any) -> Iterator[str]:
        """Find nothing yet."""
        return iter(())


@dataclass
class Round:
    """What became of questions: seconds to each acknowledgement, and how many had which end."""

    seconds: list[float] = field(default_factory=list)
    answered: int = 0
    busy: int = 0
    none: int = 0
    twice: int = 0
    other: list[str] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """The least of the measured times that so many acknowledgements did not pass."""
        # one that never came is infinite: there is nothing between it and the next
        return float(np.percentile(self.seconds, percent, method="higher"))

    @property
    def good(self) -> bool:
        """Whether the mark is reached."""
        lost = self.none or self.twice or self.other
        return not lost and self.percentile(99) < MARK_SECONDS


def main() -> int:
    """Run it and print the figures; returns the exit status."""
    parser = argparse.ArgumentParser("benchmarks.acknowledging", description=__doc__.split("\n")[0])
    parser.add_argument("--questions", type=int, default=200, help="at once")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        alone, beside = asyncio.run(_run(Path(folder), given.questions, given.rounds))
    for name, found in (("with nothing else", alone), ("while a reindex runs", beside)):
        _show(f"{name}, {given.rounds} times {given.questions} questions at once", found)
    return 0 if alone.good and beside.good else 1


async def _run(folder: Path, questions: int, rounds: int) -> tuple[Round, Round]:
    corpus = Path(shutil.copytree(CORPUS, folder / "corpus"))
    discord, program = DiscordServer(CheckedLater(openapi.read())), Program(folder)
    await discord.start()
    try:
        await program.start("reindex", "--data", str(folder / "data"))
        await program.exit_code()
        await program.run_bot(discord.address, folder / "data", corpus)
        await program.logged_in(discord)
        await discord.final(await discord.interaction("ask", {"question": QUESTION}), 90)
        alone, beside = Round(), Round()
        for _ in range(rounds):
            await _ask(discord, questions, alone)
        reindexing = await _begin_reindex(discord, program, corpus)
        for _ in range(rounds):
            await _ask(discord, questions, beside)
        if "Reindexing" not in reindexing.shown[0].plain:
            raise RuntimeError("the reindex was done before the questions: nothing was shown")
    finally:
        await program.kill()
        await discord.stop()
    _check(discord)
    return alone, beside


async def _begin_reindex(discord: DiscordServer, program: Program, corpus: Path) -> Interaction:
    texts = (
        f"# Part {number}\n\n" + f"Vessel {number} sails to harbour {number} at noon. " * 20
        for number in range(PARAGRAPHS)
    )
    (corpus / "vessels.md").write_text("\n\n".join(texts), encoding="utf-8")
    asked = await discord.interaction("reindex", member=MANAGER)
    await program.says("stage=embedding")
    return asked


async def _ask(discord: DiscordServer, questions: int, found: Round) -> None:
    """Let as many members ask at once, and wait for what each is told."""
    before = len(discord.rest.requests)
    members = [Member(snowflake(), f"member{number}") for number in range(questions)]
    asked = [await discord.interaction("ask", {"question": QUESTION}, one) for one in members]
    try:
        await until(lambda: all(one.final for one in asked), "all answers", PATIENCE_SECONDS)
    except AssertionError as late:
        print(late, file=sys.stderr)
    await discord.quiet()
    arrived: dict[str, float] = {}
    for request in discord.rest.requests[before:]:
        if request.route == rules.CALLBACK:
            arrived.setdefault(request.path.split("/")[-2], request.at)
    for one in asked:
        note(one, arrived.get(one.token, float("inf")), found)


def note(asked: Interaction, arrived: float, found: Round) -> None:
    """Note what became of one question, whose acknowledgement arrived at that time."""
    found.seconds.append(arrived - asked.sent_at)
    told = [message.plain for message in asked.shown if not message.thinking]
    if len(told) != 1:
        found.none += not told
        found.twice += len(told) > 1
    elif ANSWER in told[0]:
        found.answered += 1
    elif BUSY in told[0]:
        found.busy += 1
    else:
        found.other.append(told[0])


def _check(discord: DiscordServer) -> None:
    """Hold what was sent against Discord's description, now that no time is measured."""
    description = openapi.load()
    wrong = [
        f"{request.method} {request.route}: {fault}"
        for request in discord.rest.requests
        if description.knows(request.method, request.route)
        for fault in description.faults(request.method, request.route, request.body)
    ]
    if wrong or discord.violations:
        raise RuntimeError(f"Discord would refuse: {(wrong + discord.violations)[0]}")


def _show(name: str, found: Round) -> None:
    print(f"{name}:")
    print(f"  seconds to the acknowledgement: p50 {found.percentile(50):.2f}, "
          f"p99 {found.percentile(99):.2f}, most {max(found.seconds):.2f}")  # fmt: skip
    print(f"  {found.answered} answered, {found.busy} told to come back, {found.none} with no "
          f"answer, {found.twice} with two, {len(found.other)} with another")  # fmt: skip
    for line in found.other[:5]:
        print(f"other: {line}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
