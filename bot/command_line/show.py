"""Answers, reports and checks as a terminal shows them. Nothing here decides anything.

Where the output is not a terminal there are no colours, no bars and no wrapped lines: a quote
stays one piece that can be searched, and its answer stands between marks that the quote itself
does not use.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich import filesize
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from bot.command_line.doctor import Check, State
from bot.command_line.settings_table import SettingRow
from bot.rendering.amounts import count
from bot.rendering.invisible import hides
from bot.rendering.words import ABSTAINED, CLOSEST, CONFIDENCE, SOURCES_DIFFER
from index import (
    Answer,
    BuildReport,
    GenerationSummary,
    Guessed,
    Progress,
    Quarantined,
    Quote,
    Verification,
)

MARKS = (("**", "**"), ("[[", "]]"), ("⟦", "⟧"))
"""What stands around an answer where there is no bold; the first that the quote does not hold."""
ANSWER_STYLE = "bold green"
READING_WIDTH = 100
"""Characters a line at most: longer lines are hard to follow."""
SIGNS = {State.OK: ("ok", "green"), State.NOTE: ("note", "yellow"), State.MISSING: ("no", "red")}

STATE_STYLES = {"answering": "green", "kept": "", "withdrawn": "yellow", "damaged": "red"}

_FIRST_VISIBLE = 0x20


def make_console(*, stderr: bool = False) -> Console:
    """Open standard output or standard error, showing text as it is: no markup, no emoji codes."""
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    console.soft_wrap = not console.is_terminal
    if console.is_terminal:
        console.width = min(console.width, READING_WIDTH)
    return console


def visible(text: str) -> str:
    """Make what steers a terminal, hides or turns the reading direction visible and harmless."""
    lines = text.replace("\r\n", "\n")
    return "".join(
        _picture(character) if character not in "\n\t" and hides(lines, place) else character
        for place, character in enumerate(lines)
    )


def in_one_line(text: str) -> str:
    """The same for what stands in a line: names of files and headings may hold line breaks."""
    return visible(text).replace("\n", _picture("\n"))


def show_answer(console: Console, answer: Answer) -> None:
    """Show the best quote first, then where it stands; or that there is none, and the closest."""
    if not answer.answered:
        console.print(ABSTAINED[answer.abstention or "no answer"])
        for quote in answer.closest[:1]:
            console.print(f"\n{CLOSEST}\n")
            _show_quote(console, quote)
        return
    best, *others = answer.quotes
    _show_quote(console, best)
    if answer.confidence:
        console.print(Text(CONFIDENCE[answer.confidence], "italic"))
    if answer.sources_differ:
        console.print(Text(SOURCES_DIFFER, "italic"))
    for number, quote in enumerate(others, start=2):
        console.print(f"\n{number}.")
        _show_quote(console, quote)


def show_report(console: Console, report: BuildReport) -> None:
    """Show what a reindex did, each file that was set aside by its name and reason."""
    console.print(
        f"+{len(report.added)} added  ~{len(report.changed)} changed  "
        f"-{len(report.removed)} removed  ={len(report.unchanged)} unchanged"
    )
    for sign, names in (("+", report.added), ("~", report.changed), ("-", report.removed)):
        for name in names:
            console.print(f"  {sign} {in_one_line(name)}")
    show_quarantined(console, report.quarantined)
    show_guessed(console, report.guessed)
    if not report.published:
        console.print(
            f"nothing has changed: generation {report.generation} stays, "
            f"{count(report.chunks, 'passage')}, none embedded, in {report.seconds:.1f} s"
        )
        return
    console.print(
        f"{count(report.chunks, 'passage')}, {report.embedded:,} of them embedded now, "
        f"in {report.seconds:.1f} s; generation {report.generation}"
    )


def show_quarantined(console: Console, files: Iterable[Quarantined]) -> None:
    """Name each file that was set aside, and why."""
    for file in files:
        console.print(Text(f"  set aside: {in_one_line(file.document)}: {visible(file.reason)}"))


def show_guessed(console: Console, files: Iterable[Guessed]) -> None:
    """Name each file whose encoding was guessed, and what would make it certain."""
    for file in files:
        name = in_one_line(file.document)
        console.print(f"  read as {file.encoding}, a guess: {name}: save it as UTF-8")


def show_verifications(console: Console, verifications: Sequence[Verification]) -> None:
    """Show each generation as whole or damaged, how much was checked, and its problems."""
    for found in verifications:
        word = Text("damaged", "red") if found.problems else Text("whole", "green")
        looked_at = f"{count(found.files, 'file')}, {count(found.passages, 'passage')}"
        checked = f" ({looked_at}, {found.canaries} searched)" if found.files else ""
        console.print(Text.assemble(f"{found.generation}: ", word, checked))
        for problem in found.problems:
            console.print(f"  {visible(problem)}")
        if found.note:
            console.print(f"  {visible(found.note)}")


def show_generations(console: Console, generations: Iterable[GenerationSummary]) -> None:
    """Show each build that is kept in one line: whether it answers, when and from what it is."""
    for one in generations:
        state = Text(f"{one.state:<9}", STATE_STYLES[one.state])
        if one.problem:
            console.print(Text.assemble(f"{one.name}  ", state, f"  {visible(one.problem)}"))
            continue
        facts = (
            f"{one.created}  {count(one.documents, 'document')}, {count(one.chunks, 'passage')}, "
            f"{filesize.decimal(one.size)}, {visible(one.model)}"
        )
        console.print(Text.assemble(f"{one.name}  ", state, f"  {facts}"))


def show_checks(console: Console, checks: Iterable[Check]) -> None:
    """Show each check, and under it the next step where something is to be done."""
    for check in checks:
        sign, style = SIGNS[check.state]
        head = Text.assemble((f"{sign:<5}", style), (f"{check.name:<12} ", "bold"), check.finding)
        console.print(head)
        if check.next_step:
            console.print(Text(f"{'':<18} → {check.next_step}", style))


def show_settings(console: Console, rows: Iterable[SettingRow], origins: dict[str, str]) -> None:
    """Show each setting's value, where it was set, and what it means."""
    for row in rows:
        origin = origins[row.name]
        style = "dim" if origin == "default" else "bold"
        console.print(Text.assemble((row.name, "bold"), f" = {row.value}  ", (origin, style)))
        _print_indented(console, row.meaning, 4)


