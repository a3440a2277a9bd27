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

Models = tuple[Embedder, tuple[Reader, ...]]
"""What embeds, and what reads: English first, then other languages."""


class LoadedModels:
    """Holds the models of some settings. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.Lock()
        self._loaded: Models | None = None

    def get(self) -> Models:
        """The models, loaded now if they are not yet. Raises ModelError."""
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._settings)
            return self._loaded


def _load(wanted: Settings) -> Models:
    embedder = SentenceTransformerEmbedder(
        wanted.model, wanted.model_revision, wanted.device, wanted.data / "models"
    )
    first = (
        HubReader(wanted.reader, wanted.reader_revision, wanted.device)
        if wanted.reader
        else PackagedReader()
    )
    return embedder, (first, reader_of_others(embedder, embedder.folder))


def reader_of_others(embedder: Embedder, folder: Path) -> Reader:
    """What reads where question or passage is not English: it goes by the embedder in `folder`."""
    if embedder.identity.sha256 == GROWN_FROM:
        return MultilingualReader(folder)
    return SentenceReader(embedder)
