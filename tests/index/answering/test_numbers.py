"""Numbers that tell things of a kind apart."""

from pathlib import Path

import pytest
from parts import MakeEngine

from index.answering.numbers import (
    asks_for_heading,
    is_dated_release,
    older_release,
    other_number,
)


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("what does rule 12 say?", "Rule 13: no dogs.", "rule 13"),
        ("what does rule 12 say?", "Rule 12: no cats.", None),
        ("what does rule 12 say?", "Rules\n\n12. No cats, as rule 13 says.", None),
        ("what does rule 12 say?", "Dogs are 13 years old.", None),
        ("what colour is harbour 36", "The lighthouse of Harbour 37 is red.", "harbour 37"),
        ("who led in the 10th series?", "In the 9th series Bill led.", "9 series"),
        ("who led in the 10th series?", "In the tenth series, not the 9th series, Bill did.", None),
        ("when did world war 2 end", "World War II ended in 1945; World War 1 in 1918.", None),
        ("who came in 2015?", "She came in 2014.", None),
        ("is article 20 in force?", "Article XX, as article 19, is in force.", None),
        ("is article 20 in force?", "Article 19 is in force.", "article 19"),
        ("what does rule 4 say?", "Rule 4.2: no spam. Rule 5: be kind.", None),
        ("what does rule 4.2 say?", "Rule 4: no spam. Rule 5: be kind.", None),
        ("what does rule 4.2 say?", "Rule 4.3: no spam.", "rule 4.3"),
        ("what does rule 4 say?", "Rule 4a: no spam. Rule 5: be kind.", None),
        ("what does rule 1 say?", "Rule 10: no spam.", "rule 10"),
        ("what is in section 5?", "Section 05 is on dogs, section 06 on cats.", None),
        ("ما هو قانون 12؟", "قانون ۱۲ وقانون ۱۳", None),
        ("ما هو قانون 12؟", "قانون ۱۳", "قانون 13"),
        ("what is on day 2", "Day 1: arrival.", "day 1"),
        ("rule 12 and rule 13?", "Rule 13: no dogs.", None),
        ("what does rule twelve say?", "Rule 13: no dogs.", None),
        ("was sagt Regel 12?", "Regel 13: keine Hunde.", "regel 13"),
        ("", "", None),
        ("what was added in 3.1.0", "3.0.0 – 2026-01-20\n\nA dark mode", "3.0.0"),
        ("what was added in 3.1.0", "3.1.0 – 2026-04-14\n\nA dark mode", None),
        ("what changed in 3.1", "3.1.2 – 2026-05-18\n\nFixed a crash", None),
        ("what changed in v3.1", "3.0.2 – 2026-05-18\n\nFixed a crash", "3.0.2"),
        ("what changed in 3.0", "Since 3.0 the port is 8420; 2.9.4 used 7070.", None),
        ("what was on 12.3.2026", "On 13.3.2026 the club met.", None),
        ("what needs 3.5 GB", "It needs 2.5 GB.", None),
        ("does 3.1.0 have lyrics", "3.2.0\n\nAdded lyrics", None),
        ("what is the release 3.1.0", "See 10.0.0.1.", "10.0.0.1"),
        ("what is new in 3.1.0", f"pi is 1.{'9' * 5000}, this 1.1.1", "1.1.1"),
        ("Can you tell me the price of plan 3?", "Plan 2 costs 5 euros.", "plan 2"),
        ("Could someone explain what is new in 3.1.0?", "New in 3.0.1: x.", "3.0.1"),
        ("Do you know who teaches grade 4?", "Ann teaches grade 5.", "grade 5"),
        ("Does plan 3 include support?", "Plan 2 includes support.", "plan 2"),
        ("Is room 12 open on Sunday?", "Room 11 is open on Sunday.", "room 11"),
        ("what does rule 1 say", "Rule 2: I may ban you.", "rule 2"),
        ("what does rule 1 say", "Rule 2: no one may spam, ask first.", "rule 2"),
        ("what does rule 1 say", "Rule one: be kind. Rule 2: ask.", None),
        ("what does chapter 5 say", "Chapter V v. chapter 6", None),
        ("what does chapter 5 say", "Hamburg v. Bremen, chapter 6", "chapter 6"),
        ("How much is the 2.5 GB plan?", "The 2.5GB plan is 5 euros, see 4.2.1.", None),
        ("When is the meeting on 24.12?", "On Dec 24 we meet; it is 3.1.0.", None),
        ("What happens at 17.30?", "3.1.0: at 5:30 pm doors open", None),
    ],
)
def test_another_number_of_the_same_kind_is_seen(
    question: str, text: str, other: str | None
) -> None:
    assert other_number(question, text) == other


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Can I get a refund after 30 days?", "Refunds are available within 14 days of purchase."),
        ("Can I join if I am 12 years old?", "Members must be at least 13 years old."),
        ("can I upload a file of 50 megabytes?", "Files may have at most 25 megabytes."),
        ("is 1,000 pounds enough?", "It costs 900 pounds."),
        ("Can I bring 2 dogs?", "You may bring 1 dog."),
        ("may i post 5 pictures", "Post 3 pictures a day at most."),
        ("do I have to wait 3 days", "New members wait 7 days."),
        ("When is the June 2024 meeting?", "The meeting takes place on June 14."),
        ("Are you open on December 25?", "We are closed from December 24 to December 26."),
        ("is the shop open on the 16th June", "It opens on the 15th June."),
        ("Can I join 3 teams?", "Members may join 2 teams at most."),
        ("Was geschah seit 2010?", "Seit 2012 gibt es ein Büro."),
        ("Darf ich nach 22 Uhr klingeln?", "Nach 20 Uhr ist Ruhe."),
        ("¿Puedo entrar desde 16 años?", "Se entra desde 18 años."),
        ("is debian 11 supported", "Packages are built for Debian 12 and 13."),
        ("Do you support Ubuntu 20.04?", "Ubuntu 22.04 and 24.04 are supported."),
    ],
)
def test_an_amount_a_date_or_what_is_only_asked_whether_rules_nothing_out(
    question: str, text: str
) -> None:
    assert other_number(question, text) is None


