"""A folder of documents becomes a published generation."""

import importlib.metadata
import logging
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from index.chunk import CHUNKER_VERSION, chunk
from index.errors import CorpusEmptied, CorpusError, CorpusShrank
from index.generations import generation, history
from index.generations.data_folder import way_to, writable
from index.generations.embedding_cache import EmbeddingCache
from index.generations.generation import Contents, Manifest
from index.generations.incremental import Corpus, Known, load_corpus, nothing_readable
from index.generations.verification import open_store, require_whole
from index.loaders import LOADERS_VERSION
from index.passage_text import passage_text
from index.protocols import Embedder, Matrix, Progress
from index.records import Chunk, Document
from index.reports import BuildReport, Guessed, Quarantined
from index.settings import Settings
from index.stems import WORDS_VERSION
from index.stores import Store

log = logging.getLogger(__name__)

EMBED_BATCH = 64
"""Passages embedded between two reports of progress and two writes to the cache."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to build. `full` reads every document anew; `allow_shrink` lets a corpus lose most."""

    full: bool = False
    allow_shrink: bool = False


AS_USUAL = Wanted()


@dataclass(frozen=True, slots=True)
class _Built:
    """The generation that answers after a reindex. `embedded` passages had to be."""

    name: str
    chunks: int
    embedded: int


IF_MEANT = "if it is meant, `quoth reindex --allow-shrink`"


def build(
    settings: Settings, embedder: Embedder, progress: Progress, wanted: Wanted = AS_USUAL
) -> BuildReport:
    """Build, verify and publish a generation; where nothing changed, the newest one stays.

    The caller holds the data folder's lock. Raises CorpusError if there is nothing to index,
    CorpusShrank and CorpusEmptied if there is much less than before, or nothing, and that is not
    `wanted`; then the last generation stays as it is.
    """
    started = time.perf_counter()
    with writable(settings.data):
        history.clear_away(settings.data)
        before, _ = history.newest_opened(settings.data, _usable)
    alike = before is not None and _built_alike(before.manifest, settings, embedder)
    known = Known.of(before) if before and alike and not wanted.full else Known()
    corpus = load_corpus(settings.corpus, known, progress)
    if before and alike and not wanted.full and not _is_news(before.manifest, corpus, settings):
        built = _Built(before.manifest.name, before.manifest.chunks, embedded=0)
    else:
        ours = before and before.manifest.corpus == way_to(settings.corpus, settings.data)
        _guard(before if ours else None, corpus, settings, wanted)
        built = _build_anew(settings, embedder, corpus, known, progress)
    _prune(settings)
    report = _report(before.manifest if before else None, corpus, built, started)
    log.info(
        "reindexed generation=%s published=%s documents=%d chunks=%d embedded=%d seconds=%.1f",
        report.generation,
        report.published,
        len(corpus.documents),
        report.chunks,
        report.embedded,
        report.seconds,
    )
    return report


def _usable(contents: Contents) -> Contents:
    """The same, if what answers from it could open it."""
    if contents.manifest.schema == generation.SCHEMA_VERSION:
        open_store(contents)
    return contents


def _build_anew(
    settings: Settings,
    embedder: Embedder,
    corpus: Corpus,
    known: Known,
    progress: Progress,
) -> _Built:
    """Make and publish a generation."""
    chunks = _chunk_all(
        corpus.documents, known, embedder, chunk_limit(settings, embedder), progress
    )
    documents = {document.path: document for document in corpus.documents}
    embedded_as = [passage_text(documents[c.document].stated_title, c) for c in chunks]
    searched_as = [passage_text(documents[c.document].title, c) for c in chunks]
    languages = [documents[c.document].language for c in chunks]
    with writable(settings.data), EmbeddingCache(settings.data, embedder.identity) as cache:
        vectors, embedded = _embed(embedded_as, embedder, cache, progress)
        store = Store.build(searched_as, languages, vectors, embedder.identity)
        name = _write(settings, embedder, corpus, chunks, store)
        cache.keep_only(embedded_as)
    return _Built(name, len(chunks), embedded)


def _built_alike(manifest: Manifest, settings: Settings, embedder: Embedder) -> bool:
    """Whether documents and passages of a generation would be made the same today."""
    return (
        manifest.schema == generation.SCHEMA_VERSION
        and manifest.chunker == chunker_settings(settings)
        and manifest.model == embedder.identity
    )


