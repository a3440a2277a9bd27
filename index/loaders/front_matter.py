"""What a Markdown file says of itself before it begins: YAML between two rules."""

import re
from collections.abc import Mapping

import yaml

FRONT_MATTER = re.compile(
    r"\A(?P<blank>(?:[^\S\n]*\n)*)---[^\S\n]*\n(?P<head>.*?\n)?(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)",
    re.DOTALL,
)
"""A YAML head between two rules, as static site generators write it, or below blank lines."""

KNOWN = ("title", "url", "date", "lang")

LINE_OF_A_HEAD = re.compile(r"[\w\"'.:@/ -]+:(?:\s|\Z)|\s|[-#\]}]|\Z")
"""How each line of a head begins: with a key, or as what goes on under one."""

BEGINS_ANEW = re.compile(r"\n[^\S\n]*\n[#*+-]")
"""A heading or a list after an empty line is of a body, between two rules by chance."""

KNOWN_LINE = re.compile(rf"({'|'.join(KNOWN)})\s*:\s+(.*\S)", re.IGNORECASE)

NO_WORDS = re.compile(r"[>|][+-]?\d?|\[.*\]|\{.*\}")
"""What YAML means by another thing than words: that lines follow, a list, a mapping."""


def front_matter(text: str) -> tuple[Mapping[str, str], int]:
    """Title, url, date and lang as they are written there, and where the body starts.

    Of a head that is no YAML for one slip (`title: Rules: the sequel`) its lines are read by
    themselves. What stands between two rules but is no mapping belongs to the body; so does what
    stands below blank lines or is no YAML, and names none of the four.
    """
    found = FRONT_MATTER.match(text)
    if found is None:
        return {}, 0
    head = found["head"] or ""
    try:
        read = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506  # only strings
    except (yaml.YAMLError, RecursionError):
        facts = _by_lines(head)
        return facts, found.end() if facts else 0
    if not isinstance(read, dict):
        return {}, 0
    facts = {key.lower(): fact for key, fact in read.items() if isinstance(key, str)}
    if found["blank"] and not facts.keys() & set(KNOWN):
        return {}, 0
    words = {key: _whole(facts[key]) for key in KNOWN if isinstance(facts.get(key), str)}
    return {key: fact for key, fact in words.items() if fact}, found.end()


def _by_lines(head: str) -> Mapping[str, str]:
    """The known facts that stand on a line each; none where a line is of no head."""
    lines = head.split("\n")
    if not all(LINE_OF_A_HEAD.match(line) for line in lines) or BEGINS_ANEW.search(head):
        return {}
    facts: dict[str, str] = {}
    for found in filter(None, map(KNOWN_LINE.match, lines)):
        key, fact = found[1].lower(), _unquoted(_whole(found[2]))
        if fact and not NO_WORDS.fullmatch(fact):
            facts.setdefault(key, fact)
    return facts


def _unquoted(fact: str) -> str:
    quoted = re.fullmatch(r"""(["'])(.*)\1""", fact)
    return quoted[2].strip() if quoted else fact


def _whole(fact: str) -> str:
    """Its words, with the halves of a character put together that JSON writes as two escapes."""
    joined = fact.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(joined.split())