@pytest.fixture
def lockers(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(30, 45):
        words = f"Locker {number} belongs to member {number * 7919 % 997}. It is opened by hand.\n"
        (corpus / f"{number}.txt").write_text(words, encoding="utf-8")
    return corpus


def test_only_what_is_asked_for_is_quoted(
    lockers: Path, tmp_path: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(lockers, tmp_path / "data")
    engine.reindex()
    for number in range(30, 45):
        answer = engine.ask(f"Who does locker {number} belong to?")
        assert {quote.document for quote in answer.quotes} == {f"{number}.txt"}


def test_what_is_nowhere_is_not_answered_with_its_neighbour_and_why_says_so(
    lockers: Path, tmp_path: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(lockers, tmp_path / "data")
    engine.reindex()
    explanation = engine.explain("Who does locker 58 belong to?")
    assert not explanation.answer.answered
    assert explanation.answer.closest
    cuts = {one.cut for one in explanation.considered if one.quote}
    assert any(cut and cut.startswith("speaks of locker ") for cut in cuts)


@pytest.mark.parametrize(
    ("question", "section", "older"),
    [
        ("latest version of hoist", "2.0.0 (2024-11-25)", "2.0.0"),
        ("what's new in the latest hoist release?", "[2.9.0] - 2025-01-01", "2.9.0"),
        ("latest version of hoist", "[2.10.0] - 2025-11-14", None),
        ("latest version of hoist", "About", None),
        ("which version was first", "2.0.0 (2024-11-25)", None),
        ("can i go from 2.0.0 to the latest version?", "2.0.0 (2024-11-25)", None),
        ("where is the latest version?", "1.2 Download", None),
        ("what is the latest version?", "2.9 (3 May 2025)", "2.9"),
        ("what is the latest version?", "2025.05.12 Meeting", None),
    ],
)
def test_where_the_latest_is_asked_for_an_older_release_is_another(
    question: str, section: str, older: str | None
) -> None:
    others = [("Log", "[2.10.0] - 2025-11-14"), ("Log", "v2.9.0"), ("Log", "24.12.2025"), ("Log",)]
    assert older_release(question, ("Log", section), others) == older


@pytest.mark.parametrize(
    ("question", "quote", "dated"),
    [
        ("when was 3.0.0 released", "3.0.0 – 2026-01-20", True),
        ("release date of version 2.1?", "v2.1 (12 May 2025)", True),
        ("when did version 2.1 come out", "[2.1.0], May 12 2025", True),
        ("when was 3.0.0 released", "3.0.1 – 2026-01-20", False),
        ("when was 3.0.0 released", "In 3.0.0 of 2026-01-20 it was mended.", False),
        ("what changed in 3.0.0", "3.0.0 – 2026-01-20", False),
        ("when was version 1.2 released", "1.2 fixes 3 bugs.", False),
        ("when is it due", "3.0.0 – 2026-01-20", False),
    ],
)
def test_a_heading_dates_the_release_that_is_asked_for(
    question: str, quote: str, *, dated: bool
) -> None:
    assert is_dated_release(question, quote) == dated


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("when was 3.0.0 released", True),
        ("latest version?", True),
        ("quand était la réunion", True),
        ("what is 3.0.0", False),
        ("who came to the meeting", False),
    ],
)
def test_a_heading_that_says_when_answers_only_who_asks_for_that(
    question: str, *, asks: bool
) -> None:
    assert asks_for_heading(question) == asks
