"""Blocks of HTML between the paragraphs, as a page shows them."""

import re
from collections.abc import Iterator
from html import unescape

from index.loaders.markdown.inline import cut

COMMENT = r"<!--.*?(?:-->|\Z)"
UNSEEN = r"<(?P<unseen>style|script|head|template|noscript)\b.*?(?:</(?P=unseen)\s*>|\Z)"
TITLE = r"<(?P<title>summary|h[1-6])\b[^>]*>(?P<words>.*?)</(?P=title)\s*>"
PARTS = r"""</t[dh]\s*>\s*</tr\s*>|<tr\b[^>]*>\s*<t[dh]\b[^>]*>
    |</?(?:address|article|aside|blockquote|body|center|dd|details|div|dl|dt|figcaption|figure
    |footer|form|header|hr|html|li|main|nav|ol|p|section|table|tbody|tfoot|thead|tr|ul)\b[^>]*>"""

NO_WORDS = re.compile(f"{COMMENT}|{UNSEEN}|{TITLE}|{PARTS}", re.DOTALL | re.IGNORECASE | re.VERBOSE)
"""What is not shown, what heads the rest, and tags that part one paragraph from the next."""

INVISIBLE = re.compile(f"{COMMENT}|{UNSEEN}", re.DOTALL | re.IGNORECASE)
TITLES = re.compile(TITLE, re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
DETAILS_CLOSE = re.compile(r"</details\s*>", re.IGNORECASE)


def no_words(html: str) -> list[str]:
    """All in it that is no part of a paragraph, in order; an open comment takes all the rest."""
    return [found[0] for found in NO_WORDS.finditer(html)]


def has_cells(html: str) -> bool:
    """Whether it is of a table."""
    return CELL.search(html) is not None


def headings(html: str) -> Iterator[tuple[int, str]]:
    """Level and words of each heading in it."""
    for name, words in _titles(html):
        if name != "summary":
            yield int(name[1]), words


def summaries(html: str) -> list[str]:
    """What each `<summary>` in it says, for what is folded away under it."""
    return [words for name, words in _titles(html) if name == "summary"]


def closed(html: str) -> int:
    """How many `<details>` end in it."""
    return len(DETAILS_CLOSE.findall(INVISIBLE.sub("", html)))


def _titles(html: str) -> Iterator[tuple[str, str]]:
    for found in TITLES.finditer(INVISIBLE.sub("", html)):
        words = " ".join(unescape(TAG.sub("", found["words"])).split())
        if words:
            yield found["title"].casefold(), cut(words)
