"""One scene as one picture: desktop and phone side by side, dark above light."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simcord
from PIL import Image, ImageChops
from simcord.preview import Preview

from pictures.simulation import BEFORE, SAYS, THEME, Act, Theme

DESKTOP, PHONE = 880, 400
"""Widths of the page."""

TALL = 2400
"""More than any message is high; what is empty is cut off."""

MARGIN = 18
GAP = 24
GROUND = "#9a9da5"
"""Between the four: neither theme's own."""

COLOURS = 64
THEMES: tuple[Theme, ...] = ("dark", "light")


@dataclass(frozen=True, slots=True)
class Shot:
    """What of a scene is drawn: the newest message, `target`, or the whole channel.

    `before` is done on the page first; what it opens is drawn if `whole`.
    """

    channel: Any
    viewer: Any
    target: Any = None
    whole: bool = False
    before: Act | None = None
    height: int = TALL


async def draw(env: simcord.Env, shot: Shot, says: str, path: Path) -> dict[int, Image.Image]:
    """Write the four variants of a shot as one picture; gives the dark ones by their width.

    Raises OtherPicture if one of them does not say `says`.
    """
    SAYS.set(says)
    panels = {}
    async with env.preview(shot.channel, viewers=[shot.viewer], height=shot.height) as preview:
        for width in (DESKTOP, PHONE):
            for theme in THEMES:
                panels[width, theme] = await _photograph(preview, shot, width, theme)
    write(_sheet([[panels[DESKTOP, theme], panels[PHONE, theme]] for theme in THEMES]), path)
    return {width: panels[width, "dark"] for width in (DESKTOP, PHONE)}


def write(image: Image.Image, path: Path) -> None:
    """Write an image in few colours, which keeps it small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


async def _photograph(preview: Preview, shot: Shot, width: int, theme: Theme) -> Image.Image:
    THEME.set(theme)
    BEFORE.set(shot.before)
    taken = await preview.screenshot(
        target=shot.target,
        allow_incomplete=True,
        mode="viewport" if shot.whole else "surface",
        layout="channel" if shot.whole else "message",
        viewport=(width, shot.height),
    )
    return _cut(Image.open(io.BytesIO(taken.png)).convert("RGB"))


def _cut(image: Image.Image) -> Image.Image:
    """Without the empty rows below, but for a margin."""
    corner = image.getpixel((2, image.height - 3))
    empty = Image.new("RGB", image.size, corner)
    box = ImageChops.difference(image, empty).getbbox()
    return image.crop((0, 0, image.width, min(image.height, box[3] + MARGIN))) if box else image


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """Pictures in rows and columns on one ground."""
    width = max(sum(image.width + GAP for image in row) for row in rows) + GAP
    height = sum(max(image.height for image in row) + GAP for row in rows) + GAP
    sheet = Image.new("RGB", (width, height), GROUND)
    y = GAP
    for row in rows:
        for x, image in zip(_lefts(row), row, strict=True):
            sheet.paste(image, (x, y))
        y += max(image.height for image in row) + GAP
    return sheet


def _lefts(row: list[Image.Image]) -> Iterator[int]:
    x = GAP
    for image in row:
        yield x
        x += image.width + GAP
