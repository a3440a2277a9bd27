"""Files of the corpus become documents; those that the last generation holds are not read again."""

import hashlib
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from index.errors import CorpusError, LoadError
from index.generations.generation import Contents, SourceFile
from index.loaders import find_files, load, must_be_inside
from index.protocols import Progress
from index.records import Chunk, Document

log = logging.getLogger(__name__)

CLOCK_STEP_NS = 2_000_000_000
"""A file that changed this short a time ago can change again without its time telling."""

UNSURE = 0
"""Recorded in place of a too recent modification time, so that the file is hashed next time."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The readable documents of a corpus and every file that was met, in order of path."""

    documents: tuple[Document, ...]
    sources: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a generation holds of its documents, to be taken over where a file is unchanged."""

    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    chunks: Mapping[str, Sequence[Chunk]] = field(default_factory=dict)
    by_content: Mapping[tuple[str, str], Document] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: Contents) -> "Known":
        """What `contents` hold; documents are found by path, or by content and file ending."""
        chunks: dict[str, list[Chunk]] = {}
        for chunk in contents.chunks:
            chunks.setdefault(chunk.document, []).append(chunk)
        documents = contents.documents
        return cls(
            {source.path: source for source in contents.manifest.sources},
            documents,
            chunks,
            {(d.sha256, PurePosixPath(d.path).suffix): d for d in documents.values()},
        )

    def document(self, source: SourceFile) -> Document | None:
        """The document in a file, if it was indexed, be it under another name."""
        found = self._indexed(source.path, source.sha256)
        if found is None:
            return None
        title = found.title if found.titled else PurePosixPath(source.path).stem
        return replace(found, path=source.path, title=title)

    def passages(self, document: Document) -> list[Chunk]:
        """The passages of a document that was taken over; none of one that was not."""
        found = self._indexed(document.path, document.sha256)
        chunks = self.chunks[found.path] if found else ()
        return [replace(chunk, document=document.path) for chunk in chunks]

    def _indexed(self, path: str, sha256: str) -> Document | None:
        same = self.documents.get(path)
        if same and same.sha256 == sha256:
            return same
        return self.by_content.get((sha256, PurePosixPath(path).suffix))


def load_corpus(corpus: Path, known: Known, progress: Progress) -> Corpus:
    """Load every file that is not known; one that cannot be read is set aside with its reason.

    Raises CorpusError if the folder is missing.
    """
    if not os.path.isdir(corpus):  # noqa: PTH112  # never raises
        raise CorpusError(f"there is no folder {corpus}; put documents there or name it (--corpus)")
    documents, sources = [], []
    paths = find_files(corpus)
    for done, path in enumerate(paths):
        progress("reading", done, len(paths))
        source = _source(corpus, path, known)  # first: an edit while we load is seen as a change
        try:
            must_be_inside(corpus, path)  # also where the same words are known from elsewhere
            documents.append(known.document(source) or _loaded(corpus, path))
        except LoadError as error:
            source = replace(source, reason=str(error))
            log.info("set-aside document=%s reason=%r", source.path, source.reason)
        sources.append(source)
    progress("reading", len(paths), len(paths))
    return Corpus(tuple(documents), tuple(sources))


def _loaded(corpus: Path, path: str) -> Document:
    document = load(corpus, path)
    if guessed := document.guessed_encoding:
        log.info("encoding-guessed document=%s encoding=%s advice=save-as-utf-8", path, guessed)
    return document


def _source(corpus: Path, path: str, known: Known) -> SourceFile:
    """What a file is now: as it was known where size and time are, else by its hash."""
    before = known.sources.get(path)
    if before and not before.reason and looks_unchanged(corpus, before):
        return before
    return source_file(corpus, path)


def looks_unchanged(corpus: Path, known: SourceFile) -> bool:
    """Whether a file has the size and the time that it had; False if it cannot be looked at."""
    try:
        facts = (corpus / known.path).stat()
    except OSError:
        return False
    return (facts.st_size, facts.st_mtime_ns) == (known.size, known.modified_ns)


def source_file(corpus: Path, path: str) -> SourceFile:
    """Size, time and hash of a file as it is now; an unreadable one has an empty hash."""
    try:
        path.encode()
        with (corpus / path).open("rb") as file:
            facts = os.fstat(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, UnicodeEncodeError):
        return SourceFile(printable(path), 0, UNSURE, "")
    settled = facts.st_mtime_ns < time.time_ns() - CLOCK_STEP_NS
    return SourceFile(path, facts.st_size, facts.st_mtime_ns if settled else UNSURE, sha256)


def printable(path: str) -> str:
    """A path whose name is no Unicode, with what cannot be shown escaped."""
    return path.encode("utf-8", "backslashreplace").decode()


def nothing_readable(corpus: Path, sources: Sequence[SourceFile]) -> str:
    """That there are no documents in a folder, or why none of them can be read."""
    if not sources:
        return f"the folder {corpus} holds no documents; put Markdown or text files there"
    reasons = "; ".join(f"{source.path}: {source.reason}" for source in sources[:5])
    return f"none of the {len(sources)} files in {corpus} can be read ({reasons})"
