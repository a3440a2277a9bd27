"""What a Markdown file says of itself before it begins: YAML between two rules."""

import re
from collections.abc import Mapping

import yaml

FRONT_MATTER = re.compile(r"\A---\n(.*?\n)?(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
"""A YAML head between two rules, as static site generators write it."""


def front_matter(text: str) -> tuple[Mapping[str, str], int]:
    """Title, url, date and lang as they are written there, and where the body starts.

    What stands between two rules but is no YAML mapping belongs to the body.
    """
    head = FRONT_MATTER.match(text)
    if head is None:
        return {}, 0
    try:
        facts = yaml.load(head.group(1) or "", Loader=yaml.BaseLoader)  # noqa: S506  # only strings
    except (yaml.YAMLError, RecursionError):
        return {}, 0
    if not isinstance(facts, dict):
        return {}, 0
    words = {key: _whole(fact) for key, fact in facts.items() if isinstance(fact, str)}
    kept = ("title", "url", "date", "lang")
    return {key: words[key] for key in kept if words.get(key)}, head.end()


def _whole(fact: str) -> str:
    """Its words, with the halves of a character put together that JSON writes as two escapes."""
    joined = fact.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(joined.split())
