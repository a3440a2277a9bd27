"""The same questions through two peers: retrieval by Haystack and by LlamaIndex.

Each gets the same documents and the same vectors of the same embedder, splits by its own defaults
(Haystack: 200 words; LlamaIndex: 1,024 tokens with 200 shared, of which an embedder sees only as
many as it takes) and shows the passage that it finds first as its quote.

Neither can refuse. To compare false answers, each is given the least cosine that answers as large a
share of the answerable questions of a file as Quoth does. That least cosine is chosen for each file
anew, knowing which questions have an answer: in the peer's favour, since Quoth has one setting for
all. A longer passage covers a gold quote more easily: see its words.
"""

import importlib.metadata
import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.asking import Outcome
from benchmarks.figures import RECALL_AT, by_file, figures, mean, recall, rounded, row, share
from benchmarks.judge import covers, rank
from benchmarks.question_sets import CLEAN, GoldSpan, Group, Question
from index.embed import SentenceTransformerEmbedder
from index.protocols import Embedder, Matrix
from index.settings import PACKAGED_MODEL

PASSAGES = 10
"""Taken of each question."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a peer returned: its place, its words, its cosine with the question."""

    place: GoldSpan
    words: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One question and what a peer returned for it, best first."""

    question: Question
    found: Sequence[Found]

    @property
    def similarity(self) -> float:
        """Of the first passage; below any cosine where there is none."""
        return self.found[0].similarity if self.found else -2.0

    @property
    def first_right(self) -> bool:
        """Whether the first passage is a right one."""
        return any(covers(found.place, self.question.gold) for found in self.found[:1])


Retrieve = Callable[[Matrix], list[Found]]
"""Passages for the vector of a question."""


def by_haystack(documents: Mapping[str, str], embedder: Embedder) -> Retrieve:
    """Its document splitter and in-memory store with embedding retriever."""
    os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")  # read when it is imported
    from haystack import Document  # noqa: PLC0415  # not installed everywhere
    from haystack.components.preprocessors import DocumentSplitter  # noqa: PLC0415  # the same
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415  # the same
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415  # the same

    whole = [Document(content=text, meta={"file": name}) for name, text in documents.items()]
    parts = DocumentSplitter().run(documents=whole)["documents"]
    vectors = embedder.embed_documents([part.content for part in parts])
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [replace(p, embedding=v.tolist()) for p, v in zip(parts, vectors, strict=True)]
    )
    retriever = InMemoryEmbeddingRetriever(store, top_k=PASSAGES)

    def retrieve(vector: Matrix) -> list[Found]:
        returned = retriever.run(query_embedding=vector[0].tolist())["documents"]
        return [
            _found(d.meta["file"], d.meta["split_idx_start"], d.content, d.score) for d in returned
        ]

    return retrieve


def by_llama_index(documents: Mapping[str, str], embedder: Embedder) -> Retrieve:
    """Its sentence splitter and vector store index."""
    from llama_index.core import Document, MockEmbedding, VectorStoreIndex  # noqa: PLC0415  # the same
    from llama_index.core.node_parser import SentenceSplitter  # noqa: PLC0415  # the same
    from llama_index.core.schema import QueryBundle  # noqa: PLC0415  # the same

    whole = [Document(text=text, doc_id=name) for name, text in documents.items()]
    nodes = SentenceSplitter().get_nodes_from_documents(whole)
    vectors = embedder.embed_documents([node.get_content() for node in nodes])
    for node, vector in zip(nodes, vectors, strict=True):
        node.embedding = vector.tolist()
    mock = MockEmbedding(embed_dim=vectors.shape[1])  # all vectors are given
    index = VectorStoreIndex(nodes=nodes, embed_model=mock)
    retriever = index.as_retriever(similarity_top_k=PASSAGES)

    def retrieve(vector: Matrix) -> list[Found]:
        returned = retriever.retrieve(QueryBundle("", embedding=vector[0].tolist()))
        return [
            _found(r.node.ref_doc_id, r.node.start_char_idx, r.node.get_content(), r.score)
            for r in returned
        ]

    return retrieve


def _found(document: str, start: int, text: str, similarity: float) -> Found:
    return Found(GoldSpan(document, start, start + len(text)), len(text.split()), similarity)


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: its package, the module that tells whether it is installed, and how it retrieves."""

    name: str
    package: str
    module: str
    make: Callable[[Mapping[str, str], Embedder], Retrieve]

    @property
    def installed(self) -> bool:
        """Whether it can be run here."""
        return importlib.util.find_spec(self.module) is not None

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {importlib.metadata.version(self.package)}"


PEERS = (
    Peer("Haystack", "haystack-ai", "haystack", by_haystack),
    Peer("LlamaIndex", "llama-index-core", "llama_index", by_llama_index),
)

HEADER = (
    "| questions | system | recall@1 | recall@3 | recall@10 | words shown first | answered "
    "| first right | false answers |\n" + "|---" * 9 + "|"
)


def missing() -> list[str]:
    """What to do about each peer that is not installed."""
    return [f"{p.name} is left out: `pip install {p.package}`" for p in PEERS if not p.installed]


def rows(
    asked: Sequence[tuple[Group, Sequence[Outcome]]], model: str = PACKAGED_MODEL
) -> Iterator[str]:
    """For each file of questions a row for Quoth and one for each peer that is installed."""
    embedder = SentenceTransformerEmbedder(model)
    retrieved: dict[str, dict[str, list[Retrieved]]] = {}
    for group, outcomes in asked:
        questions = [o.question for o in outcomes if not o.question.set_name.endswith(CLEAN)]
        vectors = [embedder.embed_query(question.text) for question in questions]
        for peer in PEERS if questions else ():
            if not peer.installed:
                continue
            retrieve = peer.make(group.documents, embedder)
            for question, vector in zip(questions, vectors, strict=True):
                of_peer = retrieved.setdefault(question.set_name, {}).setdefault(peer.title, [])
                of_peer.append(Retrieved(question, retrieve(vector)))
    ours = by_file(outcome for _, outcomes in asked for outcome in outcomes)
    for name, of_peers in retrieved.items():
        yield _our_row(name, ours[name])
        answered = 1 - figures(ours[name]).refused_wrongly.value
        yield from (peer_row(name, title, r, answered) for title, r in of_peers.items())


def _our_row(name: str, outcomes: Sequence[Outcome]) -> str:
    found = figures(outcomes)
    answered = share(o.answer.answered for o in outcomes if o.question.answerable)
    shown = (rounded(found.words), answered, found.first_right, found.false_answers)
    return row(name, "Quoth", *found.recall, *shown)


def peer_row(name: str, title: str, retrieved: Sequence[Retrieved], answered: float) -> str:
    """A peer's row, where it answers the share `answered` of the answerable questions."""
    yes = [r for r in retrieved if r.question.answerable]
    least = least_similarity([r.similarity for r in yes], answered)
    ranks = [rank((f.place for f in r.found), r.question.gold) for r in yes]
    shown = [r for r in retrieved if r.similarity >= least and r.found]
    return row(
        name,
        title,
        *(recall(ranks, k) for k in RECALL_AT),
        rounded(mean(r.found[0].words for r in shown)),
        share(r.similarity >= least for r in yes),
        share(r.similarity >= least and r.first_right for r in yes),
        share(r.similarity >= least for r in retrieved if not r.question.answerable),
    )


def least_similarity(similarities: Sequence[float], answered: float) -> float:
    """The cosine from which the share `answered` of questions is answered."""
    count = round(answered * len(similarities)) if similarities else 0
    return sorted(similarities, reverse=True)[count - 1] if count else float("inf")
