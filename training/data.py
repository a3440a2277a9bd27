"""Build the examples that the reader learns from: from the sets, and from what was written."""

from __future__ import annotations

import logging
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from training.altered import Altered, other_year
from training.examples import Example, read_source, window, write_examples
from training.near_misses import MAKERS, Maker, fair, is_specific, of_passage
from training.passages import PassageIndex
from training.speech_noise import Ear, hesitate
from training.typing_noise import type_carelessly
from training.written import COMPOSED_SOURCE, read_composed, read_written
from training.written import KIND as WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """How one set is used: at most `limit` questions, `near_misses` a question, by which means."""

    limit: int
    near_misses: float
    weights: dict[str, float]


WIKI = {"without answer": 2, "sibling": 1, "neighbour": 0.5, "off topic": 0.3,
        "swapped name": 6, "swapped word": 1.5, "opposite": 1.5, "altered word": 0.4,
        "altered passage": 1, "other year": 0.2}  # fmt: skip
VAGUE = {"without answer": 2, "neighbour": 0.7, "swapped name": 3, "swapped word": 1.2,
         "opposite": 1.5, "altered word": 0.3, "altered passage": 0.6}  # fmt: skip
SOURCES = {
    "squadshifts_new_wiki": Source(7_500, 1.6, WIKI),
    "fairytaleqa": Source(5_500, 0.8, WIKI),
    "squadshifts_reddit": Source(9_700, 0.6, VAGUE),
    "squadshifts_amazon_reviews": Source(6_000, 0.5, VAGUE),
    "doc2dial": Source(650, 1.0, {"sibling": 2, "neighbour": 1}),
    "molweni": Source(1_500, 0.1, {"without answer": 1}),
    "policyqa": Source(1_500, 0.4, {"sibling": 1}),
    "subjqa": Source(1_000, 0.0, {}),
}
"""Policies (templates) and SubjQA (noisy labels) get little; other languages none."""

TITLED = ("squadshifts_new_wiki", "fairytaleqa", "doc2dial", "policyqa", COMPOSED_SOURCE)
"""Sets whose titles name what the passage is about."""
HEADING_SHARE = 0.75
"""Share of the passages of those sets that are read under their title; of the others, a tenth are
read under a title that says nothing, so that such a one means nothing."""
SLUG_SHARE = 0.3
"""Share of those titles that are written as file names are."""
HELD_OUT_SHARE = 0.05
"""Share of titles (of passages, where one title holds all) kept for watching the training."""
CARELESS_SHARE = 0.35
"""Share of questions typed carelessly."""
CARELESS_WRITTEN_SHARE = 0.5
"""Of near misses written over the sets; of the answered ones half are searches as they stand."""
SPOKEN_SHARE = 0.15
"""Share of questions as a machine hears them."""
HESITANT_SHARE = 0.1
"""Share of questions that begin with a false start."""
ALTERED_SHARE = 0.08
"""Share of answerable pairs with a name or a word replaced in question and passage alike."""
SEARCHED = ("squadshifts_new_wiki", "fairytaleqa", "doc2dial", COMPOSED_SOURCE)
OF_DOCUMENT, OF_ALL = 3, 4
"""How many of the nearest passages are found for a question: of its document, and of all."""
WITHIN = (
    "swapped name",
    "swapped word",
    "opposite",
    "altered word",
    "altered passage",
    "other year",
)
"""Means that change a pair; the passage is cut first, so that the change lies in what is read."""
BESIDE: dict[str, float] = {"without answer": 1, "elsewhere": 2}
"""Beside which passages composed questions are put, too: what is found is mostly such."""
BESIDE_SHARE = 0.6
SHORT_SHARE = 0.4
"""Share of windows of about one to three sentences; the others run up to a whole paragraph."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How much is drawn: `rounds` times that `share` of the questions of the sets.

    Of the passages that were written, all of the `latest`, and of the others the share `revisited`.
    """

    seed: int
    rounds: int
    share: float
    latest: int = 0
    revisited: float = 1.0


