"""Whether an index still fits the settings and the documents it was built from."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamaged
from index.generations import generation, history
from index.generations.build import chunker_settings
from index.generations.data_folder import way_to
from index.generations.generation import SCHEMA_VERSION, Manifest, SourceFile
from index.generations.incremental import looks_unchanged, printable, source_file
from index.loaders import find_files
from index.reports import ModelIdentity
from index.settings import Settings


def staleness(settings: Settings) -> str | None:
    """Why a reindex is due, in plain words, or None.

    It is not due for documents whose generation was rolled back, until they change again.
    """
    data = settings.data
    manifest = history.newest_manifest(data)
    if manifest is None:
        return f"nothing is built in {data}"
    if reason := built_otherwise(manifest, settings):
        return reason
    changed = documents_changed(settings.corpus, manifest)
    if changed and any(
        documents_changed(settings.corpus, other) is None for other in _rolled_back(data)
    ):
        return None
    return changed


def corpus_mark(corpus: Path) -> str:
    """A mark of the documents' paths, sizes and times: another one when a file changes.

    Raises CorpusError if a folder cannot be listed.
    """
    mark = hashlib.sha256()
    for path in _files(corpus):
        with suppress(OSError):  # deleted just now: the next mark is without it
            facts = (corpus / path).stat()
            mark.update(f"{printable(path)}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def _rolled_back(data: Path) -> list[Manifest]:
    found = []
    for name in history.all_names(data):
        if history.is_withdrawn(data, name):
            with suppress(IndexDamaged):
                found.append(generation.read_manifest(history.place(data, name)))
    return found


def built_otherwise(manifest: Manifest, settings: Settings) -> str | None:
    """How the generation was built otherwise than the settings ask, or None."""
    if manifest.schema != SCHEMA_VERSION:
        return (
            f"the index was built by another version of Quoth (its files are of schema "
            f"{manifest.schema}, this one writes {SCHEMA_VERSION})"
        )
    built, wanted = (
        _named(manifest.model.name, manifest.model.revision),
        _named(settings.model, settings.model_revision),
    )
    if built != wanted:
        return f"the index was built with {built}, settings say {wanted}"
    if manifest.corpus != way_to(settings.corpus, settings.data):
        return f"the index was built from other documents than those in {settings.corpus}"
    return _chunked_otherwise(manifest.chunker, chunker_settings(settings))


def unfit(manifest: Manifest, settings: Settings, model: ModelIdentity) -> str | None:
    """Why a generation cannot answer with these settings and the model they name, or None."""
    if reason := built_otherwise(manifest, settings):
        return reason
    return None if manifest.model == model else "the weights of the model have changed"


def _chunked_otherwise(
    built: Mapping[str, int | str], wanted: Mapping[str, int | str]
) -> str | None:
    was, now = built.get("chunk_tokens"), wanted.get("chunk_tokens")
    if was != now:
        return f"the index was built with chunk_tokens {was}, settings say {now}"
    names = sorted(name for name in {*built, *wanted} if built.get(name) != wanted.get(name))
    told = ", ".join(f"{name} {built.get(name, 0)}, now {wanted.get(name, 0)}" for name in names)
    return f"the index was built by another version of Quoth ({told})" if names else None


def _named(model: str, revision: str | None) -> str:
    return f"{model} at {revision}" if revision else model


def documents_changed(corpus: Path, manifest: Manifest) -> str | None:
    """What changed in the corpus since the manifest was written, or None."""
    known = {source.path: source for source in manifest.sources}
    paths = [printable(path) for path in _files(corpus)]
    added = [path for path in paths if path not in known]
    removed = known.keys() - set(paths)
    changed = [path for path in paths if path in known and _differs(corpus, known[path])]
    counts = {"new": len(added), "changed": len(changed), "removed": len(removed)}
    told = [f"{count} {word}" for word, count in counts.items() if count]
    return f"the documents have changed since ({', '.join(told)})" if told else None


def _files(corpus: Path) -> list[str]:
    """Its files; no files where the folder is missing or cannot be reached."""
    return find_files(corpus) if os.path.isdir(corpus) else []  # noqa: PTH112  # never raises


def _differs(corpus: Path, known: SourceFile) -> bool:
    if looks_unchanged(corpus, known):
        return False
    return source_file(corpus, known.path).sha256 != known.sha256
