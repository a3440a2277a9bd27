"""Parts of the program that are real and slow to make, made once a session, and a disk."""

import string
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, Protocol

import pytest

from index import Engine, Settings
from index.embed import SentenceTransformerEmbedder
from index.settings import PACKAGED_MODEL

ROOT = Path(__file__).parents[1]


class MakeEngine(Protocol):
    """Makes an engine over a corpus; any setting can be given by name."""

    def __call__(self, corpus: Path, data: Path, **settings: object) -> Engine: ...


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The default model."""
    return SentenceTransformerEmbedder(PACKAGED_MODEL)


@pytest.fixture(scope="session")
def article_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The article that ships, indexed. Ask it; do not reindex it."""
    data = tmp_path_factory.mktemp("article-data")
    engine = Engine(Settings(corpus=ROOT / "corpus", data=data))
    engine.reindex()
    return engine


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small file system in memory; mount it again to change its options."""
    folder = tmp_path / "mounted"
    folder.mkdir()

    def made(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("this system has no mount command")
        if done.returncode:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
        return folder

    yield made
    if folder.is_mount():
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607  # in PATH


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights and dimension 16: real, small and quick."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def make_engine(tiny_model: Path) -> MakeEngine:
    """Engines on the tiny model, or one named as a setting, that share the loaded models."""
    models = {}

    def make(corpus: Path, data: Path, **settings: object) -> Engine:
        given = {"corpus": corpus, "data": data, "model": str(tiny_model), **settings}
        made = Settings.model_validate(given)
        engine = Engine(made)
        if made.model not in models:
            models[made.model] = engine._models.embedder(), engine._models.readers()
        engine._models._embedder, engine._models._readers = models[made.model]
        return engine

    return make


def write_tiny_model(
    folder: Path,
    *,
    similarity: Literal["cosine", "dot", "euclidean", "manhattan"] = "cosine",
    prompts: dict[str, str] | None = None,
    seed: int = 0,
) -> Path:
    """Save a sentence-transformers model of random weights, dimension 16, 64 tokens."""
    import torch  # noqa: PLC0415  # slow
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # slow
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415  # slow
    from transformers import BertConfig, BertModel, BertTokenizer  # noqa: PLC0415  # slow

    letters = [*string.ascii_lowercase, *string.digits, *string.punctuation]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{x}" for x in letters)]
    bert = folder / "bert"
    bert.mkdir(parents=True)
    (bert / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        BertModel(
            BertConfig(
                vocab_size=len(words),
                hidden_size=16,
                num_hidden_layers=1,
                num_attention_heads=2,
                intermediate_size=32,
                max_position_embeddings=64,
            )
        ).save_pretrained(bert)
    BertTokenizer(str(bert / "vocab.txt"), model_max_length=64).save_pretrained(bert)
    model = SentenceTransformer(
        modules=[Transformer(str(bert), max_seq_length=64), Pooling(16)],
        similarity_fn_name=similarity,
        prompts=prompts,
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"
