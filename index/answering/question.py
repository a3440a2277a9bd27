"""What was asked: nothing, one question, or two in one."""

import re
import unicodedata

SMALL_TALK = frozenset(
    """a afternoon again all and are bot bye cheers cool day dear evening everyone for friend good
    goodbye great greetings guys haha have hello help hey hi hiya how howdy is it just kind later
    lol lot love lovely many mate morning much nice night ok okay please quoth say see so sorry sup
    thank thanks that the there this thx to today ty up very was welcome well whats what's wow yes
    yo you
    your youre you're
    adios buenos dias gracias hola muchas bonjour merci salut danke gruss guten hallo morgen tag
    tschüss ciao grazie obrigado olá multumesc mulțumesc salut merhaba teşekkürler teşekkür ederim
    cảm ơn xin chào спасибо привет здравствуйте γεια ευχαριστώ नमस्ते धन्यवाद مرحبا شكرا สวัสดี ขอบคุณ
    你好 谢谢 您好 多谢 こんにちは ありがとう""".split()  # noqa: SIM905  # reads better
)
"""Words that say nothing to look up when a message holds no others."""

GREETINGS = SMALL_TALK - frozenset(
    """a again all and are bot day everyone for good guys have help how is it just kind later lot
    love many mate much please say see so that the there this to today up very was well yes you your
    youre you're""".split()  # noqa: SIM905  # reads better
)
"""Those of which one at least makes it small talk."""

SMALL_TALK_MAX_WORDS = 8

ASKS = re.compile(
    r"(?<!how )(?<!that )(?<!this )(?<!it )(?<!you )(?<!there )\b"
    r"(?:(?:is|are|was) (?:it|that|there|this|the|all|everyone)\b|what'?s (?!(?:up|good)\b))"
)
"""Asks after something, if only by pointing to it: "is that ok?"."""

WORD = re.compile(r"[^\s!?¡¿.,;:…()\"“”*_~<>-]+")

SECOND_QUESTION = re.compile(
    r"\?\s+(?=\w)|,?\s+(?:and|und|et|y|e)\s+(?=(?:who|whom|whose|what|when|where|which|why|how)\b)",
    re.IGNORECASE,
)
"""Where one question ends and the next begins."""

PART_MIN_WORDS = 3
"""A shorter half ("and why") cannot be asked by itself."""


def is_small_talk(text: str) -> bool:
    """Whether the message only greets, thanks or says goodbye."""
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold().replace("’", "'"))
    if len(words) > SMALL_TALK_MAX_WORDS or ASKS.search(" ".join(words)):
        return False
    how_are_you = words[:3] == ["how", "are", "you"]
    return (how_are_you or bool(GREETINGS.intersection(words))) and SMALL_TALK.issuperset(words)


def parts(text: str) -> tuple[str, ...]:
    """The questions that `text` asks in one: two, or itself alone."""
    found = [part.strip() for part in SECOND_QUESTION.split(text) if part.strip()]
    two = len(found) == 2 and all(len(WORD.findall(part)) >= PART_MIN_WORDS for part in found)  # noqa: PLR2004
    return tuple(found) if two else (text,)
