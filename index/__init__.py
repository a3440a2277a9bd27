"""A folder of documents in, verbatim answers out. This is the door: import from here only."""

from index.answering.followup import understood
from index.apart import reindex_apart
from index.engine import Engine
from index.errors import (
    BuildCancelled,
    BuildEnded,
    BuildRunning,
    CorpusEmptied,
    CorpusError,
    CorpusShrank,
    DataError,
    DataFull,
    DataReadOnly,
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
from index.generations.build import Wanted
from index.loaders import find_files
from index.markup import is_markdown
from index.protocols import Progress
from index.records import (
    Abstention,
    Answer,
    Before,
    Confidence,
    Considered,
    Document,
    Explanation,
    Quote,
)
from index.reports import (
    BuildReport,
    GenerationSummary,
    Guessed,
    Quarantined,
    Source,
    Verification,
)
from index.settings import Settings

__all__ = [
    "Abstention",
    "Answer",
    "Before",
    "BuildCancelled",
    "BuildEnded",
    "BuildReport",
    "BuildRunning",
    "Confidence",
    "Considered",
    "CorpusEmptied",
    "CorpusError",
    "CorpusShrank",
    "DataError",
    "DataFull",
    "DataReadOnly",
    "Document",
    "DocumentUnknown",
    "Engine",
    "Explanation",
    "GenerationSummary",
    "GenerationUnknown",
    "Guessed",
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
    "Source",
    "StoreError",
    "Verification",
    "Wanted",
    "find_files",
    "is_markdown",
    "reindex_apart",
    "understood",
]
