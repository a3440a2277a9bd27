"""The words of a paragraph, a heading or a cell, as a page shows them."""

import re

from markdown_it.token import Token

from index.markup import COMMENT_OPENS

HEADING_MAX_CHARACTERS = 200

SENTENCE_END = re.compile(r"(?<=[.!?]) |(?<=[。！？])|(?<=[।؟]) ")
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
CLOSING = ")]\"'”’»*_"

BREAKS = {"softbreak", "hardbreak"}
LINE_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)


def plain(inline: Token, *, pictures: bool = True) -> str:
    """The words without markup and tags; those that stand for pictures may be left out."""
    children = inline.children or []
    shown = (child for child in children if pictures or child.type != "image")
    return " ".join("".join(map(_words, shown)).split())


def _words(child: Token) -> str:
    if child.type == "html_inline":
        return " " if LINE_BREAK_TAG.match(child.content) else ""
    return " " if child.type in BREAKS else child.content


def has_comment(inline: Token) -> bool:
    """Whether a comment of HTML stands among the words."""
    children = inline.children or []
    tags = (child.content for child in children if child.type == "html_inline")
    return any(tag.startswith(COMMENT_OPENS) for tag in tags)


def cut(heading: str) -> str:
    """The most of a heading that is searched and shown: it is kept with every passage below."""
    return heading[:HEADING_MAX_CHARACTERS]


def last_sentence(said: str) -> str:
    """The last sentence of what a paragraph says, as a heading."""
    return cut(SENTENCE_END.split(said)[-1])


def is_sentence(said: str) -> bool:
    """Whether it ends as a sentence does."""
    return said.rstrip(CLOSING).endswith(SENTENCE_ENDS)
