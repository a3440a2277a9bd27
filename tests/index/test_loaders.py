"""Every loader keeps one contract; text and Markdown find what a reader would see."""

import codecs
import json
import os
import unicodedata
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parts import ROOT, MakeEngine

from index import Document, LoadError
from index.loaders import LOADERS, find_files, load
from index.loaders.front_matter import front_matter
from index.loaders.markdown import load_markdown
from index.loaders.text import load_text
from index.records import Block

SHARED = Path(os.environ.get("QUOTH_SHARED", ROOT.parent / "shared"))
FORMATS = SHARED / "formats"

SAMPLES = {
    "": "Title\n\nFirst words. More words.\n\nLast words.\n",
    ".txt": "Title\n\nFirst words. More words.\n\nLast words.\n",
    ".text": "Title\n\nFirst words. More words.\n\nLast words.\n",
    ".md": "# Title\n\nFirst words. More words.\n\n## Part\n\nLast words.\n",
    ".markdown": "# Title\n\nFirst words. More words.\n\n## Part\n\nLast words.\n",
}
"""A document for every file ending: the same words in each format."""


def loaded(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return load(folder, name)


def quoted(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_every_loader_has_a_sample() -> None:
    assert SAMPLES.keys() == LOADERS.keys()


@pytest.mark.parametrize("ending", SAMPLES)
class TestEveryLoader:
    def test_gives_title_text_blocks_and_the_facts_of_the_file(
        self, ending: str, tmp_path: Path
    ) -> None:
        data = SAMPLES[ending].encode()
        document = loaded(tmp_path, f"a{ending}", data)
        assert document.path == f"a{ending}"
        assert document.title == "Title"
        assert document.size == len(data)
        assert len(document.sha256) == 64
        assert quoted(document)[-2:] == ["First words. More words.", "Last words."]

    def test_blocks_stand_in_order_without_outer_white_space(
        self, ending: str, tmp_path: Path
    ) -> None:
        document = loaded(tmp_path, f"a{ending}", SAMPLES[ending].encode())
        places = [place for block in document.blocks for place in (block.start, block.end)]
        assert places == sorted(places)
        assert all(words == words.strip() != "" for words in quoted(document))

    def test_is_chosen_whatever_the_case_of_the_ending(self, ending: str, tmp_path: Path) -> None:
        document = loaded(tmp_path, f"a{ending.upper()}", SAMPLES[ending].encode())
        assert document.title == "Title"

    def test_reads_windows_line_ends_as_single_line_feeds(
        self, ending: str, tmp_path: Path
    ) -> None:
        document = loaded(tmp_path, f"a{ending}", SAMPLES[ending].replace("\n", "\r\n").encode())
        assert document.text == SAMPLES[ending]

    def test_gives_the_same_text_twice(self, ending: str, tmp_path: Path) -> None:
        data = SAMPLES[ending].encode()
        assert loaded(tmp_path, f"a{ending}", data) == loaded(tmp_path, f"a{ending}", data)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "no text"),
            (b" \n\t\n ", "no text"),
            (b"words \0 words", "binary"),
            (bytes(range(256)) * 8, "binary"),
            (codecs.BOM_UTF8 + b"\xff\xff", "marked as utf-8 but is not"),
            (codecs.BOM_UTF16_LE + b"a", "marked as utf-16-le but is not"),
        ],
        ids=["nothing", "white space", "a zero byte", "all bytes", "false UTF-8", "false UTF-16"],
    )
    def test_refuses_with_a_reason(
        self, ending: str, data: bytes, reason: str, tmp_path: Path
    ) -> None:
        with pytest.raises(LoadError, match=reason):
            loaded(tmp_path, f"a{ending}", data)

    def test_keeps_every_character_as_it_was_typed(self, ending: str, tmp_path: Path) -> None:
        odd = "No\u00a0break e\u0301 ﬁ Ⅳ 👩\u200d🚀 \u202eRTL\u202c שלום\tend."
        assert quoted(loaded(tmp_path, f"a{ending}", odd.encode())) == [odd]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_a_byte_order_mark_is_heeded_and_leaves_no_trace(
    encoding: str, mark: bytes, tmp_path: Path
) -> None:
    text = "Grüße aus Köln, 世界 👋."
    assert loaded(tmp_path, "a.txt", mark + text.encode(encoding)).text == text


