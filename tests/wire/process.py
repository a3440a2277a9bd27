"""The program as it is shipped, in a process of its own, and what it logs."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from .discord_server import TOKEN, DiscordServer, until

CHECKOUT = Path(__file__).parents[2]
CORPUS = CHECKOUT / "corpus"
OURS = ("QUOTH_", "DISCORD_")
START_SECONDS = 90.0
EXIT_SECONDS = 60.0
"""Both for a busy machine; what has to be quick is measured where it is tested."""

SERVED: list[DiscordServer] = []
"""Every Discord that the program has logged in to."""


def environment(**more: str) -> dict[str, str]:
    """The surroundings of the program: ours, without any settings of whoever runs the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    return kept | {"PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"} | more


class Program:
    """One run of `python -m bot`, its output kept in a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._output = folder / f"output-{time.monotonic_ns()}.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str, **settings: str) -> None:
        """Start it in a folder of its own, where no `.env` and no `quoth.toml` lie."""
        with self._output.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *arguments,
                cwd=self._folder,
                env=environment(**settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
            )

    async def run_bot(
        self,
        api: str,
        data: Path,
        corpus: Path = CORPUS,
        token: str = TOKEN,
        **settings: str,
    ) -> None:
        """Start the bot against an API, with an index that is already built.

        No one is told to ask slower, unless `settings` say so: a few members do all the asking.
        """
        usual = {
            "DISCORD_TOKEN": token,
            "QUOTH_DISCORD__API": api,
            "QUOTH_DISCORD__MEMBER_QUESTIONS_A_MINUTE": "10000",
            "QUOTH_DISCORD__SERVER_QUESTIONS_A_MINUTE": "10000",
            "QUOTH_INDEX__CORPUS": str(corpus),
            "QUOTH_INDEX__DATA": str(data),
        }
        await self.start("run", **usual | settings)

    async def logged_in(self, discord: DiscordServer, times: int = 1) -> None:
        """Wait until the bot is connected on every shard and its commands are registered."""
        await until(
            lambda: (
                not self.running
                or (
                    len(discord.gateway.identifies) >= times * discord.gateway.shards
                    and discord.gateway.ready()
                    and bool(discord.api.commands)
                )
            ),
            "the bot to log in",
            START_SECONDS,
        )
        assert self.running, self.log()
        if discord not in SERVED:
            SERVED.append(discord)

    @property
    def pid(self) -> int:
        """Number of its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process is not None and self._process.returncode is None

    def log(self) -> str:
        """Everything that it has written so far."""
        return self._output.read_text(encoding="utf-8", errors="backslashreplace")

    async def says(self, *words: str, seconds: float = START_SECONDS) -> None:
        """Wait for a line of the log that has all of these words, in any case."""
        found = [word.casefold() for word in words]
        await until(
            lambda: any(
                all(word in line for word in found) for line in self.log().casefold().splitlines()
            ),
            f"a line that says {words} in:\n{self.log()}",
            seconds,
        )

    async def exit_code(self, seconds: float = EXIT_SECONDS) -> int:
        """Wait for it to end by itself."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def terminate(self, seconds: float = EXIT_SECONDS) -> tuple[int, float]:
        """Ask it to end, as Docker does: exit code, and the seconds it took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        return await self.exit_code(seconds), time.monotonic() - begun

    async def kill(self) -> None:
        """End it at once if it still runs."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()
