"""The values that tell of an index: its documents, its builds, its model. All are frozen."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the index, in short. `size` is that of its file, in bytes."""

    document: str
    title: str
    language: str
    size: int
    passages: int
    url: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that was set aside, and why."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Guessed:
    """A document whose bytes do not say their encoding, and the one that it was read in."""

    document: str
    encoding: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one reindex did. Documents are named by path; `seconds` is wall-clock time.

    `guessed` are all in the index whose encoding was guessed, also those that are unchanged.
    `published` is False where nothing had changed, and `generation` is the one that stays.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    quarantined: tuple[Quarantined, ...]
    chunks: int
    embedded: int
    seconds: float
    generation: str
    published: bool
    guessed: tuple[Guessed, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model made a set of vectors, exactly.

    `sha256` covers the weight files, so that a changed model is seen even under the same name.
    `similarity` is the model's own: cosine, dot or euclidean. `prompts` are what the model puts
    before a query and before a document.
    """

    name: str
    revision: str | None
    sha256: str
    dimension: int
    similarity: Literal["cosine", "dot", "euclidean"]
    max_tokens: int
    prompts: tuple[tuple[str, str], ...] = ()


GenerationState = Literal["answering", "kept", "withdrawn", "damaged"]
"""`withdrawn`: rolled back. `kept`: whole, and answers if the newer ones are rolled back."""


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """One finished build on disk, as its manifest describes it. `size` is in bytes.

    One whose manifest cannot be read has nothing but its name. `problem` says what is damaged.
    """

    name: str
    state: GenerationState
    created: str = ""
    documents: int = 0
    chunks: int = 0
    model: str = ""
    size: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of checking one generation. `problems` is empty when it is whole.

    `files`, `passages` and `canaries` say how much was checked: a canary is a passage whose own
    words must find it. `note` says why no canaries were searched, if so.
    """

    generation: str
    problems: tuple[str, ...]
    files: int = 0
    passages: int = 0
    canaries: int = 0
    note: str | None = None
