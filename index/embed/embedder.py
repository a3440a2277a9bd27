"""Texts become vectors, by any sentence-transformers model.

The one home of sentence-transformers. It is imported where it is first used, since the import
takes seconds.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from index.embed.find import find_model
from index.embed.hashes import hash_weights
from index.errors import ModelError
from index.reports import ModelIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from index.protocols import Matrix

BATCH = 16
"""Texts embedded under one hold of the model, so that a question waits for few of a reindex."""

COUNT_BATCH = 512
"""Texts counted under one hold of the model, which also bounds memory."""

DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names, in the order that `encode_document` looks for them, of the prompt before a passage."""


class SentenceTransformerEmbedder:
    """An `Embedder` on a sentence-transformers model. Making one loads the model (seconds).

    `unpacked` is a folder to keep models in that their package holds in another form; it is made
    when first needed. Raises ModelError if there is no such model, it is damaged, or its
    similarity is unsupported. `folder` is where the model lies.
    """

    def __init__(
        self,
        model: str,
        revision: str | None = None,
        device: str = "cpu",
        unpacked: Path | None = None,
    ) -> None:
        folder = find_model(model, revision, unpacked)
        self.folder = folder
        self._model = _load(folder, model, device)
        self._model_in_use = threading.Lock()  # fast tokenizers refuse a second thread
        self._identity = _identify(self._model, folder, model, revision)
        prompts = self._model.prompts
        found = (prompts[name] for name in DOCUMENT_PROMPTS if name in prompts)
        self._document_prompt = next(found, "") or ""

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is, with what the model itself says of its vectors."""
        return self._identity

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, special tokens and prompt included."""
        distinct = list(dict.fromkeys(texts))  # the words of a long sentence come again and again
        tokens: dict[str, int] = {}
        for first in range(0, len(distinct), COUNT_BATCH):
            batch = distinct[first : first + COUNT_BATCH]
            with self._model_in_use:
                encoded = self._model.tokenizer(
                    [self._document_prompt + text for text in batch],
                    truncation=False,
                    padding=False,
                    verbose=False,
                )
            tokens.update(zip(batch, map(len, encoded["input_ids"]), strict=True))
        return [tokens[text] for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, shape (len(texts), dimension), float32; unit length if cosine."""
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding
        for first in range(0, len(texts), BATCH):
            rows = by_length[first : first + BATCH]
            vectors[rows] = self._encode(self._model.encode_document, [texts[i] for i in rows])
        return vectors

    def embed_query(self, text: str) -> Matrix:
        """Vector of one question, shape (1, dimension), float32; unit length if cosine."""
        return self._encode(self._model.encode_query, [text])

    def _encode(self, encode: Any, texts: list[str]) -> Matrix:
        with self._model_in_use:
            vectors = encode(
                texts,
                batch_size=BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=self._identity.similarity == "cosine",
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _load(folder: Path, name: str, device: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # takes seconds
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415  # as long

    _require(device)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # its lack
    try:
        return SentenceTransformer(str(folder), device=device, local_files_only=True)
    except Exception as error:
        raise ModelError(f"the model {name} in {folder} cannot be loaded: {error}") from error


def _require(device: str) -> None:
    import torch  # noqa: PLC0415  # takes seconds

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    kind = device.partition(":")[0]
    if not there.get(kind, True):
        raise ModelError(
            f"PyTorch finds no {kind} on this machine; set `device` to cpu, or install a PyTorch "
            "that is built for it"
        )


def _identify(
    model: SentenceTransformer, folder: Path, name: str, revision: str | None
) -> ModelIdentity:
    similarity = str(model.similarity_fn_name)
    if similarity not in ("cosine", "dot", "euclidean"):
        raise ModelError(f"the model {name} compares by {similarity}, which is not supported")
    dimension = model.get_embedding_dimension()
    max_tokens = model.max_seq_length
    if not dimension or not max_tokens or math.isinf(max_tokens):
        raise ModelError(f"the model {name} does not say its dimension or token limit")
    return ModelIdentity(
        name=name,
        revision=revision,
        sha256=hash_weights(folder),
        dimension=int(dimension),
        similarity=cast("Literal['cosine', 'dot', 'euclidean']", similarity),
        max_tokens=int(max_tokens),
        prompts=tuple(sorted((str(k), str(v)) for k, v in model.prompts.items() if v)),
    )
