"""The reader that ships: relevance, where the answer stands, and "answered here", in English.

The model is Quoth's own; its card and hashes lie beside it in `index/models/reader`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.language import ENGLISH
from index.read.windows import Window, WindowReader, padded
from index.records import Scale

PACKAGED_READER = Path(__file__).parents[1] / "models" / "reader"


class PackagedReader(WindowReader):
    """A `Reader` on an extractive cross-encoder. Making one loads the model.

    `folder` holds model.onnx, tokenizer.json and reader.json with their hashes. Raises ModelError
    if one is missing or not what reader.json says.
    """

    languages = frozenset({ENGLISH})
    # half of what is read; below it a quote is shown only where it names the topic
    quotes_from = -3.0
    scale: Scale = "reader"

    def __init__(self, folder: Path = PACKAGED_READER) -> None:
        super().__init__(folder, folder / "tokenizer.json")

    def knows(self, word: str) -> bool:
        """Whether `word` is an ordinary word to the model, and no pieces of words."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def inputs(self, windows: Sequence[Window], width: int) -> Mapping[str, NDArray[np.int64]]:
        """Tokens, which of them are none, and which are the passage's."""
        encodings = [window.encoding for window in windows]
        return {
            "input_ids": padded([e.ids for e in encodings], width),
            "attention_mask": padded([e.attention_mask for e in encodings], width),
            "token_type_ids": padded([e.type_ids for e in encodings], width),
        }
