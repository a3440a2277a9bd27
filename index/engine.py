"""The one object that the bot and the command line talk to."""

import errno
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from filelock import FileLock, Timeout

from index import build, generation
from index.answer import answer
from index.embed import SentenceTransformerEmbedder
from index.errors import (
    BuildRunning,
    DataError,
    DocumentUnknown,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    QuestionError,
)
from index.generation import Contents, Manifest
from index.loaders import find_files
from index.protocols import Embedder, Progress, Reader
from index.read import OverlapReader
from index.records import Answer, BuildReport, Document, GenerationSummary, Hit, Verification
from index.retrieve import Searcher, retrieve
from index.settings import Settings
from index.stores.local import LocalStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation in memory, ready to be asked.

    `newest` is the newest that was on disk when it was opened: another one if that is damaged.
    """

    newest: str
    contents: Contents
    searcher: Searcher


class Engine:
    """Answers from the newest whole generation and builds new ones. Thread-safe.

    Making one is cheap: models and the index are loaded when first needed, or by `load`.
    A generation that another process publishes is taken up at the next question.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.Lock()
        self._embedder: Embedder | None = None
        self._reader: Reader | None = None
        self._opened: _Opened | None = None

    def load(self) -> None:
        """Load the models and the newest generation now, so that the first question is quick.

        Raises IndexMissing if nothing is built, IndexMismatch if it was built otherwise than the
        settings ask, IndexDamaged if no generation is whole, ModelError.
        """
        self._newest()

    def ask(self, question: str) -> Answer:
        """Answer from the newest generation, verbatim, or abstain.

        Raises QuestionError, and whatever `load` raises.
        """
        started = time.perf_counter()
        self._check(question)
        opened = self._newest()  # read once: a reindex may publish another while we work
        hits = retrieve(question, opened.searcher, self._settings.candidates)
        found = answer(question, hits, opened.contents.documents, self._settings.max_quotes)
        return replace(found, ms=round((time.perf_counter() - started) * 1000, 1))

    def search(self, question: str) -> list[Hit]:
        """The passages that `ask` would choose from, best first, with their scores by stage.

        Raises what `ask` raises.
        """
        self._check(question)
        return retrieve(question, self._newest().searcher, self._settings.candidates)

    def reindex(self, progress: Progress | None = None) -> BuildReport:
        """Build, verify and publish a new generation, then answer from it.

        Questions go on being answered meanwhile. Raises BuildRunning if another process or thread
        is at it, CorpusError, DataError, ModelError; then the last generation stays as it is.
        """
        with _data_folder(self._settings.data), _alone(self._settings.data):
            report = build.build(self._settings, self._models()[0], progress or _silent)
        self._newest()
        return report

    def staleness(self) -> str | None:
        """Why a reindex is due, in plain words, or None when the index fits corpus and settings.

        Looks at manifest and files only: no model is loaded, and a file whose size and time are
        as they were is taken as unchanged.
        """
        manifest = build.newest_manifest(self._settings.data)
        if manifest is None:
            return f"nothing is built in {self._settings.data}"
        return self._otherwise(manifest) or _changed(self._settings.corpus, manifest)

    def generation(self) -> GenerationSummary | None:
        """The newest generation on disk with a whole manifest, or None."""
        manifest = build.newest_manifest(self._settings.data)
        return generation.summary(manifest) if manifest else None

    def verify(self) -> list[Verification]:
        """Check every generation on disk, oldest first: hashes, places, counts."""
        return [self._verify(name) for name in generation.names(self._settings.data)]

    def source(self, document: str) -> Document:
        """The document as it was indexed; its `text` is what offsets point into.

        Raises DocumentUnknown, naming the nearest, and IndexMissing.
        """
        documents = self._contents().documents
        if document not in documents:
            near = get_close_matches(document, documents, n=3, cutoff=0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise DocumentUnknown(f"no document {document} is in the index{hint}")
        return documents[document]

    def _check(self, question: str) -> None:
        most = self._settings.question_max_characters
        if not question.strip():
            raise QuestionError("the question is empty; write what you want to know")
        if len(question) > most:
            raise QuestionError(
                f"the question is {len(question):,} characters long; ask in at most {most:,}"
            )

    def _models(self) -> tuple[Embedder, Reader]:
        with self._loading:
            if self._embedder is None or self._reader is None:
                wanted = self._settings
                self._embedder = SentenceTransformerEmbedder(
                    wanted.model, wanted.model_revision, wanted.device
                )
                self._reader = OverlapReader()
            return self._embedder, self._reader

    def _newest(self) -> _Opened:
        """The newest generation, opened now if it is not the one in memory."""
        opened = self._opened
        newest = "".join(generation.names(self._settings.data)[-1:])
        if opened and opened.newest == newest:
            return opened
        embedder, reader = self._models()
        contents = self._contents()
        if reason := self._otherwise(contents.manifest):
            raise IndexMismatch(f"{reason}; run `quoth reindex`")
        if contents.manifest.model != embedder.identity:
            raise IndexMismatch("the weights of the model have changed; run `quoth reindex`")
        searcher = Searcher(
            chunks=contents.chunks,
            store=LocalStore.read(contents.store_files, contents.manifest.model),
            embedder=embedder,
            reader=reader,
        )
        self._opened = opened = _Opened(newest, contents, searcher)
        log.info("opened generation=%s passages=%d", contents.manifest.name, len(contents.chunks))
        return opened

    def _contents(self) -> Contents:
        """The newest generation that is whole; an older one where the newest is damaged."""
        data = self._settings.data
        found = generation.names(data)
        if not found:
            raise IndexMissing(f"nothing is built in {data}; run `quoth reindex`")
        for name in reversed(found):
            try:
                return generation.read(data / generation.FOLDER / name)
            except IndexDamaged as error:
                log.warning("generation damaged=%s reason=%r", name, str(error))
        if generation.names(data) != found:  # a reindex deleted them while we read
            return self._contents()
        raise IndexDamaged(f"no generation in {data} is whole; run `quoth reindex`")

    def _otherwise(self, manifest: Manifest) -> str | None:
        """How the generation was built otherwise than the settings ask, or None."""
        wanted = self._settings
        if manifest.schema != generation.SCHEMA_VERSION:
            return "the index was built by another version of Quoth"
        if (manifest.model.name, manifest.model.revision) != (wanted.model, wanted.model_revision):
            return f"the index was built with {manifest.model.name}, settings say {wanted.model}"
        if manifest.chunker != build.chunker_settings(wanted):
            return "the index was built with other chunker settings"
        return None

    def _verify(self, name: str) -> Verification:
        try:
            build.verify(self._settings.data / generation.FOLDER / name)
        except IndexDamaged as error:
            return Verification(name, (str(error),))
        return Verification(name, ())


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report no progress."""


def _changed(corpus: Path, manifest: Manifest) -> str | None:
    """What changed in the corpus since the manifest was written, or None."""
    known = {source.path: source for source in manifest.sources}
    paths = [build.printable(path) for path in find_files(corpus)] if corpus.is_dir() else []
    added = [path for path in paths if path not in known]
    removed = known.keys() - set(paths)
    changed = [path for path in paths if path in known and _differs(corpus, known[path])]
    counts = {"new": len(added), "changed": len(changed), "removed": len(removed)}
    told = [f"{count} {word}" for word, count in counts.items() if count]
    return f"the documents have changed since ({', '.join(told)})" if told else None


def _differs(corpus: Path, known: generation.SourceFile) -> bool:
    with suppress(OSError):  # gone since it was listed, or unreadable as before
        facts = (corpus / known.path).stat()
        if (facts.st_size, facts.st_mtime_ns) == (known.size, known.modified_ns):
            return False
    return build.source_file(corpus, known.path).sha256 != known.sha256


@contextmanager
def _data_folder(data: Path) -> Iterator[None]:
    """Make the folder, and say in plain words why it cannot be written."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DataError(f"the disk of {data} is full; make room and reindex") from error
        raise DataError(
            f"the data folder {data} cannot be written: {error.strerror or error}; "
            "choose another (--data) or mend its rights"
        ) from error


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the data folder's lock, which ends with the process whatever happens to it."""
    holder = data / "reindex.json"
    try:
        with FileLock(data / "reindex.lock", timeout=0):
            mine = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
            holder.write_text(json.dumps(mine), encoding="utf-8")
            yield
            holder.unlink(missing_ok=True)
    except Timeout as error:
        raise BuildRunning(f"another reindex is running{_since(holder)}; wait for it") from error


def _since(holder: Path) -> str:
    try:
        held = json.loads(holder.read_bytes())
        return f" since {held['since']} (process {held['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
