"""The program `quoth`, also `python -m bot`."""

import sys

INTERRUPTED = 130
"""As a shell reports a program that Ctrl-C ended: 128 and SIGINT."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command line, that of this process unless given; returns the exit status."""
    try:
        from bot.command_line.commands import run_command_line  # noqa: PLC0415  # Ctrl-C may come meanwhile
    except KeyboardInterrupt:
        return INTERRUPTED
    return run_command_line(arguments)


if __name__ == "__main__":
    sys.exit(main())
