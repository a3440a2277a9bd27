"""Build the examples that the reader is trained and watched on, from the sets in `shared/train`."""

from __future__ import annotations

import logging
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from training.examples import Answer, Example, answer_texts, read_source, window, write_examples
from training.near_misses import MAKERS, Maker, names
from training.passages import PassageIndex
from training.speech_noise import hesitate, transcribe
from training.typing_noise import type_carelessly

if TYPE_CHECKING:
    from pathlib import Path

    from training.hardest import Hardest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """How one set is used: at most `limit` questions, `near_misses` a question, by which means."""

    limit: int
    near_misses: float
    weights: dict[str, float]


WIKI = {"without answer": 2, "hardest": 5, "sibling": 1, "neighbour": 0.5, "off topic": 0.3,
        "swapped name": 6, "swapped word": 1.5, "opposite": 1.5}  # fmt: skip
VAGUE = {"without answer": 2, "neighbour": 0.7, "swapped name": 3, "swapped word": 1.2,
         "opposite": 1.5}  # fmt: skip
SOURCES = {
    "squadshifts_new_wiki": Source(7_500, 1.5, WIKI),
    "fairytaleqa": Source(5_500, 0.7, WIKI),
    "squadshifts_reddit": Source(9_700, 0.5, VAGUE),
    "squadshifts_amazon_reviews": Source(6_000, 0.4, VAGUE),
    "doc2dial": Source(650, 1.0, {"hardest": 3, "neighbour": 1}),
    "molweni": Source(1_500, 0.1, {"without answer": 1}),
    "policyqa": Source(1_500, 0.4, {"sibling": 1}),
    "subjqa": Source(1_000, 0.0, {}),
}
"""Policies (templates) and SubjQA (noisy labels) get little; other languages none."""

TITLED = ("squadshifts_new_wiki", "fairytaleqa", "doc2dial", "policyqa")
"""Sets whose titles name what the passage is about."""
HEADING_SHARE = 0.75
"""Share of the passages of those sets that are read under their title; of the others, a tenth are
read under a title that says nothing, so that such a one means nothing."""
SLUG_SHARE = 0.3
"""Share of those titles that are written as file names are."""
HELD_OUT_SHARE = 0.05
"""Share of titles (of passages, where one title holds all) kept for watching the training."""
CARELESS_SHARE = 0.25
SPOKEN_SHARE = 0.08
"""Share of questions as a machine hears them; as many again begin with a false start."""
RENAMED_SHARE = 0.05
SHORT_SHARE = 0.25
"""Share of windows of about one to three sentences; the others run up to a whole paragraph."""


def prepare(shared: Path, out: Path, hardest: Hardest, seed: int) -> None:
    """Write `train.jsonl` and `held_out.jsonl` to `out` from the sets under `shared`/train."""
    makers: dict[str, Maker] = {**MAKERS, "hardest": hardest}
    rng = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    by_source = {name: read_source(shared / "train" / f"{name}.jsonl.gz") for name in SOURCES}
    everything = [example for examples in by_source.values() for example in examples]
    held_out_titles = _draw_held_out(everything, rng)
    for name, wanted in (("held_out", True), ("train", False)):
        part = [e for e in everything if (_group(e) in held_out_titles) is wanted]
        index = PassageIndex(part)
        examples = []
        for source, use in SOURCES.items():
            mine = [e for e in part if e.source.split("/")[0] == source]
            examples += _examples_of(mine, use, index, makers, rng)
        rng.shuffle(examples)
        write_examples(examples, out / f"{name}.jsonl")
        unanswered = sum(not e.answers for e in examples)
        log.info("prepared part=%s examples=%d unanswerable=%d kinds=%s", name, len(examples),
                 unanswered, dict(Counter(e.kind for e in examples)))  # fmt: skip


def _group(example: Example) -> str:
    """What is held out whole: the document, or the passage where the set names no documents."""
    return example.passage if "reddit" in example.source else example.title


