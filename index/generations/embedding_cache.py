"""Vectors that were made once, kept by model and text, so that nothing is embedded twice.

A cache: losing it costs time, never an answer. SQLite keeps it whole through a crash, so that a
reindex that was cut off goes on where it was.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

import numpy as np

from index.errors import DataError, DataFull, DataReadOnly
from index.protocols import Matrix
from index.reports import ModelIdentity

log = logging.getLogger(__name__)

SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"

FILE_NAME = "embeddings.sqlite"

PRIMARY_CODE = 0xFF
NOT_DAMAGED = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
    }
)
"""Errors of SQLite, in the low byte of their code, that do not mean that the file is damaged."""

KINDS = {sqlite3.SQLITE_FULL: DataFull, sqlite3.SQLITE_READONLY: DataReadOnly}

DIGEST_BYTES = 8
"""Bytes of sha256 kept behind each vector: SQLite does not see a flipped bit inside a row."""


class EmbeddingCache:
    """The vectors of one model. Used by one thread, the one that reindexes.

    A damaged file is thrown away and begun anew; a vector that is damaged or cannot be read is not
    known. Raises DataError if the file cannot be written.
    """

    def __init__(self, data: Path, model: ModelIdentity) -> None:
        made_by = (model.sha256, model.dimension, model.similarity, model.max_tokens, model.prompts)
        self._prefix = f"{made_by}\n".encode()
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
            key = self._key(text)
            sealed = self._read(key)
            vector = sealed[: 4 * self._dimension]
            if vector and sealed == _sealed(key, vector):
                found[text] = np.frombuffer(vector, dtype=np.float32)
        return found

    def put(self, texts: Sequence[str], vectors: Matrix) -> None:
        """Keep vectors, shape (len(texts), dimension), on disk before returning."""
        keys = map(self._key, texts)
        rows = [(key, _sealed(key, v.tobytes())) for key, v in zip(keys, vectors, strict=True)]
        with _told(), self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget every vector, of whichever model, that is not of one of these texts.

        Where the disk is too full for that, they stay until the next time.
        """
        keys = ((self._key(text),) for text in texts)
        try:
            with self._database as rows:
                rows.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
                rows.executemany("INSERT OR IGNORE INTO kept VALUES (?)", keys)
                rows.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)")
                rows.execute("DROP TABLE kept")
        except sqlite3.DatabaseError as error:
            log.warning("embedding-cache pruned=no reason=%r", str(error))

    def _read(self, key: bytes) -> bytes:
        """What is kept under a key; nothing where it cannot be read."""
        wanted = "SELECT coalesce(CAST(vector AS BLOB), x'') FROM vectors WHERE key = ?"
        try:
            row = self._database.execute(wanted, (key,)).fetchone()
        except sqlite3.DatabaseError as error:
            log.warning("embedding-cache unread=1 reason=%r", str(error))
            return b""
        return bytes(row[0]) if row else b""

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._prefix + text.encode()).digest()


def _sealed(key: bytes, vector: bytes) -> bytes:
    """The bytes of a vector with a digest of them and of whose they are."""
    return vector + hashlib.sha256(key + vector).digest()[:DIGEST_BYTES]


def _open(path: Path) -> sqlite3.Connection:
    with _told():
        try:
            return _connect(path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE in NOT_DAMAGED:
                raise
            log.warning("embedding-cache damaged=%s action=begun-anew", path.name)
            path.unlink(missing_ok=True)
            return _connect(path)


@contextmanager
def _told() -> Iterator[None]:
    """Say in plain words why the file cannot be written."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = KINDS.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE, DataError)
        raise kind(
            f"{FILE_NAME} in the data folder cannot be written: {error}; make room, end what else "
            "uses it, or choose another folder (--data), and reindex"
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    try:
        database.execute(SCHEMA)
        with database:  # a damaged header may forbid to write
            database.execute("DELETE FROM vectors WHERE FALSE")
        with closing(database.execute("PRAGMA quick_check")) as check:
            if check.fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check failed")  # noqa: TRY301
    except BaseException:
        database.close()
        raise
    return database
