"""Questions as a machine heard them: `heard.jsonl`, which `training.listen` wrote.

A line holds a `question` of what was written, and what was `heard` when it was said aloud: lower
case, no marks, words for others that sound alike.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from training.passages import FUNCTION_WORDS

if TYPE_CHECKING:
    import random

HEARD = Path(__file__).parent / "heard.jsonl"
CAPITALS_SHARE = 0.5
"""Share of what was heard that is written with the capitals of the names in it."""
UNDERSTOOD_FROM = 0.5
"""Share of a question's content words that must be heard, or nobody could tell what was asked."""


@cache
def read_heard() -> dict[str, str]:
    """What was heard, by question."""
    if not HEARD.exists():
        return {}
    lines = map(json.loads, HEARD.read_text(encoding="utf-8").splitlines())
    return {line["question"]: line["heard"] for line in lines}


def understood(question: str, heard: str) -> bool:
    """Whether enough of the question's content words are in what was heard."""
    asked, found = _words(question), set(_words(heard))
    telling = [word for word in asked if word not in FUNCTION_WORDS] or asked
    share = sum(word in found for word in telling) / max(1, len(telling))
    return share >= UNDERSTOOD_FROM


def as_written(question: str, heard: str, rng: random.Random) -> str:
    """What was heard as programs write it down: with the capitals of names, or all small."""
    if rng.random() >= CAPITALS_SHARE:
        return heard
    capitals = {word.lower(): word for word in re.findall(r"[^\W_]+", question)[1:]}
    return " ".join(capitals.get(word, word) for word in heard.split())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
