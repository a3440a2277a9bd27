"""A folder of documents becomes a published generation."""

import hashlib
import importlib.metadata
import logging
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index import generation
from index.chunk import CHUNKER_VERSION, chunk, passage_text
from index.data_folder import way_to, writable
from index.embedding_cache import EmbeddingCache
from index.errors import CorpusError, IndexDamaged, LoadError, StoreError
from index.generation import Contents, Manifest, SourceFile
from index.loaders import find_files, load
from index.protocols import Embedder, Matrix, Progress
from index.records import BuildReport, Chunk, Document, Quarantined
from index.settings import Settings
from index.stores.local import LocalStore

log = logging.getLogger(__name__)

EMBED_BATCH = 64
"""Passages embedded between two reports of progress and two writes to the cache."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The readable documents of a corpus and every file that was met, in order of path."""

    documents: tuple[Document, ...]
    sources: tuple[SourceFile, ...]


def build(settings: Settings, embedder: Embedder, progress: Progress) -> BuildReport:
    """Build, verify and publish a generation. The caller holds the data folder's lock.

    Raises CorpusError if there is nothing to index; then the last generation stays as it is.
    """
    started = time.perf_counter()
    loaded = load_corpus(settings.corpus, progress)
    limit = chunk_limit(settings, embedder)
    chunks = _chunk_all(loaded.documents, embedder, limit, progress)
    documents = {document.path: document for document in loaded.documents}
    texts = [passage_text(documents[c.document].title, c) for c in chunks]
    languages = [documents[c.document].language for c in chunks]
    before = _indexed(settings.data)
    with writable(settings.data), EmbeddingCache(settings.data, embedder.identity) as cache:
        vectors, embedded = _embed(texts, embedder, cache, progress)
        store = LocalStore.build(texts, languages, vectors, embedder.identity)
        name = _write(settings, embedder, loaded, chunks, store)
        cache.keep_only(texts)
    _prune(settings)
    seconds = round(time.perf_counter() - started, 3)
    report = replace(
        _changes(before, loaded),
        chunks=len(chunks),
        embedded=embedded,
        seconds=seconds,
        generation=name,
    )
    log.info(
        "reindexed generation=%s documents=%d chunks=%d embedded=%d seconds=%.1f",
        name,
        len(loaded.documents),
        len(chunks),
        embedded,
        report.seconds,
    )
    return report


def chunk_limit(settings: Settings, embedder: Embedder) -> int:
    """Longest passage in tokens: the setting, within what the model can take."""
    most = embedder.identity.max_tokens
    return min(settings.chunk_tokens or most, most)


def chunker_settings(settings: Settings) -> Mapping[str, int | str]:
    """What decides how a document is chunked, beside the model: kept to see that it changed."""
    return {
        "version": CHUNKER_VERSION,
        "chunk_tokens": settings.chunk_tokens or 0,
        "sentencex": importlib.metadata.version("sentencex"),
    }


def load_corpus(corpus: Path, progress: Progress) -> Loaded:
    """Load every file; one that cannot be read is set aside with its reason.

    Raises CorpusError if the folder is missing or holds nothing that can be read.
    """
    if not corpus.is_dir():
        raise CorpusError(f"there is no folder {corpus}; put documents there or name it (--corpus)")
    documents, sources = [], []
    paths = find_files(corpus)
    for done, path in enumerate(paths):
        progress("reading", done, len(paths))
        source = source_file(corpus, path)  # first: an edit while we load is then seen as a change
        try:
            documents.append(load(corpus, path))
        except LoadError as error:
            source = replace(source, reason=str(error))
            log.warning("set-aside document=%s reason=%r", source.path, source.reason)
        sources.append(source)
    progress("reading", len(paths), len(paths))
    if not documents:
        raise CorpusError(_nothing_readable(corpus, sources))
    return Loaded(tuple(documents), tuple(sources))


def source_file(corpus: Path, path: str) -> SourceFile:
    """Size, time and hash of a file as it is now; an unreadable one has an empty hash."""
    try:
        path.encode()
        with (corpus / path).open("rb") as file:
            facts = os.fstat(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, UnicodeEncodeError):
        return SourceFile(printable(path), 0, 0, "")
    return SourceFile(path, facts.st_size, facts.st_mtime_ns, sha256)


def printable(path: str) -> str:
    """A path whose name is no Unicode, with what cannot be shown escaped."""
    return path.encode("utf-8", "backslashreplace").decode()


