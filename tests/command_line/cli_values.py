"""What the tests of the command line share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ARTICLE = "london-interior-commitments.txt"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789_-"  # noqa: S105
"""Of a token's form, with the application id 123456789012345678 in it; no one's."""


def damage_vectors(data: Path) -> None:
    """Spoil the vectors of every generation, and leave their manifests whole."""
    for vectors in data.glob("generations/*/vectors.faiss"):
        vectors.write_bytes(vectors.read_bytes()[:-1] + b"!")


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Quoth = Callable[..., Result]
"""Runs `quoth` with these arguments, and with bytes as `stdin`."""
