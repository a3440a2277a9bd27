"""Files become documents: one module a format, chosen by the file's ending."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NoReturn

from index.errors import CorpusError, LoadError
from index.language import ENGLISH, SAMPLE_CHARACTERS, detect, normal
from index.loaders.encoding import decode
from index.loaders.markdown import load_markdown
from index.loaders.parsed import Parsed
from index.loaders.text import load_text
from index.markup import SUFFIXES
from index.records import Document

Loader = Callable[[bytes], Parsed]
"""Reads the bytes of one file. Raises LoadError, saying why, for bytes it cannot read."""


LOADERS_VERSION = 4
"""Raised when the same file would be loaded otherwise; an older index is then stale."""


def _from_text(parse: Callable[[str], Parsed]) -> Loader:
    def load_decoded(data: bytes) -> Parsed:
        decoded = decode(data)
        return replace(parse(decoded.text), guessed_encoding=decoded.guessed)

    return load_decoded


LOADERS: Mapping[str, Loader] = {
    "": _from_text(load_text),
    ".txt": _from_text(load_text),
    ".text": _from_text(load_text),
    **dict.fromkeys(SUFFIXES, _from_text(load_markdown)),
}
"""Loader by lower-case file ending. A further format is a module here and a line in this table."""


def find_files(corpus: Path) -> list[str]:
    """Paths of the files below `corpus`, relative to it, with forward slashes, sorted.

    Broken links and links to folders are among them, so that they are told of as set aside. Pipes,
    devices, and hidden files and folders (a leading dot) are passed over. Raises CorpusError if a
    folder cannot be listed: its documents would otherwise seem removed.
    """
    found = []
    for folder, inside, names in os.walk(corpus, onerror=_refuse):
        inside[:] = [name for name in inside if not name.startswith(".")]
        paths = (Path(folder, name) for name in (*inside, *names) if not name.startswith("."))
        found += [path.relative_to(corpus).as_posix() for path in paths if _is_met(path)]
    return sorted(found)


def _is_met(path: Path) -> bool:
    """Whether a path is a file, or a link that is not followed; os.path never raises."""
    leads_nowhere = os.path.isdir(path) or not os.path.exists(path)  # noqa: PTH110, PTH112
    return os.path.isfile(path) or (leads_nowhere and os.path.islink(path))  # noqa: PTH113, PTH114


def _refuse(error: OSError) -> NoReturn:
    raise CorpusError(f"the folder {error.filename} cannot be read: {error.strerror}") from error


def load(corpus: Path, path: str) -> Document:
    """Load one file of the corpus.

    Raises LoadError if it cannot be read: an unsupported format, binary data, an unknown
    encoding, nothing but white space, or a link that leads out of the corpus or to a folder.
    """
    loader = LOADERS.get(PurePosixPath(path).suffix.lower())
    if loader is None:
        known = ", ".join(sorted(ending for ending in LOADERS if ending))
        raise LoadError(f"this format is not supported (supported: {known})")
    must_be_inside(corpus, path)
    data = _read(corpus, path)
    parsed = loader(data)
    if not parsed.blocks:
        raise LoadError("the file holds no text")
    return Document(
        path=path,
        title=parsed.title or PurePosixPath(path).stem,
        titled=bool(parsed.title),
        text=parsed.text,
        blocks=parsed.blocks,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        language=_language(parsed),
        url=parsed.url,
        date=parsed.date,
        guessed_encoding=parsed.guessed_encoding,
    )


def _language(parsed: Parsed) -> str:
    """The language that the document names, else that of its words; English if neither is clear."""
    if parsed.language and (named := normal(parsed.language)):
        return named
    sample, room = [], SAMPLE_CHARACTERS
    for block in parsed.blocks:
        sample.append(parsed.text[block.start : min(block.end, block.start + room)])
        room -= len(sample[-1])
        if room <= 0:
            break
    return detect("\n".join(sample)) or ENGLISH


def must_be_inside(corpus: Path, path: str) -> None:
    """Raise LoadError for a link that leads out of the corpus, to a folder, or to nothing."""
    full = corpus / path
    with _told(full):
        path.encode()
        if not full.resolve().is_relative_to(corpus.resolve()):
            raise LoadError("it is a link that leads out of the corpus")
        if full.is_dir():
            raise LoadError("it is a link to a folder, which is not followed")


def _read(corpus: Path, path: str) -> bytes:
    full = corpus / path
    with _told(full):
        return full.read_bytes()


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What goes wrong with a file becomes a LoadError that says so."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise LoadError("its name is not valid Unicode; rename it") from error
    except (FileNotFoundError, RuntimeError) as error:  # the latter of links in a ring
        if file.is_symlink():
            raise LoadError("it is a link that leads to nothing") from error
        raise LoadError("it cannot be read: it is gone") from error
    except OSError as error:
        raise LoadError(f"it cannot be read: {error.strerror or error}") from error
