"""Line breaks that only wrap a paragraph of Markdown: a page shows them as blanks, and so do we."""

import re
from collections.abc import Mapping

from index import Quote, is_markdown

BREAK = re.compile(r"(?<=\S)\r?(?P<end>\n)(?P<indent>[ \t]*)(?=\S)")
"""Between two lines that are not empty, the first of which does not end in blanks."""

OWN_LINE = re.compile(r"[-*+]\s|\d{1,9}[.)]\s|[>|#<]|```|~~~")
"""How a line begins that goes on with nothing."""


def unwrapped(text: str, quote: Quote) -> Mapping[int, str]:
    """What is shown in place of characters of a quote, by their place in `text`, a part of it.

    A blank, or nothing. None of code and of a table's rows, and only of Markdown.
    """
    if quote.kind == "lines" or not is_markdown(quote.document):
        return {}
    shown: dict[int, str] = {}
    for found in BREAK.finditer(text):
        begins = text.rfind("\n", 0, found.start()) + 1
        lines = text[begins : found.start()].lstrip(), text[found.end() : found.end() + 12]
        kept = lines[0].startswith(("|", "#", "<")) or lines[0].endswith("\\")
        if not kept and not OWN_LINE.match(lines[1]):
            shown[found.start("end")] = " "
            shown |= dict.fromkeys(range(*found.span("indent")), "")
    return shown
