"""What drawing needs beyond the bot's own parts, and what to do when it is not there."""

import importlib.util
import os
import sys
from pathlib import Path

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
EXTRA = ("simcord", "playwright", "PIL", "av", "linkify_it", "regex")
MISSING = 2


def complain() -> None:
    """End the program with one sentence for each thing that is missing."""
    absent = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    said = []
    if absent:
        said.append(
            f"Python packages are missing ({', '.join(absent)}): pip install -e '.[pictures]'"
        )
    if not CHROMIUM.is_file():
        said.append(
            f"there is no Chromium at {CHROMIUM}: apt-get install chromium, or name another one: "
            "CHROMIUM=/path/to/chromium make pictures"
        )
    if said:
        sys.stderr.writelines(f"error: {one}\n" for one in said)
        raise SystemExit(MISSING)