def blocks(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(text[b.start : b.end], b.section, b.kind) for b in load_markdown(text).blocks]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("One\ntwo.\n", [("One\ntwo.", (), "prose")], id="a paragraph of two lines"),
        pytest.param(
            "# A\n\nx\n\n## B\n\ny\n\n# C\n\nz",
            [("x", ("A",), "prose"), ("y", ("A", "B"), "prose"), ("z", ("C",), "prose")],
            id="headings nest and end",
        ),
        pytest.param(
            "Top\n===\n\nx\n\nSub\n---\n\ny",
            [("x", ("Top",), "prose"), ("y", ("Top", "Sub"), "prose")],
            id="underlined headings",
        ),
        pytest.param("# A *b* `c`\n\nx", [("x", ("A b c",), "prose")], id="markup in a heading"),
        pytest.param("#\n\nx\n\n##\n\ny", [("x", (), "prose"), ("y", (), "prose")], id="no words"),
        pytest.param(
            "- one\n- two\n  - three\n\n    more\n1. four\n",
            [
                ("one", (), "prose"),
                ("two", (), "prose"),
                ("three", ("two",), "prose"),
                ("more", ("two",), "prose"),
                ("1. four", (), "prose"),
            ],
            id="nested lists",
        ),
        pytest.param(
            "# R\n\nNever allowed:\n\n- x\n- Bots:\n  1. y\n\n  z\n\nw",
            [
                ("x", ("R", "Never allowed:"), "prose"),
                ("1. y", ("R", "Never allowed:", "Bots:"), "prose"),
                ("z", ("R", "Never allowed:"), "prose"),
                ("w", ("R",), "prose"),
            ],
            id="what leads to a list is a heading of its items",
        ),
        pytest.param(
            "It is so. Never\nallowed:\n\n- x",
            [("It is so. Never\nallowed:", (), "prose"), ("x", ("Never allowed:",), "prose")],
            id="a paragraph whose end leads to a list",
        ),
        pytest.param(
            "See:\n\nx\n\nNow:\n\n-\n\nSo\n\n- y",
            [(w, (), "prose") for w in ("See:", "x", "Now:", "So", "y")],
            id="what leads to no list is a paragraph",
        ),
        pytest.param(
            "![a](b.png)\n\n[![c](d.svg)](e)\n\nx ![f](g.png)",
            [("x ![f](g.png)", (), "prose")],
            id="a picture alone is no paragraph",
        ),
        pytest.param("# ![Logo](b.png)\n\nx", [("x", ("Logo",), "prose")], id="a pictured title"),
        pytest.param("> said\n> so\n", [("said\n> so", (), "prose")], id="a quote"),
        pytest.param("> - 1. deep\n", [("1. deep", (), "prose")], id="markers on markers"),
        pytest.param(
            "Not here:\n\n- a key\n\n- *b*\n\nc",
            [("- a key\n\n- *b*", ("Not here:",), "items"), ("c", (), "prose")],
            id="a short list is one",
        ),
        pytest.param(
            "- a\n  b\n- c", [(w, (), "prose") for w in ("a\n  b", "c")], id="of two lines"
        ),
        pytest.param(
            "- " + "w " * 59 + "\n- x y",
            [(("w " * 59).strip(), (), "prose"), ("x y", (), "prose")],
            id="a long list is its items",
        ),
        pytest.param("> - a\n> - b", [("> - a\n> - b", (), "items")], id="a list in a quote"),
        pytest.param(
            "- Be so.\n- Go (now!)\n- b",
            [(w, (), "prose") for w in ("Be so.", "Go (now!)", "b")],
            id="items that are sentences",
        ),
        pytest.param("- Be so.\n- a\n- b", [("- Be so.\n- a\n- b", (), "items")], id="mostly not"),
        pytest.param("1. a\n2. b", [("1. a", (), "prose"), ("2. b", (), "prose")], id="numbered"),
        pytest.param("- ![](x.png)\n- ![](y.png)", [], id="a list of pictures"),
        pytest.param(
            "-\n- a\n\n  b",
            [("a", (), "prose"), ("b", (), "prose")],
            id="an item of two paragraphs",
        ),
        pytest.param(
            "- " + "好" * 150 + "\n- 好",
            [("好" * 150, (), "prose"), ("好", (), "prose")],
            id="a long list without blanks",
        ),
        pytest.param("-\ttab\n", [("tab", (), "prose")], id="a tab behind the marker"),
        pytest.param(
            "# T\n\n|a|b|\n|-|-|\n|1|2|\n\nx",
            [("|a|b|\n|-|-|\n|1|2|", ("T",), "lines"), ("x", ("T",), "prose")],
            id="a table of few words",
        ),
        pytest.param(
            "Stop it. Then run\n\n```\ngo\n```\n\nNow:\n\n\tgo\n\nDone.\n\n```\ngo\n```",
            [
                ("Stop it. Then run", (), "prose"),
                ("```\ngo\n```", ("Then run",), "lines"),
                ("\tgo", ("Now:",), "lines"),
                ("Done.", (), "prose"),
                ("```\ngo\n```", (), "lines"),
            ],
            id="what leads to code is a heading of it",
        ),
        pytest.param(
            "设置完成后请运行。然后重启。\n\n```\nx\n```\n\nSo (see it.)\n\n```\ny\n```",
            [
                ("设置完成后请运行。然后重启。", (), "prose"),
                ("```\nx\n```", (), "lines"),
                ("So (see it.)", (), "prose"),
                ("```\ny\n```", (), "lines"),
            ],
            id="a whole sentence leads to no code",
        ),
        pytest.param(
            "# " + "w" * 300 + "\n\nx", [("x", ("w" * 200,), "prose")], id="a very long heading"
        ),
        pytest.param(
            "```py\n# no heading\n\nx\n```\n\ny",
            [("```py\n# no heading\n\nx\n```", (), "lines"), ("y", (), "prose")],
            id="a fence",
        ),
        pytest.param("~~~\nopen", [("~~~\nopen", (), "lines")], id="an open fence"),
        pytest.param(
            "\tcode\n\n\tmore\n\nx",
            [("\tcode\n\n\tmore", (), "lines"), ("x", (), "prose")],
            id="code by tabs",
        ),
        pytest.param(
            "<div>\nhi\n</div>\n\nx",
            [("hi", (), "prose"), ("x", (), "prose")],
            id="HTML",
        ),
        pytest.param(
            "# A <!-- a -->\n\n<!-- b -->\n\nx <!-- c --> y.<!-- d -->\n\n"
            "<!--\n\ne\n--> z\n\n<!-- f",
            [("x", ("A",), "prose"), ("y.", ("A",), "prose"), ("z", ("A",), "prose")],
            id="comments are not there",
        ),
        pytest.param(
            "- x <!-- a -->\n- y\n\n`<!-- b -->`\n\n|a|b <!-- c -->|\n|-|-|\n|1|2|",
            [
                ("x", (), "prose"),
                ("y", (), "prose"),
                ("`<!-- b -->`", (), "prose"),
                ("|1|2|", ("a | b",), "lines"),
            ],
            id="comments in a list, as code, in a table",
        ),
        pytest.param(
            "<details><summary>A <b>b</b></summary>\n\nx\n\n</details>\n\ny\n\n<p align=c>\n",
            [("x", ("A b",), "prose"), ("y", (), "prose")],
            id="a summary heads its details, and tags alone say nothing",
        ),
        pytest.param(
            "## F\n\n<details><summary>A</summary>\n\nx\n\n</details>\n"
            "<details><summary>B</summary>\n\ny\n\n</details>\n\n"
            "<details><summary>C</summary>z</details><details><summary>D</summary>w</details>\n\n"
            "<details><summary>E</summary></details>\n\n"
            "<details><summary>G</summary>\n\nu\n\n### H\n\nv\n\n## I\n\nt",
            [
                ("x", ("F", "A"), "prose"),
                ("y", ("F", "B"), "prose"),
                ("z", ("F", "C"), "prose"),
                ("w", ("F", "D"), "prose"),
                ("E", ("F",), "prose"),
                ("u", ("F", "G"), "prose"),
                ("v", ("F", "G", "H"), "prose"),
                ("t", ("I",), "prose"),
            ],
            id="details one after the other, of one line, empty, not closed",
        ),
        pytest.param(
            '<h2>A</h2><p title="a > b">x</p><h3>3 Nov 2025</h3><p>y</p><h2>B</h2>\nz',
            [
                ("x", ("A",), "prose"),
                ("3 Nov 2025", ("A", "3 Nov 2025"), "heading"),
                ("y", ("A", "3 Nov 2025"), "prose"),
                ("z", ("B",), "prose"),
            ],
            id="headings in one block of HTML",
        ),
        pytest.param(
            "- x <!-- a\n  b --> y\n\n> z <!-- c\n> d --> w\n\nUse `<!-- e -->`. <!-- e --> So.\n\n"
            "- <style>\n  p {}\n  </style>\n\n|a|b|\n|-|-|\n|x|<!-- f -->|\n|✅|❌|",
            [
                *((w, (), "prose") for w in ("x", "y", "z", "w", "Use `<!-- e -->`.", "So.")),
                ("|x|", ("a | b",), "lines"),
                ("|✅|❌|", ("a | b",), "lines"),
            ],
            id="comments in lists, quotes and beside code",
        ),
        pytest.param(
            "# Log\n\n## [2.0] - 2024-05-01\n\nx\n\n3 Nov 2025\n---\n\n## No date\n\ny",
            [
                ("[2.0] - 2024-05-01", ("Log", "[2.0] - 2024-05-01"), "heading"),
                ("x", ("Log", "[2.0] - 2024-05-01"), "prose"),
                ("3 Nov 2025", ("Log", "3 Nov 2025"), "heading"),
                ("y", ("Log", "No date"), "prose"),
            ],
            id="a heading that says when",
        ),
        pytest.param(
            '<h1 align="center">A &amp; <i>b</i></h1>\n<style>p {}</style>\n\n'
            "<p>x</p><p>y <b>z</b></p>\n\n"
            "<table><tr><th>a</th></tr><tr><td>b</td><td>c</td></tr></table>",
            [
                ("x", ("A & b",), "prose"),
                ("y <b>z</b>", ("A & b",), "prose"),
                ("a", ("A & b",), "prose"),
                ("b</td><td>c", ("A & b",), "lines"),
            ],
            id="paragraphs and headings in HTML",
        ),
        pytest.param(
            "# How to go\n\n1. Go.\n2. Stop\n   now.\n\nTo stop:\n\n1. Wait.\n2. Stay.\n\n"
            "# How much things cost\n\n- Be so.\n- Go.",
            [
                ("1. Go.\n2. Stop\n   now.", ("How to go",), "items"),
                ("1. Wait.\n2. Stay.", ("How to go", "To stop:"), "items"),
                ("Be so.", ("How much things cost",), "prose"),
                ("Go.", ("How much things cost",), "prose"),
            ],
            id="steps are one",
        ),
        pytest.param(
            '# <a id="a"></a>A<br>b\n\nx', [("x", ("A b",), "prose")], id="tags in a heading"
        ),
        pytest.param("---\ntitle: T\n---\nx", [("x", (), "prose")], id="front matter"),
        pytest.param("---\ntitle: T\n...\nx", [("x", (), "prose")], id="front matter with dots"),
        pytest.param(
            "---\n\nKept, too.\n\n---\n\nx",
            [("Kept, too.", (), "prose"), ("x", (), "prose")],
            id="two rules are no front matter",
        ),
        pytest.param("---\nx", [("x", (), "prose")], id="one rule"),
        pytest.param(
            "a\u2028b\x0bc\x85d", [("a\u2028b\x0bc\x85d", (), "prose")], id="odd line ends"
        ),
        pytest.param(
            "# Only a heading\n", [("# Only a heading", (), "prose")], id="headings alone"
        ),
        pytest.param("# A <!-- a -->", [("# A", (), "prose")], id="a comment in a heading alone"),
        pytest.param("[a]: http://b.c\n\nx [a]", [("x [a]", (), "prose")], id="a link's address"),
    ],
)
def test_blocks_of_markdown_point_into_the_source(
    text: str, wanted: list[tuple[str, tuple[str, ...], str]]
) -> None:
    assert blocks(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "# T\n\n|*a*|b|\n|-|-|\n|1|2|\n|3|4|\n\nx",
            [
                ("|1|2|", ("T", "a | b"), "lines"),
                ("|3|4|", ("T", "a | b"), "lines"),
                ("x", ("T",), "prose"),
            ],
            id="a table is its rows under the names of its columns",
        ),
        pytest.param("|a|b|\n|-|-|\n\nx", [("|a|b|", (), "lines"), ("x", (), "prose")], id="names"),
        pytest.param("|a|\n|-|\n||\n|b|", [("|b|", ("a",), "lines")], id="a row that says nothing"),
        pytest.param("> |a|\n> |-|\n> |1|", [("|1|", ("a",), "lines")], id="a table in a quote"),
        pytest.param("|||\n|-|-|\n|1|2|", [("|1|2|", (), "lines")], id="columns without names"),
    ],
)
def test_rows_of_a_table_stand_under_the_names_of_its_columns(
    text: str, wanted: list[tuple[str, tuple[str, ...], str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.loaders.markdown.tables.TABLE_MAX_WORDS", 0)
    assert blocks(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            'item,price,note\nDay pass,£3,per day\nLocker,£5,"big, red"',
            [
                ("Day pass,£3,per day", ("item | price | note",)),
                ('Locker,£5,"big, red"', ("item | price | note",)),
            ],
            id="values parted by commas",
        ),
        pytest.param(
            "31 Oct   19:00   Quiz\n25 Nov\t18:00  Market\n26 Nov   -   Rest",
            [
                (w, ())
                for w in ("31 Oct   19:00   Quiz", "25 Nov\t18:00  Market", "26 Nov   -   Rest")
            ],
            id="columns without names",
        ),
        pytest.param(
            "Day   Opens  Who\n  Mon    9:00  Ann \nTue   10:00  Bob",
            [(w, ("Day | Opens | Who",)) for w in ("Mon    9:00  Ann", "Tue   10:00  Bob")],
            id="columns with names",
        ),
        pytest.param(
            "So it is, as we said, and\nthey went, as ever, home\nto eat, drink, and sleep",
            [("So it is, as we said, and\nthey went, as ever, home\nto eat, drink, and sleep", ())],
            id="sentences with commas",
        ),
        pytest.param(
            "Owner  Ann\nSince  2019\nRoom  4",
            [("Owner  Ann", ()), ("Since  2019", ()), ("Room  4", ())],
            id="names and what they stand for",
        ),
        pytest.param(
            "Be polite.  Nobody may\npost links.  Those who\ndo so leave.  We mean it",
            [("Be polite.  Nobody may\npost links.  Those who\ndo so leave.  We mean it", ())],
            id="two blanks after a sentence",
        ),
        pytest.param("-\ta\n-\tb\n1.  c", [("-\ta\n-\tb\n1.  c", ())], id="items"),
        pytest.param("a, b, c\nd, e, f", [("a, b, c\nd, e, f", ())], id="two lines"),
        pytest.param('a,b,"c\nd,e,f\ng,h,i', [('a,b,"c\nd,e,f\ng,h,i', ())], id="an open quote"),
        pytest.param("One  gap\nNone\nNone", [("One  gap\nNone\nNone", ())], id="one gap"),
    ],
)
def test_a_table_in_plain_text_is_its_rows(
    text: str, wanted: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(text[b.start : b.end], b.section) for b in load_text(text).blocks] == wanted


@pytest.mark.parametrize(
    ("head", "title", "date", "url", "language"),
    [
        ("title: The Name\n", "The Name", None, None, None),
        ("title: 007\ndate: 2024-1-5\n", "007", "2024-1-5", None, None),
        ("date: 2024-99-99\n", "H", "2024-99-99", None, None),
        ("url: https://a.b/c\nlang: de\n", "H", None, "https://a.b/c", "de"),
        ("title: [a, b]\n", "H", None, None, None),
        ("title:\n", "H", None, None, None),
        ("title: >\n  folded\n  words\n", "folded words", None, None, None),
        ("tags: &a [x]\nmore: *a\n", "H", None, None, None),
        ('title: "\\ud83d\\ude00 Welcome"\n', "😀 Welcome", None, None, None),
        ('title: "\\ud83d Welcome"\n', "\ufffd Welcome", None, None, None),
        ("Title: A\nURL: https://a.b\nDate: 2024\nLang: de\n", "A", "2024", "https://a.b", "de"),
        ("title: Rules: more\nurl: https://a.b\n", "Rules: more", None, "https://a.b", None),
        ("title:\tRules\n\nTAGS: [a, b\n", "Rules", None, None, None),
        ("title: [Draft\nlang: de\n", "[Draft", None, None, "de"),
        ("title: [Draft] Rules\nog:title: x\n- y\n", "[Draft] Rules", None, None, None),
        ("title: 'A: b'\ndate: a: b\n", "A: b", "a: b", None, None),
        ("title: >\n  folded\ndate: a: b\nurl: [c]\nlang:\n", "H", "a: b", None, None),
        ("title: A\ntitle: b: c\n", "A", None, None, None),
    ],
)
def test_front_matter_gives_its_facts_as_they_are_written(
    head: str, title: str, date: str | None, url: str | None, language: str | None
) -> None:
    found = load_markdown(f"---\n{head}---\n# H\n\nx\n")
    assert (found.title, found.date, found.url, found.language) == (title, date, url, language)
    assert [found.text[b.start : b.end] for b in found.blocks] == ["x"]


@pytest.mark.parametrize("above", ["\n", " \t\n\n"])
def test_front_matter_may_stand_below_blank_lines(above: str) -> None:
    found = load_markdown(f"{above}--- \ntitle: A\n---\nx\n")
    assert (found.title, [found.text[b.start : b.end] for b in found.blocks]) == ("A", ["x"])


@pytest.mark.parametrize(
    "text",
    [
        "\n---\nNote: this is so.\n---\n\nx",
        "---\nSee: this: or that.\n---\n\nx",
        "---\nTitle: a: b\n\nProse that goes on.\n\n---\n\nx",
    ],
    ids=["below a blank line, nothing known", "no YAML, nothing known", "prose among its lines"],
)
def test_what_only_looks_like_front_matter_is_kept(text: str) -> None:
    assert front_matter(text) == ({}, 0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Minister haben sich auf gemeinsame Regeln geeinigt.", "de"),
        ("---\nlang: fr\n---\nDie Minister haben sich auf Regeln geeinigt.", "fr"),
        ("---\nlang: DE_at\n---\nThe ministers agreed.", "de"),
        ("---\nlang: German\n---\nThe ministers agreed.", "de"),
        ("---\nlang: klingon\n---\nThe ministers agreed.", "en"),
        ("---\ntitle: Die Regeln der Minister\n---\nThey have agreed on all of it.", "en"),
        ("部长们同意了这些规则。", "zh"),
        ("42", "en"),
    ],
)
def test_a_document_has_the_language_it_names_or_that_of_its_words(
    text: str, language: str, tmp_path: Path
) -> None:
    assert loaded(tmp_path, "a.md", text.encode()).language == language


