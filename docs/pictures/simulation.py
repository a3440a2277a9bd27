"""What simcord's preview has no option for: Chromium's place, light colours, a menu, what moves."""

import functools
import json
import os
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal, TypeAlias

from playwright.async_api import Browser, BrowserType, Page
from simcord.preview import _markdown

Theme: TypeAlias = Literal["dark", "light"]
Act: TypeAlias = Callable[[Page], Awaitable[None]]
"""Does something on the page before it is photographed."""

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
DENSITY = 1
"""Pixels of a picture for each pixel of the page."""

THEME: ContextVar[Theme] = ContextVar("theme", default="dark")
BEFORE: ContextVar[Act | None] = ContextVar("before", default=None)
SAYS: ContextVar[str] = ContextVar("says", default="")
"""What is to be read on the page when it is photographed."""


class OtherPicture(Exception):
    """What would be drawn does not say what its scene is about."""


COLOURS = (Path(__file__).parent / "light.css").read_text(encoding="utf-8")
MENU = (Path(__file__).parent / "menu.js").read_text(encoding="utf-8")
NOTIFICATION = (Path(__file__).parent / "notification.js").read_text(encoding="utf-8")

BOTH = """
.message-surface { padding-bottom: 16px; }
/* simcord's own words and rings, which Discord does not show */
.modal-dialog .select-guidance { display: none; }
.preview-app :focus, .preview-app :focus-visible { outline: none !important; }
.channel-composer { visibility: hidden; }
"""

BLANK = "\u200b"
"""A paragraph that is a line high and shows nothing."""

STYLE = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(%s);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
"""A constructed sheet, since the page's policy forbids <style>; there before it is measured."""


def prepare() -> None:
    """Teach simcord all of it, for as long as this program runs."""
    _start_own_chromium()
    _dress_pages()
    _end_quotes_with_their_line()


def open_menu(text: str, chosen: str) -> Act:
    """Draw the menu of the message that holds `text`, since simcord has no picture of it."""

    async def act(page: Page) -> None:
        items = ["Add Reaction", "Reply", "Apps  ›", chosen]
        await page.evaluate(MENU, {"text": text, "items": items, "chosen": chosen})

    return act


def notify(sender: str, text: str) -> Act:
    """Draw what a phone shows of a new message, in place of the page: its words as they are."""

    async def act(page: Page) -> None:
        await page.evaluate(NOTIFICATION, {"from": sender, "text": text})

    return act


def _start_own_chromium() -> None:
    """Have simcord start the installed one. It has no sandbox for root, as which containers run."""
    launch = BrowserType.launch

    @functools.wraps(launch)
    async def launch_own(browser_type: BrowserType, **_options: Any) -> Browser:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        return await launch(browser_type, executable_path=CHROMIUM, args=arguments)

    BrowserType.launch = launch_own


def _dress_pages() -> None:
    """Have pages drawn at our density, in the theme that is set, after the act that is set."""
    new_context, photograph = Browser.new_context, Page.screenshot

    @functools.wraps(new_context)
    async def sharper(browser: Browser, **options: Any) -> Any:
        context = await new_context(browser, **{**options, "device_scale_factor": DENSITY})
        style = BOTH + (COLOURS if THEME.get() == "light" else "")
        await context.add_init_script(STYLE % json.dumps(style))
        return context

    @functools.wraps(photograph)
    async def dressed(page: Page, **options: Any) -> bytes:
        if act := BEFORE.get():
            await act(page)
        _check(await page.inner_text("body"), SAYS.get())
        return bytes(await photograph(page, **options))

    Browser.new_context, Page.screenshot = sharper, dressed


def _check(shown: str, says: str) -> None:
    """Raise OtherPicture unless `says` is shown, however it is broken into lines.

    " … " in it stands for whatever is between.
    """
    words = " ".join(shown.split())
    if not re.search(".*".join(map(re.escape, says.split(" … "))), words):
        raise OtherPicture(f"it must say {says!r}, and it says: {words}")


def _end_quotes_with_their_line() -> None:
    """Have simcord's markdown end a quote where Discord does: at the first line without `>`.

    And have it keep a blank line before a quote, which it drops and Discord shows.
    """
    as_is = _markdown._discord_multiline_quotes  # noqa: SLF001  # no option of simcord

    def parted(text: str) -> str:
        spaced = text.replace("\n\n> ", f"\n\n{BLANK}\n\n> ")
        return as_is(re.sub(r"(?m)^(> .*)\n(?=[^>\n])", r"\1\n\n", spaced))

    _markdown._discord_multiline_quotes = parted  # noqa: SLF001  # the same
