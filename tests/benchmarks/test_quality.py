"""Sets made in the test run, through the real engine from end to end."""

from pathlib import Path

import numpy as np
import pytest
from by_hand import write_set

from benchmarks import peers, quality, smoke
from benchmarks.peers import Found, Peer, Retrieved, least_similarity, peer_row
from benchmarks.question_sets import (
    CLEAN,
    GoldSpan,
    SetsMissing,
    apart,
    chosen_sets,
    of_files,
    questions,
    removed,
    sampled,
    together,
)
from index.embed import SentenceTransformerEmbedder

MEMBERS = Path(quality.__file__).parent / "members"
TALL = {
    "question": "How tall is the Eiffel Tower?",
    "document": "tower",
    "quote": "The Eiffel Tower in Paris is 330 metres tall.",
    "answers": ["330 metres"],
}
TYPO = {**TALL, "question": "How tal is Eifel Tower?", "clean_question": TALL["question"]}
NOTHING = {"question": "Who was the first to walk on the moon?", "kind": "off topic"}


@pytest.fixture
def one_set(tmp_path: Path) -> Path:
    return write_set(tmp_path / "sets" / "small", [TALL, TYPO, NOTHING])


def test_a_set_is_asked_measured_and_told_of(
    one_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = one_set.parents[1] / "out"
    assert quality.main([str(one_set.parent), "--out", str(out), "--peers"]) == 0
    told = capsys.readouterr().out
    rows = [line.split(" | ") for line in told.splitlines() if line.startswith("| small/")]
    whole = next(row for row in rows if row[0] == "| small/questions")
    assert (whole[1], whole[4]) == ("2 / 1", "1.000"), "among four passages all are found"
    assert whole[12] == "1.000", "all quotes stand in their documents"
    assert [row[1] for row in rows if row[0] == f"| small/questions{CLEAN}"] == ["1 / 0"]
    assert [row[1] for row in rows if row[0] == "| small/questions [off topic]"] == ["0 / 1"]
    for title in ("Time", "What each stage adds", "How dear a word is", "The probability", "Peers"):
        assert f"\n## {title}\n" in told
    assert "| all: quotes verbatim | 1.000 | 3 |" in told
    assert (out / "failures.md").read_text(encoding="utf-8").startswith("# Worst failures\n")


def test_documents_in_several_languages_are_indexed_one_language_at_a_time(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "native", [TALL, {**TALL, "lang": "de"}])
    rows = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    german = rows[0].replace('"tower"', '"turm"').replace('"en"', '"de"')
    (folder / "corpus.jsonl").write_text("\n".join([*rows, german]), encoding="utf-8")
    plain = write_set(tmp_path / "plain", [TALL])
    groups = together([folder, plain])
    assert [(g.name, g.language, len(g.documents), len(g.questions)) for g in groups] == [
        ("together", None, 3, 1),
        ("native", "de", 1, 1),
        ("native", "en", 3, 1),
    ]


def test_a_question_is_asked_where_its_document_is_not(tmp_path: Path) -> None:
    one, *_ = apart([write_set(tmp_path / "small", [TALL, NOTHING])])
    (group,) = removed([one])
    assert one.documents.keys() - group.documents.keys() == {"tower.txt"}
    (asked,) = group.questions
    assert (asked.text, asked.answerable) == (TALL["question"], False)
    assert (asked.gold, asked.kind) == ((), "plain, document removed")


def test_only_the_files_asked_for_are_asked(one_set: Path) -> None:
    names = [("quest",), ("other", "clean"), ("other",)]
    found = [list(of_files(apart([one_set]), each)) for each in names]
    found += [list(of_files(apart([one_set]), None, each)) for each in (["clean"], ["quest"])]
    counts = [[len(group.questions) for group in groups] for groups in found]
    assert counts == [[4], [1], [], [3], []]


def test_a_noisy_question_brings_its_clean_form_under_a_name_of_its_own(one_set: Path) -> None:
    asked = apart([one_set])[0].questions
    assert [(q.set_name, q.text) for q in asked[1:3]] == [
        ("small/questions", TYPO["question"]),
        ("small/questions, clean", TALL["question"]),
    ]
    assert asked[1].gold == asked[2].gold


def test_a_sample_is_the_same_each_time_and_in_order(one_set: Path) -> None:
    asked = questions(one_set)
    assert sampled(asked, 2) == sampled(asked, 2)
    assert [q for q in asked if q in sampled(asked, 2)] == sampled(asked, 2)
    assert len(questions(one_set, 1)) == 1
    assert sampled(asked, None) == sampled(asked, 99) == asked


def test_a_missing_folder_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert quality.main([str(missing)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert str(missing) in told.err


def test_the_default_folder_is_named_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUOTH_SHARED", str(tmp_path / "shared"))
    assert quality.main([]) == 2
    assert str(tmp_path / "shared" / "eval") in capsys.readouterr().err


def test_communities_have_a_group_each_and_their_quotes_stand_in_their_documents() -> None:
    groups = apart([MEMBERS])

    assert len({next(iter(group.documents)).partition("/")[0] for group in groups}) == len(groups)
    asked = [(q, group.documents) for group in groups for q in group.questions]
    assert {q.set_name for q, _ in asked} == {"members/questions"}
    assert {q.answerable for q, _ in asked} == {True, False}
    for question, texts in asked:
        quotes = [texts[span.document][span.start : span.end] for span in question.gold]
        assert quotes == list(question.evidence)
        assert all(answer in quotes[0] for answer in question.answers)
    assert len({q.qid for q, _ in asked}) == len(asked)
    (joined,) = together([MEMBERS])
    assert len(joined.documents) == sum(len(group.documents) for group in groups)


def test_a_missing_set_is_named(one_set: Path) -> None:
    assert chosen_sets(one_set, []) == [one_set]
    with pytest.raises(SetsMissing, match="no question set wiki in"):
        chosen_sets(one_set.parent, ["small", "wiki"])


@pytest.mark.parametrize("main", [quality.main, smoke.main])
def test_help_is_given(main: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(main)
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "usage: python -m benchmarks." in capsys.readouterr().out


def test_the_smoke_check_names_sets_that_are_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke.main([str(tmp_path)]) == 3
    *told, last = capsys.readouterr().out.splitlines()
    assert [line.split(" is left out")[0] for line in told] == ["seed", "nq"]
    assert last.startswith("nothing was checked")


def test_the_smoke_check_fails_on_a_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path / "seed", [TALL, NOTHING])
    monkeypatch.setattr(smoke, "BOUNDS", {"seed": smoke.Bounds(first_right=2, false_answers=0)})
    assert smoke.main([str(tmp_path)]) == 1
    assert "of 1 first quotes right, under 2" in capsys.readouterr().out


def test_a_peer_that_is_not_installed_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = Peer("Sphinx", "sphinx-riddle", "no_such_module", lambda _texts, _embedder: list)
    monkeypatch.setattr(peers, "PEERS", (absent,))
    assert peers.missing() == ["Sphinx is left out: `pip install sphinx-riddle`"]


def test_a_peer_answers_as_many_answerable_questions_as_we_do(one_set: Path) -> None:
    asked = questions(one_set)
    right = [Found(asked[0].gold[0], 9, 0.8)]
    wrong = [Found(GoldSpan("river.txt", 0, 9), 20, 0.6), *right]
    retrieved = [
        Retrieved(asked[0], right),
        Retrieved(asked[1], wrong),
        Retrieved(asked[2], [Found(GoldSpan("river.txt", 0, 9), 20, 0.7)]),
    ]
    assert peer_row("s", "P", retrieved, 1.0) == (
        "| s | P | 0.500 | 1.000 | 1.000 | 16 | 1.000 | 0.500 | 1.000 |"
    )
    assert peer_row("s", "P", retrieved, 0.5) == (
        "| s | P | 0.500 | 1.000 | 1.000 | 9 | 0.500 | 0.500 | 0.000 |"
    )
    assert least_similarity([0.3, 0.9], 0.0) == float("inf")
    assert least_similarity([], 0.5) == float("inf")


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda peer: peer.name)
def test_a_peers_passages_are_where_it_says(peer: Peer, tiny_model: Path, one_set: Path) -> None:
    if not peer.installed:
        pytest.skip(f"needs {peer.package}")
    documents = dict(apart([one_set])[0].documents)
    embedder = SentenceTransformerEmbedder(str(tiny_model))
    for found in peer.make(documents, embedder)(embedder.embed_query("Eiffel Tower")):
        words = documents[found.place.document][found.place.start : found.place.end].split()
        assert len(words) == found.words
        assert np.isfinite(found.similarity)