@pytest.mark.parametrize(
    "head",
    ["[" * 5000, "a: b: c: d", "? [x]\n: y", "!!python/object:os.system {}", "a: &a [*a]", "\t- x"],
)
def test_a_head_that_is_no_front_matter_stops_nothing(head: str) -> None:
    found = load_markdown(f"---\n{head}\n---\n\nThe words.\n")
    assert found.text[found.blocks[-1].start : found.blocks[-1].end] == "The words."


@pytest.mark.parametrize(
    "head",
    [
        "Title: Rules: part 1\n\n# No spam\n\n- Be kind: always",
        "Date: Friday: 19:00\n\n- Bring snacks",
    ],
)
def test_paragraphs_between_two_rules_are_no_front_matter(head: str) -> None:
    text = f"---\n{head}\n\n---\n\nBody"
    assert "snacks" in str(blocks(text)) or "Be kind" in str(blocks(text))


def test_a_head_whose_names_repeat_each_other_does_not_grow() -> None:
    bomb = "a0: &a0 [lol, lol]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
    )
    found = load_markdown(f"---\n{bomb}title: *a11\n---\nx\n")
    assert found.title is None


@given(st.text(alphabet="ab#->*+`~|=_<1.) \t\n\u00a0\u2028é\\[]:", max_size=60))
def test_blocks_of_any_markdown_are_ordered_and_exact(text: str) -> None:
    found = load_markdown(text)
    assert found.text == text
    in_order(text, found.blocks)


