"""The JSON contract of docs/json.md, key by key, on the real engine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cli_values import ARTICLE, Quoth, Result

pytest_plugins = ["cli_fixtures"]

NONE = type(None)
ANSWER = {
    "question": (str,),
    "answered": (bool,),
    "confidence": (str, NONE),
    "quotes": (list,),
    "closest": (list,),
    "ms": (float,),
    "abstention": (str, NONE),
    "sources_differ": (bool,),
    "leading": (int,),
}
QUOTE = {
    "text": (str,),
    "answer": (str, NONE),
    "answer_start": (int, NONE),
    "answer_end": (int, NONE),
    "document": (str,),
    "title": (str,),
    "section": (str, NONE),
    "page": (int, NONE),
    "line_start": (int,),
    "line_end": (int,),
    "start": (int,),
    "end": (int,),
    "url": (str, NONE),
    "date": (str, NONE),
    "score": (float,),
    "starts_inside": (bool,),
    "ends_inside": (bool,),
    "kind": (str,),
}
CONSIDERED = {
    "asked": (str,),
    "document": (str,),
    "start": (int,),
    "end": (int,),
    "quote_start": (int, NONE),
    "quote_end": (int, NONE),
    "similarity": (float,),
    "bm25": (float,),
    "fused": (float,),
    "relevance": (float, NONE),
    "above_others": (float, NONE),
    "answered": (float, NONE),
    "probability": (float, NONE),
    "names_topic": (bool,),
    "cut": (str, NONE),
}
REPORT = {
    "added": (list,),
    "changed": (list,),
    "removed": (list,),
    "unchanged": (list,),
    "quarantined": (list,),
    "chunks": (int,),
    "embedded": (int,),
    "seconds": (float,),
    "generation": (str,),
    "published": (bool,),
    "guessed": (list,),
}
ASKED = "how many child abuse victims does the ICSE database help identify every day"
QUESTIONS = [ASKED, "xylophone quaternion zugzwang", "who is Jürgen Stock"]


def assert_shape(value: dict[str, Any], shape: Mapping[str, tuple[type, ...]]) -> None:
    assert list(value) == list(shape)
    for key, kinds in shape.items():
        assert type(value[key]) in kinds, key


def assert_quote(quote: dict[str, Any], source: str) -> None:
    assert_shape(quote, QUOTE)
    assert source[quote["start"] : quote["end"]] == quote["text"]
    assert source.count("\n", 0, quote["start"]) + 1 == quote["line_start"]
    assert 0 <= quote["score"] <= 1
    if quote["answer"] is None:
        assert quote["answer_start"] is quote["answer_end"] is None
    else:
        assert quote["text"][quote["answer_start"] : quote["answer_end"]] == quote["answer"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_has_exactly_the_keys_and_types_of_the_contract(
    on_article: Quoth, question: str
) -> None:
    result = on_article("ask", "--json", question)
    answer = json.loads(result.out)
    source = on_article("source", ARTICLE).out
    assert_shape(answer, ANSWER)
    assert answer["question"] == question
    assert result.status == (0 if answer["answered"] else 1)
    assert bool(answer["quotes"]) is answer["answered"]
    assert answer["abstention"] == (None if answer["answered"] else "no answer")
    assert answer["confidence"] in ({"direct", "related"} if answer["answered"] else {None})
    assert not (answer["answered"] and answer["closest"])
    for quote in answer["quotes"] + answer["closest"]:
        assert_quote(quote, source)


def test_why_adds_every_passage_considered_to_the_same_answer(on_article: Quoth) -> None:
    given = json.loads(on_article("ask", "--json", "--why", ASKED).out)
    why = given.pop("why")
    assert_shape(given, ANSWER)
    assert list(why) == ["language", "ms", "considered"]
    for each in why["considered"]:
        assert_shape(each, CONSIDERED)
    shown = [each for each in why["considered"] if each["cut"] is None]
    assert [each["quote_start"] for each in shown] == [q["start"] for q in given["quotes"]]
    assert len(why["considered"]) == 15


def test_json_is_one_line_of_plain_unicode(on_article: Quoth) -> None:
    out = on_article("ask", "--json", QUESTIONS[2]).out
    assert out.count("\n") == 1
    assert "who is Jürgen Stock" in out


def test_each_line_of_questions_gets_one_object_in_order(on_article: Quoth) -> None:
    result = on_article("ask", "--json", "-", stdin="\n".join(QUESTIONS).encode())
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [answer["question"] for answer in answers] == QUESTIONS
    assert result.status == 0
    for answer in answers:
        assert_shape(answer, ANSWER)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "empty"),
        (b" \t ", "empty"),
        (b"caf\xe9 hours", "not UTF-8"),
        (b"why " * 2500, "10,000 characters"),
    ],
)
def test_a_line_that_cannot_be_asked_gets_its_object_too(
    on_article: Quoth, line: bytes, says: str
) -> None:
    good = ASKED.encode()
    result = on_article("ask", "--json", "-", stdin=b"\n".join([good, line, good]) + b"\n")
    first, refused, last = (json.loads(text) for text in result.out.splitlines())
    assert result.status == 2
    assert first["answered"]
    assert last["answered"]
    assert_shape(refused, ANSWER | {"error": (str,)})
    assert says in refused["error"]
    assert not refused["answered"]
    assert refused["quotes"] == refused["closest"] == []


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_question(
    on_article: Quoth,
) -> None:
    stdin = b"\xef\xbb\xbfwho leads interpol\r\nwho leads interpol\r\n"
    result = on_article("ask", "--json", "-", stdin=stdin)
    asked = [json.loads(line)["question"] for line in result.out.splitlines()]
    assert asked == ["who leads interpol"] * 2


def test_no_questions_are_no_error(on_article: Quoth) -> None:
    assert on_article("ask", "--json", "-") == Result(0, "", "")


def test_a_report_has_exactly_the_keys_and_types_of_the_contract(
    quoth: Quoth, folder: Path
) -> None:
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "pets.txt").write_text("The cat is called Admiral.\n")
    (corpus / "noise.txt").write_bytes(bytes(range(256)) * 20)
    first = json.loads(quoth("reindex", "--json").out)
    (corpus / "dogs.txt").write_bytes("The dog is called Bosún.\n".encode("cp1252"))
    second = json.loads(quoth("reindex", "--json").out)
    for report in (first, second):
        assert_shape(report, REPORT)
        assert_shape(report["quarantined"][0], {"document": (str,), "reason": (str,)})
    assert (first["added"], first["chunks"], first["embedded"]) == (["pets.txt"], 1, 1)
    assert (second["added"], second["unchanged"]) == (["dogs.txt"], ["pets.txt"])
    assert (second["chunks"], second["embedded"]) == (2, 1)
    assert (first["guessed"], second["guessed"]) == (
        [],
        [{"document": "dogs.txt", "encoding": "windows-1252"}],
    )


def test_an_error_leaves_standard_output_empty(quoth: Quoth) -> None:
    result = quoth("reindex", "--json", "--corpus", "nowhere")
    assert (result.status, result.out) == (2, "")
    assert "nowhere" in result.err
