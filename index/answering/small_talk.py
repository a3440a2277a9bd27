"""Messages that ask nothing of the documents: greetings, thanks, "who are you?", a thumb up."""

import re
import unicodedata

GREETINGS = frozenset(
    """abend adios afternoon anyway awesome beaucoup bitte bonjour bonsoir brilliant buenas
    buenos buona buongiorno bye cheers ciao cool dank danke dias ederim evening excellent
    friend gg gm gn goodbye gracias grazie great greetings gruss guten haha hallo hello hey hi
    hiya hola howdy lol lovely merci merhaba moin morgen morning muchas multumesc nice night noches
    obrigado ok okay perfekt salut servus sorry sup super tardes thank thanks thx ty tysm
    vielen welcome what's whats wow xin yo chào cảm grüße mulțumesc olá teşekkür teşekkürler
    tschüss ơn γεια ευχαριστώ здравствуйте привет спасибо شكرا مرحبا धन्यवाद नमस्ते ขอบคุณ
    สวัสดี ありがとう こんにちは 你好 多谢 您好 谢谢""".split()  # noqa: SIM905  # reads better
)
"""Words of which one at least makes a message small talk."""

BESIDE_GREETINGS = frozenset(
    """a again all alle alles and are bot bro day dear dir dude euch everyone everything fine
    fixed for geklappt good guys hat have help helped helpful how is it it's its just kind
    klar later leute lot love many mate me much nah no nope not nothing now one perfect
    please quoth say see sehr so solved sure tag that that's thats the there this to today
    true u up ur very was well worked works yeah yep yes you you're your
    youre zusammen schön""".split()  # noqa: SIM905  # reads better
)
"""Words that may stand beside one, and say nothing to look up there."""

MERE_ANSWERS = frozenset(
    """alles awesome cool d'accord da excellent fixed good great gut indeed ja k kk klar nah
    nein nice no non nope not nothing ok okay okidoki oui perfect perfekt please si solved super
    sure true vale yeah yep yes sí""".split()  # noqa: SIM905  # reads better
)
"""Words that only answer somebody: a message of nothing else is small talk, too."""

ABOUT_THE_BOT = re.compile(
    r"""(?:(?:can|could|will|would)\ (?:you|someone|anyone)\ (?:please\ )?|i\ need\ (?:some\ )?
        |please\ )?help(?:\ me)?(?:\ please)?
    |(?:who|what)\ are\ you|(?:who|what)\ is\ this\ bot|are\ you\ (?:a\ |an\ )?
        (?:bot|human|real|robot|ai|person)|who\ (?:made|built|created|wrote)\ you
    |(?:what\ can\ you|what\ do\ you)\ do|how\ do\ you\ work|good\ bot|bad\ bot
    |w(?:er|as)\ bist\ du|bist\ du\ (?:ein\ |eine\ )?(?:bot|mensch|ki|roboter)|was\ kannst\ du
        |wie\ funktionierst\ du|hilfe
    |qui\ (?:es\ tu|êtes\ vous)|que\ (?:peux\ tu|sais\ tu)\ faire|aide\ moi
    |quién\ eres|qué\ puedes\ hacer|ayuda|chi\ sei|cosa\ puoi\ fare|aiuto""",
    re.VERBOSE,
)
"""Asks for the bot itself, which is told with any small talk."""

MAX_WORDS = 8

ASKS = re.compile(
    r"(?<!how )(?<!that )(?<!this )(?<!it )(?<!you )(?<!there )\b"
    r"(?:(?:is|are|was) (?:it|that|there|this|the|all|everyone)\b|what'?s (?!(?:up|good)\b))"
    r"|\bhow (?:much|many)\b|\bhow (?:is|was) (?:it|this|that) (?:fixed|helped|solved|worked)\b"
)
"""Asks after something, if only by pointing to it: "is that ok?"."""

WORD = re.compile(r"[^\s!?¡¿.,;:…()\"“”*_~<>-]+")

MARKS_OF_EMOJI = "\ufe0f\u200d\u20e3"


def is_small_talk(text: str) -> bool:
    """Whether the message only greets, thanks, says goodbye or yes, or asks for the bot itself.

    So does one without a letter or digit: "?", "🙏".
    """
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    words = WORD.findall("".join(map(_unless_emoji, folded)))
    if not any(map(str.isalnum, "".join(words))):
        return True
    if len(words) > MAX_WORDS or ASKS.search(" ".join(words)):
        return False
    if ABOUT_THE_BOT.fullmatch(" ".join(words)) or MERE_ANSWERS.issuperset(words):
        return True
    greets = words[:3] == ["how", "are", "you"] or not GREETINGS.isdisjoint(words)
    return greets and (GREETINGS | BESIDE_GREETINGS).issuperset(words)


def _unless_emoji(character: str) -> str:
    is_one = unicodedata.category(character) in {"So", "Sk"} or character in MARKS_OF_EMOJI
    return " " if is_one else character
