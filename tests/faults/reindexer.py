"""A reindex as a small program that starts quickly, and what a reader finds after it.

All that these tests know of Quoth's own modules is in this file. The program reads one `Task` a
line from standard input and reindexes in a fork of itself, so that the imports are paid once. A
fork holds the lock of the data folder, builds with an embedder that needs no model, and prints the
name of the generation: from then on the new index must be there, whatever happens.
"""

import ctypes
import hashlib
import json
import logging
import os
import re
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import numpy as np

from index import Engine, GenerationUnknown, QuothError, Settings, Wanted
from index.generations import build as building
from index.generations import generation, history, rollback
from index.generations.data_folder import held
from index.generations.verification import open_store, verify
from index.protocols import Matrix
from index.reports import ModelIdentity

GENERATIONS = "generations"
CACHE = "embeddings.sqlite"
LOCK, HOLDER = "reindex.lock", "reindex.json"
MANIFEST = "manifest.json"
FILES = frozenset({"documents.jsonl", "chunks.jsonl", "vectors.faiss", "words.zip", MANIFEST})
"""What a generation consists of."""

DIMENSION = 16
WORD = re.compile(r"\w+")

PR_SET_PTRACER = 0x59616D61
ANY_PROCESS = ctypes.c_ulong(-1)
"""Lets a process that is no ancestor trace this one where the kernel would forbid it (Yama)."""

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"})
"""What the interpreter reports before it changes a folder; `open` is looked at by its flags."""

KNOWN_FAULT, UNKNOWN_FAULT = 2, 3
"""Exit status after an error in plain words, as of `quoth`, and after any other."""


@dataclass(frozen=True, slots=True)
class Task:
    """One reindex. `output` is the file that takes what it prints.

    `waits`: it stops itself before it begins, until SIGCONT. `dies_at`: it kills itself before
    that change of a file or folder, counted from 1; 0 for never.
    """

    corpus: str
    data: str
    kept: int
    output: str
    waits: bool = False
    dies_at: int = 0


class HashedWords:
    """An embedder: each word adds to one place of a vector of unit length."""

    identity = ModelIdentity("hashed-words", None, "0" * 64, DIMENSION, "cosine", 64)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(WORD.findall(text)) for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text: str) -> Matrix:
        return self.embed_documents([text])

    def _vector(self, text: str) -> Matrix:
        vector = np.full(DIMENSION, 0.1, dtype=np.float32)
        for word in WORD.findall(text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % DIMENSION] += 1
        return vector / np.linalg.norm(vector)


def reindex(task: Task) -> int:
    """Reindex and print the generation's name, or the fault in one line; the exit status."""
    data = Path(task.data)
    settings = Settings(corpus=Path(task.corpus), data=data, generations_kept=task.kept)
    try:
        with held(data):
            report = building.build(
                settings, HashedWords(), lambda *_: None, Wanted(allow_shrink=True)
            )
            os.write(1, f"{report.generation}\n".encode())
    except QuothError as error:
        os.write(2, f"{error}\n".encode())
        return KNOWN_FAULT
    return 0


def roll_back(corpus: Path, data: Path) -> bool:
    """Answer from the generation before; False if there is none."""
    settings = Settings(corpus=corpus, data=data, model=HashedWords.identity.name)
    try:
        with held(data):
            rollback.roll_back(settings, None, HashedWords)
    except GenerationUnknown:
        return False
    return True


def names(data: Path) -> list[str]:
    """The generations that a reader sees, oldest first."""
    return history.names(data)


def all_names(data: Path) -> list[str]:
    """The generations that are there, also those that were rolled back, oldest first."""
    return history.all_names(data)


def state(data: Path) -> Mapping[str, str] | None:
    """Name and text of each document of the newest whole generation, or None if none is whole."""
    contents = _newest_whole(data)
    if contents is None:
        return None
    assert generation.problems(contents) == []
    return {path: document.text for path, document in contents.documents.items()}


def answers(data: Path) -> Mapping[str, str] | None:
    """What `state` finds, after the engine and the store were opened and agree with it."""
    found = state(data)
    if found is not None:
        engine = Engine(Settings(data=data))
        assert {name: engine.source(name).text for name in found} == found
        contents = _newest_whole(data)
        assert contents is not None
        assert len(open_store(contents)) == len(contents.chunks)
    return found


def holding(data: Path, words: str) -> set[str]:
    """The documents whose passages the store of the newest whole generation finds for `words`."""
    contents = _newest_whole(data)
    if contents is None:
        return set()
    found = open_store(contents).search(HashedWords().embed_query(words), words, 100)
    return {contents.chunks[c.row].document for c in found if c.bm25 > 0}


def damages(data: Path) -> list[bool]:
    """Whether `quoth verify` finds something wrong with each generation, oldest first."""
    embedder = HashedWords()
    names = history.all_names(data)
    return [bool(verify(history.place(data, n), embedder, n).problems) for n in names]


def _newest_whole(data: Path) -> generation.Contents | None:
    return history.newest_opened(data, lambda contents: contents)[0]


def main() -> None:
    """Serve reindexes until standard input ends."""
    logging.basicConfig(handlers=[logging.NullHandler()])  # only reports and faults are printed
    _import_all()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _work(Task(**json.loads(line)))
        status = os.waitpid(pid, os.WUNTRACED)[1]
        if os.WIFSTOPPED(status):
            _tell(pid)
            status = os.waitpid(pid, 0)[1]
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _import_all() -> None:
    """Reindex once, for all that is imported and read at the first use only."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        (corpus / "first.md").write_text("# First\n\nA sentence that is in English.\n")
        (corpus / "second.txt").write_text("Another one of these sentences.\n")
        settings = Settings(corpus=corpus, data=Path(folder, "data"), generations_kept=1)
        for _ in range(2):
            with held(settings.data):
                building.build(settings, HashedWords(), lambda *_: None)


def _work(task: Task) -> NoReturn:
    """Be one reindex, to the end of this process."""
    status = UNKNOWN_FAULT
    try:
        output = os.open(task.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if task.waits:
            _wait_for_tracer()
        if task.dies_at:
            _die_at(task.dies_at)
        status = reindex(task)
    except BaseException:  # noqa: BLE001  # a fork must not go on as the server
        traceback.print_exc()
    finally:
        os._exit(status)


def _wait_for_tracer() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY_PROCESS, 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)


def _die_at(change: int) -> None:
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        flags = arguments[2] if event == "open" else 0
        if event in CHANGES or (isinstance(flags, int) and flags & WRITES):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


if __name__ == "__main__":
    main()
