"""A cache that may be lost but never lies."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import DataError
from index.generations.embedding_cache import FILE_NAME, EmbeddingCache
from index.reports import ModelIdentity

MODEL = ModelIdentity("m", None, "abc", 4, "cosine", 64)
TEXTS = ["one", "two", "three"]
VECTORS = np.arange(12, dtype=np.float32).reshape(3, 4)


def filled(data: Path) -> Path:
    with EmbeddingCache(data, MODEL) as cache:
        cache.put(TEXTS, VECTORS)
    return data / FILE_NAME


def known(data: Path, model: ModelIdentity = MODEL) -> dict[str, list[float]]:
    with EmbeddingCache(data, model) as cache:
        return {text: list(vector) for text, vector in cache.get(TEXTS).items()}


def test_what_was_put_is_there_again_to_the_bit(tmp_path: Path) -> None:
    filled(tmp_path)
    assert known(tmp_path) == {text: list(v) for text, v in zip(TEXTS, VECTORS, strict=True)}


@pytest.mark.parametrize(
    "change", [{"sha256": "other"}, {"dimension": 2}, {"prompts": (("document", "x: "),)}]
)
def test_vectors_of_another_model_are_not_known(change: dict[str, object], tmp_path: Path) -> None:
    filled(tmp_path)
    assert known(tmp_path, replace(MODEL, **change)) == {}  # type: ignore[arg-type]


def test_only_what_is_kept_is_kept(tmp_path: Path) -> None:
    filled(tmp_path)
    with EmbeddingCache(tmp_path, MODEL) as cache:
        cache.keep_only(["two", "unheard of"])
    assert list(known(tmp_path)) == ["two"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:100],
        lambda data: data[: len(data) // 2],
        lambda data: b"\xff" * len(data),
        lambda _: b"no database at all, but text",
        lambda data: data[:100] + b"\xff" * 2000 + data[2100:],
        lambda data: data[:18] + b"\x81" + data[19:],
        lambda data: data[:47] + b"\x84" + data[48:],
        lambda data: data.replace(b"CREATE TABLE", b"CREA\xd4E TABLE"),
    ],
    ids=[
        *("emptied", "cut short", "halved", "overwritten", "another file", "a damaged page"),
        *("a header that forbids to write", "a header of the future", "a schema that is no text"),
    ],
)
def test_a_damaged_file_is_begun_anew(damage: object, tmp_path: Path) -> None:
    path = filled(tmp_path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert known(tmp_path) == {}
    filled(tmp_path)
    assert list(known(tmp_path)) == TEXTS


def test_a_file_that_another_program_holds_is_not_thrown_away(tmp_path: Path) -> None:
    path = filled(tmp_path)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DataError, match="database is locked; make room, end what else uses it"):
        known(tmp_path)
    other.close()
    assert list(known(tmp_path)) == TEXTS


def test_a_vector_with_one_flipped_bit_is_not_known(tmp_path: Path) -> None:
    path = filled(tmp_path)
    data = bytearray(path.read_bytes())
    place = data.index(VECTORS[1].tobytes())
    data[place + 5] ^= 1
    path.write_bytes(data)
    assert list(known(tmp_path)) == ["one", "three"]


@pytest.mark.parametrize("value", [b"", b"abc", b"x" * 1000, "text", 7, None])
def test_a_row_of_another_kind_is_not_known(value: object, tmp_path: Path) -> None:
    path = filled(tmp_path)
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE vectors SET vector = ?", (value,))
    database.close()
    assert known(tmp_path) == {}