def _is_news(manifest: Manifest, corpus: Corpus, settings: Settings) -> bool:
    """Whether a generation of this corpus would differ from the newest one on disk."""
    indexed = {(source.path, source.sha256, source.reason) for source in manifest.sources}
    met = {(source.path, source.sha256, source.reason) for source in corpus.sources}
    newest = history.names(settings.data)[-1]
    moved = manifest.corpus != way_to(settings.corpus, settings.data)
    return indexed != met or moved or manifest.name != newest


def _guard(before: Contents | None, corpus: Corpus, settings: Settings, wanted: Wanted) -> None:
    """Refuse a corpus that lost all, or more than half of its documents or of its text.

    `before` is its last generation, if it had one.
    """
    if before and wanted.allow_shrink:
        return
    if not corpus.documents:
        nothing = nothing_readable(settings.corpus, corpus.sources)
        if before:
            raise CorpusEmptied(f"{nothing}; the last index stays; {IF_MEANT}")
        raise CorpusError(nothing)
    if before is None:
        return
    for what, was, now in (
        ("documents", len(before.documents), len(corpus.documents)),
        ("characters", _characters(before.documents.values()), _characters(corpus.documents)),
    ):
        if now * 2 < was:
            raise CorpusShrank(
                f"the documents shrank from {was:,} to {now:,} {what}, which looks like an "
                f"accident; the last index stays; {IF_MEANT}"
            )


def _characters(documents: Iterable[Document]) -> int:
    return sum(len(document.text) for document in documents)


def chunk_limit(settings: Settings, embedder: Embedder) -> int:
    """Longest passage in tokens: the setting, within what the model can take."""
    most = embedder.identity.max_tokens
    return min(settings.chunk_tokens or most, most)


def chunker_settings(settings: Settings) -> Mapping[str, int | str]:
    """What decides how a document is chunked, beside the model: kept to see that it changed."""
    return {
        "version": CHUNKER_VERSION,
        "loaders": LOADERS_VERSION,
        "words": WORDS_VERSION,
        "chunk_tokens": settings.chunk_tokens or 0,
        "sentencex": importlib.metadata.version("sentencex"),
    }


def _chunk_all(
    documents: Sequence[Document],
    known: Known,
    embedder: Embedder,
    limit: int,
    progress: Progress,
) -> list[Chunk]:
    chunks: list[Chunk] = []
    for done, document in enumerate(documents):
        progress("chunking", done, len(documents))
        chunks += known.passages(document) or chunk(document, embedder.count_tokens, limit)
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
    vectors = np.empty((len(texts), embedder.identity.dimension), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row] = known[text]
    return vectors, len(missing)


def _write(
    settings: Settings,
    embedder: Embedder,
    corpus: Corpus,
    chunks: Sequence[Chunk],
    store: Store,
) -> str:
    """Write and verify a generation aside and publish it; returns its name."""
    folder = history.begin(settings.data)
    try:
        name = history.next_name(settings.data)
        generation.write_passages(folder, corpus.documents, chunks)
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
                sources=corpus.sources,
                documents=len(corpus.documents),
                chunks=len(chunks),
                files={},
            ),
        )
        require_whole(folder, embedder, name)
        history.publish(folder, settings.data, name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


def _prune(settings: Settings) -> None:
    """Delete old generations. The new one is published, so that a failure is only told."""
    try:
        history.prune(settings.data, settings.generations_kept)
    except OSError as error:
        log.warning("generations not-deleted reason=%r", str(error))


def _report(before: Manifest | None, corpus: Corpus, built: _Built, started: float) -> BuildReport:
    """What became of each document, since `started` on the clock of `time.perf_counter`."""
    sources = before.sources if before else ()
    then = {source.path: source.sha256 for source in sources if not source.reason}
    now = {document.path: document.sha256 for document in corpus.documents}
    return BuildReport(
        added=tuple(path for path in now if path not in then),
        changed=tuple(path for path in now if then.get(path, now[path]) != now[path]),
        removed=tuple(path for path in then if path not in now),
        unchanged=tuple(path for path in now if then.get(path) == now[path]),
        quarantined=tuple(
            Quarantined(source.path, source.reason) for source in corpus.sources if source.reason
        ),
        chunks=built.chunks,
        embedded=built.embedded,
        seconds=round(time.perf_counter() - started, 3),
        generation=built.name,
        published=before is None or built.name != before.name,
        guessed=tuple(
            Guessed(document.path, document.guessed_encoding)
            for document in corpus.documents
            if document.guessed_encoding
        ),
    )
