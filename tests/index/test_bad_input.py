"""Whatever the folder, the disk or the member brings: a clear message, and nothing lost."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from parts import MakeEngine
from pydantic import ValidationError

from index import (
    BuildRunning,
    CorpusError,
    DataError,
    DocumentUnknown,
    Engine,
    IndexMismatch,
    QuestionError,
)
from index.generations import history
from index.settings import PACKAGED_MODEL

WORDS = "The answer is forty-two."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "good.txt").write_text(WORDS, encoding="utf-8")
    return tmp_path / "corpus"


@pytest.fixture
def engine(corpus: Path, make_engine: MakeEngine) -> Engine:
    return make_engine(corpus, corpus.parent / "data")


def set_aside(engine: Engine) -> dict[str, str]:
    report = engine.reindex()
    assert report.added == ("good.txt",)
    assert engine.source("good.txt").text == WORDS
    assert engine.staleness() is None
    return {q.document: q.reason for q in report.quarantined}


def test_no_corpus_folder_is_told_and_nothing_is_lost(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    corpus.rename(corpus.parent / "away")
    with pytest.raises(CorpusError, match=r"there is no folder .*corpus; put documents there"):
        engine.reindex()
    assert engine.source("good.txt").text == WORDS
    assert engine.ask("What is the answer?").question


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds no documents; put Markdown or text files there"),
        ({".hidden": b"x"}, "holds no documents"),
        ({"a.bin": b"\0"}, r"none of the 1 files .* can be read \(a.bin: this format is not"),
        ({"a.txt": b"", "b.md": b" "}, r"none of the 2 files .*a.txt: the file holds no text"),
    ],
)
def test_a_corpus_with_nothing_to_read_is_told_and_nothing_is_lost(
    files: dict[str, bytes], told: str, engine: Engine, corpus: Path
) -> None:
    engine.reindex()
    (corpus / "good.txt").unlink()
    for name, data in files.items():
        (corpus / name).write_bytes(data)
    with pytest.raises(CorpusError, match=told):
        engine.reindex()
    assert history.names(corpus.parent / "data") == ["000001"]
    assert engine.source("good.txt").text == WORDS


def test_a_corpus_that_is_a_file_is_told(corpus: Path, make_engine: MakeEngine) -> None:
    with pytest.raises(CorpusError, match="there is no folder"):
        make_engine(corpus / "good.txt", corpus.parent / "data").reindex()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("binary.txt", bytes(range(256)), "it holds binary data, not text"),
        ("program", b"\x7fELF\0\0\0", "it holds binary data, not text"),
        ("picture.png", b"\x89PNG", "this format is not supported"),
        ("empty.md", b"", "the file holds no text"),
        ("blank.txt", b" \n \n", "the file holds no text"),
        ("head.md", b"---\ntitle: x\n---\n", "the file holds no text"),
    ],
)
def test_one_bad_file_is_set_aside_and_the_rest_goes_on(
    name: str, data: bytes, reason: str, engine: Engine, corpus: Path
) -> None:
    (corpus / name).write_bytes(data)
    told = set_aside(engine)
    assert list(told) == [name]
    assert reason in told[name]


def test_a_link_out_of_the_corpus_is_set_aside(engine: Engine, corpus: Path) -> None:
    (corpus.parent / "secret.txt").write_text("The password is swordfish.", encoding="utf-8")
    (corpus / "link.txt").symlink_to(corpus.parent / "secret.txt")
    assert set_aside(engine) == {"link.txt": "it is a link that leads out of the corpus"}


def test_a_link_out_of_the_corpus_is_set_aside_though_its_words_are_known(
    engine: Engine, corpus: Path
) -> None:
    engine.reindex()
    (corpus.parent / "copy.txt").write_bytes((corpus / "good.txt").read_bytes())
    (corpus / "link.txt").symlink_to(corpus.parent / "copy.txt")
    (aside,) = engine.reindex().quarantined
    assert aside.reason == "it is a link that leads out of the corpus"


def test_a_link_within_the_corpus_is_read(engine: Engine, corpus: Path) -> None:
    (corpus / "link.txt").symlink_to(corpus / "good.txt")
    assert engine.reindex().added == ("good.txt", "link.txt")


def test_links_in_a_ring_and_into_nothing_and_up_are_set_aside(
    engine: Engine, corpus: Path
) -> None:
    (corpus / "ring.txt").symlink_to(corpus / "ring.txt")
    (corpus / "nothing.txt").symlink_to(corpus / "absent.txt")
    (corpus / "up").symlink_to(corpus, target_is_directory=True)
    assert set_aside(engine) == {
        "ring.txt": "it is a link that leads to nothing",
        "nothing.txt": "it is a link that leads to nothing",
        "up": "it is a link to a folder, which is not followed",
    }
    assert not engine.reindex().published


def test_an_index_among_the_documents_is_refused(corpus: Path, make_engine: MakeEngine) -> None:
    with pytest.raises(ValidationError, match=r"lies in the corpus .* name another"):
        make_engine(corpus, corpus / "data")
    make_engine(corpus, corpus / ".data").reindex()
    assert not make_engine(corpus, corpus / ".data").reindex().published


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no Unicode are Linux's own")
def test_a_name_that_is_no_unicode_is_set_aside_and_can_be_shown(
    engine: Engine, corpus: Path
) -> None:
    (Path(os.fsdecode(os.fsencode(corpus) + b"/\xff\xfe.txt"))).write_text("x")
    told = set_aside(engine)
    assert list(told.values()) == ["its name is not valid Unicode; rename it"]
    assert next(iter(told)).encode()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(30)
def test_a_pipe_among_the_documents_holds_nobody(engine: Engine, corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "link.txt").symlink_to(corpus / "pipe.txt")
    assert set_aside(engine) == {}


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
@pytest.mark.timeout(30)
def test_a_link_to_a_device_holds_nobody(engine: Engine, corpus: Path) -> None:
    (corpus / "zero.txt").symlink_to("/dev/zero")
    assert set_aside(engine) == {}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "the question is empty"),
        (" \n\t\u00a0 ", "the question is empty"),
        ("a\ud800b", "not valid Unicode"),
        ("why " * 2500, "the question is 10,000 characters long; ask in at most 1,000"),
    ],
    ids=["empty", "blank", "half a character", "long"],
)
def test_a_question_that_cannot_be_asked_is_told(
    question: str, told: str, article_engine: Engine
) -> None:
    with pytest.raises(QuestionError, match=told):
        article_engine.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "?",
        "🐈" * 900,
        "x" * 1000,
        "\u202e\u200b",
        "\0",
        "‘’“”",
        "SELECT *; --",
        "的" * 999,
    ],
    ids=lambda question: ascii(question[:10]),
)
def test_any_other_question_is_answered_or_abstained_from(
    question: str, article_engine: Engine
) -> None:
    given = article_engine.ask(question)
    assert given.answered == bool(given.quotes)


def test_a_document_that_is_not_there_is_told_with_the_nearest(article_engine: Engine) -> None:
    with pytest.raises(DocumentUnknown, match=r"did you mean london-interior-commitments\.txt"):
        article_engine.source("london-interior.txt")


def test_a_generation_of_another_model_is_told_with_both_names(
    engine: Engine, corpus: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    engine.reindex()
    other = make_engine(corpus, corpus.parent / "data", model=PACKAGED_MODEL)
    told = f"the index was built with {tiny_model}, settings say {PACKAGED_MODEL}"
    assert other.staleness() == told
    with pytest.raises(IndexMismatch, match="run `quoth reindex`") as caught:
        other.ask("What is the answer?")
    assert told in str(caught.value)
    assert other.reindex().embedded == 1
    assert other.staleness() is None


def test_a_data_folder_that_is_a_file_is_told(corpus: Path, make_engine: MakeEngine) -> None:
    (corpus.parent / "data").write_text("a file")
    engine = make_engine(corpus, corpus.parent / "data")
    with pytest.raises(DataError, match=r"cannot be written: .*choose another \(--data\)"):
        engine.reindex()
    assert "nothing is built" in (engine.staleness() or "")


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("64k", r"embeddings.sqlite .* is full; make room"),
        ("192k", r"the disk of .* is full; make room and reindex"),
    ],
    ids=["while embedding", "while writing the generation"],
)
def test_a_full_disk_is_told_and_the_old_generation_answers_on(
    size: str, told: str, corpus: Path, make_engine: MakeEngine, mount: Callable[[str], Path]
) -> None:
    data = mount(f"size={size}")
    engine = make_engine(corpus, data)
    engine.reindex()
    kept = history.names(data)
    lines = (f"Locker {i} belongs to member {i * 7919 % 3001}.\n\n" for i in range(500))
    (corpus / "many.txt").write_text("".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        engine.reindex()
    assert history.names(data) == kept
    assert [path.name for path in (data / "generations").iterdir()] == kept
    assert engine.ask("What is the answer?").question
    (corpus / "many.txt").unlink()
    assert engine.reindex().unchanged == ("good.txt",)


def test_a_disk_full_from_the_start_is_told(
    corpus: Path, make_engine: MakeEngine, mount: Callable[[str], Path]
) -> None:
    data = mount("size=16k")
    (data / "ballast").write_bytes(b"x" * 16384)
    with pytest.raises(DataError, match="is full; make room"):
        make_engine(corpus, data).reindex()


def test_a_read_only_data_folder_answers_and_says_why_it_does_not_reindex(
    corpus: Path, make_engine: MakeEngine, mount: Callable[[str], Path]
) -> None:
    data = mount("size=4m")
    make_engine(corpus, data).reindex()
    mount("remount,ro")
    engine = make_engine(corpus, data)
    assert engine.staleness() is None
    assert engine.ask("What is the answer?").question
    with pytest.raises(DataError, match=r"cannot be written: Read-only file system; choose"):
        engine.reindex()
    assert engine.source("good.txt").text == WORDS


def test_a_second_reindex_in_another_thread_is_refused_and_told_since_when(
    engine: Engine, corpus: Path, make_engine: MakeEngine
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(stage: str, _done: int, _total: int) -> None:
        if stage == "embedding":
            begun.set()
            assert go_on.wait(60)

    first = threading.Thread(target=engine.reindex, args=(hold,))
    first.start()
    assert begun.wait(60)
    second = make_engine(corpus, corpus.parent / "data")
    try:
        for one in (engine, second):
            with pytest.raises(BuildRunning, match=rf"since 2.* \(process {os.getpid()}\)"):
                one.reindex()
    finally:
        go_on.set()
        first.join()
    assert second.reindex().generation == "000001"


HOLDER = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_reindex_in_another_process_is_refused_and_a_killed_one_frees_the_lock(
    engine: Engine, corpus: Path
) -> None:
    data = corpus.parent / "data"
    data.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data / "reindex.lock")],
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BuildRunning, match="another reindex is running"):
            engine.reindex()
        holder.kill()
        holder.wait()
    assert engine.reindex().generation == "000001"
    with FileLock(data / "reindex.lock", timeout=0):
        pass


def test_a_line_of_3_megabytes_becomes_passages_in_bounded_time_and_memory(
    corpus: Path, make_engine: MakeEngine
) -> None:
    (corpus / "line.txt").write_text("word and another " * 180_000, encoding="utf-8")
    engine = make_engine(corpus, corpus.parent / "data", model=PACKAGED_MODEL)
    before, started = peak_megabytes(), time.process_time()
    report = engine.reindex()
    assert time.process_time() - started < 30
    assert peak_megabytes() - before < 600
    assert 2000 < report.chunks < 3000
    assert max(len(c.text) for c in engine._newest.opened().contents.chunks) < 2000


@pytest.mark.skipif(
    "QUOTH_LARGE" not in os.environ, reason="takes half a minute of processor time: QUOTH_LARGE=1"
)
@pytest.mark.timeout(600)
def test_a_file_of_30_megabytes_is_indexed_in_bounded_memory(
    corpus: Path, make_engine: MakeEngine
) -> None:
    sentences = "The quick brown fox jumps over the lazy dog. " * 10_000
    copies = (f"Copy number {number}.\n\n{sentences}\n\n" for number in range(67))
    (corpus / "huge.txt").write_text("".join(copies), encoding="utf-8")
    engine = make_engine(corpus, corpus.parent / "data", model=PACKAGED_MODEL)
    before, started = peak_megabytes(), time.process_time()
    assert engine.reindex().chunks > 20_000
    assert time.process_time() - started < 120
    assert peak_megabytes() - before < 1500


def test_a_word_of_1_megabyte_is_one_passage_that_stops_nothing(
    engine: Engine, corpus: Path
) -> None:
    (corpus / "word.txt").write_text("a" * 1_000_000, encoding="utf-8")
    started = time.process_time()
    engine.reindex()
    engine.ask("What is the answer?")
    assert time.process_time() - started < 20


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
