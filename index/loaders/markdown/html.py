"""Blocks of HTML between the paragraphs: comments are not there, a summary heads its details."""

import re
from html import unescape

from index.loaders.markdown.inline import cut

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SUMMARY = re.compile(r"<summary\b[^>]*>(.*?)</summary\s*>", re.DOTALL | re.IGNORECASE)
DETAILS_CLOSE = re.compile(r"</details\s*>", re.IGNORECASE)


def comments(html: str) -> list[str]:
    """The comments in it, in order; one that is not closed takes all the rest."""
    return COMMENT.findall(html)


def said(html: str) -> str:
    """Its words as a page shows them."""
    return " ".join(unescape(TAG.sub("", COMMENT.sub("", html))).split())


def summaries(html: str) -> list[str]:
    """What each `<summary>` in it says, for what is folded away under it."""
    return list(filter(None, (cut(said(one)) for one in SUMMARY.findall(COMMENT.sub("", html)))))


def closed(html: str) -> int:
    """How many `<details>` end in it."""
    return len(DETAILS_CLOSE.findall(COMMENT.sub("", html)))