@given(st.lists(st.text(alphabet="abc .,é\u00a0", min_size=1), min_size=1).map("\n\n".join))
def test_paragraphs_of_plain_words_lose_nothing_but_white_space(text: str) -> None:
    kept = "".join(text[b.start : b.end] for b in load_markdown(text).blocks)
    assert "".join(kept.split()) == "".join(text.split())


def in_order(text: str, found: tuple[Block, ...]) -> None:
    places = [place for block in found for place in (block.start, block.end)]
    assert places == sorted(places)
    assert all(0 <= b.start < b.end <= len(text) for b in found)
    assert all(text[b.start : b.end].strip() for b in found)


def test_files_are_found_below_in_order_and_hidden_ones_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", ".hidden.txt", ".git/config.txt", "a/.b/c.txt", "A.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert find_files(tmp_path) == ["A.txt", "a/z.md", "b.txt"]


def manifest() -> list[dict[str, object]]:
    if not FORMATS.is_dir():
        return []
    return list(json.loads((FORMATS / "manifest.json").read_bytes())["files"])


def flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


needs_formats = pytest.mark.skipif(
    not FORMATS.is_dir(),
    reason="the collection of formats is absent; QUOTH_SHARED names its folder",
)


@needs_formats
@pytest.mark.parametrize("entry", [pytest.param(e, id=str(e["file"])) for e in manifest()])
def test_a_file_of_the_collection_gives_its_text_or_a_clear_refusal(
    entry: dict[str, list[str]],
) -> None:
    path, expected = str(entry["file"]), str(entry["expect"])
    if Path(path).suffix.lower() not in LOADERS:
        with pytest.raises(LoadError, match=r"not supported \(supported: "):
            load(FORMATS, path)
    elif expected == "error":
        with pytest.raises(LoadError):
            load(FORMATS, path)
    else:
        with suppress(LoadError) if expected == "either" else nullcontext():
            text = flat(load(FORMATS, path).text)
            wanted, unwanted = entry.get("must_contain", []), entry.get("must_not_contain", [])
            assert [words for words in wanted if flat(words) not in text] == []
            assert [words for words in unwanted if words in text] == []


@needs_formats
def test_all_files_of_the_collection_in_one_folder_build(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    report = make_engine(FORMATS, tmp_path / "data").reindex()
    refused = {q.document for q in report.quarantined}
    texts = {
        str(e["file"])
        for e in manifest()
        if Path(str(e["file"])).suffix in LOADERS and e["expect"] == "text"
    }
    assert texts <= set(report.added)
    assert refused.isdisjoint(report.added)
    assert refused | set(report.added) == set(find_files(FORMATS))
