"""Say written questions aloud and write down what a machine hears: `heard.jsonl`.

    python -m training.listen --shared DIR --passages N [--seed N] [--processes N]

Flite (https://github.com/festvox/flite, in Debian the package `flite`) speaks, in one of several
voices; PocketSphinx listens, with the English model that it brings. Questions that were heard
before are left out, so the command can be stopped, and run again for more.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import wave
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from training.heard import HEARD, read_heard
from training.written import read_composed, read_written

if TYPE_CHECKING:
    from pocketsphinx import Decoder

VOICES = ("slt", "rms", "awb", "kal16")
"""Flite's English voices at 16,000 samples a second, as the model of PocketSphinx wants them."""


def main() -> None:
    """Read the arguments, listen, and add a line a question to `heard.jsonl`."""
    parser = argparse.ArgumentParser("training.listen", description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with train/")
    parser.add_argument("--passages", type=int, required=True,
                        help="how many written passages to ask aloud of")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="which ones, and in which voices")
    parser.add_argument("--processes", type=int, default=1, help="cores to use (default 1)")
    arguments = parser.parse_args()
    questions = _questions(arguments.shared, arguments.passages, arguments.seed)
    with (
        ProcessPoolExecutor(arguments.processes) as pool,
        HEARD.open("a", encoding="utf-8") as out,
    ):
        for question, heard in zip(questions, pool.map(hear, questions), strict=True):
            line = {"question": question, "heard": heard}
            print(json.dumps(line, ensure_ascii=False), file=out, flush=True)


def _questions(shared: Path, passages: int, seed: int) -> list[str]:
    """All questions on some of the passages written or written for, but those heard before."""
    by_passage: dict[str, list[str]] = {}
    for example in [*read_written(shared), *read_composed()]:
        by_passage.setdefault(example.passage, []).append(example.question)
    chosen = random.Random(seed).sample(sorted(by_passage), passages)
    asked = dict.fromkeys(question for passage in chosen for question in by_passage[passage])
    return [question for question in asked if question not in read_heard()]


def hear(question: str) -> str:
    """What PocketSphinx hears when Flite asks the question; "" where it hears nothing.

    OSError where flite cannot be run, subprocess.CalledProcessError where it fails.
    """
    with TemporaryDirectory() as folder:
        spoken = Path(folder, "question.wav")
        voice = random.Random(question).choice(VOICES)
        say = ["flite", "-voice", voice, "-t", question, "-o", str(spoken)]
        subprocess.run(say, check=True)  # noqa: S603 -- no shell
        with wave.open(str(spoken)) as sound:
            samples = sound.readframes(sound.getnframes())
    decoder = _decoder()
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    return heard.hypstr if heard else ""


@cache
def _decoder() -> Decoder:
    """The listener of this process, with the model of American English that the package holds."""
    from pocketsphinx import Decoder  # noqa: PLC0415 -- only who listens needs it

    return Decoder(samprate=16_000, loglevel="FATAL")


if __name__ == "__main__":
    main()
