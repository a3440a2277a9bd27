"""Vectors that were made once, kept by model and text, so that nothing is embedded twice.

A cache: losing it costs time, never an answer. SQLite keeps it whole through a crash, so that a
reindex that was cut off goes on where it was.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

import numpy as np

from index.protocols import Matrix
from index.records import ModelIdentity

log = logging.getLogger(__name__)

SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"

FILE_NAME = "embeddings.sqlite"


class EmbeddingCache:
    """The vectors of one model. Used by one thread, the one that reindexes.

    A damaged file is thrown away and begun anew.
    """

    def __init__(self, data: Path, model: ModelIdentity) -> None:
        self._prefix = f"{model.sha256} {model.dimension} {model.prompts}\n".encode()
        self._dimension = model.dimension
        self._database = _open(data / FILE_NAME)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def get(self, texts: Iterable[str]) -> Mapping[str, Matrix]:
        """The vectors that are known, by text, each of shape (dimension,)."""
        found = {}
        for text in texts:
            row = self._database.execute(
                "SELECT vector FROM vectors WHERE key = ?", (self._key(text),)
            ).fetchone()
            vector = np.frombuffer(row[0], dtype=np.float32) if row else None
            if vector is not None and len(vector) == self._dimension and np.isfinite(vector).all():
                found[text] = vector
        return found

    def put(self, texts: Sequence[str], vectors: Matrix) -> None:
        """Keep vectors, shape (len(texts), dimension), on disk before returning."""
        rows = [(self._key(text), v.tobytes()) for text, v in zip(texts, vectors, strict=True)]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget every vector, of whichever model, that is not of one of these texts."""
        with self._database:
            self._database.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._database.executemany(
                "INSERT OR IGNORE INTO kept VALUES (?)", ((self._key(text),) for text in texts)
            )
            self._database.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)")
            self._database.execute("DROP TABLE kept")

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._prefix + text.encode()).digest()


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and not path.exists():
            raise
        log.warning("embedding-cache damaged=%s action=begun-anew", path.name)
        path.unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    try:
        database.execute(SCHEMA)
        with closing(database.execute("PRAGMA quick_check")) as check:
            if check.fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check failed")  # noqa: TRY301
    except BaseException:
        database.close()
        raise
    return database
