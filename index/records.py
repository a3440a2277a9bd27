"""The values that a question and a document become, in order of birth.

Document -> Chunk -> Hit -> Quote -> Answer -> Explanation. All are frozen. Every `start` and
`end` counts characters (Unicode code points) of the canonical text of a document, end exclusive, so
that `document.text[start:end]` is what they name.
"""

from dataclasses import dataclass
from typing import Literal

Confidence = Literal["direct", "related"]
"""`direct`: the quote answers the question. `related`: it bears on it and may answer it."""

Abstention = Literal["no answer", "small talk", "language"]
"""Why nothing is quoted: the documents do not answer, nothing was asked ("thanks"), or the models
that are installed do not understand the language of the question."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters, end exclusive."""

    start: int
    end: int


Kind = Literal["prose", "lines", "items", "heading"]
"""How a block is made up: of sentences; of `lines` (a row of a table, code), each of which counts
as a sentence; of `items` (a short list), a line each; a `heading` that says when. A whole one
counts as one sentence."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, table or code block: what a chunk never reaches beyond.

    `section` is the path of headings above it, outermost first. `page` counts from 1, and is
    None where the format has no pages. A `whole` one is quoted as it is or not at all.
    """

    start: int
    end: int
    section: tuple[str, ...] = ()
    page: int | None = None
    kind: Kind = "prose"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One loaded file. `text` is canonical: made once here, and every place points into it.

    `path` is relative to the corpus, with forward slashes. `titled` is False where the title is
    only the file's name. `sha256` and `size` (bytes) are of the file, not of the text. `language`
    is an ISO 639-1 code. `date` is as the document wrote it. `guessed_encoding` is what its bytes
    were read in, None where that is certain.
    """

    path: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    sha256: str
    size: int
    language: str = "en"
    url: str | None = None
    date: str | None = None
    titled: bool = True
    guessed_encoding: str | None = None

    @property
    def stated_title(self) -> str:
        """The title, if the document itself has one, so that a new file name changes no vector."""
        return self.title if self.titled else ""

    def line_at(self, offset: int) -> int:
        """Number of the line that holds the character at `offset`, counted from 1."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole sentences of one block that fit the embedding model: what is searched.

    `sentences` are places in the document, not in the chunk. A sentence that alone does not fit
    is parted: `starts_inside` where the first one begins in the chunk before, `ends_inside` where
    the last one goes on in the chunk after.
    """

    document: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    section: tuple[str, ...] = ()
    page: int | None = None
    starts_inside: bool = False
    ends_inside: bool = False
    kind: Kind = "prose"

    def at(self, span: Span) -> str:
        """What stands at a place of the document that is in the chunk."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row that a store found: its number, vector similarity and BM25 score."""

    row: int
    similarity: float
    bm25: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as a reader reads it: under its heading, with the places of sentences in `text`."""

    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """A run of characters of a passage that a reader takes for the answer, with its logit."""

    start: int
    end: int
    score: float


Scale = Literal["reader", "spans", "multilingual", "sentences"]
"""Whose scores a reading holds, since each kind of reader has a scale of its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one passage for one question.

    `relevance` and `answered` are scores on the scale of its kind of reader: how much the passage
    bears on the question, and whether it holds the answer. `sentences` are the chances that the
    answer stands in each sentence, if it is in the passage: they sum to 1. `spans` are the best
    few short answers, best first; none where the reader marks none.
    """

    relevance: float
    answered: float
    sentences: tuple[float, ...]
    spans: tuple[AnswerSpan, ...] = ()
    scale: Scale = "reader"


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that may answer, with its score at every stage.

    `before` is the chunk that precedes it in the document, if any. `reading` is None where enough
    better chunks had been read. `ahead` is its similarity less the mean of those found with it:
    unlike similarity itself it means the same in any pair of languages. `above_others` is its
    relevance less the median of the other passages that were read. `speaks_of_other` is what its
    quote speaks of where the question names another of the kind ("rule 13" for rule 12), or a later
    release. `names_topic` tells that the quote names the topic, where all that was asked is whether
    that is spoken of, or the release with its date, where its date was asked for. `lacks` is what a
    follow-up asks about ("what about Rome?") and the passage does not name.
    """

    chunk: Chunk
    before: Chunk | None
    similarity: float
    bm25: float
    fused: float
    reading: Reading | None = None
    ahead: float = 0.0
    above_others: float = 0.0
    speaks_of_other: str | None = None
    names_topic: bool = False
    lacks: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of a document, checked against its text, and where they stand.

    `answer` is the marked part of `text`, at `answer_start`:`answer_end` of `text`; all three are
    None where nothing short answers. `start`:`end` are places in the canonical text; lines and
    `page` count from 1. `score` is between 0 and 1, comparable within one answer. `starts_inside`
    and `ends_inside` say that it is a part of a sentence too long for one passage, `kind` of what
    kind of block it is: of "lines" where any of it is.
    """

    text: str
    answer: str | None
    answer_start: int | None
    answer_end: int | None
    document: str
    title: str
    section: str | None
    page: int | None
    line_start: int
    line_end: int
    start: int
    end: int
    url: str | None
    date: str | None
    score: float
    starts_inside: bool = False
    ends_inside: bool = False
    kind: Kind = "prose"


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to three quotes, the best first, or none and the closest passages instead.

    `closest` is empty when answered, and `abstention` says why when not. `sources_differ` where two
    documents give different answers to the same question. The first `leading` quotes belong
    together: two where two things were asked, all where sources differ. `ms` is the time taken, in
    milliseconds.
    """

    question: str
    answered: bool
    confidence: Confidence | None
    quotes: tuple[Quote, ...]
    closest: tuple[Quote, ...]
    ms: float
    abstention: Abstention | None = None
    sources_differ: bool = False
    leading: int = 1


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up follows: the question before it, and the documents quoted for that one."""

    question: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """One chunk that was looked at for a question, its scores by stage, and what became of it.

    `asked` is the question as it was read: a half of it, or with typing errors mended. `quote` is
    the place of what would be quoted and `probability` how likely that is right, both None where
    the chunk was not read. `cut` says why it is not shown, None for one that is.
    """

    asked: str
    hit: Hit
    title: str
    quote: Span | None
    probability: float | None
    cut: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about. `language` is the question's, None if unsure; `ms` is by stage.

    `others` are the likeliest passages that the answer does not show, at most three. `generation`
    is the one that was asked, empty where none was.
    """

    answer: Answer
    language: str | None
    considered: tuple[Considered, ...]
    ms: dict[str, float]
    others: tuple[Quote, ...] = ()
    generation: str = ""
