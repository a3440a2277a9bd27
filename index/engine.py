"""The one object that the bot and the command line talk to."""

from index.protocols import Progress
from index.records import Answer, BuildReport, Document, GenerationSummary, Verification
from index.settings import Settings


class Engine:
    """Answers from the newest whole generation and builds new ones. Thread-safe.

    Making one is cheap: models and the index are loaded when first needed, or by `load`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def load(self) -> None:
        """Load the models and the newest generation now, so that the first question is quick."""
        raise NotImplementedError

    def ask(self, question: str) -> Answer:
        """Answer from the newest generation, verbatim, or abstain."""
        raise NotImplementedError

    def reindex(self, progress: Progress | None = None) -> BuildReport:
        """Build, verify and publish a new generation, then answer from it."""
        raise NotImplementedError

    def staleness(self) -> str | None:
        """Why a reindex is due, in plain words, or None when the index fits corpus and settings."""
        raise NotImplementedError

    def generation(self) -> GenerationSummary | None:
        """The newest whole generation on disk, or None."""
        raise NotImplementedError

    def verify(self) -> list[Verification]:
        """Check every generation on disk."""
        raise NotImplementedError

    def source(self, document: str) -> Document:
        """The document as it was indexed; its `text` is what offsets point into."""
        raise NotImplementedError
