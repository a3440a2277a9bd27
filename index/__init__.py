"""A folder of documents in, verbatim answers out. This is the door: import from here only."""

from index.apart import reindex_apart
from index.build import Wanted
from index.engine import Engine
from index.errors import (
    BuildCancelled,
    BuildRunning,
    CorpusError,
    CorpusShrank,
    DataError,
    DocumentUnknown,
    GenerationUnknown,
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
    Abstention,
    Answer,
    Before,
    BuildReport,
    Confidence,
    Considered,
    Document,
    Explanation,
    GenerationSummary,
    Quarantined,
    Quote,
    Verification,
)
from index.settings import Settings

__all__ = [
    "Abstention",
    "Answer",
    "Before",
    "BuildCancelled",
    "BuildReport",
    "BuildRunning",
    "Confidence",
    "Considered",
    "CorpusError",
    "CorpusShrank",
    "DataError",
    "Document",
    "DocumentUnknown",
    "Engine",
    "Explanation",
    "GenerationSummary",
    "GenerationUnknown",
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
    "Wanted",
    "reindex_apart",
]