def prepare(shared: Path, out: Path, altered: Altered, draws: Draws) -> None:
    """Write examples to `out` from the sets under `shared`/train and from what was written.

    `held_out.jsonl`; `round_0.jsonl` and on, each a fresh draw of windows, near misses and noise
    over the same questions; and `found.jsonl`, passages found for each question that do not hold
    its answer, of which training takes the hardest. The latest written is in each round.
    """
    rng = random.Random(draws.seed)
    by_source = {name: read_source(shared / "train" / f"{name}.jsonl.gz") for name in SOURCES}
    everything = [example for examples in by_source.values() for example in examples]
    held_out_titles = _draw_held_out(everything, rng)
    held_out = [e for e in everything if _group(e) in held_out_titles]
    learnt = [e for e in everything if _group(e) not in held_out_titles]
    composed = read_composed()
    over_sets = [e for e in read_written(shared) if not _is_of(e, held_out_titles)]
    written = taken([*over_sets, *composed], draws)
    makers = _Makers(altered, PassageIndex(held_out))
    _write(_round(held_out, [], makers, rng), out / "held_out.jsonl")
    makers = _Makers(altered, PassageIndex([*learnt, *composed]))
    for number in range(draws.rounds):
        _write(_round(learnt, written, makers, rng, draws.share), out / f"round_{number}.jsonl")
    some = rng.sample(learnt, int(draws.share * len(learnt)))
    _write(_found([*some, *written], makers.index, rng), out / "found.jsonl")


def taken(written: list[Example], draws: Draws) -> list[Example]:
    """All questions on the latest passages, and those on a share of the others."""
    passages = list(dict.fromkeys(example.passage for example in written))
    earlier = passages[: len(passages) - draws.latest]
    again = random.Random(draws.seed).sample(earlier, int(draws.revisited * len(earlier)))
    taken = {*again, *passages[len(earlier) :]}
    return [example for example in written if example.passage in taken]


def _write(examples: list[Example], path: Path) -> None:
    write_examples(examples, path)
    kinds = dict(Counter(e.kind for e in examples))
    unanswered = sum(not e.answers for e in examples)
    log.info("prepared file=%s examples=%d unanswerable=%d kinds=%s",
             path.name, len(examples), unanswered, kinds)  # fmt: skip


class _Makers:
    """All means of making pairs from a pair, over one list of passages."""

    def __init__(self, altered: Altered, index: PassageIndex) -> None:
        self.index = index
        self.both = altered.both
        self.ear = Ear(index.passages)
        self._by_kind: dict[str, Maker] = {
            **MAKERS,
            "altered word": altered.word,
            "altered passage": altered.passage,
            "other year": other_year,
        }

    def near_miss(
        self, example: Example, weights: dict[str, float], rng: random.Random
    ) -> list[Example]:
        """One near miss, by the first means that works; none where none does."""
        left = dict(weights)
        while left:
            kind = rng.choices(list(left), list(left.values()))[0]
            del left[kind]
            cut = kind in WITHIN
            source = window(example, _draw_chars(rng), rng) if cut else example
            made = self._by_kind[kind](source, self.index, rng)
            if made:
                return [made]
        return []


def _round(
    examples: list[Example],
    written: list[Example],
    makers: _Makers,
    rng: random.Random,
    share: float = 1.0,
) -> list[Example]:
    """One draw over all sets and what was written for them, in any order."""
    made = []
    for source, whole in SOURCES.items():
        use = replace(whole, limit=int(share * whole.limit))
        mine = [e for e in examples if e.source.split("/")[0] == source]
        made += _examples_of(mine, use, makers, rng)
    made += [
        _present(example, [], makers.ear, rng)
        for example in [*written, *_beside(written, makers, rng)]
    ]
    return rng.sample(made, len(made))


def _beside(written: list[Example], makers: _Makers, rng: random.Random) -> Iterator[Example]:
    """Some of the composed questions beside passages that do not answer them."""
    for example in written:
        if example.answers and example.source == COMPOSED_SOURCE and rng.random() < BESIDE_SHARE:
            yield from makers.near_miss(example, BESIDE, rng)


