"""What the multilingual reader learns from, as token ids in a few arrays.

Pairs are not made here: `pairs` draws window, wording and near miss anew each time.
This holds what they are drawn from: passages in tokens with the ends of their sentences, questions
in several wordings with the places of their answers, and for each question the passages that are
near it and do not answer it. Ids are renumbered by what occurs, so that few rows of the embedder's
words need to travel.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from training.examples import Example, read_source
from training.multilingual.arrays import Ragged
from training.multilingual.lexicon import core
from training.multilingual.near import MIN_CHARS, misses, nearest, removable
from training.multilingual.sets import LIMITS, SOURCES, UNTITLED, asks_in_english, language
from training.multilingual.text import sentence_ends, token_span
from training.near_misses import fair, is_specific
from training.typing_noise import type_carelessly
from training.written import read_composed, read_native, read_translated

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

log = logging.getLogger(__name__)

HELD_OUT_SHARE = 0.04
NEIGHBOURS = 6
SPECIFIC_TOKENS = 5
"""A question in another language with fewer tokens could be asked of any passage."""
CARELESS = 2
"""Wordings of an English question as people type."""
UNSPACED = ("CJK", "THAI")
UNKNOWN, SPECIAL = 3, 4
"""<s>, <pad>, </s>, <unk>: the first ids, here as in the tokenizer."""
QUERY, DOCUMENT = "query:", "passage:"


def loose_wording(question: str, source: str, rng: random.Random) -> str:
    """The question as it is typed in a hurry; in other languages only case and mark change."""
    if asks_in_english(source):
        return type_carelessly(question, rng)
    typed = question.strip(" ¿?.؟？。;")
    return typed.replace("İ", "i").lower() if source in ("tquad_tr", "translated") else typed


class Preparation:
    """All sets in tokens, ready to be written."""

    def __init__(self, train: Path, tokenizer: Tokenizer, seed: int) -> None:
        self._rng = random.Random(seed)
        self._tokenizer = tokenizer
        self.examples: list[Example] = []
        self.sources: list[int] = []
        self.searched: list[str] = []
        """What finds passages near a question: itself, or the same in English."""
        for number, (name, limit) in enumerate(LIMITS.items()):
            found = [(words, e) for words, e in read_set(train, name) if _usable(e)]
            found = self._rng.sample(found, min(limit, len(found)))
            self.searched += [words for words, _ in found]
            self.examples += [example for _, example in found]
            self.sources += [number] * len(found)
        self.texts = list(dict.fromkeys(e.passage for e in self.examples))
        self.row = {text: row for row, text in enumerate(self.texts)}
        self.encodings: list[Encoding] = self._encode(self.texts)

    def _encode(self, texts: list[str]) -> list[Encoding]:
        found: list[Encoding] = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return found

    def _ids(self, texts: list[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._encode(texts)]

    def arrays(self, lexicon: dict[str, dict[str, list[str]]]) -> dict[str, NDArray[np.int64]]:
        """Everything, by name, with the tokenizer's own ids still."""
        passages = self._passages()
        questions = self._questions()
        return passages | questions | self._lexicon(lexicon) | self._fixed()

    def _fixed(self) -> dict[str, NDArray[np.int64]]:
        query, document, colon = self._ids([QUERY, DOCUMENT, "?"])
        return {
            "query": np.array(query),
            "document": np.array(document),
            "mark": np.array(colon[-1:]),
        }

    def _passages(self) -> dict[str, NDArray[np.int64]]:
        tokens, ends, titles = Ragged(), Ragged(), Ragged()
        first: dict[str, tuple[Example, int]] = {}
        for example, source in zip(self.examples, self.sources, strict=True):
            first.setdefault(example.passage, (example, source))
        headings = []
        sources = []
        for text, encoding in zip(self.texts, self.encodings, strict=True):
            example, source = first[text]
            name = SOURCES[source]
            tokens.add(encoding.ids)
            ends.add(sentence_ends(encoding, text, language(name)))
            title = example.title.partition("/")[2]
            headings.append("" if name in UNTITLED else f"{title[:100]}:")
            sources.append(source)
        for ids in self._ids(headings):
            titles.add(ids)
        return {
            "p_tokens": np.array(tokens.flat),
            "p_at": np.array(tokens.ends),
            "p_sentences": np.array(ends.flat),
            "p_sentences_at": np.array(ends.ends),
            "p_title": np.array(titles.flat),
            "p_title_at": np.array(titles.ends),
            "p_source": np.array(sources),
        }

    def _questions(self) -> dict[str, NDArray[np.int64]]:
        held = self._held_out()
        near = self._neighbours()
        wordings = [self._wordings(e, s) for e, s in zip(self.examples, self.sources, strict=True)]
        turned = misses(self.examples, [SOURCES[s] for s in self.sources], self._rng)
        forms, forms_at = self._flat(wordings)
        missed, missed_at = self._flat(turned)
        spans, neighbours = Ragged(), Ragged()
        for example, rows in zip(self.examples, near, strict=True):
            encoding = self.encodings[self.row[example.passage]]
            flat = []
            total = sum(answer.votes for answer in example.answers)
            for answer in example.answers:
                span = token_span(encoding, answer)
                if span:
                    flat += [*span, round(1000 * answer.votes / total)]
            spans.add(flat)
            neighbours.add(rows)
        return {
            "q_passage": np.array([self.row[e.passage] for e in self.examples]),
            "q_source": np.array(self.sources),
            "q_held_out": np.array(held),
            "q_removable": np.array(
                [int(removable(e, w)) for e, w in zip(self.examples, self.searched, strict=True)]
            ),
            "q_spans": np.array(spans.flat),
            "q_spans_at": np.array(spans.ends),
            "q_near": np.array(neighbours.flat),
            "q_near_at": np.array(neighbours.ends),
            "f_tokens": np.array(forms.flat),
            "f_at": np.array(forms.ends),
            "q_forms_at": np.array(forms_at),
            "m_tokens": np.array(missed.flat),
            "m_at": np.array(missed.ends),
            "q_misses_at": np.array(missed_at),
        }

    def _flat(self, texts: list[list[str]]) -> tuple[Ragged, list[int]]:
        tokens = Ragged()
        for ids in self._ids([text for group in texts for text in group]):
            tokens.add(ids[:96])
        return tokens, [0, *np.cumsum([len(group) for group in texts]).tolist()]

    def _wordings(self, example: Example, source: int) -> list[str]:
        name = SOURCES[source]
        count = CARELESS if language(name) == "en" else 1
        loose = [loose_wording(example.question, name, self._rng) for _ in range(count)]
        return list(dict.fromkeys([example.question, *loose]))

    def _held_out(self) -> list[int]:
        groups = [
            e.passage if SOURCES[s] in UNTITLED[:1] else e.title
            for e, s in zip(self.examples, self.sources, strict=True)
        ]
        every = sorted(set(groups))
        drawn = set(self._rng.sample(every, int(HELD_OUT_SHARE * len(every))))
        return [int(group in drawn) for group in groups]

    def _neighbours(self) -> list[list[int]]:
        """Near passages that hold no answer, by BM25 over the tokenizer's pieces, by language."""
        found: list[list[int]] = [[] for _ in self.examples]
        langs = [language(SOURCES[s]) for s in self.sources]
        asked = self._ids(self.searched)
        for lang in sorted(set(langs)):
            rows = [i for i, other in enumerate(langs) if other == lang]
            texts = list(dict.fromkeys(self.examples[i].passage for i in rows))
            bags = [self.encodings[self.row[text]].ids for text in texts]
            best = nearest([asked[i] for i in rows], bags, 2 * NEIGHBOURS)
            for i, line in zip(rows, best, strict=True):
                example = self.examples[i]
                if example.answers and self._specific(i, lang, asked[i]):
                    kept = fair(example, [texts[at] for at in line])
                    found[i] = [self.row[text] for text in kept[:NEIGHBOURS]]
        return found

    def _specific(self, number: int, lang: str, tokens: list[int]) -> bool:
        """Whether a question could not be asked of just any passage."""
        if lang == "en":
            return is_specific(self.searched[number])
        return len(tokens) >= SPECIFIC_TOKENS

    def _lexicon(self, lexicon: dict[str, dict[str, list[str]]]) -> dict[str, NDArray[np.int64]]:
        """Words of questions in tokens, and their translations: rows (word, script, tokens)."""
        forms = {core(w) for e in self.examples for w in e.question.split()}
        surfaces: dict[str, set[str]] = defaultdict(set)
        for example in self.examples:
            for word in example.question.split():
                bare = word.strip("?.,;:!\"'()[]“”’‘-")
                surfaces[bare.lower()].add(bare)
        scripts = sorted({s for entry in lexicon.values() for s in entry})
        keys, values, owners = Ragged(), Ragged(), []
        blank = self._tokenizer.token_to_id("▁")
        number = 0
        for word in sorted(set(lexicon) & forms):
            if not lexicon[word]:
                continue
            for ids in self._ids(sorted(surfaces[word] | {word})):
                keys.add([number, *ids])
            for script, words in lexicon[word].items():
                for ids in self._ids(words):
                    values.add(ids[1:] if script in UNSPACED and ids[0] == blank else ids)
                    owners.append([number, scripts.index(script)])
            number += 1
        return {
            "x_keys": np.array(keys.flat),
            "x_keys_at": np.array(keys.ends),
            "x_words": np.array(values.flat),
            "x_words_at": np.array(values.ends),
            "x_owner": np.array(owners).reshape(-1, 2),
        }


