"""The power fails: every state that a disk may be found in."""

import itertools
import math
import random
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from .disk import Disk, File, Folder

Tree: TypeAlias = "Mapping[str, Tree | bytes]"
"""A folder as it is found: its entries by name."""

State: TypeAlias = tuple[int, ...]
"""Which possibility of each uncertain part: 0 is what was before, the last is all of it."""


class PowerCut:
    """All that may be found on a disk whose power fails now."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        files = (node for node in disk.nodes if isinstance(node, File))
        self._contents = {id(file): file.possible() for file in files}
        self._sizes = list(map(len, self._contents.values()))
        for node in disk.nodes:
            self._sizes += [2] * len(node.unsure) if isinstance(node, Folder) else []

    def count(self) -> int:
        """How many states there are."""
        return math.prod(self._sizes)

    def states(self, most: int) -> Iterator[State]:
        """All states where they are at most so many, else corners first and then a sample.

        They are the same at each call.
        """
        if self.count() <= most:
            return itertools.product(*map(range, self._sizes))
        chance = random.Random(most)
        corners = list(self.corners())
        chance.shuffle(corners)
        drawn = (tuple(map(chance.randrange, self._sizes)) for _ in itertools.count())
        return itertools.islice(_once(itertools.chain(corners, drawn)), most)

    def corners(self) -> Iterator[State]:
        """All there, nothing there, and one part that is otherwise than all others."""
        for rest in (tuple(size - 1 for size in self._sizes), (0,) * len(self._sizes)):
            yield rest
            for place, size in enumerate(self._sizes):
                others = (n for n in range(size) if n != rest[place])
                yield from ((*rest[:place], n, *rest[place + 1 :]) for n in others)

    def tree(self, state: State) -> Tree:
        """What is found in one of the states."""
        chosen = iter(state)
        contents = {key: possible[next(chosen)] for key, possible in self._contents.items()}
        entries = {
            id(node): node.entries([n for n in range(len(node.unsure)) if next(chosen)])
            for node in self._disk.nodes
            if isinstance(node, Folder)
        }

        def grown(folder: Folder) -> Tree:
            return {
                name: grown(node) if isinstance(node, Folder) else contents[id(node)]
                for name, node in entries[id(folder)].items()
            }

        return grown(self._disk.root)


def _once(states: Iterator[State]) -> Iterator[State]:
    seen: set[State] = set()
    for state in states:
        if state not in seen:
            seen.add(state)
            yield state


def frozen(tree: Tree) -> Hashable:
    """A tree as a value to look up."""
    return tuple(
        (name, content if isinstance(content, bytes) else frozen(content))
        for name, content in sorted(tree.items())
    )


def write_tree(tree: Tree, folder: Path) -> None:
    """Put a tree on disk."""
    folder.mkdir()
    for name, content in tree.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            write_tree(content, folder / name)
