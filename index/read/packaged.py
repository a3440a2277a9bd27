"""The reader that ships: relevance, where the answer stands, and "answered here", in English.

The one home of ONNX Runtime and of the reader's tokenizer. The model is Quoth's own; its card and
hashes lie beside it in `index/models/reader`.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelError
from index.read.spans import PassageTokens, above
from index.records import Passage, Reading

PACKAGED_READER = Path(__file__).parents[1] / "models" / "reader"

BATCH = 4
"""Windows a run: small batches of like length are the fastest for int8 on a CPU."""

STRIDE = 64
"""Tokens that two windows of a long passage share."""


@dataclass(frozen=True, slots=True)
class _Window:
    """As much of one passage, numbered `number`, as the model takes at once."""

    number: int
    passage: Passage
    encoding: Encoding


class PackagedReader:
    """A `Reader` on an extractive cross-encoder. Making one loads the model.

    `folder` holds model.onnx, tokenizer.json and reader.json with their hashes. Raises ModelError
    if one is missing or not what reader.json says.
    """

    languages = frozenset({"en"})

    def __init__(self, folder: Path = PACKAGED_READER) -> None:
        card = _checked(folder)
        self.name = f"{card['name']} {card['version']}"
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card["max_tokens"], stride=STRIDE, strategy="only_second")
        self._question_tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._question_tokenizer.no_padding()
        self._question_tokenizer.enable_truncation(card["max_tokens"] // 2)
        options = onnxruntime.SessionOptions()
        # threads that wait by spinning take the processor from the event loop and the embedder
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )

    def knows(self, word: str) -> bool:
        """Whether `word` is an ordinary word to the model, and no pieces of words."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given; of a long passage its best window's."""
        windows = sorted(self._windows(question, passages), key=lambda w: len(w.encoding.ids))
        readings: dict[int, Reading] = {}
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            for window, reading in zip(batch, self._run(batch), strict=True):
                before = readings.get(window.number)
                if before is None or reading.answered > before.answered:
                    readings[window.number] = reading
        return [readings[number] for number in range(len(passages))]

    def _windows(self, question: str, passages: Sequence[Passage]) -> Iterator[_Window]:
        question = self._shortened(question)
        pairs = [(question, above(passage) + passage.text) for passage in passages]
        encodings = self._tokenizer.encode_batch(pairs)
        for number, (passage, encoding) in enumerate(zip(passages, encodings, strict=True)):
            windows = (encoding, *encoding.overflowing)
            yield from (_Window(number, passage, window) for window in windows)

    def _shortened(self, question: str) -> str:
        """The question as far as it leaves the passage half of the window."""
        kept = self._question_tokenizer.encode(question, add_special_tokens=False)
        return question[: kept.offsets[-1][1]] if kept.overflowing else question

    def _run(self, windows: Sequence[_Window]) -> Iterator[Reading]:
        encodings = [window.encoding for window in windows]
        width = max(len(encoding.ids) for encoding in encodings)
        start, end, answered, relevance = self._session.run(
            ["start_logits", "end_logits", "answered_logit", "relevance_logit"],
            {
                "input_ids": _padded([e.ids for e in encodings], width),
                "attention_mask": _padded([e.attention_mask for e in encodings], width),
                "token_type_ids": _padded([e.type_ids for e in encodings], width),
            },
        )
        for row, window in enumerate(windows):
            encoding = window.encoding
            tokens = PassageTokens.of(window.passage, encoding.sequence_ids, encoding.offsets)
            scores = tokens.scores(start[row], end[row])
            yield Reading(
                relevance=float(relevance[row]),
                answered=float(answered[row]),
                sentences=tokens.chances(scores, window.passage.sentences),
                spans=tuple(tokens.best_spans(scores)),
            )


def _checked(folder: Path) -> dict[str, Any]:
    """What reader.json says, after checking the files that it names by their sha256."""
    try:
        card = json.loads((folder / "reader.json").read_bytes())
        for name, sha256 in card["sha256"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
                raise ModelError(f"{name} of the reader in {folder} is damaged; install Quoth anew")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"there is no whole reader in {folder}: {error}") from error
    return dict(card)


def _padded(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    """Rows filled with zeros to shape (len(rows), width)."""
    padded = np.zeros((len(rows), width), dtype=np.int64)
    for place, row in zip(padded, rows, strict=True):
        place[: len(row)] = row
    return padded