@contextmanager
def progress_bar(console: Console) -> Iterator[Progress | None]:
    """Draw a bar for each stage of a long work while it lasts; None where nobody watches."""
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance


def _show_quote(console: Console, quote: Quote) -> None:
    text = _marked(quote, styled=console.is_terminal and not console.is_dumb_terminal)
    if console.is_terminal:
        _print_indented(console, text, 2)
    else:
        console.print(Text("\n").join(Text("> ") + line for line in text.split("\n")))
    console.print(Text(_heading(quote), "dim"))
    console.print(Text(_place(quote), "dim"))


def _print_indented(console: Console, text: str | Text, blanks: int) -> None:
    """Print behind blanks: wrapped under them in a terminal, whole where nothing is wrapped."""
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, blanks), expand=False))
    else:
        console.print(" " * blanks, text, sep="")


def _marked(quote: Quote, *, styled: bool) -> Text:
    opens, closes = "… " * quote.starts_inside, " …" * quote.ends_inside
    if quote.answer_start is None or quote.answer_end is None:
        return Text(opens + visible(quote.text) + closes)
    before = opens + visible(quote.text[: quote.answer_start])
    answer = visible(quote.text[quote.answer_start : quote.answer_end])
    after = visible(quote.text[quote.answer_end :]) + closes
    if styled:
        return Text.assemble(before, (answer, ANSWER_STYLE), after)
    opening, closing = next(
        (pair for pair in MARKS if not any(mark in quote.text for mark in pair)), MARKS[-1]
    )
    return Text(f"{before}{opening}{answer}{closing}{after}")


def _heading(quote: Quote) -> str:
    return in_one_line(" › ".join(part for part in (quote.title, quote.section) if part))


def _place(quote: Quote) -> str:
    lines = f"{quote.line_start}"
    if quote.line_end != quote.line_start:
        lines += f"-{quote.line_end}"
    parts = [f"{quote.document}:{lines}"]
    parts += [f"page {quote.page}"] if quote.page is not None else []
    parts += [quote.date] if quote.date else []
    parts += [quote.url] if quote.url else []
    return in_one_line(", ".join(parts))


def _picture(character: str) -> str:
    code = ord(character)
    return chr(0x2400 + code) if code < _FIRST_VISIBLE else f"<U+{code:04X}>"
