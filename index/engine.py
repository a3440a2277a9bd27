"""The one object that the bot and the command line talk to."""

from dataclasses import replace
from difflib import get_close_matches

from index.answering.explain import Stopwatch, explain, nothing_asked
from index.answering.small_talk import is_small_talk
from index.answering.verbatim import is_verbatim
from index.errors import DocumentUnknown, QuestionError
from index.generations import build, data_folder, history, rollback, sources
from index.generations.build import AS_USUAL, Wanted
from index.generations.newest import Newest
from index.generations.staleness import corpus_mark, staleness
from index.generations.verification import verify
from index.loaded_models import LoadedModels
from index.protocols import Embedder, Progress
from index.records import Answer, Before, Document, Explanation, Quote
from index.reports import BuildReport, GenerationSummary, Source, Verification
from index.settings import Settings


class Engine:
    """Answers from the newest whole generation and builds new ones. Thread-safe.

    Making one is cheap: models and the index are loaded when first needed, or by `load`.
    A generation that another process publishes is taken up at the next question.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._models = LoadedModels(settings)
        self._newest = Newest(settings, self._models)

    def load(self) -> None:
        """Load the models and the newest generation now, so that the first question is quick.

        Raises IndexMissing if nothing is built, IndexMismatch if it was built otherwise than the
        settings ask, IndexDamaged if no generation is whole, ModelError.
        """
        self._newest.take_up()

    def ask(self, question: str, after: Before | None = None) -> Answer:
        """Answer from the newest generation, verbatim, or abstain; see `explain`.

        Raises QuestionError, and whatever `load` raises.
        """
        return self.explain(question, after).answer

    def explain(self, question: str, after: Before | None = None) -> Explanation:
        """The answer with every passage that was considered, its scores and what cut it.

        A question `after` another is understood as following it. Raises what `ask` raises.
        """
        watch = Stopwatch()
        self._check(question)
        if is_small_talk(question):
            return nothing_asked(question, watch)
        opened = self._newest.opened()  # read once: a reindex may publish another while we work
        watch.lap("opening")
        explained = explain(question, after, opened.searcher, self._settings, watch)
        return replace(explained, generation=opened.contents.manifest.name)

    def reindex(self, progress: Progress | None = None, wanted: Wanted = AS_USUAL) -> BuildReport:
        """Build, verify and publish a new generation; questions then are answered from it.

        Only what changed is read and embedded; where nothing did, the newest generation stays.
        Questions go on being answered meanwhile. Raises BuildRunning if another process or thread
        is at it, CorpusError, DataError, ModelError; then the last generation stays
        as it is, and so it does if `progress` raises.
        """
        with data_folder.held(self._settings.data):
            embedder = self._models.embedder()
            report = build.build(self._settings, embedder, progress or _silent, wanted)
        if self._newest.in_memory:
            self._newest.take_up()
        return report

    def roll_back(self, to: str | None = None) -> GenerationSummary:
        """Answer from the generation before, or from the one named; newer ones are withdrawn.

        Raises GenerationUnknown, IndexMissing, IndexDamaged, IndexMismatch, BuildRunning,
        DataError and ModelError; then nothing changes.
        """
        data = self._settings.data
        with data_folder.held(data):
            manifest = rollback.roll_back(self._settings, to, self._models.embedder)
        if self._newest.in_memory:
            self._newest.take_up()
        return rollback.summary(manifest, "answering")

    def generations(self) -> list[GenerationSummary]:
        """Every generation on disk, oldest first, each with its hashes checked."""
        return rollback.generations(self._settings)

    def staleness(self) -> str | None:
        """Why a reindex is due, in plain words, or None when the index fits corpus and settings.

        Looks at manifest and files only: no model is loaded, and a file whose size and time are
        as they were is taken as unchanged. Documents whose generation was rolled back are not
        due until they change again.
        """
        return staleness(self._settings)

    def corpus_mark(self) -> str:
        """A mark of the documents' paths, sizes and times: another one when a file changes.

        Raises CorpusError if a folder cannot be listed.
        """
        return corpus_mark(self._settings.corpus)

    def current(self) -> GenerationSummary:
        """The generation that answers: not the newest on disk where that one is damaged.

        Raises IndexMissing and IndexDamaged.
        """
        return rollback.summary(self._newest.contents().manifest, "answering")

    def damage(self) -> tuple[str, ...]:
        """What is wrong with newer generations than the one in memory; none when all is well."""
        return self._newest.in_memory.damage if self._newest.in_memory else ()

    def verify(self) -> list[Verification]:
        """Check every generation on disk, oldest first, those rolled back included.

        Hashes, places, counts, vectors, and a handful of passages that must find themselves.
        Raises ModelError.
        """
        embedder = self._models.embedder()
        found = (self._verified(name, embedder) for name in history.all_names(self._settings.data))
        return [checked for checked in found if checked]

    def _verified(self, name: str, embedder: Embedder) -> Verification | None:
        """One generation checked; None if a reindex deleted it meanwhile."""
        data = self._settings.data
        while name in history.all_names(data):
            place = history.place(data, name)
            checked = verify(place, embedder, name)
            if not checked.problems or place.exists():
                return checked
        return None

    def sources(self) -> list[Source]:
        """Every document of the newest generation in short, by path.

        Raises IndexMissing and IndexDamaged.
        """
        return sources.sources(self._newest.contents())

    def around(self, quote: Quote, most_characters: int) -> Quote | None:
        """The quote with what stands around it, itself marked; None if it no longer stands there.

        Raises IndexMissing and IndexDamaged.
        """
        document = self._newest.contents().documents.get(quote.document)
        if document is None or not is_verbatim(quote, document):
            return None
        return sources.around(document, quote, most_characters)

    def stands(self, quote: Quote) -> bool:
        """Whether a quote of before is still what stands in the newest generation at its place.

        Raises IndexMissing and IndexDamaged.
        """
        document = self._newest.contents().documents.get(quote.document)
        return document is not None and is_verbatim(quote, document)

    def source(self, document: str) -> Document:
        """The document as it was indexed; its `text` is what offsets point into.

        Raises DocumentUnknown, naming the nearest, and IndexMissing.
        """
        documents = self._newest.contents().documents
        if document not in documents:
            near = get_close_matches(document, documents, n=3, cutoff=0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise DocumentUnknown(f"no document {document} is in the index{hint}")
        return documents[document]

    def _check(self, question: str) -> None:
        most = self._settings.question_max_characters
        if not question.strip():
            raise QuestionError("the question is empty; write what you want to know")
        if len(question) > most:
            raise QuestionError(
                f"the question is {len(question):,} characters long; ask in at most {most:,}"
            )
        try:
            question.encode()
        except UnicodeEncodeError as error:
            raise QuestionError("the question is not valid Unicode; write it anew") from error


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report no progress."""