def _draw_held_out(examples: list[Example], rng: random.Random) -> set[str]:
    held_out: set[str] = set()
    for source in SOURCES:
        groups = sorted({_group(e) for e in examples if e.source.split("/")[0] == source})
        held_out.update(rng.sample(groups, max(3, int(HELD_OUT_SHARE * len(groups)))))
    return held_out


def _examples_of(
    mine: list[Example],
    use: Source,
    index: PassageIndex,
    makers: dict[str, Maker],
    rng: random.Random,
) -> list[Example]:
    """Windows of one set: its own questions, and the near misses made from them."""
    chosen = [e for e in rng.sample(mine, len(mine)) if "mw-parser" not in e.passage][: use.limit]
    made = [_rename(e, index, rng) if rng.random() < RENAMED_SHARE else e for e in chosen]
    for example in chosen:
        whole = int(use.near_misses)
        for _ in range(whole + (rng.random() < use.near_misses - whole) if example.answers else 0):
            made += _near_miss(example, use.weights, index, makers, rng)
    asked: dict[str, list[str]] = defaultdict(list)
    for example in mine:
        asked[example.passage].append(example.question)
    cut = [_present(example, asked[example.passage], rng) for example in made]
    return [e for e in cut if e.answers or e.kind != "gold"]


def _near_miss(
    example: Example,
    weights: dict[str, float],
    index: PassageIndex,
    makers: dict[str, Maker],
    rng: random.Random,
) -> list[Example]:
    """One near miss, by the first means that works; none where none does."""
    left = dict(weights)
    while left:
        kind = rng.choices(list(left), list(left.values()))[0]
        del left[kind]
        source = example
        if kind in ("swapped name", "swapped word", "opposite"):
            source = window(example, _draw_chars(rng), rng)
        made = makers[kind](source, index, rng)
        if made:
            return [made]
    return []


def _draw_chars(rng: random.Random) -> int:
    short = rng.random() < SHORT_SHARE
    return rng.randrange(80, 320) if short else rng.randrange(400, 900)


def _present(example: Example, asked: list[str], rng: random.Random) -> Example:
    """Cut and head the passage as at run time, and put some questions as people type and speak.

    `asked` are all questions on the passage: false starts are taken from them.
    """
    cut = replace(window(example, _draw_chars(rng), rng), heading=_heading(example, rng))
    question, others = cut.question, [other for other in asked if other != example.question]
    if others and rng.random() < SPOKEN_SHARE:
        question = hesitate(question, rng.choice(others), rng)
    if rng.random() < SPOKEN_SHARE:
        question = transcribe(question, rng)
    elif rng.random() < CARELESS_SHARE:
        question = type_carelessly(question, rng)
    return replace(cut, question=question)


def _heading(example: Example, rng: random.Random) -> str:
    """The title of the passage's own document, in some guise, or nothing."""
    source, _, title = example.title.partition("/")
    if rng.random() > (HEADING_SHARE if source in TITLED else HEADING_SHARE / 7):
        return ""
    return re.sub(r"\W+", "-", title.lower()) if rng.random() < SLUG_SHARE else title


def _rename(example: Example, index: PassageIndex, rng: random.Random) -> Example:
    """Replace one name in question and passage alike: the pair stays answerable.

    So a name that does not fit the reader's memory is no sign of a near miss.
    """
    found = next(iter(names(example.question)), None)
    if not found or found[0] not in example.passage or not example.answers:
        return example
    if any(found[0].lower() in text for text in answer_texts(example)):
        return example
    others = [name[0] for name in names(rng.choice(index.passages))]
    if not others:
        return example
    answer = max(example.answers, key=lambda a: a.votes)
    pattern = re.compile(rf"\b{re.escape(found[0])}\b")
    other = rng.choice(others)
    before = pattern.sub(lambda _: other, example.passage[: answer.start])
    after = pattern.sub(lambda _: other, example.passage[answer.end :])
    text = example.passage[answer.start : answer.end]
    return replace(
        example,
        question=pattern.sub(lambda _: other, example.question),
        passage=before + text + after,
        answers=(Answer(len(before), len(before) + len(text)),),
        kind="renamed",
    )
