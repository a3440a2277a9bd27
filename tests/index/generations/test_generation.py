"""A generation on disk is whole, or it is not used."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import faiss
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parts import MakeEngine

from index import Engine, IndexDamaged, IndexMismatch, IndexMissing, Wanted
from index.generations import generation, history, verification
from index.stores.local import VECTORS_FILE, WORDS_FILE

FILES = [
    generation.MANIFEST,
    generation.DOCUMENTS,
    generation.CHUNKS,
    VECTORS_FILE,
    WORDS_FILE,
]
FULL = Wanted(full=True)
FIRST = "The first lighthouse is red."
SECOND = "The second lighthouse is blue."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, make_engine: MakeEngine) -> Path:
    """A folder with a corpus and two generations: only the second knows the second document."""
    folder = tmp_path_factory.mktemp("built")
    corpus, data = folder / "corpus", folder / "data"
    corpus.mkdir()
    (corpus / "first.txt").write_text(FIRST, encoding="utf-8")
    engine = make_engine(corpus, data)
    engine.reindex()
    (corpus / "second.txt").write_text(SECOND, encoding="utf-8")
    engine.reindex()
    return folder


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "copy", copy_function=shutil.copy2)
    return tmp_path / "copy"


@pytest.fixture
def engine(copy: Path, make_engine: MakeEngine) -> Engine:
    return make_engine(copy / "corpus", copy / "data")


def newest(folder: Path) -> Path:
    return folder / "data" / "generations" / "000002"


def documents(engine: Engine) -> list[str]:
    return sorted(engine._newest.opened().contents.documents)


def flip(path: Path, place: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def rewrite(folder: Path, **changes: object) -> None:
    """Change the manifest and give it a digest that holds."""
    path = folder / generation.MANIFEST
    body = json.loads(path.read_bytes()) | changes
    del body["digest"]
    path.write_bytes(generation._canonical(body | {"digest": generation._digest(body)}))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a bit flipped at its start": lambda path: flip(path, 0),
    "a bit flipped in its middle": lambda path: flip(path, path.stat().st_size // 2, 5),
    "a bit flipped at its end": lambda path: flip(path, -1),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "grown": lambda path: path.write_bytes(path.read_bytes() + b" "),
    "emptied": lambda path: path.write_bytes(b""),
    "removed": lambda path: path.unlink(),
    "made a folder": replace_by_folder,
}


def test_a_generation_holds_these_files_and_no_other(built: Path) -> None:
    assert sorted(path.name for path in newest(built).iterdir()) == sorted(FILES)


def test_the_manifest_says_how_the_generation_was_made(built: Path, engine: Engine) -> None:
    manifest = generation.read_manifest(newest(built))
    assert (manifest.name, manifest.documents, manifest.chunks) == ("000002", 2, 2)
    assert manifest.schema == generation.SCHEMA_VERSION
    assert manifest.model == engine._models.embedder().identity
    assert {source.path for source in manifest.sources} == {"first.txt", "second.txt"}
    for name, (size, sha256) in manifest.files.items():
        data = (newest(built) / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (size, sha256)
    assert sorted([*manifest.files, generation.MANIFEST]) == sorted(FILES)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_named_and_the_older_generation_answers(
    file: str, damage: str, copy: Path, engine: Engine
) -> None:
    DAMAGE[damage](newest(copy) / file)
    named = "manifest" if file == generation.MANIFEST else file
    with pytest.raises(IndexDamaged, match=f"{named} of generation 000002") as caught:
        generation.read(newest(copy), newest(copy).name)
    assert [v.problems for v in engine.verify()] == [(), (str(caught.value),)]
    assert documents(engine) == ["first.txt"]
    assert engine.ask("Which lighthouse is red?").question
    engine.reindex()
    assert documents(engine) == ["first.txt", "second.txt"]


@pytest.mark.parametrize("file", FILES)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_flipped_bit_is_seen(file: str, place: int, bit: int, copy: Path) -> None:
    path = newest(copy) / file
    flip(path, place, bit)
    with pytest.raises(IndexDamaged):
        generation.read(newest(copy), newest(copy).name)
    flip(path, place, bit)
    generation.read(newest(copy), newest(copy).name)


def test_faiss_is_never_given_bytes_that_do_not_match(
    copy: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(faiss, "deserialize_index", given.append)
    for name in ("000001", "000002"):
        flip(copy / "data" / "generations" / name / VECTORS_FILE, 100)
    with pytest.raises(IndexDamaged, match=r"no generation in .* is whole; run `quoth reindex`"):
        engine.load()
    assert given == []


def test_a_damaged_newest_generation_is_read_once_and_not_at_every_question(
    copy: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    flip(newest(copy) / VECTORS_FILE, 100)
    for _ in range(3):
        engine.ask("Which lighthouse is red?")
    assert caplog.text.count("generation damaged=000002") == 1


def test_a_place_beyond_its_passage_is_seen_though_the_hashes_hold(copy: Path) -> None:
    path = newest(copy) / generation.CHUNKS
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["end"] -= 5
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    seal_again(newest(copy))
    found = generation.problems(generation.read(newest(copy), newest(copy).name))
    assert found == [
        "passage 0 of first.txt does not hold its sentences",
        "passage 0 is not what stands in first.txt at its place",
    ]


def test_words_that_stand_elsewhere_are_seen_though_the_hashes_hold(copy: Path) -> None:
    path = newest(copy) / generation.CHUNKS
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["text"] = rows[0]["text"].swapcase()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    seal_again(newest(copy))
    found = generation.problems(generation.read(newest(copy), newest(copy).name))
    assert found == ["passage 0 is not what stands in first.txt at its place"]


def seal_again(folder: Path) -> None:
    files = {
        path.name: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.iterdir()
        if path.name != generation.MANIFEST
    }
    rewrite(folder, files=files)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": 0}, "built by another version of Quoth"),
        ({"chunker": {"version": 2}}, "built with chunk_tokens None, settings say 0"),
        ({"chunker": {"version": 2, "chunk_tokens": 0}}, r"loaders 0, now \d, .*version 2, now \d"),
    ],
)
def test_a_generation_of_another_schema_or_chunker_is_told_in_words(
    change: dict[str, object], told: str, copy: Path, engine: Engine
) -> None:
    rewrite(newest(copy), **change)
    assert re.search(told, engine.staleness() or "")
    with pytest.raises(IndexMismatch, match=f"{told}.*; run `quoth reindex`"):
        engine.ask("Which lighthouse is red?")
    engine.reindex()
    assert engine.staleness() is None


def test_counts_that_are_not_those_of_the_manifest_are_seen(copy: Path) -> None:
    rewrite(newest(copy), documents=7)
    assert (
        "counts other documents"
        in generation.problems(generation.read(newest(copy), newest(copy).name))[0]
    )


def test_a_copy_under_another_number_does_not_answer(copy: Path, engine: Engine) -> None:
    shutil.copytree(copy / "data" / "generations" / "000001", newest(copy).with_name("000003"))
    assert documents(engine) == ["first.txt", "second.txt"]
    assert engine.damage() == ("generation 000003 is a copy of 000001",)


def test_a_copy_does_not_pass_for_whole(copy: Path, engine: Engine) -> None:
    shutil.copytree(copy / "data" / "generations" / "000001", newest(copy).with_name("000003"))
    problems = [found.problems for found in engine.verify()]
    assert problems == [(), (), ("generation 000003 is a copy of 000001",)]


def test_one_whose_store_cannot_be_opened_gives_way_to_the_one_before(
    copy: Path, engine: Engine
) -> None:
    """As after a change of FAISS: every file is what was written, and yet of no use."""
    folder = newest(copy)
    manifest = generation.read_manifest(folder)
    (folder / VECTORS_FILE).write_bytes(b"of another make")
    (folder / generation.MANIFEST).unlink()
    generation.seal(folder, manifest)
    assert documents(engine) == ["first.txt"]
    assert engine.damage()[0].startswith("the store of generation 000002 cannot be opened")
    assert engine.reindex().published
    assert documents(engine) == ["first.txt", "second.txt"]


def test_a_damaged_one_costs_no_whole_one_its_place(copy: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(copy / "corpus", copy / "data", generations_kept=2)
    (newest(copy) / VECTORS_FILE).write_bytes(b"broken")
    engine.reindex(wanted=FULL)
    assert history.names(copy / "data") == ["000001", "000002", "000003"]
    engine.reindex(wanted=FULL)
    assert history.names(copy / "data") == ["000003", "000004"]


@pytest.mark.parametrize("link", [False, True])
def test_what_is_no_folder_in_the_place_of_one_is_deleted_in_its_turn(
    *, link: bool, copy: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(copy / "corpus", copy / "data", generations_kept=1)
    old = newest(copy).with_name("000001")
    shutil.rmtree(old)
    if link:
        old.symlink_to(copy / "corpus", target_is_directory=True)
    else:
        old.write_bytes(b"")
    for _ in range(2):
        engine.reindex(wanted=FULL)
    assert sorted(path.name for path in old.parent.iterdir()) == ["000004"]
    assert (copy / "corpus" / "first.txt").exists()


def test_names_count_up_and_are_taken_in_order_of_number(tmp_path: Path) -> None:
    for name in ("000009", "000010", "1000000", ".building-7", "notes"):
        (tmp_path / "generations" / name).mkdir(parents=True)
    assert history.names(tmp_path) == ["000009", "000010", "1000000"]
    assert history.next_name(tmp_path) == "1000001"


def test_only_the_newest_generations_are_kept(copy: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(copy / "corpus", copy / "data", generations_kept=2)
    engine.reindex(wanted=FULL)
    assert history.names(copy / "data") == ["000002", "000003"]


def test_what_a_cut_off_build_left_is_invisible_and_cleared_by_the_next(
    copy: Path, engine: Engine
) -> None:
    left = copy / "data" / "generations" / ".building-1"
    shutil.copytree(newest(copy), left)
    assert history.names(copy / "data") == ["000001", "000002"]
    assert engine.current().name == "000002"
    engine.reindex(wanted=FULL)
    assert not left.exists()


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (generation, "write_passages"),
        (generation, "seal"),
        (generation, "sync"),
        (verification, "verify"),
        (history, "publish"),
    ],
)
def test_a_build_that_fails_midway_shows_nothing_and_leaves_nothing(
    module: ModuleType, step: str, copy: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, fail)
        with pytest.raises(KeyboardInterrupt):
            engine.reindex(wanted=FULL)
    kept = sorted(path.name for path in (copy / "data" / "generations").iterdir())
    assert kept == ["000001", "000002"]
    assert documents(engine) == ["first.txt", "second.txt"]
    assert engine.reindex(wanted=FULL).generation == "000003"


def test_publishing_is_one_rename_of_a_sealed_folder(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, copy: Path
) -> None:
    seen: list[list[str]] = []
    real = Path.rename

    def watched(self: Path, target: Path) -> Path:
        generation.read(self, target.name)
        seen.append(history.names(copy / "data"))
        done = real(self, target)
        generation.read(target, target.name)
        seen.append(history.names(copy / "data"))
        return done

    monkeypatch.setattr(Path, "rename", watched)
    engine.reindex(wanted=FULL)
    assert seen == [["000001", "000002"], ["000001", "000002", "000003"]]


def test_nothing_built_is_told_with_the_next_step(tmp_path: Path, make_engine: MakeEngine) -> None:
    engine = make_engine(tmp_path / "corpus", tmp_path / "data")
    with pytest.raises(IndexMissing, match=r"nothing is built in .*; run `quoth reindex`"):
        engine.ask("anything?")
    assert engine.staleness() == f"nothing is built in {tmp_path / 'data'}"
    assert engine.verify() == []
    assert not (tmp_path / "data").exists()


def test_the_current_one_is_the_newest_that_is_whole(copy: Path, engine: Engine) -> None:
    assert engine.current().name == "000002"
    (newest(copy) / generation.DOCUMENTS).write_bytes(b"")
    assert engine.current().name == "000001"
    assert engine.explain("Which lighthouse is red?").generation == "000001"
