"""The commands of `quoth`. Each is thin: it reads, calls the engine, shows."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.command_line import asking, doctor, program, show
from bot.command_line.as_json import generations_json, report_json
from bot.command_line.program import DONE, ERROR
from bot.command_line.settings_table import markdown_table, setting_rows
from bot.settings import Settings, origins, read_settings
from index import Engine, QuothError, Wanted

SOMETHING_MISSING = 1

Corpus = Annotated[
    Path | None,
    typer.Option(help="Folder of documents.", show_default="corpus", metavar="FOLDER"),
]
Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the index.", show_default="data", metavar="FOLDER"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; docs/json.md has its keys.")]

app = typer.Typer(
    cls=program.Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _show_version(asked: bool) -> None:  # noqa: FBT001  # as typer calls it
    if asked:
        typer.echo(f"quoth {version('quoth')}")
        raise typer.Exit


@app.callback(epilog='Start with: quoth ask "who leads interpol"   Then: quoth doctor, quoth run')
def quoth(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", is_eager=True, callback=_show_version
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show where an error arose; also QUOTH_DEBUG=1."),
    ] = False,
) -> None:
    """Answer questions in the words of your documents: verbatim, checked, with their place.

    Settings come from the command line, the environment, .env and quoth.toml, strongest first.

    Exit status: 0 done, 1 no answer (ask) or something missing (doctor), 2 error, 130 interrupted.
    """
    if debug:
        os.environ[program.DEBUG_VARIABLE] = "1"
    program.quieten()


@app.command(
    epilog='Examples: quoth ask "who leads interpol" · echo "who leads it" | quoth ask - · '
    'quoth ask --json - < questions.txt · quoth ask --why "who leads it" · '
    'quoth ask --after "who met remotely" "and who joined in person"'
)
def ask(  # noqa: PLR0913  # one for each flag
    question: Annotated[
        list[str],
        typer.Argument(help="The question; - reads it from standard input.", show_default=False),
    ],
    *,
    as_json: AsJson = False,
    why: Annotated[
        bool,
        typer.Option("--why", help="Show every passage considered, its scores, and what cut it."),
    ] = False,
    after: Annotated[
        str | None,
        typer.Option(
            help="The question before: this one follows it.",
            metavar="QUESTION",
            show_default=False,
        ),
    ] = None,
    reindex: Annotated[
        bool,
        typer.Option(
            "--reindex/--no-reindex",
            help="Bring the index up to date first, or answer from it as it is.",
        ),
    ] = True,
    corpus: Corpus = None,
    data: Data = None,
) -> int:
    """Answer a question with the passage that holds the answer, and where it stands.

    An index that is missing or out of date is built first. With --json and -, standard input
    holds one question a line, and each gets one line of JSON, in order.

    Exit status: 0 answered, 1 the documents do not answer, 2 error. With --json -: 0 if every
    line could be asked, else 2.
    """
    engine = Engine(_read(corpus, data).index)
    one_a_line = as_json and question == [asking.STANDARD_INPUT]
    for name, given in (("--why", why), ("--after", after)):
        if one_a_line and given:
            raise typer.BadParameter(
                f"{name} is for one question; ask it by itself", param_hint=name
            )
    if after is not None and not after.strip():
        raise typer.BadParameter("it is empty; name the question before", param_hint="--after")
    text = "" if one_a_line else asking.question_of(question)
    if reindex:
        asking.bring_up_to_date(engine, show.make_console(stderr=True))
    engine.load()  # apart, so that `ms` is the time of answering
    if one_a_line:
        return asking.answer_all(engine)
    return asking.answer_one(engine, text, after, asking.SHOWERS[as_json, why])


@app.command(epilog="Examples: quoth reindex · quoth reindex --corpus handbook --json")
def reindex(
    *,
    full: Annotated[
        bool,
        typer.Option("--full", help="Read every document anew, also those that look unchanged."),
    ] = False,
    allow_shrink: Annotated[
        bool,
        typer.Option("--allow-shrink", help="Go on though most of the documents are gone."),
    ] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> int:
    """Bring the index up to date; only documents that changed are read and embedded again.

    The old index answers until the new one is checked and whole, and stays where nothing changed.
    A file that cannot be read is set aside and named. Documents that shrank by more than half are
    refused. Exit status: 0 up to date, 2 error (the old index stays).
    """
    engine, console = Engine(_read(corpus, data).index), show.make_console(stderr=True)
    if reason := engine.staleness():
        console.print(f"Building the index: {reason}.")
    with show.progress_bar(console) as progress:
        report = engine.reindex(progress, Wanted(full=full, allow_shrink=allow_shrink))
    if as_json:
        typer.echo(report_json(report))
    else:
        show.show_report(show.make_console(), report)
    return DONE


@app.command(epilog="Example: DISCORD_TOKEN=… quoth run (better: the token in a file .env)")
def run(*, corpus: Corpus = None, data: Data = None) -> int:
    """Connect to Discord and answer there until stopped (Ctrl-C or SIGTERM).

    Needs the bot's token in DISCORD_TOKEN, from the environment or a file .env; `quoth doctor`
    tells what else. Exit status: 0 stopped in order, 2 error.
    """
    from bot.run import run as run_bot  # noqa: PLC0415  # discord is for this command alone

    return run_bot(_read(corpus, data))


@app.command(epilog="Examples: quoth generations · quoth generations --json")
def generations(*, as_json: AsJson = False, data: Data = None) -> int:
    """List the builds of the index that are kept, oldest first, and which of them answers.

    Every file is checked by its hash. Exit status: 0 listed, 2 nothing is there.
    """
    settings = _read(None, data)
    found = Engine(settings.index).generations()
    if not found:
        raise QuothError(f"nothing is built in {settings.index.data}; run `quoth reindex`")
    if as_json:
        typer.echo(generations_json(found))
    else:
        show.show_generations(show.make_console(), found)
    return DONE


@app.command(epilog="Examples: quoth rollback · quoth rollback 000007")
def rollback(
    generation: Annotated[
        str | None,
        typer.Argument(help="The one to answer from; the one before if not given."),
    ] = None,
    *,
    corpus: Corpus = None,
    data: Data = None,
) -> int:
    """Answer from an earlier build of the index. A bot that runs takes it up by itself.

    What was newer is withdrawn, not deleted: name it to have it back. The documents stay as they
    are; `quoth ask` and a bot that watches them reindex when they change again, `quoth reindex` at
    once. Exit status: 0 done, 2 error (nothing changed).
    """
    now = Engine(_read(corpus, data).index).roll_back(generation)
    show.show_generations(show.make_console(), [now])
    return DONE


@app.command(epilog="Example: quoth verify --data /srv/quoth")
def verify(*, data: Data = None) -> int:
    """Check every index build on disk: hashes, places, counts, vectors, and searches.

    Each file's hash; each passage against its place in the text; vectors finite and of unit length;
    and a handful of passages, whose own words must find them. Exit status: 0 all whole, 2 something
    is damaged or nothing is there.
    """
    settings = _read(None, data)
    verifications = Engine(settings.index).verify()
    if not verifications:
        raise QuothError(f"nothing is built in {settings.index.data}; run `quoth reindex`")
    show.show_verifications(show.make_console(), verifications)
    return ERROR if any(found.problems for found in verifications) else DONE


@app.command(epilog="Example: quoth source london-interior-commitments.txt")
def source(
    document: Annotated[str, typer.Argument(help="Path within the folder of documents.")],
    *,
    data: Data = None,
) -> None:
    """Print a document's text as it was indexed: what start and end of a quote point into.

    The text comes out exactly, as UTF-8, nothing added. Exit status: 0 printed, 2 error.
    """
    text = Engine(_read(None, data).index).source(document).text
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


@app.command("doctor", epilog="Example: quoth doctor --client-id 123456789012345678")
def doctor_command(
    *,
    client_id: Annotated[
        str | None,
        typer.Option(help="Application id for the invite address; else read from the token."),
    ] = None,
    corpus: Corpus = None,
    data: Data = None,
) -> int:
    """Look at what is installed, the model, the index, the token, and what Discord must allow.

    Shows the address that invites the bot, never the token. Exit status: 0 all is well,
    1 something is missing, with the next step.
    """
    settings = _read(corpus, data)
    console = show.make_console()
    missing = False
    for check in doctor.examine(Engine(settings.index), settings, client_id):
        show.show_checks(console, [check])
        missing |= check.state is doctor.State.MISSING
    return SOMETHING_MISSING if missing else DONE


@app.command("settings", epilog="Example: QUOTH_INDEX__CANDIDATES=40 quoth settings")
def settings_command(
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table of docs/settings.md instead.")
    ] = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Show every setting: its value, where it was set, and what it means."""
    rows = setting_rows(_read(corpus, data))
    if markdown:
        typer.echo(markdown_table(rows))
    else:
        places = origins(_overrides(corpus, data))
        show.show_settings(show.make_console(), rows, places)


def run_command_line(arguments: list[str] | None = None) -> int:
    """Run one command line, that of this process unless given; returns the exit status."""
    program.write_utf8()
    try:
        app(arguments, prog_name="quoth")
    except SystemExit as end:
        if program.of_closed_pipe(end):
            return program.leave_closed_pipe()
        status = end.code if isinstance(end.code, int) else ERROR
    else:
        status = DONE
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return program.leave_closed_pipe()
    return status


def _overrides(corpus: Path | None, data: Path | None) -> dict[str, dict[str, Any]]:
    given = {"corpus": corpus, "data": data}
    return {"index": {name: value for name, value in given.items() if value is not None}}


def _read(corpus: Path | None, data: Path | None) -> Settings:
    return read_settings(_overrides(corpus, data))
