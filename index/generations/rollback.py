"""Go back to an earlier generation, and tell which there are."""

import logging
from collections.abc import Callable

from index.errors import GenerationUnknown, IndexDamaged, IndexMismatch, IndexMissing
from index.generations import generation, history
from index.generations.data_folder import writable
from index.generations.generation import Manifest
from index.generations.staleness import unfit
from index.protocols import Embedder
from index.reports import GenerationState, GenerationSummary
from index.settings import Settings

log = logging.getLogger(__name__)


def generations(settings: Settings) -> list[GenerationSummary]:
    """Every generation on disk, oldest first, each with its hashes checked."""
    data = settings.data
    found: list[GenerationSummary] = []
    for name in reversed(history.all_names(data)):
        answering = any(newer.state == "answering" for newer in found)
        state: GenerationState = "kept" if answering else "answering"
        if history.is_withdrawn(data, name):
            state = "withdrawn"
        place = history.place(data, name)
        try:
            found.append(summary(generation.check(place, name), state))
        except IndexDamaged as error:
            if place.exists():  # else a reindex deleted it meanwhile
                found.append(GenerationSummary(name, "damaged", problem=str(error)))
    return found[::-1]


def summary(manifest: Manifest, state: GenerationState) -> GenerationSummary:
    """A generation in a few words, for people."""
    return GenerationSummary(
        name=manifest.name,
        state=state,
        created=manifest.created,
        documents=manifest.documents,
        chunks=manifest.chunks,
        model=manifest.model.name,
        size=sum(size for size, _ in manifest.files.values()),
    )


def roll_back(settings: Settings, to: str | None, embedder: Callable[[], Embedder]) -> Manifest:
    """Answer from the generation before the one that answers, or from the one named.

    `embedder` loads what embeds if it is not loaded yet. The caller holds the data folder's lock.
    Newer ones are withdrawn, not deleted. Raises IndexMissing, GenerationUnknown, IndexDamaged,
    and IndexMismatch if it does not fit the settings or the embedder, and ModelError; then nothing
    changes.
    """
    data = settings.data
    every = generations(settings)
    if not every:
        raise IndexMissing(f"nothing is built in {data}; run `quoth reindex`")
    target = _named(every, to) if to else _before_the_answering(every)
    manifest = generation.check(history.place(data, target), target)
    if reason := unfit(manifest, settings, embedder().identity):
        raise IndexMismatch(f"generation {target} cannot answer: {reason}")
    with writable(data):
        history.answer_from(data, target)
    log.info("rolled-back generation=%s", target)
    return manifest


def _named(every: list[GenerationSummary], name: str) -> str:
    names = [one.name for one in every]
    wanted = f"{int(name):06}" if name.isascii() and name.isdecimal() else name
    if wanted not in names:
        raise GenerationUnknown(f"there is no generation {name}; there are {', '.join(names)}")
    return wanted


def _before_the_answering(every: list[GenerationSummary]) -> str:
    kept = [one.name for one in every if one.state == "kept"]
    if not kept:
        raise GenerationUnknown("there is no whole generation before the one that answers")
    return kept[-1]