def _found(examples: list[Example], index: PassageIndex, rng: random.Random) -> list[Example]:
    """For each specific question some passages without its answer, one after the other."""
    found = []
    for example in examples:
        source = example.source.split("/")[0]
        if source not in SEARCHED or not example.answers or not is_specific(example.question):
            continue
        near = index.same_title(example.question, example.title, OF_DOCUMENT)
        near += index.nearest(example.question, OF_ALL)
        for passage in fair(example, list(dict.fromkeys(near))):
            pair = of_passage(example, passage, "found", index)
            cut = window(pair, _draw_chars(rng), rng)
            found.append(replace(cut, heading=_heading(cut, rng)))
    return found


def _group(example: Example) -> str:
    """What is held out whole: the document, or the passage where the set names no documents."""
    return example.passage if "reddit" in example.source else example.title


def _is_of(written: Example, groups: set[str]) -> bool:
    """Whether its passage is of one of these groups; it may be a part of a longer one."""
    return _group(written) in groups or any(written.passage in group for group in groups)


def _draw_held_out(examples: list[Example], rng: random.Random) -> set[str]:
    held_out: set[str] = set()
    for source in SOURCES:
        groups = sorted({_group(e) for e in examples if e.source.split("/")[0] == source})
        held_out.update(rng.sample(groups, max(3, int(HELD_OUT_SHARE * len(groups)))))
    return held_out


def _examples_of(
    mine: list[Example], use: Source, makers: _Makers, rng: random.Random
) -> list[Example]:
    """Windows of one set: its own questions, and the near misses made from them."""
    chosen = [e for e in rng.sample(mine, len(mine)) if "mw-parser" not in e.passage][: use.limit]
    made = [_alter(e, makers, rng) for e in chosen]
    for example in chosen:
        whole = int(use.near_misses)
        for _ in range(whole + (rng.random() < use.near_misses - whole) if example.answers else 0):
            made += makers.near_miss(example, use.weights, rng)
    asked: dict[str, list[str]] = defaultdict(list)
    for example in mine:
        asked[example.passage].append(example.question)
    cut = [_present(example, asked[example.passage], makers.ear, rng) for example in made]
    return [e for e in cut if e.answers or e.kind != "gold"]


def _alter(example: Example, makers: _Makers, rng: random.Random) -> Example:
    """The example, or sometimes one with a name or a word replaced in question and passage."""
    altered = makers.both(example, makers.index, rng) if rng.random() < ALTERED_SHARE else None
    return altered or example


def _draw_chars(rng: random.Random) -> int:
    short = rng.random() < SHORT_SHARE
    return rng.randrange(80, 320) if short else rng.randrange(400, 900)


def _present(example: Example, asked: list[str], ear: Ear, rng: random.Random) -> Example:
    """Cut and head the passage as at run time, and put some questions as people type and speak.

    `asked` are all questions on the passage: false starts are taken from them.
    """
    cut = replace(window(example, _draw_chars(rng), rng), heading=_heading(example, rng))
    question, others = cut.question, [other for other in asked if other != example.question]
    over_set = example.kind == WRITTEN and example.source != COMPOSED_SOURCE
    if others and rng.random() < HESITANT_SHARE:
        question = hesitate(question, rng.choice(others), rng)
    if rng.random() < SPOKEN_SHARE:
        question = ear.transcribe(question, rng)
    elif rng.random() < (CARELESS_WRITTEN_SHARE if over_set else CARELESS_SHARE):
        question = type_carelessly(question, rng)
    return replace(cut, question=question)


def _heading(example: Example, rng: random.Random) -> str:
    """The title of the passage's own document, in some guise, or nothing."""
    source, _, title = example.title.partition("/")
    if rng.random() > (HEADING_SHARE if source in TITLED else HEADING_SHARE / 7):
        return ""
    return re.sub(r"\W+", "-", title.lower()) if rng.random() < SLUG_SHARE else title
