"""The generation that answers: the newest whole one, kept in memory."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from index.answering.retrieve import Searcher
from index.errors import IndexDamaged, IndexMismatch, IndexMissing, QuothError
from index.generations import history
from index.generations.generation import Contents
from index.generations.staleness import unfit
from index.generations.verification import open_store
from index.loaded_models import LoadedModels
from index.protocols import PassageStore
from index.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Tells generations apart, also one that was built anew under a name of before."""

    name: str
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation in memory, ready to be asked.

    `newest` marks the newest that was on disk when it was opened: another one if that is damaged,
    and `damage` says how.
    """

    newest: _Mark
    contents: Contents
    searcher: Searcher
    damage: tuple[str, ...] = ()


class Newest:
    """The newest generation of a data folder. Thread-safe.

    One that another process publishes is taken up when it is next asked for.
    """

    def __init__(self, settings: Settings, models: LoadedModels) -> None:
        self._settings, self._models = settings, models
        self._taking_up = threading.Lock()
        self.in_memory: Opened | None = None
        """What was opened last, if anything was."""

    def opened(self) -> Opened:
        """The newest generation; the last one while another thread is taking the newest up."""
        opened = self.in_memory
        if opened and (opened.newest == self._newest_mark() or self._taking_up.locked()):
            return opened
        return self.take_up()

    def contents(self) -> Contents:
        """What the newest generation holds: that in memory, if it is the newest on disk."""
        opened = self.in_memory
        if opened and opened.newest == self._newest_mark():
            return opened.contents
        return self._newest_whole(lambda contents: contents)[0]

    def take_up(self) -> Opened:
        """Open the newest generation if it is not the one in memory.

        One that cannot be used is told of in the log, once; the one in memory goes on answering.
        """
        with self._taking_up:
            opened, newest = self.in_memory, self._newest_mark()
            if opened and opened.newest == newest:
                return opened
            try:
                self.in_memory = self._open(newest)
            except QuothError as error:
                if opened is None:
                    raise
                log.warning("generation unusable=%s reason=%r", newest.name, str(error))
                damage = (str(error),) if isinstance(error, IndexDamaged) else opened.damage
                self.in_memory = replace(opened, newest=newest, damage=damage)
            return self.in_memory

    def _open(self, newest: _Mark) -> Opened:
        embedder, readers = self._models.embedder(), self._models.readers()

        def opened(contents: Contents) -> tuple[Contents, PassageStore | None]:
            """With its store, if that is of these settings and this embedder."""
            ours = not unfit(contents.manifest, self._settings, embedder.identity)
            return contents, open_store(contents) if ours else None

        (contents, store), damage = self._newest_whole(opened)
        manifest = contents.manifest
        if store is None:
            reason = unfit(manifest, self._settings, embedder.identity)
            raise IndexMismatch(f"{reason}; run `quoth reindex`")
        searcher = Searcher(contents.documents, contents.chunks, store, embedder, readers)
        log.info("opened generation=%s passages=%d", manifest.name, len(contents.chunks))
        return Opened(newest, contents, searcher, damage)

    def _newest_mark(self) -> _Mark:
        """Of the newest generation on disk, whole or not; without a name if there is none.

        Where the disk fails, of the one in memory, which goes on answering.
        """
        data, opened = self._settings.data, self.in_memory
        try:
            name = "".join(history.names(data)[-1:])
        except IndexDamaged as error:
            if opened is None:
                raise
            log.warning("disk_failing reason=%r", str(error))
            return opened.newest
        with suppress(OSError):
            return _Mark(name, history.place(data, name).stat().st_mtime_ns)
        return _Mark(name, 0)

    def _newest_whole(self, opened: Callable[[Contents], T]) -> tuple[T, tuple[str, ...]]:
        """What `opened` makes of the newest generation that is whole, and the newer ones' damage.

        Raises IndexMissing and IndexDamaged.
        """
        data = self._settings.data
        found = history.names(data)
        if not found:
            raise IndexMissing(f"nothing is built in {data}; run `quoth reindex`")
        whole, damage = history.newest_opened(data, opened)
        if whole:
            return whole, damage
        if history.names(data) != found:  # a reindex deleted them while we read
            return self._newest_whole(opened)
        raise IndexDamaged(f"no generation in {data} is whole; run `quoth reindex`")
