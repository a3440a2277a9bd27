"""A folder of documents in, verbatim answers out. This is the door: import from here only."""

from index.engine import Engine
from index.errors import (
    BuildRunning,
    CorpusError,
    DataError,
    DocumentUnknown,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    LoadError,
    ModelError,
    QuestionError,
    QuothError,
    StoreError,
)
from index.protocols import Progress
from index.records import (
    Answer,
    BuildReport,
    Confidence,
    Document,
    GenerationSummary,
    Quarantined,
    Quote,
    Verification,
)
from index.settings import Settings

__all__ = [
    "Answer",
    "BuildReport",
    "BuildRunning",
    "Confidence",
    "CorpusError",
    "DataError",
    "Document",
    "DocumentUnknown",
    "Engine",
    "GenerationSummary",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "LoadError",
    "ModelError",
    "Progress",
    "Quarantined",
    "QuestionError",
    "Quote",
    "QuothError",
    "Settings",
    "StoreError",
    "Verification",
]
