"""What can go wrong, as the caller or the operator must act on it.

Every message carries the value and the remedy. Abstaining is not here: it is an `Answer`.
"""

from datetime import datetime


class QuothError(Exception):
    """Something the caller or the operator must act on; its text says what to do next."""


class QuestionError(QuothError):
    """The question cannot be asked as it stands: empty or too long."""


class CorpusError(QuothError):
    """The folder of documents is missing, unreadable, or holds nothing that can be indexed."""


class CorpusShrank(CorpusError):
    """The folder of documents lost most of what it held, which may be an accident."""


class CorpusEmptied(CorpusShrank):
    """The folder of documents lost all that it held."""


class LoadError(QuothError):
    """One document cannot be read; it is set aside and the others go on."""


class DocumentUnknown(QuothError):
    """No document of that name is in the index."""


class ModelError(QuothError):
    """A model is missing, damaged, or of a kind that cannot be used."""


class StoreError(QuothError):
    """Vectors or words of a generation do not fit each other or the question."""


class DataError(QuothError):
    """The data folder cannot be written: its disk fails, or it is no folder."""


class DataFull(DataError):
    """The disk of the data folder is full."""


class DataReadOnly(DataError):
    """The data folder may not be written to."""


class BuildEnded(DataError):
    """The process of a reindex died before it was done; the last generation stays."""


class BuildRunning(QuothError):
    """Another reindex holds the data folder, `since` when, if that is known."""

    def __init__(self, told: str, since: datetime | None = None) -> None:
        super().__init__(told)
        self.since = since


class BuildCancelled(QuothError):
    """A reindex was called off; the last generation stays."""


class IndexMissing(QuothError):
    """Nothing has been built yet."""


class IndexDamaged(QuothError):
    """A generation on disk is not what its manifest says."""


class GenerationUnknown(QuothError):
    """There is no generation of that name, or none before the one that answers."""


class IndexMismatch(QuothError):
    """The generation was built with another model, chunker or schema than the settings ask for."""
