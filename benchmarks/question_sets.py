"""Question sets: documents, questions with gold quotes, and questions that have no answer.

A set is a folder with `corpus.jsonl` (`doc_id`, `text`, `lang`) and one or more
`*question*.jsonl` (`question`, `answers`, `evidence`, `answerable`, `kind`, `lang`, `spans` with
`doc_id`, `start`, `end`, and `clean_question` where the question is a noisy form of another).

Or a folder of communities: of each the documents, as files, and `questions.jsonl` (`question`, and
where it is answered `document`, `quote`, `answer` and perhaps `others`, more pairs of document and
quote). `benchmarks/members` is one.
"""

import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]

CORPUS, QUESTIONS = "corpus.jsonl", "questions.jsonl"

SEED = 20210913
"""Of the samples, so that two runs ask the same questions."""

CLEAN = ", clean"
"""Ends the name of the questions that noisy ones were made from."""

REMOVED = ", document removed"
"""Ends the kind of questions that are asked where their documents are not."""

REMOVED_PARTS = 4
"""Of four documents three stay, so that an index is nearly as large as before."""


class SetsMissing(Exception):
    """There are no question sets where they were looked for."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Where a gold quote stands: characters of the document's text, end exclusive."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `gold`, `evidence` and `answers` are empty when the documents do not answer it.

    `evidence` are the words of each gold quote. `clean` is what a noisy question meant.
    """

    qid: str
    text: str
    set_name: str
    kind: str
    answerable: bool
    answers: tuple[str, ...]
    gold: tuple[GoldSpan, ...]
    evidence: tuple[str, ...] = ()
    language: str = "en"
    clean: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is indexed together, text by file name, and what is asked of it.

    `language` is set where a set in several languages was parted.
    """

    name: str
    documents: Mapping[str, str]
    questions: tuple[Question, ...]
    language: str | None = None


def default_folder() -> Path:
    """Where the sets lie if no folder is given: `eval` in QUOTH_SHARED, or beside the checkout."""
    return Path(os.environ.get("QUOTH_SHARED") or CHECKOUT.parent / "shared") / "eval"


def chosen_sets(folder: Path, wanted: Sequence[str]) -> list[Path]:
    """The sets in `folder`, or those of the `wanted` names. Raises SetsMissing, saying which."""
    found = find_sets(folder)
    if not found:
        raise SetsMissing(
            f"no question sets: {folder} has no corpus.jsonl, nor has a folder in it; "
            "give a folder of sets (benchmarks/members is one), or name its parent in QUOTH_SHARED"
        )
    missing = set(wanted) - {path.name for path in found}
    if missing:
        raise SetsMissing(f"no question set {', '.join(sorted(missing))} in {folder}")
    return [path for path in found if not wanted or path.name in wanted]


def find_sets(folder: Path) -> list[Path]:
    """The sets in `folder`, or the folder itself if it is one."""
    if _is_set(folder):
        return [folder]
    return sorted(path for path in folder.iterdir() if _is_set(path)) if folder.is_dir() else []


def _is_set(folder: Path) -> bool:
    return (folder / CORPUS).is_file() or bool(_communities(folder))


def _communities(folder: Path) -> list[Path]:
    found = sorted(path.parent for path in folder.glob(f"*/{QUESTIONS}"))
    return [path for path in found if not (path / CORPUS).is_file()]


def apart(sets: Iterable[Path], sample: int | None = None) -> list[Group]:
    """One group a set; one a language where its documents are in several; one a community.

    Documents in several languages are translations of each other, so that each has many answers
    to one question. `sample` bounds the questions of each file.
    """
    return [
        group
        for path in sets
        for group in (_by_language if (path / CORPUS).is_file() else _by_community)(path, sample)
    ]


def together(sets: Iterable[Path], sample: int | None = None) -> list[Group]:
    """One group over the documents of all sets, and those by language each by itself."""
    made = apart(sets, sample)
    plain = [group for group in made if group.language is None]
    texts = {name: text for group in plain for name, text in group.documents.items()}
    asked = tuple(question for group in plain for question in group.questions)
    joined = [Group("together", texts, asked)] if plain else []
    return joined + [group for group in made if group.language is not None]


def of_files(
    groups: Iterable[Group], only: Sequence[str] | None, without: Sequence[str] | None = None
) -> Iterator[Group]:
    """The groups with the questions of some files alone.

    Of those with one of `only` in their name, or of all where it is None, but of none with one of
    `without`. Groups of which nothing is left are left out.
    """
    for group in groups:
        asked = tuple(
            q
            for q in group.questions
            if (only is None or any(name in q.set_name for name in only))
            and not any(name in q.set_name for name in without or ())
        )
        if asked:
            yield replace(group, questions=asked)


def removed(groups: Iterable[Group]) -> Iterator[Group]:
    """Answerable questions, each of an index without its documents: none of them has an answer.

    A group becomes as many as REMOVED_PARTS, each without another part of the documents.
    """
    for group in groups:
        names = sorted(group.documents)
        for first in range(REMOVED_PARTS):
            gone = set(names[first::REMOVED_PARTS])
            left = {name: text for name, text in group.documents.items() if name not in gone}
            asked = tuple(
                replace(
                    q, kind=q.kind + REMOVED, answerable=False, gold=(), evidence=(), answers=()
                )
                for q in group.questions
                if q.gold and {span.document for span in q.gold} <= gone
            )
            if left and asked:
                yield replace(group, documents=left, questions=asked)


def documents(sets: Iterable[Path]) -> dict[str, str]:
    """Text of each document of the sets by the name of its file."""
    rows = (row for question_set in sets for row in _rows(question_set / CORPUS))
    return {file_name(row["doc_id"]): row["text"] for row in rows}


def questions(question_set: Path, sample: int | None = None) -> list[Question]:
    """The questions of a set, in order of file name and line; at most `sample` of each file."""
    files = sorted(question_set.glob("*question*.jsonl"))
    asked = ([_question(row, file) for row in _rows(file)] for file in files)
    return [question for of_file in asked for question in sampled(of_file, sample)]


def sampled(asked: Sequence[Question], size: int | None) -> Sequence[Question]:
    """All, or `size` of them drawn with a fixed seed, in their order."""
    if size is None or size >= len(asked):
        return asked
    rows = sorted(random.Random(SEED).sample(range(len(asked)), size))  # noqa: S311  # no secret
    return [asked[row] for row in rows]


def with_clean(asked: Iterable[Question]) -> Iterator[Question]:
    """The questions, and after each noisy one what it meant, under the name of a set of its own."""
    for question in asked:
        yield question
        if question.clean is not None:
            name = question.set_name + CLEAN
            yield replace(question, text=question.clean, set_name=name, clean=None)


def file_name(doc_id: str) -> str:
    """Name of the file that holds a document."""
    return f"{doc_id}.txt"


def _by_language(question_set: Path, sample: int | None) -> Iterator[Group]:
    rows = list(_rows(question_set / CORPUS))
    asked = list(with_clean(questions(question_set, sample)))
    languages = sorted({row.get("lang", "en") for row in rows})
    if len(languages) == 1:
        yield Group(question_set.name, documents([question_set]), tuple(asked))
        return
    for language in languages:
        mine = tuple(question for question in asked if question.language == language)
        texts = {file_name(r["doc_id"]): r["text"] for r in rows if r["lang"] == language}
        if mine:
            yield Group(question_set.name, texts, mine, language)


def _by_community(folder: Path, sample: int | None) -> Iterator[Group]:
    for community in _communities(folder):
        files = sorted(path for path in community.iterdir() if path.name != QUESTIONS)
        texts = {f"{community.name}/{path.name}": path.read_text("utf-8") for path in files}
        rows = enumerate(_rows(community / QUESTIONS), 1)
        asked = [_of_member(row, f"line {line}", community, texts) for line, row in rows]
        yield Group(folder.name, texts, tuple(sampled(asked, sample)))


def _of_member(
    row: Mapping[str, Any], place: str, community: Path, texts: Mapping[str, str]
) -> Question:
    quotes = [(row["document"], row["quote"]), *row.get("others", ())] if "quote" in row else []
    gold = []
    for file, quote in quotes:
        start = texts[f"{community.name}/{file}"].index(quote)
        gold.append(GoldSpan(f"{community.name}/{file}", start, start + len(quote)))
    return Question(
        qid=f"{community.name}, {place}",
        text=row["question"],
        set_name=f"{community.parent.name}/{Path(QUESTIONS).stem}",
        kind=community.name,
        answerable=bool(quotes),
        answers=(row["answer"],) if quotes else (),
        gold=tuple(gold),
        evidence=tuple(quote for _, quote in quotes),
    )


def _question(row: Mapping[str, Any], file: Path) -> Question:
    spans = row.get("spans") or []
    return Question(
        qid=row["qid"],
        text=row["question"],
        set_name=f"{file.parent.name}/{file.stem}",
        kind=row["kind"],
        answerable=row["answerable"],
        answers=tuple(row["answers"]),
        gold=tuple(GoldSpan(file_name(s["doc_id"]), s["start"], s["end"]) for s in spans),
        evidence=tuple(row.get("evidence") or ()),
        language=row.get("lang", "en"),
        clean=row.get("clean_question"),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
