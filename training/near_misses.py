"""Make unanswerable pairs that look answerable, each from one answerable example.

Eight ways: the answer's sentence taken out; another passage of the same document; the nearest
passage of the whole corpus; any passage; any of the set that shares no word; a name or number of
the question replaced; a content word replaced; the question turned into its opposite. After
Rajpurkar, Jia and Liang (SQuAD 2.0, ACL 2018), who found that people make near misses by these
means.
"""

# All makers share one signature, and the shares are what was tried, named by their places.
# ruff: noqa: ARG001, PLR2004

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from training.examples import Example, answer_texts, sentences
from training.passages import FUNCTION_WORDS, PassageIndex, content_words

NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z][\w'-]*[a-z0-9](?:\s+(?:of\s+|the\s+)?[A-Z][\w'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
OPPOSITES = [
    "first last", "before after", "most least", "largest smallest", "highest lowest",
    "biggest smallest", "longest shortest", "oldest youngest", "more less", "higher lower",
    "larger smaller", "increase decrease", "increased decreased", "north south", "east west",
    "northern southern", "eastern western", "begin end", "began ended", "start stop",
    "started stopped", "win lose", "won lost", "good bad", "best worst", "always never",
    "can cannot", "with without", "above below", "inside outside", "early late",
    "earlier later", "minimum maximum", "allowed forbidden", "like hate", "liked hated",
    "likes hates", "love hate", "support oppose", "supported opposed", "accepted rejected",
    "arrive leave", "arrived left", "buy sell", "bought sold", "friend enemy", "male female",
    "man woman", "husband wife", "brother sister", "son daughter", "father mother",
    "king queen", "prince princess", "open close", "opened closed", "rich poor", "hot cold",
    "major minor", "strong weak", "easy difficult", "easier harder", "modern ancient",
    "public private", "positive negative", "similar different", "true false", "old new",
    "left right", "top bottom", "happy sad", "create destroy", "created destroyed",
    "appointed dismissed", "born died", "recommend avoid", "oldest newest", "few many",
    "rural urban", "domestic foreign", "civilian military", "cheap expensive", "day night",
]  # fmt: skip
NEGATIONS = {
    "is": "isn't", "was": "wasn't", "are": "aren't", "were": "weren't", "did": "didn't",
    "does": "doesn't", "do": "don't", "has": "hasn't", "can": "can't", "could": "couldn't",
    "will": "won't", "would": "wouldn't", "should": "shouldn't",
}  # fmt: skip

OPPOSITE = {a: b for pair in OPPOSITES for a, b in (pair.split(), reversed(pair.split()))}
MIN_CHARS = 80
"""A passage shorter than this is no fair near miss: it says too little."""

Maker = Callable[[Example, PassageIndex, random.Random], Example | None]


def unanswered(example: Example, kind: str, *, passage: str = "", question: str = "") -> Example:
    """The pair without answers, with another passage or question where one is given."""
    return replace(
        example,
        question=question or example.question,
        passage=passage or example.passage,
        answers=(),
        kind=kind,
    )


def names(text: str) -> list[re.Match[str]]:
    """Runs of capitalised words that do not open a sentence: nearly always names."""
    return [
        m for m in NAME.finditer(text) if re.split("\\W", m[0].lower())[0] not in FUNCTION_WORDS
    ]


def numbers(text: str) -> list[re.Match[str]]:
    """Numbers, years among them."""
    return list(NUMBER.finditer(text))


def _mentions(passage: str, answers: set[str]) -> bool:
    lowered = passage.lower()
    return any(answer in lowered for answer in answers)


def is_specific(question: str) -> bool:
    """Whether the question names enough to be wrong about another passage ("What is this?")."""
    return bool(names(question)) or len(content_words(question)) >= 4


def without_answer(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """The same passage without every sentence that holds a marked answer."""
    kept = [
        example.passage[start:end]
        for start, end in sentences(example.passage)
        if not any(a.start < end and a.end > start for a in example.answers)
    ]
    passage = "".join(kept).strip()
    enough = len(passage) >= MIN_CHARS and len(content_words(example.question)) >= 3
    if not enough or _mentions(passage, answer_texts(example)):
        return None
    return unanswered(example, "without answer", passage=passage)


def sibling(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """Another passage of the same document, among the nearest to the question."""
    if not is_specific(example.question):
        return None
    near = index.same_title(example.question, example.title, 4)
    return _other(example, near, "sibling", index, rng)


def neighbour(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A passage of any document, among the nearest to the question."""
    if not is_specific(example.question):
        return None
    return _other(example, index.nearest(example.question, 6), "neighbour", index, rng)


def anywhere(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A passage drawn by chance: off topic."""
    if not is_specific(example.question):
        return None
    return _other(example, [rng.choice(index.passages)], "off topic", index, rng)


def elsewhere(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A passage of the same set, drawn by chance, that shares no word with the question.

    Of a question with few words ("can i bring my dog") any other passage that has them may answer.
    """
    asked = {word[:5] for word in content_words(example.question)}
    for passage in fair(example, index.some_of(example.source, 8, rng)):
        if asked.isdisjoint(word[:5] for word in content_words(passage)):
            return of_passage(example, passage, "elsewhere", index)
    return None


def fair(example: Example, passages: list[str]) -> list[str]:
    """Those of the passages that say enough and hold no gold answer of the example."""
    answers = answer_texts(example)
    return [
        passage
        for passage in passages
        if passage != example.passage
        and len(passage) >= MIN_CHARS
        and not _mentions(passage, answers)
    ]


def of_passage(example: Example, passage: str, kind: str, index: PassageIndex) -> Example:
    """The example's question beside another passage, under that one's title."""
    return replace(unanswered(example, kind, passage=passage), title=index.titles[passage])


def _other(
    example: Example, passages: list[str], kind: str, index: PassageIndex, rng: random.Random
) -> Example | None:
    """One of the passages, if any is fair."""
    left = fair(example, passages)
    return of_passage(example, rng.choice(left), kind, index) if left else None


def swapped_name(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A name or number of the question replaced by another one of the passage or the document."""
    found_numbers, found_names = numbers(example.question), names(example.question)
    if found_numbers and (not found_names or rng.random() < 0.5):
        find, found = numbers, rng.choice(found_numbers)
    elif found_names:
        find, found = names, rng.choice(found_names)
    else:
        return None
    pool = [match[0] for match in find(example.passage)]
    if rng.random() < 0.4:
        pool = pool + [m[0] for text in index.of_title(example.title, 30) for m in find(text)]
    lowered = example.question.lower()
    fitting = [
        other
        for other in pool
        if other.lower() not in lowered
        and abs(len(other) - len(found[0])) <= 12
        and found[0].split()[-1] not in other
        and (find is names or len(other) == len(found[0]))
    ]
    if not fitting and found[0].isdigit():
        fitting = [str(int(found[0]) + rng.choice((-20, -7, -2, -1, 1, 2, 5, 10, 30)))]
    if not fitting:
        return None
    other = rng.choice(fitting)
    question = example.question[: found.start()] + other + example.question[found.end() :]
    return unanswered(example, "swapped name", question=question)


def swapped_word(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """A content word of the question replaced by another word of the passage of the same form."""
    passage_words = re.findall(r"[a-z]{4,}", example.passage)
    lowered = example.question.lower()
    rare = [w for w in passage_words if index.is_rare(w) and w[:4] not in lowered]
    known = set(passage_words)
    places = [
        match
        for match in re.finditer(r"\b[a-z]{4,}\b", example.question)
        if match[0] in known and index.is_rare(match[0])
    ]
    rng.shuffle(places)
    for place in places:
        fitting = [word for word in rare if _form(word) == _form(place[0])]
        if fitting:
            text = example.question
            question = text[: place.start()] + rng.choice(fitting) + text[place.end() :]
            return unanswered(example, "swapped word", question=question)
    return None


def _form(word: str) -> str:
    return next((e for e in ("ing", "ed", "ly", "er", "al", "ic", "s") if word.endswith(e)), "")


def opposite(example: Example, index: PassageIndex, rng: random.Random) -> Example | None:
    """The question's opposite: an antonym in place of one word, or else its verb negated."""
    words = example.question.split()
    turned = [i for i, word in enumerate(words) if word.strip("?,.").lower() in OPPOSITE]
    negated = [i for i, word in enumerate(words) if word.lower() in NEGATIONS]
    if turned:
        at = rng.choice(turned)
        bare = words[at].strip("?,.")
        words[at] = words[at].replace(bare, OPPOSITE[bare.lower()])
    elif negated and rng.random() < 0.3:
        words[negated[0]] = NEGATIONS[words[negated[0]].lower()]
    else:
        return None
    return unanswered(example, "opposite", question=" ".join(words))


MAKERS: dict[str, Maker] = {
    "without answer": without_answer,
    "sibling": sibling,
    "neighbour": neighbour,
    "off topic": anywhere,
    "elsewhere": elsewhere,
    "swapped name": swapped_name,
    "swapped word": swapped_word,
    "opposite": opposite,
}
