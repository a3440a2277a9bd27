"""What was asked: one question, or two in one."""

import re

WORD = re.compile(r"\w+")

SECOND_QUESTION = re.compile(
    r"""\?\s+(?=\w)|,?\s+(?:
    and\s+(?=(?:who|whom|whose|what|when|where|which|why|how)\b)
    |und\s+(?=(?:wer|wen|wem|wessen|was|wann|wo|wohin|woher|welche[mnrs]?|warum|wieso|wie)\b)
    |et\s+(?=(?:qui|que|quoi|quand|où|quel(?:le)?s?|pourquoi|comment|combien)\b)
    |y\s+(?=(?:quién(?:es)?|qué|cuándo|dónde|cuál(?:es)?|por\s+qué|cómo|cuánt[oa]s?)\b)
    |e\s+(?=(?:chi|che|cosa|quando|dove|quale|quali|perché|come|quant[oaie])\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where one question ends and the next begins: in English, German, French, Spanish, Italian."""

PART_MIN_WORDS = 3
"""A shorter half ("and why") cannot be asked by itself."""


def parts(text: str) -> tuple[str, ...]:
    """The questions that `text` asks in one: two, or itself alone."""
    found = [part.strip() for part in SECOND_QUESTION.split(text) if part.strip()]
    two = len(found[1:]) == 1 and all(len(WORD.findall(part)) >= PART_MIN_WORDS for part in found)
    return tuple(found) if two else (text,)
