"""What is marked is whole: no half of an address, of code or of what is emphasised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.marking import tidied
from index.records import Span


def marked(text: str, said: str) -> str | None:
    start = text.index(said)
    found = tidied(text, Span(start, start + len(said)))
    return text[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("Write to help@gull.example. Soon.", "help@gull", "help@gull.example"),
        ("See /var/lib/gull/db.", "/var/lib", "/var/lib/gull/db"),
        ("At example.org/help.", "example.org", "example.org/help"),
        ("Set GULL_ZONE to UTC.", "GULL", "GULL_ZONE"),
        ("It is 3.5 GB.", "3", "3.5"),
        ("In the U.S. army.", "U.S", "U.S"),
        ("He said.Then he left.", "said", "said"),
        ("From 9:30-10:30.", "9:30", "9:30"),
        ("Run `gull logs clear` now.", "Run `gull logs", "Run `gull logs clear`"),
        ("Run `gull logs clear` now.", "gull logs", "gull logs"),
        (
            "**Logs:** `gull -u`, or `/var/log`",
            "** `gull -u`, or `/var/log`",
            "`gull -u`, or `/var/log`",
        ),
        ("**No ads** without asking.", "No ads** without asking", "**No ads** without asking"),
        ("**Be kind.** Always.", "Be kind.", "Be kind."),
        ("It is *not* so.", "not", "not"),
        ("2.0.0 (2024-11-25)", "2024-11-25)", "2024-11-25"),
        ("Call Ann (she/her)", "Ann (she/her)", "Ann (she/her)"),
        ("Tue   9 Dec   19:00   AGM", ":00", "19:00"),
        ("Tue   9 Dec   19:00   AGM", "9 Dec   19:00", None),
        ("Mon\t9:00", "Mon\t9:00", None),
        ("Mon</td><td>9:00", "Mon</td><td>9:00", None),
        ("Es kostet 812,40 €. Danach", "812,40 €.", "812,40 €"),
        ("At 5 p.m. sharp", "5 p.m.", "5 p.m."),
        ("Ask **Bex \\** or me", "Bex \\**", "Bex"),
        ("To membership@gantry\\.example.", "membership@gantry", "membership@gantry\\.example"),
        ("```bash\nsystemctl restart x\n```", "bash\nsystemctl", None),
        ("```bash\nsystemctl restart x\n```", "bash", None),
        ("| `UTC` | Time zone |", "`UTC`", "`UTC`"),
        ("| `UTC` | Time zone |", "UTC` | Time", None),
        ("either | or, without a table", "either | or", "either | or"),
        ("```\ngull start\n```", "```\ngull start", None),
        ("* * *", "* *", None),
        ("- apples, - or pears", "- apples, - or", "apples, - or"),
        ("It is -3 degrees.", "-3", "-3"),
        ("It is *not so* much.", "not so* much", "*not so* much"),
        ("_really not so_ bad", "so_ bad", "_really not so_ bad"),
        ("~~old rule~~ now", "rule~~ now", "~~old rule~~ now"),
        ("See [the rules](http://a.b/c).", "the rules](http://a.b/c", "[the rules](http://a.b/c)"),
        ("See [the rules](http://a.b/c).", "the rules", "the rules"),
        ("a" * 301, "a" * 301, None),
        ("one\n- two\n- three", "one\n- two", None),
        ("one\n- two\n- three", "two", "two"),
    ],
)
def test_what_is_marked_is_whole(text: str, said: str, wanted: str | None) -> None:
    assert marked(text, said) == wanted


@given(st.text("ab.@_`*| \n/:", max_size=60), st.data())
def test_a_mark_is_within_the_text_and_holds_no_less_than_the_words_said(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = tidied(text, Span(start, end))
    if found:
        assert 0 <= found.start < found.end <= len(text)
        assert text[start:end].strip(" \t\n*|") in text[found.start : found.end]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("repeated", ["`", "\n", "` ", "*a", "| ", "_a ", "[a](", "a.", "``a`"])
def test_a_megabyte_is_looked_at_near_the_span_alone(repeated: str) -> None:
    text = repeated * (1_000_000 // len(repeated))
    for size in (4, 300):
        tidied(text, Span(500_000, 500_000 + size))
    assert tidied(text, Span(0, len(text))) is None
