"""How well Quoth finds, quotes and refuses, on any folder of question sets.

    python -m benchmarks.quality [FOLDER] [--set nq] [--only crosslingual] [--without vague]
        [--sample 100] [--together] [--removed] [--peers]

Prints Markdown tables: all figures by file and kind of question, the time by stage, what each stage
adds, whether the probability can be trusted, two peers on the same questions, and the mark. Writes
pictures of the probability and the worst failures to a folder.
"""

import argparse
import itertools
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import ablation, curves, failures, goals, peers
from benchmarks.asking import Outcome, ask_group
from benchmarks.figures import HEADER, LEGEND, by_file, by_kind, table_row, time_table
from benchmarks.question_sets import (
    CLEAN,
    Group,
    SetsMissing,
    apart,
    chosen_sets,
    default_folder,
    of_files,
    removed,
    together,
)
from index.settings import PACKAGED_MODEL

Asked = list[tuple[Group, list[Outcome]]]
"""What was asked of each index, and what came of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, ask, print and draw. The exit code is 2 where there is nothing to ask."""
    chosen = _parser().parse_args(arguments)
    try:
        sets = chosen_sets(chosen.folder or default_folder(), chosen.set or [])
    except SetsMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be made fails before hours
    groups = of_files(
        (together if chosen.together else apart)(sets, chosen.sample), chosen.only, chosen.without
    )
    asked = ask(removed(groups) if chosen.removed else groups, chosen.model, chosen.chunk_tokens)
    outcomes = [outcome for _, of_group in asked for outcome in of_group]
    show_stages(outcomes)
    show_curves(outcomes, chosen.out)
    if chosen.peers:
        show_peers(asked, chosen.model)
    print(f"\n## The mark\n{goals.HEADER}", *goals.rows(outcomes), sep="\n")
    file = chosen.out / "failures.md"
    file.write_text(failures.report(failures.worst(_as_asked(outcomes))), encoding="utf-8")
    print(f"\nThe {failures.MOST} worst failures are in {file}.")
    return 0


def ask(groups: Iterable[Group], model: str, chunk_tokens: int | None) -> Asked:
    """Index and ask each group; print the rows of a set as soon as it is done."""
    asked: Asked = []
    print(f"## By file and kind\n{HEADER}", flush=True)
    for _, of_set in itertools.groupby(groups, key=lambda group: group.name):
        done = [(group, ask_group(group, model, chunk_tokens)) for group in of_set]
        for name, outcomes in by_kind(o for _, of_group in done for o in of_group):
            print(table_row(name, outcomes), flush=True)
        asked += done
    print(f"\n{LEGEND}")
    return asked


def show_stages(outcomes: Sequence[Outcome]) -> None:
    """Print the time by stage, and what each stage and the length of a quote do."""
    files = by_file(_as_asked(outcomes))
    print("\n## Time", *time_table(files), sep="\n")
    print(f"\n## What each stage adds\n{ablation.HEADER}")
    for name, of_file in files.items():
        print(*ablation.rows(name, of_file), sep="\n")
    print(f"\n## How dear a word is\n{ablation.LENGTH_HEADER}")
    for name, of_file in files.items():
        print(*ablation.length_rows(name, of_file), sep="\n")


def show_curves(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Print how far the probability can be trusted, and draw it if matplotlib is installed."""
    asked = _as_asked(outcomes)
    files = {name: curves.judged(of_file) for name, of_file in by_file(asked).items()}
    everything = curves.judged(asked)
    table = curves.rows({**files, "all": everything})
    print(f"\n## The probability\n{curves.HEADER}", *table, sep="\n")
    try:
        paths = curves.draw(files, everything, folder)
    except ModuleNotFoundError as error:
        print(f"\nNo pictures: {error.name} is not installed (`pip install matplotlib`).")
        return
    print(f"\nDrawn: {', '.join(map(str, paths))}")


def show_peers(asked: Asked, model: str) -> None:
    """Print the peers' rows beside ours, and name those that are not installed."""
    print(f"\n## Peers\n{peers.HEADER}")
    print(*peers.rows(asked, model), *(f"\n{line}" for line in peers.missing()), sep="\n")


def _as_asked(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Without the clean forms of noisy questions, which are asked only to compare."""
    return [o for o in outcomes if not o.question.set_name.endswith(CLEAN)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description=__doc__.split("\n", maxsplit=1)[0]
    )
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="a question set, or a folder of several (default: `eval` in the folder that "
        "QUOTH_SHARED names, or in ../shared; benchmarks/members is one)",
    )
    parser.add_argument("--set", action="append", help="only this set (may be given again)")
    parser.add_argument(
        "--only", action="append", help="only question files with this in their name (likewise)"
    )
    parser.add_argument("--without", action="append", help="no question files of such a name")
    parser.add_argument("--sample", type=int, help="ask only so many questions of each file")
    parser.add_argument(
        "--together", action="store_true", help="one index over all sets instead of one each"
    )
    parser.add_argument(
        "--removed",
        action="store_true",
        help="ask the answerable questions of indexes without their documents",
    )
    parser.add_argument("--model", default=PACKAGED_MODEL, help="another embedding model")
    parser.add_argument(
        "--chunk-tokens", type=int, help="longest passage in tokens, if not the model's limit"
    )
    parser.add_argument(
        "--peers", action="store_true", help="the same questions through Haystack and LlamaIndex"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("build") / "quality",
        help="folder for pictures and failures (default: build/quality)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
