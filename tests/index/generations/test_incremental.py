"""Only what changed is read again, and what was taken over is what reading would have given."""

import os
from pathlib import Path

import pytest
from parts import MakeEngine

from index import CorpusShrank, Engine, Wanted
from index.generations import incremental
from index.loaders import load

OLD = 1_600_000_000
FULL = Wanted(full=True)


def write(path: Path, text: str, when: int = OLD) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (when, when))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write(folder / "a.txt", "Apples grow. They are red.")
    write(folder / "b.md", "# Pears\n\nPears fall.")
    write(folder / "c.txt", "Plums\n\nPlums rot.")
    return folder


@pytest.fixture
def engine(corpus: Path, make_engine: MakeEngine) -> Engine:
    engine = make_engine(corpus, corpus.parent / "data")
    engine.reindex()
    return engine


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are parsed from now on."""
    seen: list[str] = []

    def watched(corpus: Path, path: str) -> object:
        seen.append(path)
        return load(corpus, path)

    monkeypatch.setattr(incremental, "load", watched)
    return seen


def contents(engine: Engine) -> tuple[object, object]:
    opened = engine._newest.opened().contents
    return opened.documents, opened.chunks


def test_only_a_changed_document_is_read(engine: Engine, corpus: Path, read: list[str]) -> None:
    write(corpus / "b.md", "# Pears\n\nPears ripen.", OLD + 1)
    assert engine.reindex().changed == ("b.md",)
    assert read == ["b.md"]


def test_what_was_taken_over_is_what_reading_all_would_give(engine: Engine, corpus: Path) -> None:
    write(corpus / "d.txt", "Figs dry.")
    (corpus / "c.txt").rename(corpus / "e.txt")
    (corpus / "a.txt").rename(corpus / "f.txt")
    engine.reindex()
    taken_over = contents(engine)
    engine.reindex(wanted=FULL)
    assert contents(engine) == taken_over


def test_a_renamed_document_keeps_its_vectors_though_its_title_was_its_name(
    engine: Engine, corpus: Path, read: list[str]
) -> None:
    (corpus / "a.txt").rename(corpus / "orchard.txt")
    report = engine.reindex()
    assert (report.added, report.removed) == (("orchard.txt",), ("a.txt",))
    assert (report.embedded, read) == (0, [])
    assert engine.source("orchard.txt").title == "orchard"


def test_another_ending_is_another_format_and_is_read(
    engine: Engine, corpus: Path, read: list[str]
) -> None:
    (corpus / "a.txt").rename(corpus / "a.md")
    engine.reindex()
    assert read == ["a.md"]


def test_a_file_of_the_same_size_and_an_old_time_is_seen_when_all_is_read_anew(
    engine: Engine, corpus: Path
) -> None:
    write(corpus / "a.txt", "Apples grow. They are RED.")
    assert not engine.reindex().published
    assert engine.reindex(wanted=FULL).changed == ("a.txt",)


def test_an_edit_within_a_tick_of_the_clock_is_seen(corpus: Path, make_engine: MakeEngine) -> None:
    path = corpus / "a.txt"
    path.write_text("Apples grow. They are red.", encoding="utf-8")
    facts = path.stat()
    engine = make_engine(corpus, corpus.parent / "data")
    engine.reindex()
    path.write_text("Apples grow. They are RED.", encoding="utf-8")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert engine.staleness() == "the documents have changed since (1 changed)"
    assert engine.reindex().changed == ("a.txt",)


@pytest.mark.usefixtures("engine")
def test_other_chunker_settings_read_all_anew(
    corpus: Path, make_engine: MakeEngine, read: list[str]
) -> None:
    other = make_engine(corpus, corpus.parent / "data", chunk_tokens=20)
    report = other.reindex()
    assert (len(read), report.published) == (3, True)


def test_documents_that_are_mostly_gone_are_refused_unless_it_is_meant(
    engine: Engine, corpus: Path
) -> None:
    for name in ("a.txt", "b.md"):
        (corpus / name).unlink()
    with pytest.raises(CorpusShrank, match=r"from 3 to 1 documents.*--allow-shrink"):
        engine.reindex()
    assert engine.ask("What about apples?").question
    assert len(engine._newest.opened().contents.documents) == 3
    report = engine.reindex(wanted=Wanted(allow_shrink=True))
    assert report.removed == ("a.txt", "b.md")


def test_a_link_that_is_turned_to_few_documents_is_refused(
    engine: Engine, corpus: Path, tmp_path: Path, make_engine: MakeEngine
) -> None:
    del engine
    few = tmp_path / "few"
    few.mkdir()
    write(few / "z.txt", "Quinces.")
    current = tmp_path / "current"
    current.symlink_to(corpus, target_is_directory=True)
    linked = make_engine(current, tmp_path / "linked")
    linked.reindex()
    current.unlink()
    current.symlink_to(few, target_is_directory=True)
    with pytest.raises(CorpusShrank, match="from 3 to 1 documents"):
        linked.reindex()


def test_documents_that_lost_most_of_their_text_are_refused(engine: Engine, corpus: Path) -> None:
    write(corpus / "d.txt", "Figs dry in the sun. " * 50)
    engine.reindex()
    write(corpus / "d.txt", "Figs dry.", OLD + 1)
    with pytest.raises(CorpusShrank, match="characters"):
        engine.reindex()


def test_half_of_the_documents_may_go_and_another_corpus_may_be_small(
    engine: Engine, corpus: Path, tmp_path: Path, make_engine: MakeEngine
) -> None:
    write(corpus / "d.txt", "Figs dry.")
    engine.reindex()
    (corpus / "d.txt").unlink()
    (corpus / "b.md").unlink()
    assert engine.reindex().removed == ("b.md", "d.txt")
    other = tmp_path / "other"
    other.mkdir()
    write(other / "z.txt", "Quinces.")
    assert make_engine(other, corpus.parent / "data").reindex().published
