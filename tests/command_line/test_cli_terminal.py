"""How answers look, in a terminal and in a pipe."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.command_line.settings_table import SettingRow
from bot.command_line.show import (
    make_console,
    progress_bar,
    show_answer,
    show_report,
    show_settings,
    visible,
)
from index import Answer, BuildReport, Quarantined, Quote

QUOTE = Quote(
    text="It was said that Jürgen Stock leads it.",
    answer="Jürgen Stock",
    answer_start=17,
    answer_end=29,
    document="news/london.pdf",
    title="London",
    section="Police › INTERPOL",
    page=3,
    line_start=19,
    line_end=20,
    start=100,
    end=139,
    url="https://example.org/london",
    date=None,
    score=0.9,
)
ANSWER = Answer("who", answered=True, confidence="direct", quotes=(QUOTE,), closest=(), ms=1.0)


def drawn(answer: Answer, *, terminal: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=terminal,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not terminal,
        width=60,
        color_system="standard" if terminal else None,
    )
    show_answer(console, answer)
    return file.getvalue()


def with_quote(quote: Quote) -> Answer:
    return replace(ANSWER, quotes=(quote,))


def test_a_pipe_gets_the_whole_place_and_a_marked_answer_without_wrapping() -> None:
    assert drawn(ANSWER).splitlines() == [
        "> It was said that **Jürgen Stock** leads it.",
        "London › Police › INTERPOL",
        "news/london.pdf:19-20, page 3, https://example.org/london",
        "Direct match",
    ]


def test_a_terminal_gets_the_answer_bold_and_no_marks() -> None:
    shown = drawn(ANSWER, terminal=True)
    assert "\x1b[1;32mJürgen Stock\x1b[0m" in shown
    assert "**" not in shown


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("**No** one", "**No** [[one]]"),
        ("**No** [[one]]", "**No** [[⟦one⟧]]"),
    ],
)
def test_the_marks_are_such_as_the_quote_does_not_hold(text: str, marked: str) -> None:
    start = text.index("one")
    quote = replace(QUOTE, text=text, answer="one", answer_start=start, answer_end=start + 3)
    assert drawn(with_quote(quote)).startswith(f"> {marked}\n")


def test_each_line_of_a_quote_stands_behind_its_sign() -> None:
    quote = replace(QUOTE, text="a\n\nb", answer=None, answer_start=None, answer_end=None)
    assert drawn(with_quote(quote)).startswith("> a\n> \n> b\n")


def test_where_a_quote_is_a_part_of_a_sentence_dots_say_so() -> None:
    part = replace(QUOTE, starts_inside=True, ends_inside=True)
    assert drawn(with_quote(part)).startswith("> … It was said that **Jürgen Stock** leads it. …\n")
    unmarked = replace(part, answer=None, answer_start=None, answer_end=None, ends_inside=False)
    assert drawn(with_quote(unmarked)).startswith("> … It was said that Jürgen Stock leads it.\n")


def test_markup_codes_and_emoji_names_of_a_document_stay_as_they_are() -> None:
    text = "[bold red]x[/] :smile: [link=https://x]y[/link]"
    quote = replace(QUOTE, text=text, answer=None, answer_start=None, answer_end=None)
    assert text in drawn(with_quote(quote))
    assert text in drawn(with_quote(quote), terminal=True).replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("a\x07b\x00", "a␇b␀"),
        ("over\rwritten", "over␍written"),
        ("line\r\nline", "line\nline"),
        ("safe\u202efdp.exe", "safe<U+202E>fdp.exe"),
        ("\x9b31mred", "<U+009B>31mred"),
        ("tab\tand no\u00a0break, نص עברית", "tab\tand no\u00a0break, نص עברית"),
        ("a\u200eb\u200fc\u061cd", "a<U+200E>b<U+200F>c<U+061C>d"),
        ("zero\u200bwidth\ufeff\u2060", "zero<U+200B>width<U+FEFF><U+2060>"),
        ("\u3164\u202dgone", "<U+3164><U+202D>gone"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
    ],
)
def test_what_steers_a_terminal_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_names_of_files_and_headings_stand_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    quote = replace(QUOTE, document="two\nlines.md", title="One\n# Other", section=None, url=None)
    answer = Answer("who", answered=False, confidence=None, quotes=(), closest=(quote,), ms=1.0)
    show_answer(make_console(), answer)
    assert capsys.readouterr().out.endswith("\nOne␊# Other\ntwo␊lines.md:19-20, page 3\n")


def test_an_abstention_names_the_closest_passage_as_such() -> None:
    answer = Answer("who", answered=False, confidence=None, quotes=(), closest=(QUOTE,), ms=1.0)
    shown = drawn(answer)
    assert shown.startswith("I couldn't find this in the indexed documents.\n")
    assert shown.index("which may not answer") < shown.index("> It was said")


def test_an_abstention_may_have_nothing_close() -> None:
    answer = Answer("who", answered=False, confidence=None, quotes=(), closest=(), ms=1.0)
    assert drawn(answer) == "I couldn't find this in the indexed documents.\n"


def test_further_quotes_are_numbered_from_two() -> None:
    other = replace(QUOTE, text="Another.", answer=None, answer_start=None, answer_end=None)
    shown = drawn(replace(ANSWER, quotes=(QUOTE, other, other)))
    assert "\n2.\n> Another.\n" in shown
    assert "\n3.\n> Another.\n" in shown


def test_a_terminal_gets_the_whole_meaning_of_a_setting_wrapped() -> None:
    file = io.StringIO()
    meaning = "How long it is. " * 9
    row = SettingRow("a.b", "A__B", default="1", value="2", meaning=meaning, reason="")
    show_settings(Console(file=file, force_terminal=True, width=60), [row], {"a.b": "default"})
    lines = file.getvalue().splitlines()[1:]
    assert all(line.startswith("    ") and len(line) <= 60 for line in lines)
    assert " ".join(" ".join(lines).split()) == meaning.strip()


def test_there_is_no_bar_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(make_console(stderr=True)) as progress:
        assert progress is None
    assert capsys.readouterr() == ("", "")


def test_a_bar_shows_each_stage() -> None:
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=True, width=80)) as progress:
        assert progress is not None
        progress("reading", 1, 2)
        progress("embedding", 3, 3)
    assert "reading" in file.getvalue()
    assert "embedding" in file.getvalue()


def test_a_report_cannot_steer_the_terminal_by_a_file_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = BuildReport(
        added=("\x1b[31m.txt", "two\nlines.md"),
        changed=(),
        removed=(),
        unchanged=(),
        quarantined=(Quarantined("b\x1b.txt", "bad"),),
        chunks=1,
        embedded=1,
        seconds=0.5,
        generation="000001",
        published=True,
    )
    show_report(make_console(), report)
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "  + two␊lines.md\n" in told