def read_set(train: Path, name: str) -> list[tuple[str, Example]]:
    """The questions of a set, each after what is searched for it."""
    if name == "translated":
        return [(english.question, example) for english, example in read_translated()]
    if name.startswith("native"):
        examples = read_native(language(name))
    elif name == "composed":
        examples = read_composed()
    else:
        examples = read_source(train / f"{name}.jsonl.gz")
    return [(example.question, example) for example in examples]


def _usable(example: Example) -> bool:
    return "mw-parser" not in example.passage and len(example.passage) > MIN_CHARS


TOKENS = ("p_tokens", "p_title", "f_tokens", "m_tokens", "x_words", "query", "document", "mark")


def renumber(arrays: dict[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Number the tokens by what occurs, in place; returns the tokenizer's id of each, rising.

    Tokens of passages that occur only once become <unk>.
    """
    keys = np.ones(len(arrays["x_keys"]), bool)
    keys[arrays["x_keys_at"][:-1]] = False  # there stands the word's number
    others = [arrays[name] for name in TOKENS[1:]] + [arrays["x_keys"][keys]]
    tokens, counts = np.unique(arrays["p_tokens"], return_counts=True)
    rare = np.setdiff1d(tokens[counts == 1], np.concatenate(others))
    arrays["p_tokens"] = np.where(np.isin(arrays["p_tokens"], rare), UNKNOWN, arrays["p_tokens"])
    parts = [arrays["p_tokens"], *others]
    used = np.unique(np.concatenate([np.arange(SPECIAL), *parts]))
    for name in TOKENS:
        arrays[name] = np.searchsorted(used, arrays[name])
    arrays["x_keys"][keys] = np.searchsorted(used, arrays["x_keys"][keys])
    return used


def prepared(
    train: Path, tokenizer: Tokenizer, lexicon: dict[str, dict[str, list[str]]], seed: int
) -> dict[str, NDArray[np.int64]]:
    """All arrays, renumbered: `v_ids_at` the tokenizer's ids, `v_starts` 1 where a word begins."""
    arrays = Preparation(train, tokenizer, seed).arrays(lexicon)
    used = renumber(arrays)
    arrays["v_ids_at"] = used
    pieces = [tokenizer.id_to_token(int(number)) or "" for number in used]
    arrays["v_starts"] = np.array([piece.startswith("▁") for piece in pieces], np.int64)
    log.info("prepared passages=%d questions=%d words=%d", len(arrays["p_source"]),
             len(arrays["q_source"]), len(used))  # fmt: skip
    return arrays
