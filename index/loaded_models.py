"""The models that the settings name, loaded once, when first needed."""

import threading
from pathlib import Path

from index.embed import SentenceTransformerEmbedder
from index.protocols import Embedder, Reader
from index.read import (
    GROWN_FROM,
    HubReader,
    MultilingualReader,
    PackagedReader,
    SentenceReader,
)
from index.settings import Settings


class LoadedModels:
    """Holds the models of some settings. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.RLock()
        self._embedder: SentenceTransformerEmbedder | None = None
        self._readers: tuple[Reader, ...] | None = None

    def embedder(self) -> SentenceTransformerEmbedder:
        """What embeds, loaded now if it is not yet. Raises ModelError."""
        with self._loading:
            if self._embedder is None:
                wanted = self._settings
                self._embedder = SentenceTransformerEmbedder(
                    wanted.model, wanted.model_revision, wanted.device, wanted.data / "models"
                )
            return self._embedder

    def readers(self) -> tuple[Reader, ...]:
        """What reads: English first, then other languages. Loaded as the embedder is."""
        with self._loading:
            if self._readers is None:
                embedder = self.embedder()
                others = reader_of_others(embedder, embedder.folder)
                self._readers = (_first_reader(self._settings), others)
            return self._readers


def _first_reader(wanted: Settings) -> Reader:
    if wanted.reader:
        return HubReader(wanted.reader, wanted.reader_revision, wanted.device)
    return PackagedReader()


def reader_of_others(embedder: Embedder, folder: Path) -> Reader:
    """What reads where question or passage is not English: it goes by the embedder in `folder`."""
    if embedder.identity.sha256 == GROWN_FROM:
        return MultilingualReader(folder)
    return SentenceReader(embedder)