def _nothing_readable(corpus: Path, sources: Sequence[SourceFile]) -> str:
    if not sources:
        return f"the folder {corpus} holds no documents; put Markdown or text files there"
    reasons = "; ".join(f"{source.path}: {source.reason}" for source in sources[:5])
    return f"none of the {len(sources)} files in {corpus} can be read ({reasons})"


def _chunk_all(
    documents: Sequence[Document], embedder: Embedder, limit: int, progress: Progress
) -> list[Chunk]:
    chunks: list[Chunk] = []
    for done, document in enumerate(documents):
        progress("chunking", done, len(documents))
        chunks += chunk(document, embedder.count_tokens, limit)
    progress("chunking", len(documents), len(documents))
    return chunks


def _embed(
    texts: Sequence[str], embedder: Embedder, cache: EmbeddingCache, progress: Progress
) -> tuple[Matrix, int]:
    """Vectors of all texts, shape (len(texts), dimension), and how many had to be made."""
    known = dict(cache.get(texts))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    for first in range(0, len(missing), EMBED_BATCH):
        progress("embedding", first, len(missing))
        batch = missing[first : first + EMBED_BATCH]
        vectors = embedder.embed_documents(batch)
        cache.put(batch, vectors)
        known.update(zip(batch, vectors, strict=True))
    progress("embedding", len(missing), len(missing))
    return np.stack([known[text] for text in texts]), len(missing)


def _write(
    settings: Settings,
    embedder: Embedder,
    loaded: Loaded,
    chunks: Sequence[Chunk],
    store: LocalStore,
) -> str:
    """Write and verify a generation aside and publish it; returns its name."""
    folder = generation.begin(settings.data)
    try:
        name = generation.next_name(settings.data)
        generation.write_passages(folder, loaded.documents, chunks)
        store.write(folder)
        generation.seal(
            folder,
            Manifest(
                name=name,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                schema=generation.SCHEMA_VERSION,
                corpus=way_to(settings.corpus, settings.data),
                chunker=chunker_settings(settings),
                model=embedder.identity,
                sources=loaded.sources,
                documents=len(loaded.documents),
                chunks=len(chunks),
                files={},
            ),
        )
        verify(folder)
        generation.publish(folder, settings.data, name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


def verify(folder: Path) -> None:
    """Read a generation back, hashes and places and counts. Raises IndexDamaged."""
    contents = generation.read(folder)
    found = generation.problems(contents)
    store = open_store(contents)
    if len(store) != len(contents.chunks):
        found.append(f"{len(store)} vectors for {len(contents.chunks)} passages")
    if found:
        raise IndexDamaged(f"generation {contents.manifest.name}: {'; '.join(found)}")


def open_store(contents: Contents) -> LocalStore:
    """The store of a generation. Raises IndexDamaged if its files, though whole, do not fit."""
    try:
        return LocalStore.read(contents.store_files, contents.manifest.model)
    except (StoreError, ValueError, KeyError, RuntimeError, BadZipFile) as error:
        name = contents.manifest.name
        raise IndexDamaged(f"the store of generation {name} cannot be opened: {error}") from error


def newest_manifest(data: Path) -> Manifest | None:
    """Manifest of the newest generation whose manifest is whole, or None."""
    for name in reversed(generation.names(data)):
        try:
            return generation.read_manifest(data / generation.FOLDER / name)
        except IndexDamaged as error:
            log.warning("generation damaged=%s reason=%r", name, str(error))
    return None


def _indexed(data: Path) -> Mapping[str, str]:
    """Hashes, by path, of the documents in the newest generation."""
    manifest = newest_manifest(data)
    sources = manifest.sources if manifest else ()
    return {source.path: source.sha256 for source in sources if not source.reason}


def _prune(settings: Settings) -> None:
    """Delete old generations. The new one is published, so that a failure is only told."""
    try:
        generation.prune(settings.data, settings.generations_kept)
    except OSError as error:
        log.warning("generations not-deleted reason=%r", str(error))


def _changes(before: Mapping[str, str], loaded: Loaded) -> BuildReport:
    """What became of each document; the caller adds the figures."""
    now = {document.path: document.sha256 for document in loaded.documents}
    return BuildReport(
        added=tuple(path for path in now if path not in before),
        changed=tuple(path for path in now if before.get(path, now[path]) != now[path]),
        removed=tuple(path for path in before if path not in now),
        unchanged=tuple(path for path in now if before.get(path) == now[path]),
        quarantined=tuple(
            Quarantined(source.path, source.reason) for source in loaded.sources if source.reason
        ),
        chunks=0,
        embedded=0,
        seconds=0.0,
        generation="",
    )
