"""A rough lexicon from English into many scripts, found by the multilingual embedder itself.

A word and its translation lie near each other in the embedder's space. The tokenizer's own pieces
are the words to choose from: the frequent ones of a hundred languages. A pair is kept where each is
among the other's nearest. What comes out is no dictionary, but good enough to ask an English
question half in other words (Qin et al., CoSDA-ML, IJCAI 2020).
"""

from __future__ import annotations

import json
import logging
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.multilingual.model import load_layers, load_words, mean_states

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


log = logging.getLogger(__name__)

SCRIPTS = ("GREEK", "DEVANAGARI", "THAI", "CJK", "ARABIC", "CYRILLIC", "LATIN")
SPACED = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARABIC", "DEVANAGARI"))
"""Scripts whose words stand between blanks: only pieces that begin with one are words."""
PIECES = {"LATIN": 40_000, "CYRILLIC": 60_000, "ARABIC": 75_000}
"""How many of the most frequent pieces, as the tokenizer orders them, are looked at; else of all
those below MOST_PIECES."""
MOST_PIECES = 90_000
MAX_SOURCES = 3_500
NEIGHBOURS = 10
"""Over how many neighbours a word's mean similarity is taken (CSLS, Conneau et al., ICLR 2018)."""
MUTUAL = 3
LATIN_CHOICES = 4
"""Latin letters stand for many languages, so that more than one translation is right."""
CHOICES = 2
BATCH = 512

Vectors = NDArray[np.float32]


def core(word: str) -> str:
    """A word without the marks around it, in lower case."""
    return word.strip("?.,;:!\"'()[]“”’‘-").lower()


def frequent_words(questions: Iterable[str]) -> list[str]:
    """The words of many questions, most frequent first, each as it is mostly written."""
    forms: dict[str, Counter[str]] = {}
    for question in questions:
        for word in question.split():
            bare = word.strip("?.,;:!\"'()[]“”’‘-")
            if bare.isalpha() and len(bare) > 1:
                forms.setdefault(bare.lower(), Counter())[bare] += 1
    ordered = sorted(forms, key=lambda word: -forms[word].total())
    return [forms[word].most_common(1)[0][0] for word in ordered[:MAX_SOURCES]]


def script(word: str) -> str | None:
    """The script of a word of letters, None if it has none or is of several."""
    found = {unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha()}
    marks = all(c.isalpha() or unicodedata.category(c) in ("Mn", "Mc") for c in word)
    return found.pop() if len(found) == 1 and marks else None


def candidates(tokenizer: Tokenizer, english: set[str]) -> dict[str, list[str]]:
    """Pieces that can be words, by script, without the words that English texts hold."""
    found: dict[str, list[str]] = {name: [] for name in SCRIPTS}
    for number in range(4, MOST_PIECES):
        piece = tokenizer.id_to_token(number) or ""
        word = piece.lstrip("▁")
        kind = script(word) if word else None
        if kind not in found or (kind in SPACED and piece[0] != "▁"):
            continue
        if number >= PIECES.get(kind, MOST_PIECES):
            continue
        if len(word) < (2 if kind in ("CJK", "LATIN") else 3) and kind != "CJK":
            continue
        if word.lower() not in english:
            found[kind].append(word)
    return {kind: list(dict.fromkeys(words)) for kind, words in found.items()}


def make_lexicon(folder: Path, questions: list[str], english: set[str], out: Path) -> None:
    """Write {word: {script: [translations]}} to `out`. `folder` holds the unpacked embedder."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    layers = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]  # torch gives it no types
        load_layers(folder), {torch.nn.Linear}
    )
    words = load_words(folder)
    sources = frequent_words(questions)

    @torch.inference_mode()
    def embed(texts: list[str]) -> Vectors:
        encoded = [e.ids for e in tokenizer.encode_batch([f"query: {text}" for text in texts])]
        vectors = np.zeros((len(texts), words.shape[1]), np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            width = max(len(encoded[row]) for row in rows)
            ids = torch.ones((len(rows), width), dtype=torch.int64)
            mask = torch.zeros((len(rows), width), dtype=torch.int64)
            for at, row in enumerate(rows):
                ids[at, : len(encoded[row])] = torch.tensor(encoded[row])
                mask[at, : len(encoded[row])] = 1
            vectors[rows] = mean_states(layers, words[ids], mask).numpy()
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths

    asked = embed(sources)
    lexicon: dict[str, dict[str, list[str]]] = {word.lower(): {} for word in sources}
    for kind, targets in candidates(tokenizer, english).items():
        if not targets:
            continue
        choices = LATIN_CHOICES if kind == "LATIN" else CHOICES
        for row, found in _mutual(asked, embed(targets), choices).items():
            lexicon[sources[row].lower()][kind] = [targets[at] for at in found]
        held = sum(kind in entry for entry in lexicon.values())
        log.info("lexicon script=%s candidates=%d words=%d", kind, len(targets), held)
        out.write_text(json.dumps(lexicon, ensure_ascii=False, indent=0), encoding="utf-8")


def _mutual(sources: Vectors, targets: Vectors, choices: int) -> dict[int, list[int]]:
    """Rows of `targets` for rows of `sources`, each among the other's nearest by CSLS."""
    cosines = sources @ targets.T
    near_target = np.partition(cosines, -NEIGHBOURS, axis=0)[-NEIGHBOURS:].mean(axis=0)
    near_source = np.partition(cosines, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:].mean(axis=1)
    scores = 2 * cosines - near_target[None, :] - near_source[:, None]
    best_sources = np.argpartition(scores, -MUTUAL, axis=0)[-MUTUAL:]
    mutual = np.zeros(scores.shape, bool)
    np.put_along_axis(mutual, best_sources, values=True, axis=0)
    kept = np.where(mutual & (scores > 0), scores, -np.inf)
    found: dict[int, list[int]] = {}
    for row, line in enumerate(kept):
        best = np.argsort(line)[::-1][:choices]
        rows = [int(at) for at in best if np.isfinite(line[at])]
        if rows:
            found[row] = rows
    return found
