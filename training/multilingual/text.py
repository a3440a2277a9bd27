"""Sentences in many languages, and the tokens that they and answers end up in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from training.examples import Answer, sentences

if TYPE_CHECKING:
    from tokenizers import Encoding

SENTENCE_ENDS = {
    "ar": re.compile(r"[.!?؟]+[\"')\]»”]*\s+|\n+"),
    "zh": re.compile(r"[。！？!?]+[”」』）\"]*|\n+"),
    "tr": re.compile(r"[.!?][\"')\]”]*\s+(?=[\"'(\[“]?[A-ZÇĞİÖŞÜ0-9])|\n+"),
    "th": re.compile(r"\s+"),
    "hi": re.compile(r"[।?!]+[\"')”]*\s+|\n+"),
    "ja": re.compile(r"[。！？!?]+[」』）\"]*|\n+"),
}
"""Thai has no mark at the end of a sentence: blanks stand between clauses."""
LOOSE_END = re.compile(r"[.!?;]+[\"')\]»”“]*\s+|\n+")
"""Of other languages."""


def split(text: str, lang: str) -> list[tuple[int, int]]:
    """Sentences of a text, as (start, end) that cover it without gaps."""
    if lang == "en":
        return sentences(text)
    ends = [match.end() for match in SENTENCE_ENDS.get(lang, LOOSE_END).finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def token_span(encoding: Encoding, answer: Answer) -> tuple[int, int] | None:
    """First and last token of an answer, None if it has none."""
    rows = [
        row
        for row, (start, end) in enumerate(encoding.offsets)
        if end > answer.start and start < answer.end and end > start
    ]
    return (rows[0], rows[-1]) if rows else None


def sentence_ends(encoding: Encoding, text: str, lang: str) -> list[int]:
    """One past the last token of each sentence, rising; the last is the number of tokens."""
    starts = [start for start, _ in encoding.offsets]
    found = np.searchsorted(starts, [end for _, end in split(text, lang)], side="left")
    ends = sorted({int(end) for end in found if end > 0} | {len(starts)})
    return [end for end in ends if end <= len(starts)]
