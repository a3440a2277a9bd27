"""Which weights lie in a folder, and whether a folder is what it should be: sha256."""

import hashlib
from pathlib import Path

from index.errors import ModelError

WEIGHT_FILES = ("*.safetensors", "pytorch_model*.bin")


def hash_weights(folder: Path) -> str:
    """sha256 of the weight file, or of the digests of several in order of name.

    Raises ModelError if there is none.
    """
    for pattern in WEIGHT_FILES:
        files = sorted(folder.rglob(pattern))
        if files:
            digests = [hash_file(file) for file in files]
            joined = "".join(digests).encode()
            return digests[0] if len(digests) == 1 else hashlib.sha256(joined).hexdigest()
    raise ModelError(f"there are no weights (.safetensors or .bin) in {folder}")


def hash_folder(folder: Path) -> str:
    """sha256 over the names and digests of all files in a folder, in order of name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = [f"{file.relative_to(folder).as_posix()} {hash_file(file)}\n" for file in files]
    return hashlib.sha256("".join(told).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
