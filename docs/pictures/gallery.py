"""Plays every scene, draws it, and writes the page that shows them all."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.logs import configure_logs
from pictures.admins import ADMINS
from pictures.asking import ASKING
from pictures.buttons import BUTTONS
from pictures.drawing import DESKTOP, PHONE, draw, write
from pictures.inertness import FAULTS, INERTNESS
from pictures.room import ROOT, Rooms
from pictures.scenes import Chapter, Scene
from pictures.simulation import OtherPicture, prepare

CHAPTERS: tuple[Chapter, ...] = (ASKING, BUTTONS, ADMINS, INERTNESS, FAULTS)
IMAGES = ROOT / "docs" / "images"
PAGE = ROOT / "docs" / "gallery.md"
OF_THE_README = {"answer": DESKTOP, "abstain": PHONE, "human-waiting": PHONE}
"""By the width in which they stand there."""

HEAD = """# Gallery
<!-- Written by `make pictures`; the captions stand in docs/pictures. -->
Every picture is of a real run: the shipped bot and engine, over the shipped article or over
documents that were made up for it, those in [gallery/](gallery/) and some that the scenes add. Only
Discord is simulated, by [simcord](https://pypi.org/project/simcord/), and drawn as simcord draws
it. Ours in the drawing are the light colours, the blank lines between quotes, the opened menu of
a message and the notification; the line to write in is left out. Each picture has the desktop on
the left and the phone on the right, in dark and in light. `make pictures` draws them all anew, and
none that does not say what its scene is about.
"""


async def make(names: Sequence[str]) -> None:
    """Draw the scenes of these names, or all, and write the page."""
    configure_logs("error", "text", ())
    prepare()
    scenes = [scene for chapter in CHAPTERS for scene in chapter.scenes]
    unknown = set(names) - {scene.name for scene in scenes}
    if unknown:
        raise SystemExit(f"error: no scene is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        rooms = Rooms(Path(folder))
        for scene in scenes:
            if not names or scene.name in names:
                await _make(rooms, scene)
    PAGE.write_text(_page(), encoding="utf-8")


async def _make(rooms: Rooms, scene: Scene) -> None:
    async with rooms.open(scene.corpus, scene.settings, scene.prepare) as room:
        shot = await scene.play(room)
        path = _path(scene)
        try:
            alone = await draw(room.env, shot, scene.says, path)
        except OtherPicture as error:
            raise SystemExit(f"error: {scene.name} is not drawn: {error}") from error
        if width := OF_THE_README.get(scene.name):
            write(alone[width], IMAGES / path.name)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB\n")
    sys.stdout.flush()


def _path(scene: Scene) -> Path:
    return IMAGES / "gallery" / f"{scene.name}.png"


def _page() -> str:
    lines = [HEAD]
    for chapter in CHAPTERS:
        lines.append(f"## {chapter.title}\n")
        for scene in chapter.scenes:
            picture = _path(scene).relative_to(PAGE.parent)
            lines.append(f"### {scene.title}\n{scene.caption}\n\n![{scene.title}]({picture})\n")
    return "\n".join(lines)
