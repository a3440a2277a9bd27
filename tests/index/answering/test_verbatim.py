"""A quote that is not word for word what stands at its place is told from one that is."""

from dataclasses import replace

import pytest

from index import Document, Quote
from index.answering.verbatim import is_verbatim
from index.records import Block

TEXT = (
    "Intro. The ferry\u00a0leaves at noon. The boat returns at dusk. Later: the ferry\u00a0leaves."
)
DOCUMENT = Document("a.txt", "Title", TEXT, (Block(0, len(TEXT)),), sha256="", size=0)
WORDS = "The ferry\u00a0leaves at noon."
START = TEXT.index(WORDS)
NOON = WORDS.index("noon")

QUOTE = Quote(
    text=WORDS,
    answer="noon",
    answer_start=NOON,
    answer_end=NOON + 4,
    document="a.txt",
    title="Title",
    section=None,
    page=None,
    line_start=1,
    line_end=1,
    start=START,
    end=START + len(WORDS),
    url=None,
    date=None,
    score=0.9,
)


@pytest.mark.parametrize("mark", ["noon", "The", WORDS, "ferry\u00a0leaves"])
def test_a_true_quote_is_verbatim(mark: str) -> None:
    start = WORDS.index(mark)
    quote = replace(QUOTE, answer=mark, answer_start=start, answer_end=start + len(mark))
    assert is_verbatim(quote, DOCUMENT)
    unmarked = replace(QUOTE, answer=None, answer_start=None, answer_end=None)
    assert is_verbatim(unmarked, DOCUMENT)


@pytest.mark.parametrize(
    "tampering",
    [
        {"text": WORDS.replace("noon", "nine")},
        {"text": WORDS.replace("\u00a0", " ")},
        {"text": WORDS.upper()},
        {"text": WORDS + " "},
        {"text": WORDS[:-1]},
        {"text": WORDS.replace("e", "е")},
        {"text": "", "start": 0, "end": 0, "answer": None},
        {"text": " ", "start": 6, "end": 7, "answer": None},
        {"start": START + 1, "end": START + 1 + len(WORDS)},
        {"start": START - 1},
        {"end": START + len(WORDS) + 1},
        {"start": len(TEXT) + 5, "end": len(TEXT) + 9},
        {"answer": "nine"},
        {"answer": "Noon"},
        {"answer": ""},
        {"answer_start": NOON + 1},
        {"answer_end": NOON + 3},
        {"answer_start": NOON - 1, "answer_end": NOON + 3},
        {"answer": "", "answer_start": 3, "answer_end": 3},
        {"start": START - len(TEXT), "end": START + len(WORDS) - len(TEXT)},
        {"answer_start": NOON - len(WORDS), "answer_end": NOON + 4 - len(WORDS)},
        {"answer_start": None, "answer_end": None},
        {"answer": None},
        {"document": "b.txt"},
    ],
    ids=str,
)
def test_a_tampered_quote_is_not_verbatim(tampering: dict[str, object]) -> None:
    assert not is_verbatim(replace(QUOTE, **tampering), DOCUMENT)  # type: ignore[arg-type]
