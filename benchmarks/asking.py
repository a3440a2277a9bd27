"""Question sets are indexed and asked, each question once, as a member would."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judge import agrees, covers
from benchmarks.question_sets import GoldSpan, Group, Question
from index import Answer, Engine, Quote, Settings
from index.records import Considered, Explanation, Hit
from index.settings import PACKAGED_MODEL


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked. `quoted` are the words of `best`, `verbatim` whether all quotes stand.

    `best` is the candidate of the first quote or, where nothing was quoted, the likeliest; None if
    nothing was read ("thanks").
    """

    question: Question
    explanation: Explanation
    best: Considered | None
    quoted: str
    verbatim: bool

    @property
    def answer(self) -> Answer:
        """What a member sees."""
        return self.explanation.answer

    @property
    def first_right(self) -> bool:
        """Whether a quote is shown, and the first is a right one."""
        return self.any_right(1)

    def any_right(self, quotes: int) -> bool:
        """Whether one of the first few quotes shown is a right one."""
        return any(covers(quote, self.question.gold) for quote in self.answer.quotes[:quotes])

    @property
    def mark_right(self) -> bool:
        """Whether the answer marked in the first quote agrees with a gold answer."""
        return agrees(self.answer.quotes[0].answer or "", self.question.answers)

    @property
    def best_right(self) -> bool:
        """Whether the best candidate's quote is right, shown or not."""
        return self.best is not None and covers(quote_place(self.best), self.question.gold)

    @property
    def probability(self) -> float | None:
        """How likely the engine thinks it that the best candidate's quote is right."""
        return self.best.probability if self.best else None


def quote_place(considered: Considered) -> GoldSpan:
    """Where the quote of a candidate that was read stands."""
    if considered.quote is None:
        raise ValueError("a candidate that was not read has no quote")
    quote = considered.quote
    return GoldSpan(considered.hit.chunk.document, quote.start, quote.end)


def passage_place(hit: Hit) -> GoldSpan:
    """Where the passage stands."""
    return GoldSpan(hit.chunk.document, hit.chunk.start, hit.chunk.end)


@contextmanager
def indexed(
    documents: Mapping[str, str], model: str = PACKAGED_MODEL, chunk_tokens: int | None = None
) -> Iterator[Engine]:
    """An engine over the documents (text by file name), for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for name, text in documents.items():
            (corpus / name).parent.mkdir(exist_ok=True)
            (corpus / name).write_bytes(text.encode())
        data = Path(folder) / "data"
        engine = Engine(Settings(corpus=corpus, data=data, model=model, chunk_tokens=chunk_tokens))
        engine.reindex()
        yield engine


def ask_group(
    group: Group, model: str = PACKAGED_MODEL, chunk_tokens: int | None = None
) -> list[Outcome]:
    """Index the documents of the group and ask its questions."""
    with indexed(group.documents, model, chunk_tokens) as engine:
        return list(ask_all(engine, group.questions))


def ask_all(engine: Engine, asked: Iterable[Question]) -> Iterator[Outcome]:
    """Ask every question of the engine; one that comes twice, as clean ones do, only once."""
    known: dict[str, Explanation] = {}
    for question in asked:
        if question.text not in known:
            known[question.text] = engine.explain(question.text)
        yield _outcome(engine, question, known[question.text])


def _outcome(engine: Engine, question: Question, explanation: Explanation) -> Outcome:
    answer = explanation.answer
    best = best_of(explanation)
    place = quote_place(best) if best else None
    return Outcome(
        question=question,
        explanation=explanation,
        best=best,
        quoted=engine.source(place.document).text[place.start : place.end] if place else "",
        verbatim=all(_stands(engine, quote) for quote in (*answer.quotes, *answer.closest)),
    )


def best_of(explanation: Explanation) -> Considered | None:
    """The candidate of the first quote or, where nothing was quoted, the likeliest."""
    read = [c for c in explanation.considered if c.quote and c.probability is not None]
    shown = [c for c in read if _is_shown_first(c, explanation.answer.quotes)]
    return max(shown or read, key=lambda c: c.probability or 0.0, default=None)


def _is_shown_first(considered: Considered, quotes: Sequence[Quote]) -> bool:
    first = [GoldSpan(quote.document, quote.start, quote.end) for quote in quotes[:1]]
    return first == [quote_place(considered)]


def _stands(engine: Engine, quote: Quote) -> bool:
    return engine.source(quote.document).text[quote.start : quote.end] == quote.text
