"""A reindex does what is needed, no more, and says what it did."""

import logging
from pathlib import Path

import pytest
from parts import MakeEngine

from index import BuildReport, DataError, Engine, Guessed, Quarantined, Wanted
from index.generations import history
from index.generations.embedding_cache import FILE_NAME
from index.protocols import Progress

FULL = Wanted(full=True)
TEXTS = {"a.txt": "Apples grow.", "b.md": "# Pears\n\nPears fall.", "c/d.txt": "Plums rot."}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "corpus"


@pytest.fixture
def engine(corpus: Path, make_engine: MakeEngine) -> Engine:
    return make_engine(corpus, corpus.parent / "data")


def told(report: BuildReport) -> tuple[list[str], list[str], list[str], list[str]]:
    return (
        list(report.added),
        list(report.changed),
        list(report.removed),
        list(report.unchanged),
    )


def stop_at(stage: str, after: int) -> Progress:
    def progress(now: str, done: int, _total: int) -> None:
        if now == stage and done >= after:
            raise KeyboardInterrupt

    return progress


def test_a_first_build_adds_all(engine: Engine) -> None:
    report = engine.reindex()
    assert told(report) == (["a.txt", "b.md", "c/d.txt"], [], [], [])
    assert (report.chunks, report.embedded, report.generation) == (3, 3, "000001")
    assert 0 < report.seconds < 60


