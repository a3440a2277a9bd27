"""Whether a generation is whole: hashes, places, counts, vectors, passages that find themselves.

SQLite's `PRAGMA integrity_check` and Lucene's `CheckIndex` are the models.
"""

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

from index.errors import IndexDamaged, StoreError
from index.generations import generation
from index.generations.generation import Contents
from index.passage_text import passage_text
from index.protocols import Embedder
from index.reports import Verification
from index.stores import Store

CANARIES = 8
"""Passages, evenly spread, whose own words must find them."""

SLACK = 1e-3
"""How far a passage may be from its own vector, as a share of its length squared: batches round
differently."""

FOUND_AMONG = 10
"""Hits looked through: the same words may stand in several passages."""


def verify(folder: Path, embedder: Embedder, name: str) -> Verification:
    """Check the generation of a name as far as it can be checked; raises for no damage."""
    try:
        contents = generation.read(folder, name)
        store = open_store(contents)
    except IndexDamaged as error:
        return Verification(name, (str(error),))
    problems = generation.problems(contents) + store.problems()
    if len(store) != len(contents.chunks):
        problems.append(f"{len(store)} vectors for {len(contents.chunks)} passages")
    rows: Sequence[int] = ()
    note = None
    if contents.manifest.model != embedder.identity:
        note = "no passage was searched: the model of the settings is another"
    elif not problems:
        rows = _spread(len(contents.chunks))
        problems += _lost(contents, store, embedder, rows)
    return Verification(
        generation=contents.manifest.name,
        problems=tuple(problems),
        files=len(contents.manifest.files) + 1,
        passages=len(contents.chunks),
        canaries=len(rows),
        note=note,
    )


def require_whole(folder: Path, embedder: Embedder, name: str) -> None:
    """Raise IndexDamaged if `verify` finds anything."""
    found = verify(folder, embedder, name)
    if found.problems:
        raise IndexDamaged(f"generation {found.generation}: {'; '.join(found.problems)}")


def open_store(contents: Contents) -> Store:
    """The store of a generation. Raises IndexDamaged if its files, though whole, do not fit."""
    try:
        return Store.read(contents.store_files, contents.manifest.model)
    except (StoreError, ValueError, KeyError, RuntimeError, BadZipFile) as error:
        name = contents.manifest.name
        raise IndexDamaged(f"the store of generation {name} cannot be opened: {error}") from error


def _spread(passages: int) -> Sequence[int]:
    """Rows from the first to the last, as far apart as there are passages for."""
    searched = min(CANARIES, passages)
    return [number * (passages - 1) // max(1, searched - 1) for number in range(searched)]


def _lost(contents: Contents, store: Store, embedder: Embedder, rows: Sequence[int]) -> list[str]:
    """Passages that their own words, embedded and searched anew, do not find as like themselves.

    One that is lost among many as like is not: a model may tell no emoji from another.
    """
    found = []
    for row in rows:
        chunk = contents.chunks[row]
        document = contents.documents[chunk.document]
        vector = embedder.embed_documents([passage_text(document.stated_title, chunk)])
        hits = store.search(vector, passage_text(document.title, chunk), FOUND_AMONG)
        squared = float(vector[0] @ vector[0])
        wanted = 0.0 if contents.manifest.model.similarity == "euclidean" else squared
        alike = [h.row for h in hits if abs(h.similarity - wanted) <= SLACK * squared]
        found_itself = any(contents.chunks[other].text == chunk.text for other in alike)
        if not found_itself and len(alike) < FOUND_AMONG:
            found.append(f"passage {row} of {chunk.document} does not find itself")
    return found
