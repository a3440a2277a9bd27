"""Where a sentence ends: not at abbreviations and numbers, but at lines that no wrapping ended."""

import pytest

from index.records import Block, Document
from index.sentences import sentences

BEFORE_ADDRESS = "Read this before you come to the first meeting of the year, all of it:"
AFTER_ADDRESS = (
    "and bring a friend who has read it, too, if you happen to have one – a\n"
    "– friend, that is – or come alone."
)


def parted(text: str, language: str = "en", path: str = "a.txt") -> list[str]:
    document = Document(path, "T", text, (Block(0, len(text)),), "", 0, language=language)
    return [text[s.start : s.end] for s in sentences(document, document.blocks[0])]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ["Max. booking is 2 hours.", "He said no.", "Then he left."]),
        (
            "en",
            ["It is 5 incl. VAT.", "See ch. 6.", "No. 5 is alive.", "To the max.", "Go."],
        ),
        ("de", ["Gilt ab 31. Januar, danach + 10 EUR.", "Beim 2. Mal 7 Tage stumm."]),
        (
            "de",
            ["39 € inkl. Versand.", "Keine Hunde, wg. Allergie.", "Er wurde 3.", "Dann ging er."],
        ),
        (
            "en",
            ["Keep this in mind.", "Spam is banned.", "The answer is no.", "Go."],
        ),
        ("en", ["Open the app.", "**Then** go."]),
        ("da", ["Den 3. juni kommer vi.", "Vi ses."]),
    ],
)
def test_abbreviations_and_ordinals_end_no_sentence(language: str, wanted: list[str]) -> None:
    assert parted(" ".join(wanted), language) == wanted
    assert parted(" ".join(wanted), language, "a.md") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(["3. Safety (Callum)", "Wear goggles.", "Day pass £3"], id="short lines"),
        pytest.param(
            ["What to bring for the night of the long games:", "- a mug", "- a chair", "1) dice"],
            id="items",
        ),
        pytest.param(
            [
                "These lines are wrapped where there was no room for\nanother word, and go on.",
                "So this is\nthe second sentence.",
            ],
            id="wrapped lines",
        ),
        pytest.param(
            [
                f"{BEFORE_ADDRESS}\nhttps://example.org/{'a' * 120}\n{AFTER_ADDRESS}",
                "We wait.",
            ],
            id="an address among wrapped lines",
        ),
        pytest.param(
            ["this was wrapped\nfor a phone and\ngoes on.", "So does\nthis."], id="narrow"
        ),
        pytest.param(
            ["Opening hours", "We open at nine on all days of the week but Sunday.", "Come by."],
            id="a short line above a long one",
        ),
    ],
)
def test_a_line_of_plain_text_ends_a_sentence_where_it_was_not_wrapped(wanted: list[str]) -> None:
    wrapped = " " if "\n" in wanted[0] else "\n"
    assert parted(wrapped.join(wanted)) == wanted


def test_lines_of_markdown_go_on() -> None:
    assert parted("One line\nand the next.", path="a.md") == ["One line\nand the next."]
