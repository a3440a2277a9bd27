"""The program as a process: pipes that close, encodings, standard output and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_values import ARTICLE

pytest_plugins = ["cli_fixtures"]

PROGRAM = [sys.executable, "-m", "bot"]
LATIN = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def test_lines_are_answered_one_at_a_time_into_a_pipe_that_may_close(built: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "ask", "--json", "-"],
        cwd=built,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | LATIN,
    ) as process:
        assert process.stdin and process.stdout and process.stderr  # noqa: PT018  # for mypy
        process.stdin.write("who leads interpol, Jürgen\n".encode())
        process.stdin.flush()
        first = json.loads(process.stdout.readline())  # before the input has ended
        assert first["question"] == "who leads interpol, Jürgen"
        process.stdout.close()
        process.stdin.write(b"who leads interpol\n" * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_an_answer_is_utf8_whatever_the_locale_says(built: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "ask", "who leads interpol"],
        cwd=built,
        env=os.environ | LATIN,
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "‘London Interior Commitments’" in done.stdout.decode()
    assert done.stderr == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ("source", ARTICLE),
        ("settings",),
        ("generations",),
        ("ask", "who leads interpol"),
        ("--version",),
        ("--help",),
    ],
    ids=" ".join,
)
def test_whatever_is_printed_goes_into_a_closed_pipe_quietly(
    built: Path, arguments: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=built,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr  # noqa: PT018  # for mypy
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_help_needs_neither_models_nor_discord() -> None:
    code = (
        "import sys\nfrom bot.__main__ import main\nmain(['--help'])\n"
        "slow = {'torch', 'transformers', 'sentence_transformers', 'discord'} & set(sys.modules)\n"
        "sys.exit(str(slow) if slow else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
