"""`quoth ask` as a person uses it."""

import shutil
from pathlib import Path

import pytest
from cli_values import ARTICLE, ROOT, Quoth, damage_vectors

from index.generations.data_folder import held

pytest_plugins = ["cli_fixtures"]

QUESTION = "how many child abuse victims does the ICSE database help identify every day"
QUOTED = "seven child abuse victims every day"


def test_an_answer_leads_with_the_quote_and_says_where_it_stands(on_article: Quoth) -> None:
    result = on_article("ask", QUESTION)
    plain = result.out.replace("**", "")
    assert result.status == 0
    assert plain.startswith("> ")
    assert QUOTED in plain.splitlines()[0]
    assert f"{ARTICLE}:29" in result.out
    assert result.err == ""


def test_the_words_of_a_question_may_come_unquoted(on_article: Quoth) -> None:
    assert on_article("ask", *QUESTION.split()).out == on_article("ask", QUESTION).out


def test_a_dash_reads_the_question_from_standard_input(on_article: Quoth) -> None:
    piped = on_article("ask", "-", stdin=QUESTION.replace(" ", "\r\n").encode())
    assert piped.status == 0
    assert QUOTED in piped.out.replace("**", "")


def test_a_question_that_the_documents_do_not_answer_ends_with_status_1(on_article: Quoth) -> None:
    result = on_article("ask", "xylophone quaternion zugzwang")
    assert result.status == 1
    assert result.out.startswith("I couldn't find this in the indexed documents.")


def test_why_shows_the_scores_of_every_passage_below_the_same_answer(on_article: Quoth) -> None:
    plain, why = on_article("ask", QUESTION), on_article("ask", "--why", QUESTION)
    assert why.out.startswith(plain.out)
    told = why.out.removeprefix(plain.out)
    assert "15 passages considered" in told
    assert told.count(f"{ARTICLE} ") == 15
    assert "    shown\n" in told
    assert f"Asked as: {QUESTION}" in told


def test_why_says_of_a_quote_that_it_names_the_topic(on_article: Quoth) -> None:
    told = on_article("ask", "--why", "does it say anything about ransomware?").out
    assert told.count("names the topic") == 1
    assert "    shown, names the topic\n" in told


def test_why_explains_one_question_at_a_time(on_article: Quoth) -> None:
    result = on_article("ask", "--json", "--why", "-", stdin=b"who")
    assert result.status == 2
    assert "--why" in result.err


def test_the_question_before_may_not_be_empty(on_article: Quoth) -> None:
    result = on_article("ask", "--after", " ", "and who else")
    assert (result.status, result.out) == (2, "")
    assert "--after" in result.err


def test_small_talk_gets_no_quote(on_article: Quoth) -> None:
    result = on_article("ask", "hello")
    assert result.status == 1
    assert result.out.startswith("Hello! Ask me a question")


@pytest.mark.parametrize(
    ("question", "stdin", "says"),
    [
        ("", b"", "empty"),
        ("   ", b"", "empty"),
        ("-", b"\xff\xfe", "not UTF-8"),
        ("why " * 2500, b"", "10,000 characters"),
        ("what \udcff is", b"", "not UTF-8"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_plain_line(
    on_article: Quoth, question: str, stdin: bytes, says: str
) -> None:
    result = on_article("ask", question, stdin=stdin)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("error: ")
    assert says in result.err
    assert result.err.count("\n") == 1


def test_the_first_question_builds_the_index_and_says_so_in_one_line(
    quoth: Quoth, folder: Path
) -> None:
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    first = quoth("ask", QUESTION)
    second = quoth("ask", QUESTION)
    assert first.status == second.status == 0
    assert first.err == "Building the index: nothing is built in data.\n".replace(
        "in data", f"in {folder / 'data'}"
    )
    assert second.err == ""
    assert first.out == second.out


def test_a_changed_document_is_indexed_before_the_answer_unless_told_not_to(
    quoth: Quoth, folder: Path
) -> None:
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "pets.txt").write_text("The cat of the harbour master is called Admiral.\n")
    question = ("ask", "what is the cat of the harbour master called")
    assert "Admiral" in quoth(*question).out
    (corpus / "pets.txt").write_text("The cat of the harbour master is called Commodore.\n")
    assert "Admiral" in quoth(*question, "--no-reindex").out
    assert "Commodore" in quoth(*question).out


def test_a_file_set_aside_while_building_is_named(quoth: Quoth, folder: Path) -> None:
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "noise.txt").write_bytes(bytes(range(256)) * 20)
    result = quoth("ask", QUESTION)
    assert result.status == 0
    assert "set aside: noise.txt: " in result.err


def test_no_reindex_without_an_index_says_how_to_build_one(quoth: Quoth) -> None:
    result = quoth("ask", "--no-reindex", QUESTION)
    assert (result.status, result.out) == (2, "")
    assert "run `quoth reindex`" in result.err


@pytest.mark.parametrize("make", [False, True])
def test_a_corpus_that_is_missing_or_empty_is_named(
    quoth: Quoth, folder: Path, *, make: bool
) -> None:
    if make:
        (folder / "handbook").mkdir()
    result = quoth("ask", "--corpus", "handbook", QUESTION)
    assert (result.status, result.out) == (2, "")
    assert "error: " in result.err
    assert "handbook" in result.err
    assert "Traceback" not in result.err


def test_a_file_in_place_of_the_data_folder_is_named(quoth: Quoth, folder: Path) -> None:
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "taken").write_text("mine")
    result = quoth("ask", "--data", "taken", QUESTION)
    assert result.status == 2
    assert "taken" in result.err
    assert "this should not happen" not in result.err
    assert (folder / "taken").read_text() == "mine"


def test_what_goes_wrong_while_building_tells_of_the_index_that_is_there(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "corpus")
    result = quoth("ask", QUESTION)
    assert result.status == 2
    assert "--no-reindex" in result.err
    assert quoth("ask", "--no-reindex", QUESTION).status == 0


def test_while_another_reindexes_or_most_documents_are_gone_the_last_index_answers(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    (folder / "corpus" / "pets.txt").write_text("The harbour master has a cat.\n")
    with held(folder / "data"):
        result = quoth("ask", QUESTION)
    assert (result.status, QUOTED in result.out.replace("**", "")) == (0, True)
    assert "another reindex is running since" in result.err
    assert result.err.endswith(". Answering from the last one meanwhile.\n")
    (folder / "corpus" / ARTICLE).unlink()
    result = quoth("ask", QUESTION)
    assert (result.status, QUOTED in result.out.replace("**", "")) == (0, True)
    assert "shrank" in result.err


def test_an_index_that_is_damaged_behind_a_whole_manifest_is_built_anew(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    damage_vectors(folder / "data")
    refused = quoth("ask", "--no-reindex", QUESTION)
    assert (refused.status, refused.out) == (2, "")
    assert "run `quoth reindex`" in refused.err
    mended = quoth("ask", QUESTION)
    assert mended.status == 0
    assert QUOTED in mended.out.replace("**", "")
    assert f"Building the index: no generation in {folder / 'data'} is whole.\n" in mended.err
    assert quoth("ask", QUESTION).err == ""


def test_a_damaged_index_that_cannot_be_built_anew_is_not_offered_as_it_is(
    quoth: Quoth, built: Path, folder: Path
) -> None:
    shutil.copytree(built, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "corpus")
    damage_vectors(folder / "data")
    result = quoth("ask", QUESTION)
    assert (result.status, result.out) == (2, "")
    assert "--no-reindex" not in result.err
