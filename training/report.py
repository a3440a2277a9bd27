"""Print all figures of a reader: how int8 agrees with fp32, reading, ranking."""

# ruff: noqa: T201 - it prints

from __future__ import annotations

from typing import TYPE_CHECKING

from training.encode import load_tokenizer
from training.evaluate import measure_ranking, measure_reading
from training.export import agreement, compare_on
from training.questions import Questions
from training.reading import onnx_runtime, reranker_runtime

if TYPE_CHECKING:
    from pathlib import Path

EVALUATION_TOKENS = 384
"""Some gold paragraphs are longer than the passages of run time; their answers must be in reach."""


def report(shared: Path, reranker: Path, exact: Path, folder: Path, questions: int) -> None:
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
