"""What was asked: nothing, one question, or two in one."""

import re
import unicodedata

SMALL_TALK = frozenset(
    """a afternoon again all and anyway are awesome bot brilliant bye cheers cool day dear evening
    everyone everything excellent fine fixed for friend gg good goodbye great greetings guys haha
    have hello help helped helpful hey hi hiya how howdy is it it's its just kind later lol lot
    love lovely many mate me morning much nah nice night no nope not nothing now ok okay one
    perfect please quoth say see so solved sorry sup sure thank thanks that that's thats the there
    this thx to today true ty up very was welcome well what's whats worked works wow yeah yep yes
    yo you you're your youre
    adios buenos dias gracias hola muchas bonjour merci salut bitte dank danke dir euch gruss guten
    hallo moin morgen schön sehr servus tag tschüss vielen ciao grazie obrigado olá multumesc
    mulțumesc salut merhaba teşekkürler teşekkür ederim cảm ơn xin chào спасибо привет здравствуйте
    γεια ευχαριστώ नमस्ते धन्यवाद مرحبا شكرا สวัสดี ขอบคุณ 你好 谢谢 您好 多谢
    こんにちは ありがとう""".split()  # noqa: SIM905  # reads better
)
"""Words that say nothing to look up when a message holds no others."""

GREETINGS = SMALL_TALK - frozenset(
    """a again all and are bot day dir euch everyone everything fine fixed for good guys have help
    helped helpful how is it it's its just kind later lot love many mate me much nah no nope not
    nothing now one perfect please say schön see sehr so solved sure that that's thats the there
    this to today true up very was well worked works yeah yep yes you your youre
    you're""".split()  # noqa: SIM905  # reads better
)
"""Those of which one at least makes it small talk."""

MERE_ANSWERS = frozenset(
    """fixed good indeed nah nein no nope not nothing ok okay perfect please solved sure true yeah
    yep yes ja da non no oui si sí""".split()  # noqa: SIM905  # reads better
)
"""Words that only answer somebody: a message of nothing else is small talk, too."""

ABOUT_THE_BOT = re.compile(
    r"""(?:(?:can|could|will|would)\ (?:you|someone|anyone)\ (?:please\ )?|i\ need\ (?:some\ )?
        |please\ )?help(?:\ me)?(?:\ please)?
    |(?:who|what)\ are\ you|(?:who|what)\ is\ this\ bot|are\ you\ (?:a\ |an\ )?
        (?:bot|human|real|robot|ai|person)
    |(?:what\ can\ you|what\ do\ you)\ do|how\ do\ you\ work|good\ bot|bad\ bot""",
    re.VERBOSE,
)
"""Asks for the bot itself, which is told with any small talk."""

SMALL_TALK_MAX_WORDS = 8

ASKS = re.compile(
    r"(?<!how )(?<!that )(?<!this )(?<!it )(?<!you )(?<!there )\b"
    r"(?:(?:is|are|was) (?:it|that|there|this|the|all|everyone)\b|what'?s (?!(?:up|good)\b))"
    r"|\bhow (?:much|many)\b|\bhow (?:is|was) (?:it|this|that) (?:fixed|helped|solved|worked)\b"
)
"""Asks after something, if only by pointing to it: "is that ok?"."""

WORD = re.compile(r"[^\s!?¡¿.,;:…()\"“”*_~<>-]+")

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


def is_small_talk(text: str) -> bool:
    """Whether the message only greets, thanks, says goodbye or yes, or asks for the bot itself."""
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold().replace("’", "'"))
    if len(words) > SMALL_TALK_MAX_WORDS or ASKS.search(" ".join(words)):
        return False
    if ABOUT_THE_BOT.fullmatch(" ".join(words)) or (words and MERE_ANSWERS.issuperset(words)):
        return True
    how_are_you = words[:3] == ["how", "are", "you"]
    return (how_are_you or bool(GREETINGS.intersection(words))) and SMALL_TALK.issuperset(words)


def parts(text: str) -> tuple[str, ...]:
    """The questions that `text` asks in one: two, or itself alone."""
    found = [part.strip() for part in SECOND_QUESTION.split(text) if part.strip()]
    two = len(found[1:]) == 1 and all(len(WORD.findall(part)) >= PART_MIN_WORDS for part in found)
    return tuple(found) if two else (text,)
