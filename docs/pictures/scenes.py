"""What a scene is: a short play in a room, its title, and a caption, which is its docstring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.settings import DiscordSettings
from pictures.drawing import Shot
from pictures.room import ARTICLE, Prepare, Room

Play: TypeAlias = Callable[[Room], Awaitable[Shot]]

AS_SHIPPED = DiscordSettings()


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of the gallery; `says` must be read in it, or it shows something else."""

    name: str
    title: str
    says: str
    caption: str
    play: Play
    corpus: Path
    settings: DiscordSettings
    prepare: Prepare | None


class Chapter:
    """Scenes that belong together, in the order of the gallery."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.scenes: list[Scene] = []

    def scene(
        self,
        title: str,
        says: str,
        corpus: Path = ARTICLE,
        *,
        settings: DiscordSettings = AS_SHIPPED,
        prepare: Prepare | None = None,
    ) -> Callable[[Play], Play]:
        """Add a play; its name is the picture's, and `says` is read in it, or it is not drawn."""

        def add(play: Play) -> Play:
            name = play.__name__.replace("_", "-")
            caption = " ".join((play.__doc__ or "").split())
            self.scenes.append(Scene(name, title, says, caption, play, corpus, settings, prepare))
            return play

        return add
