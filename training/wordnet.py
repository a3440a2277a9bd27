"""Words of the same kind and another meaning, from the files of WordNet (Princeton, 3.0 or 3.1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTS = {"noun": "n", "verb": "v", "adj": "a"}
"""The files read, and the letter that each part of speech has inside them."""
ABOVE = ("@", "@i")
SENSES = 2
"""A word's rarer meanings are left out: they give words that nobody would take for its like."""

Place = tuple[str, int]
"""A synset: the letter of its part of speech, and its offset in that file."""


@dataclass(slots=True)
class Synset:
    """Words of one meaning, the synsets above it, and the opposites of each of its words."""

    words: list[str]
    above: list[Place] = field(default_factory=list)
    opposites: dict[str, list[tuple[Place, int]]] = field(default_factory=dict)


class WordNet:
    """Reads `data.noun`, `data.verb`, `data.adj` and their `index` files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._synsets: dict[Place, Synset] = {}
        self._below: dict[Place, list[Place]] = defaultdict(list)
        self._senses: dict[tuple[str, str], list[Place]] = {}
        for name, part in PARTS.items():
            for line in _lines(folder / f"data.{name}"):
                place, synset = _synset(line, part)
                self._synsets[place] = synset
                for above in synset.above:
                    self._below[above].append(place)
            for line in _lines(folder / f"index.{name}"):
                word, *rest = line.split()
                senses = [(part, int(offset)) for offset in rest[-int(rest[1]) :]]
                self._senses[word, part] = senses

    def opposites(self, word: str, part: str) -> list[str]:
        """Antonyms of the word as a noun ("n"), verb ("v") or adjective ("a")."""
        return [
            self._synsets[place].words[at - 1]
            for sense in self._senses.get((word, part), [])[:SENSES]
            for place, at in self._synsets[sense].opposites.get(word, [])
        ]

    def sisters(self, word: str, part: str) -> list[str]:
        """Words of the same kind ("queen" for "king"): no synonym, nothing wider or narrower."""
        senses = self._senses.get((word, part), [])
        same = set(self._words(senses))
        for sense in senses:
            same.update(self._words(self._synsets[sense].above))
            same.update(self._words(self._below[sense]))
        found = [
            other
            for sense in senses[:SENSES]
            for above in self._synsets[sense].above
            for other in self._words(self._below[above])
        ]
        return [other for other in dict.fromkeys(found) if other not in same]

    def _words(self, places: list[Place]) -> Iterator[str]:
        for place in places:
            yield from self._synsets[place].words


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file after the licence, whose lines begin with blanks."""
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith("  "))


def _synset(line: str, part: str) -> tuple[Place, Synset]:
    fields = line.partition(" | ")[0].split()
    count = int(fields[3], 16)
    words = [word.partition("(")[0].lower() for word in fields[4 : 4 + 2 * count : 2]]
    synset = Synset(words)
    at = 4 + 2 * count
    for start in range(at + 1, at + 1 + 4 * int(fields[at]), 4):
        symbol, offset, other_part, ends = fields[start : start + 4]
        place = (other_part.replace("s", "a"), int(offset))
        if symbol in ABOVE:
            synset.above.append(place)
        elif symbol == "!":
            mine, theirs = divmod(int(ends, base=16), 256)
            synset.opposites.setdefault(words[mine - 1], []).append((place, theirs))
    return (part, int(fields[0])), synset
