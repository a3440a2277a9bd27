"""A question whether something is spoken of at all: "does it say anything about ransomware?".

Whatever names the thing answers it, so it is also searched and read as the thing alone, and a
quote that holds every word of it counts for that. Forms are English.
"""

import re
from collections.abc import Sequence

from index.stems import STOP_WORDS, Word, content_stems, words_of

_LEAD = r"""(?:(?:hey|hi|so|and|but|also|ok|okay|well|um|please)\b[\s,]*)*
    (?:(?:(?:can|could)\s+(?:you|anyone|someone|somebody)\s+tell\s+(?:me|us)
        |(?:do|does)\s+(?:you|anyone|anybody)\s+know
        |(?:i\s+|just\s+)?wonder(?:ing)?)\s+)?
    (?:(?:if|whether)\s+)?"""

_WORK = r"""(?:article|docs?|documents?|documentation|text|pages?|rules?|guides?|guidelines|faq
    |handbook|manual|polic(?:y|ies)|terms|report|story|piece|paper|book|notes?|wiki|readme|files?
    |sources?|post|section|chapter|announcements?|statement|bot)"""

_THEY = rf"""(?:it|they|this|that|these|those|we|you|anyone|anybody
    |(?:the|this|that|these|those|your|our|any)\s+(?:(?!of\b)[\w'’-]+\s+){{0,2}}?{_WORK})"""

_ANYTHING = r"""(?:anything|something|a\s+word|(?:any|some|more)\s+(?:info|information|words?
    |mentions?|details?|rules?|stuff|news|sections?|parts?|passages?|sentences?|chapters?))"""

_ABOUT = r"""(?:in\s+(?:it|there|here|(?:the|these|those|your)\s+[\w-]+)\s+)?
    (?:about|on|of|for|regarding|concerning|re)"""

_FORMS = (
    # "does it say anything about X", "do the rules mention X"
    rf"""(?:(?:does|do|did|will)\s+)?{_THEY}\s+(?:(?:ever|also|even)\s+)?(?:
        (?:says?|said|tells?\s+(?:me|us|you)|knows?|(?:ha(?:ve|s|d)\s+)?got|ha(?:ve|s|d)|contains?
            |includes?|writes?)\s+(?:{_ANYTHING}|much|more)\s+{_ABOUT}
        |(?:mentions?|covers?|discuss(?:es)?|address(?:es)?|touch(?:es)?\s+(?:up)?on
            |(?:talks?|speaks?|writes?|says?|said)\s+(?:about|of))
            (?:\s+{_ANYTHING}\s+{_ABOUT})?)""",
    # "is there anything about X", "anything on X", "any info about X"
    rf"""(?:(?:is|are|was|were)\s+there\s+|there\s+(?:is|are|was|were)\s+)?
        (?:{_ANYTHING}|info|information|news|mentions?)\s+{_ABOUT}""",
    # "what does it say about X", "what's said about X"
    rf"""what(?:['’]s|\s+(?:does|do|did|is|was))?\s+(?:{_THEY}\s+)?
        (?:said|says?|stated|written|mentioned|tell\s+(?:me|us))
        \s+(?:about|on|regarding|concerning)""",
    # "what about X", where nothing was asked before
    r"""(?:what|how)\s+about""",
    # "tell me about X"
    r"""(?:tell\s+(?:me|us)|i(?:['’]d|\s+would)?\s+(?:want|like)\s+to\s+know)
        (?:\s+(?:more|something|a\s+bit))?\s+about""",
)

_TAIL = r"""(?:[\s,]+(?:
    in\s+(?:it|there|here|them|this|that|(?:the|this|these|those|your|our)\s+[\w-]+)
    |here|there|anywhere|somewhere|at\s+all|by\s+any\s+chance|please|pls|then|too|maybe))"""
"""What may stand after the topic."""

_NAMED_LAST = re.compile(
    rf"\s*{_LEAD}(?:{'|'.join(_FORMS)})\s+(?P<topic>\S.*)", re.IGNORECASE | re.VERBOSE | re.DOTALL
)

_NAMED_FIRST = re.compile(  # "is X mentioned anywhere", "if X is mentioned"
    rf"""\s*{_LEAD}(?:(?:is|are|was|were)\s+|(?<=if\s)|(?<=whether\s))(?P<topic>\S.*?)
    (?:\s+(?:is|are|was|were|ever|even|also|at\s+all|anywhere|somewhere))*
    \s+(?:mentioned|discussed|talked\s+about|spoken\s+of|brought\s+up|touched\s+(?:up)?on)
    {_TAIL}*[\W_]*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_AFTER_IT = re.compile(rf"{_TAIL}+$", re.IGNORECASE | re.VERBOSE)

_NO_TOPIC = re.compile(
    r"""(?:who|whom|whose|what|when|where|which|why|how|if|whether)\b
    |(?:it|this|that|these|those|they|them|he|she|him|her|you|me|us|i|we|there|so)$""",
    re.IGNORECASE | re.VERBOSE,
)
"""A question of its own, or what was spoken of before."""

AROUND = " \t\n,;:?!.…\"'“”‘’*_`"
"""Stripped from a topic."""

LOOKED_UP_MAX_WORDS = 2
LOOKED_UP_MAX_RUN = 6
"""So few words, all of them to be searched, are a topic by themselves. A run is what a script
without spaces parts no words in; a longer one is a question."""


def topic(question: str) -> str | None:
    """What a question wants to know whether it is spoken of, or None for any other question."""
    if _is_looked_up(words_of(question)):
        return question.strip(AROUND)
    found = _NAMED_LAST.fullmatch(question) or _NAMED_FIRST.fullmatch(question)
    if not found:
        return None
    named = _AFTER_IT.sub("", found["topic"].strip(AROUND)).strip(AROUND)
    return None if not named or _NO_TOPIC.match(named) else named


def _is_looked_up(words: Sequence[Word]) -> bool:
    return 0 < len(words) <= LOOKED_UP_MAX_WORDS and not any(
        len(word) > LOOKED_UP_MAX_RUN if run else word in STOP_WORDS for word, run in words
    )


def wordings(question: str) -> tuple[str, ...]:
    """How a question is read: as it stands, and where it asks about a topic, as that alone."""
    wanted = topic(question)
    return (question,) if wanted in {None, question.strip(AROUND)} else (question, wanted)


def names(text: str, heading: str, wanted: str, language: str) -> bool:
    """Whether a text under its heading holds every word of a topic, in whatever form.

    One of them at least must stand in the text itself. `language` is that of the text.
    """
    sought = content_stems(wanted, language)
    standing = content_stems(text, language)
    return bool(sought & standing) and sought <= standing | content_stems(heading, language)
