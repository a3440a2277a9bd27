"""One finished build on disk: written, sealed, and read back checked.

A generation is a folder that never changes once it is sealed. Its manifest comes last and holds
size and sha256 of every other file and a digest of itself.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import IndexDamaged
from index.generations.data_folder import sync
from index.records import Block, Chunk, Document, Span
from index.reports import ModelIdentity

SCHEMA_VERSION = 3
"""Raised when files of a generation change their meaning; an older one is then rebuilt."""

MANIFEST = "manifest.json"
DOCUMENTS = "documents.jsonl"
CHUNKS = "chunks.jsonl"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the corpus as a build met it. `reason` is set if it was set aside."""

    path: str
    size: int
    modified_ns: int
    sha256: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with.

    `corpus` is the folder of documents, seen from the data folder. `files` maps names to
    (size, sha256).
    """

    name: str
    created: str
    schema: int
    corpus: str
    chunker: Mapping[str, int | str]
    model: ModelIdentity
    sources: tuple[SourceFile, ...]
    documents: int
    chunks: int
    files: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a generation keeps, read and checked. `store_files` are its other files."""

    manifest: Manifest
    documents: Mapping[str, Document]
    chunks: tuple[Chunk, ...]
    store_files: Mapping[str, bytes]


def write_passages(folder: Path, documents: Iterable[Document], chunks: Iterable[Chunk]) -> None:
    """Write documents and chunks, one JSON object a line.

    A chunk keeps its own words beside its place, so that the two can be held against each other.
    """
    _write_lines(folder / DOCUMENTS, map(asdict, documents))
    _write_lines(folder / CHUNKS, map(asdict, chunks))


def seal(folder: Path, manifest: Manifest) -> Manifest:
    """Flush every file of `folder` to disk and write the manifest last; returns it complete."""
    files = {}
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        content = path.read_bytes()
        files[path.name] = (len(content), hashlib.sha256(content).hexdigest())
        sync(path)
    body = asdict(manifest) | {"files": files}
    path = folder / MANIFEST
    path.write_bytes(_canonical(body | {"digest": _digest(body)}))
    sync(path)
    sync(folder)
    return read_manifest(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises IndexDamaged if it is not what was written."""
    try:
        written = (folder / MANIFEST).read_bytes()
        body = json.loads(written)
        del body["digest"]
        if written != _canonical(body | {"digest": _digest(body)}):
            raise IndexDamaged(f"the manifest of generation {folder.name} is damaged")
        model = ModelIdentity(
            **{**body["model"], "prompts": tuple(map(tuple, body["model"]["prompts"]))}
        )
        sources = tuple(SourceFile(**source) for source in body["sources"])
        files = {name: (size, sha) for name, (size, sha) in body["files"].items()}
        return Manifest(**{**body, "model": model, "sources": sources, "files": files})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(
            f"the manifest of generation {folder.name} cannot be read: {error}"
        ) from error


def check(folder: Path, name: str) -> Manifest:
    """The manifest of the generation of a name, whose every file is what was written.

    Raises IndexDamaged, naming the file that is not, and if it is a copy of another one.
    """
    manifest = _own_manifest(folder, name)
    for file, facts in manifest.files.items():
        _checked(folder, file, *facts)
    return manifest


def read(folder: Path, name: str) -> Contents:
    """Read the generation of a name, every file checked by its hash before anything parses it.

    Raises IndexDamaged, naming the file, and if it is a copy of another generation.
    """
    manifest = _own_manifest(folder, name)
    files = {file: _checked(folder, file, *facts) for file, facts in manifest.files.items()}
    try:
        documents = {d.path: d for d in map(_document, _lines(files.pop(DOCUMENTS)))}
        chunks = tuple(map(_chunk, _lines(files.pop(CHUNKS))))
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"generation {folder.name} was written by another version of Quoth; reindex ({error!r})"
        ) from error
    return Contents(manifest, documents, chunks, files)


def problems(contents: Contents) -> list[str]:
    """What is wrong with places that the hashes cannot show; empty when all hold."""
    found = []
    for row, chunk in enumerate(contents.chunks):
        inside = all(chunk.start <= s.start < s.end <= chunk.end for s in chunk.sentences)
        if not chunk.text.strip() or not chunk.sentences or not inside:
            found.append(f"passage {row} of {chunk.document} does not hold its sentences")
        document = contents.documents.get(chunk.document)
        if document is None or document.text[chunk.start : chunk.end] != chunk.text:
            found.append(f"passage {row} is not what stands in {chunk.document} at its place")
    counts = (len(contents.documents), len(contents.chunks))
    if counts != (contents.manifest.documents, contents.manifest.chunks):
        found.append(f"the manifest counts other documents and passages than {counts}")
    return found


def _own_manifest(folder: Path, name: str) -> Manifest:
    manifest = read_manifest(folder)
    if manifest.name != name:
        raise IndexDamaged(f"generation {name} is a copy of {manifest.name}")
    return manifest


def _checked(folder: Path, name: str, size: int, sha256: str) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise IndexDamaged(f"{name} of generation {folder.name} cannot be read") from error
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        raise IndexDamaged(f"{name} of generation {folder.name} is not what was written")
    return content


def _document(row: dict[str, Any]) -> Document:
    blocks = tuple(Block(**{**b, "section": tuple(b["section"])}) for b in row["blocks"])
    return Document(**{**row, "blocks": blocks})


def _chunk(row: dict[str, Any]) -> Chunk:
    sentences = tuple(Span(**span) for span in row["sentences"])
    return Chunk(**{**row, "sentences": sentences, "section": tuple(row["section"])})


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _lines(content: bytes) -> Sequence[Any]:
    return [json.loads(line) for line in content.decode().split("\n") if line]


def _canonical(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()
