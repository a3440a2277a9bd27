"""Make the multilingual reader: prepare what it learns from, train it by the clock, export it.

python -m training.multilingual lexicon --train DIR --embedder FOLDER --out FILE
python -m training.multilingual prepare --train DIR --embedder FOLDER --lexicon FILE --out JOB
python -m training.multilingual train --job JOB --out OUT --seconds 240 --device cuda
python -m training.multilingual export --job JOB --trained OUT --out FOLDER
"""

# Each step imports what it alone needs: a machine that only trains has no word search, say.
# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import json
import logging
import re
import time
from pathlib import Path

import torch

log = logging.getLogger(__name__)


def main() -> None:
    """Read the arguments and take one of the steps."""
    arguments = _arguments()
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    for name in ("training", __name__):
        logging.getLogger(name).setLevel(logging.INFO)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    steps = {"lexicon": lexicon, "prepare": prepare, "train": train, "export": export}
    steps[arguments.step](arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("training.multilingual")
    parser.add_argument("step", choices=("lexicon", "prepare", "train", "export"))
    parser.add_argument("--train", type=Path, help="folder of the sets")
    parser.add_argument("--embedder", type=Path, help="the unpacked embedder")
    parser.add_argument("--lexicon", type=Path, help="a lexicon made before")
    parser.add_argument("--job", type=Path, help="folder that `prepare` wrote")
    parser.add_argument("--trained", type=Path, help="folder that `train` wrote")
    parser.add_argument("--earlier", type=Path, help="folder of a reader to grow from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--tokens", type=int, default=32_768, help="padded tokens a batch")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--keep", type=float, default=0.5, help="weight of the embedder's vectors")
    parser.add_argument("--frozen", type=int, default=2, help="layers from below that stay")
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--version", default="1.0")
    return parser.parse_args()


def lexicon(arguments: argparse.Namespace) -> None:
    """Write a lexicon of the words of the English questions."""
    from training.multilingual.data import read_set
    from training.multilingual.lexicon import make_lexicon
    from training.multilingual.sets import SOURCES, asks_in_english

    english = [name for name in SOURCES if asks_in_english(name) and name != "subjqa"]
    examples = [e for name in english for _, e in read_set(arguments.train, name)]
    questions = list(dict.fromkeys(example.question for example in examples))
    texts = {*questions, *(example.passage for example in examples)}
    words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
    make_lexicon(arguments.embedder, questions, words, arguments.out)


def prepare(arguments: argparse.Namespace) -> None:
    """Write `data.xz` and `start.xz`."""
    from tokenizers import Tokenizer

    from training.multilingual.arrays import write_arrays
    from training.multilingual.data import prepared
    from training.multilingual.start import write_start

    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    entries = json.loads(arguments.lexicon.read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(arguments.embedder / "tokenizer.json"))
    arrays = prepared(arguments.train, tokenizer, entries, arguments.seed)
    write_arrays(arrays, out / "data.xz")
    write_start(arguments.embedder, arrays["v_ids_at"], out / "start.xz")
    for path in sorted(out.iterdir()):
        log.info("wrote file=%s bytes=%d", path.name, path.stat().st_size)


def train(arguments: argparse.Namespace) -> None:
    """Train for a number of seconds, weigh the two opinions on refusal, measure, save."""
    from training.multilingual.report import report
    from training.multilingual.train import Settings, Training

    began = time.monotonic()
    settings = Settings(
        seconds=arguments.seconds, device=arguments.device, tokens=arguments.tokens,
        rate=arguments.rate, keep=arguments.keep, frozen=arguments.frozen,
        workers=arguments.workers, seed=arguments.seed,
    )  # fmt: skip
    training = Training(arguments.job, settings, arguments.earlier)
    log.info("loaded seconds=%.1f", time.monotonic() - began)
    training.run()
    report(training, arguments.out)


def export(arguments: argparse.Namespace) -> None:
    """Write the ONNX file, fp32 in a folder beside it, and what they say of the same pairs."""
    from training.multilingual.export import export_reader

    export_reader(arguments.job, arguments.trained, arguments.out, arguments.version)


if __name__ == "__main__":
    main()
