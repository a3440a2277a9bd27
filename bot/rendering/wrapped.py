"""Markdown as a page shows it: lines that only wrap go on, and what is escaped is what is meant."""

import re
import string
from collections.abc import Mapping
from html import unescape

from bot.rendering.inert import inert_text
from index import Quote, is_markdown

BREAK = re.compile(r"(?<=\S)\r?(?P<end>\n)(?P<indent>[ \t]*)(?=\S)")
"""Between two lines that are not empty, the first of which does not end in blanks."""

OWN_LINE = re.compile(r"[-*+]\s|\d{1,9}[.)]\s|[>|#<]|```|~~~")
"""How a line begins that goes on with nothing."""


CODE = re.compile(r"(?<![`\\])(`{1,3})(?!`)[^\n]+?(?<!`)\1(?!`)")
ESCAPED = re.compile(rf"\\([{re.escape(string.punctuation)}])")
CELLS = re.compile(r"</t[dh]\s*>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:a|abbr|b|br|code|em|font|i|img|kbd|mark|s|small|span|strong|sub|sup|t[dh]|u)\b[^<>]*>",
    re.IGNORECASE,
)
"""Tags within a paragraph or a row."""

LIST_SIGN = re.compile(r"\s*\d*([-+.)])")

BEGINS_LINE = re.compile(r"\s*\d*")

ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.IGNORECASE)


def unwrapped(text: str, quote: Quote) -> Mapping[int, str]:
    """What is shown in place of characters of a quote, by their place in `text`, a part of it.

    Inert, too. None of blocks of code, where all is shown as it stands, and only of Markdown.
    """
    if not is_markdown(quote.document) or "```" in text or "~~~" in text:
        return {}
    shown = _meant(text)
    if quote.kind == "lines":
        return shown
    for found in BREAK.finditer(text):
        begins = text.rfind("\n", 0, found.start()) + 1
        lines = text[begins : found.start()].lstrip(), text[found.end() : found.end() + 12]
        kept = lines[0].startswith(("|", "#", "<")) or lines[0].endswith("\\")
        if not kept and not OWN_LINE.match(lines[1]):
            shown[found.start("end")] = " "
            shown |= dict.fromkeys(range(*found.span("indent")), "")
    return shown


def _meant(text: str) -> dict[int, str]:
    """Characters for what stands for them, after a backslash or by name; nothing for tags.

    Not within code.
    """
    code = {place for found in CODE.finditer(text) for place in range(*found.span())}
    shown: dict[int, str] = {}
    for pattern, instead in ((TAG, ""), (CELLS, r" \| ")):
        for found in pattern.finditer(text):
            if found.start() not in code:
                shown |= dict.fromkeys(range(*found.span()), "")
                shown[found.start()] = instead
                shown |= _no_list(text, found.start(), found.end())
    for found in ESCAPED.finditer(text):
        if found.start() not in code and found.start() not in shown:
            shown[found.start()] = ""
            shown[found.start() + 1] = f"\\{found[1]}"
    for found in ENTITY.finditer(text):
        character = unescape(found[0])
        plain = found.start() not in code and found.start() not in shown
        if plain and len(character) == 1 and not character.isspace():
            shown |= dict.fromkeys(range(*found.span()), "")
            literal = f"\\{character}" if character in string.punctuation else inert_text(character)
            shown[found.start()] = literal
    return shown


def _no_list(text: str, start: int, end: int) -> dict[int, str]:
    """What would begin a list, were the tag there not shown at the beginning of its line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    sign = LIST_SIGN.match(text, end)
    if sign is None or not BEGINS_LINE.fullmatch(TAG.sub("", before)):
        return {}
    return {sign.start(1): f"\\{sign[1]}"}
