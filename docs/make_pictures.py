# noqa: INP001  # a script, no package
"""Draw the pictures of the README from real runs: `python docs/make_pictures.py`.

Needs `pip install "simcord[screenshot]"` and a Chromium, Debian's (`apt-get install chromium`) or
the one named by CHROMIUM. The bot, its engine and the article are the shipped ones; only Discord
itself is simulated, and drawn by simcord.
"""

import asyncio
import functools
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import simcord
from playwright.async_api import Browser, BrowserType
from simcord.preview import _markdown

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.asking.desk import Desk  # noqa: E402
from bot.connection.client import Client  # noqa: E402  # found through the line above
from bot.settings import DiscordSettings  # noqa: E402
from index import Engine, Settings  # noqa: E402

IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZE = (880, 420)
PICTURES = {
    "answer.png": "who is the secretary general of interpol?",
    "abstain.png": "who paid for the London meeting?",
}


async def main() -> None:
    """Ask each question in a fresh channel and draw what Discord would show."""
    use_own_chromium()
    end_quotes_with_their_line()
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(corpus=ROOT / "corpus", data=Path(data))
        desk = Desk(Engine(settings), DiscordSettings())
        await desk.open()
        client = Client(desk, settings.question_max_characters)
        async with simcord.run(client, shard_count=1, settle_timeout=60) as env:
            env.backend.bot_user.name = "Quoth"
            server = env.create_guild("Reading room")
            ann = server.add_member(env.create_user("ann", global_name="Ann"))
            for name, question in PICTURES.items():
                channel = server.create_text_channel(name.removesuffix(".png"))
                await ann.slash(channel, "ask", question=question)
                await draw(env, channel, ann, IMAGES / name)
        await desk.close(1)


async def draw(
    env: simcord.Env, channel: simcord.ChannelHandle, viewer: simcord.MemberActor, path: Path
) -> None:
    """Write one picture of the newest message."""
    width, height = SIZE
    async with env.preview(channel, viewers=[viewer], width=width, height=height) as preview:
        await preview.screenshot(path, allow_incomplete=True, mode="surface")
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def end_quotes_with_their_line() -> None:
    """Have simcord's markdown end a quote where Discord does: at the first line without `>`."""
    as_is = _markdown._discord_multiline_quotes  # noqa: SLF001  # no option of simcord

    def parted(text: str) -> str:
        return as_is(re.sub(r"(?m)^(> .*)\n(?=[^>\n])", r"\1\n\n", text))

    _markdown._discord_multiline_quotes = parted  # noqa: SLF001  # the same


def use_own_chromium() -> None:
    """Have simcord start the installed Chromium, and draw at twice the density.

    Neither is an option of simcord. Chromium has no sandbox for root, as which containers run.
    """
    launch, new_context = BrowserType.launch, Browser.new_context

    @functools.wraps(launch)
    async def launch_own(browser_type: BrowserType, **_options: Any) -> Browser:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        return await launch(browser_type, executable_path=CHROMIUM, args=arguments)

    @functools.wraps(new_context)
    async def sharper(browser: Browser, **options: Any) -> Any:
        return await new_context(browser, **{**options, "device_scale_factor": 2})

    BrowserType.launch, Browser.new_context = launch_own, sharper  # type: ignore[method-assign]


if __name__ == "__main__":
    asyncio.run(main())