def test_an_unchanged_corpus_embeds_nothing_and_says_so(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    report = engine.reindex()
    assert told(report) == ([], [], [], ["a.txt", "b.md", "c/d.txt"])
    assert (report.chunks, report.embedded) == (3, 0)
    assert (report.generation, report.published) == ("000001", False)
    assert history.names(corpus.parent / "data") == ["000001"]


def test_what_was_added_changed_and_removed_is_named(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    (corpus / "a.txt").write_text("Apples grow on trees.", encoding="utf-8")
    (corpus / "b.md").unlink()
    (corpus / "e.txt").write_text("Figs dry.", encoding="utf-8")
    report = engine.reindex()
    assert told(report) == (["e.txt"], ["a.txt"], ["b.md"], ["c/d.txt"])
    assert report.embedded == 2


def test_a_renamed_document_with_a_title_of_its_own_is_not_embedded_again(
    engine: Engine, corpus: Path
) -> None:
    engine.reindex()
    (corpus / "b.md").rename(corpus / "z.md")
    report = engine.reindex()
    assert told(report)[:3] == (["z.md"], [], ["b.md"])
    assert report.embedded == 0


def test_the_same_text_in_two_files_is_embedded_once(engine: Engine, corpus: Path) -> None:
    (corpus / "twin.md").write_text(TEXTS["b.md"], encoding="utf-8")
    report = engine.reindex()
    assert (report.chunks, report.embedded) == (4, 3)


def test_a_touched_file_is_unchanged(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    (corpus / "a.txt").touch()
    assert engine.staleness() is None
    assert told(engine.reindex())[3] == ["a.txt", "b.md", "c/d.txt"]


def test_a_document_whose_encoding_is_guessed_is_named_until_it_is_certain(
    engine: Engine, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "index")
    assert engine.reindex().guessed == ()
    (corpus / "a.txt").write_bytes("El niño come piñas".encode("cp1252"))
    assert engine.reindex().guessed == (Guessed("a.txt", "windows-1252"),)
    assert "encoding-guessed document=a.txt encoding=windows-1252" in caplog.text
    assert engine.source("a.txt").text == "El niño come piñas"
    again = engine.reindex()
    assert (again.published, again.guessed) == (False, (Guessed("a.txt", "windows-1252"),))
    (corpus / "a.txt").write_text("El niño come piñas", encoding="utf-8")
    assert engine.reindex().guessed == ()


def test_a_file_that_cannot_be_read_is_set_aside_until_it_can(
    engine: Engine, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (corpus / "a.txt").write_bytes(b"\0\1\2")
    caplog.set_level("INFO", "index")
    report = engine.reindex()
    assert report.quarantined == (Quarantined("a.txt", "it holds binary data, not text"),)
    assert told(report)[0] == ["b.md", "c/d.txt"]
    assert "set-aside document=a.txt" in caplog.text
    assert engine.staleness() is None
    (corpus / "a.txt").write_text(TEXTS["a.txt"], encoding="utf-8")
    assert engine.staleness() == "the documents have changed since (1 changed)"
    assert told(engine.reindex())[0] == ["a.txt"]


def test_an_edit_while_the_corpus_is_read_is_seen_as_a_change(engine: Engine, corpus: Path) -> None:
    def edit(stage: str, done: int, _total: int) -> None:
        if (stage, done) == ("reading", 1):
            (corpus / "a.txt").write_text("Apples fall.", encoding="utf-8")

    engine.reindex(edit)
    assert engine.staleness() == "the documents have changed since (1 changed)"


def test_what_changed_since_is_counted(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    assert engine.staleness() is None
    (corpus / "a.txt").write_text("Other", encoding="utf-8")
    (corpus / "b.md").unlink()
    (corpus / "e.txt").write_text("New", encoding="utf-8")
    assert engine.staleness() == "the documents have changed since (1 new, 1 changed, 1 removed)"


def test_a_build_cut_off_while_embedding_keeps_what_was_embedded(
    engine: Engine, corpus: Path
) -> None:
    for number in range(100):
        (corpus / f"{number}.txt").write_text(f"Number {number} is here.", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        engine.reindex(stop_at("embedding", 64))
    assert history.names(corpus.parent / "data") == []
    report = engine.reindex()
    assert (report.chunks, report.embedded) == (103, 39)


def test_a_lost_or_damaged_cache_costs_only_time(
    engine: Engine, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine.reindex()
    cache = corpus.parent / "data" / FILE_NAME
    cache.write_bytes(b"\xff" * 5000)
    assert engine.reindex(wanted=FULL).embedded == 3
    assert "embedding-cache damaged=embeddings.sqlite action=begun-anew" in caplog.text
    cache.unlink()
    assert engine.reindex(wanted=FULL).embedded == 3
    assert engine.reindex(wanted=FULL).embedded == 0


def test_vectors_from_the_cache_are_those_that_were_made(engine: Engine) -> None:
    engine.reindex()
    first = engine._newest.opened().searcher.store
    engine.reindex(wanted=FULL)
    again = engine._newest.opened().searcher.store
    query = engine._models.embedder().embed_query("apples")
    assert again is not first
    assert again.search(query, "apples", 3) == first.search(query, "apples", 3)


def test_texts_that_left_the_corpus_leave_the_cache(engine: Engine, corpus: Path) -> None:
    engine.reindex()
    (corpus / "a.txt").rename(corpus.parent / "a.txt")
    engine.reindex()
    (corpus.parent / "a.txt").rename(corpus / "a.txt")
    assert engine.reindex().embedded == 1


def test_progress_goes_through_its_stages_and_each_to_its_end(engine: Engine) -> None:
    seen: list[tuple[str, int, int]] = []
    engine.reindex(lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, *_ in seen)) == ["reading", "chunking", "embedding"]
    for stage in ("reading", "chunking", "embedding"):
        steps = [step[1:] for step in seen if step[0] == stage]
        assert steps == sorted(steps)
        assert steps[-1] == (3, 3)


def test_one_line_is_logged_when_it_is_done(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    engine.reindex()
    lines = [record.message for record in caplog.records if "reindexed" in record.message]
    assert len(lines) == 1
    assert "reindexed generation=000001 published=True documents=3 chunks=3 embedded=3" in lines[0]


def test_shorter_passages_are_a_setting_that_makes_the_index_stale(
    engine: Engine, corpus: Path, make_engine: MakeEngine
) -> None:
    (corpus / "long.txt").write_text("Many words stand here. " * 20, encoding="utf-8")
    whole = engine.reindex()
    shorter = make_engine(corpus, corpus.parent / "data", chunk_tokens=16)
    told = "the index was built with chunk_tokens 0, settings say 16"
    assert shorter.staleness() == told
    assert shorter.reindex().chunks > whole.chunks


@pytest.mark.parametrize("name", ["generations", FILE_NAME, "reindex.lock"])
def test_something_else_in_the_place_of_a_file_of_ours_is_told(
    name: str, engine: Engine, corpus: Path
) -> None:
    data = corpus.parent / "data"
    data.mkdir()
    if name == "generations":
        (data / name).write_text("a file")
    else:
        (data / name).mkdir()
    with pytest.raises(DataError, match="cannot be written"):
        engine.reindex()
