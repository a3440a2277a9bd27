"""Text as words, and words as they are searched: stemmed in their language, without accents.

The one home of the stemmers.
"""

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

import regex
import Stemmer

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""Snowball's stemmers by ISO 639-1 code. Words of other languages stay as they are."""

STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been being but by can could did do does for from
    had has have he her his how i if in into is it its me my no not of on or our she should so such
    than that the their then there these they this to was we were what when where which who whom
    whose why will with would you your""".split()  # noqa: SIM905  # reads better
)
"""English words of a question that are not searched: they say how it is asked, not what about."""

ACCENTS = regex.compile(r"[\u0300-\u036f]")

PLAIN = str.maketrans(
    {"ı": "i", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
"""Letters that people write otherwise where their keyboard lacks them, and NFKD does not part."""

WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*+(?:['’][\p{L}\p{N}][\p{L}\p{M}\p{N}]*+)*+")
"""Letters, vowel signs and digits, with apostrophes between them."""

UNSPACED = regex.compile(
    r"((?:[\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u30fc]\p{M}*)+)"
)
"""A run in a script without spaces between words, or (Korean) with particles joined to them."""

IDENTIFIER = regex.compile(r"(?<!\w)[a-z0-9]+(?:_+[a-z0-9]+)+(?!\w)")
"""The name of a setting, say: `answer_from`."""

DOTTED = regex.compile(r"(?<!\w)[a-z0-9_]+(?:[./:][a-z0-9_]+)+(?!\w)")
"""A version, a file, an address, a date, initials: 3.11, quoth.toml, 9/11, U.S."""

HYPHENATED = regex.compile(r"(?<!\w)[\p{L}\p{N}]+(?:[-\u2010\u2011][\p{L}\p{N}]+)+(?!\w)")
HYPHENS = str.maketrans("", "", "-\u2010\u2011")

LETTERS_A_WORD = {
    "CJK": 2,
    "HIRAGANA": 2,
    "KATAKANA": 2,
    "THAI": 4,
    "LAO": 4,
    "MYANMAR": 4,
    "KHMER": 4,
}
"""About how many letters make a word, by the script, where nothing parts it from the next."""

WORDS_VERSION = 1
"""Raised when the same text would be searched by other words; an older index is then stale."""

IGNORED = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060")
"""What may stand inside a word unseen: soft hyphen, joiners and their opposites."""

Word = tuple[str, bool]
"""A word without case, and whether it is a run in a script without spaces."""


def words_of(text: str) -> list[Word]:
    """Words without case and possessive s, variants of characters made one by NFKC."""
    words: list[Word] = []
    for word in WORD.findall(_folded(text)):
        if word.isascii() or not UNSPACED.search(word):
            words.append((word.removesuffix("'s"), False))
        else:  # every second part is a run
            parts = enumerate(UNSPACED.split(word))
            words += [(part, place % 2 == 1) for place, part in parts if part]
    return words


def count_words(text: str) -> int:
    """About how many words a text has, also in scripts that have no spaces between them."""
    return sum(map(_words_between_spaces, text.split()))


def _words_between_spaces(run: str) -> int:
    """One; of a script without spaces as many as its letters make."""
    found = UNSPACED.search(run)
    script = unicodedata.name(found[0][0], "").partition(" ")[0] if found else ""
    letters = LETTERS_A_WORD.get(script, len(run))
    return ceil(sum(map(str.isalnum, run)) / letters) or 1


def identifiers_of(text: str) -> list[Word]:
    """What has underscores inside, as a whole."""
    return [(found, False) for found in IDENTIFIER.findall(_folded(text))]


def compounds_of(text: str) -> list[Word]:
    """What is written without a blank and yet several words: its parts alone say too little."""
    return identifiers_of(text) + [(found, False) for found in DOTTED.findall(_folded(text))]


def unhyphenated(text: str) -> list[Word]:
    """What has hyphens as others write it: "xray" for "X-ray"."""
    return [(found.translate(HYPHENS), False) for found in HYPHENATED.findall(_folded(text))]


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(IGNORED)
    return folded.replace("’", "'")


_STEMMERS = threading.local()
"""A Snowball stemmer is not safe in two threads at once: one each."""


def stems_of(words: Iterable[Word], language: str) -> list[str]:
    """Words as they are searched: stemmed, then without accents; runs as overlapping pairs.

    Accents go last since stemmers heed them: questions typed without are then found as well as
    those with them.
    """
    spaced: list[str] = []
    pairs: list[str] = []
    for word, run in words:
        if run:
            pairs += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        else:
            spaced.append(word)
    if language in STEMMERS:
        spaced = _stemmer(STEMMERS[language]).stemWords(spaced)
    return [plain(word) for word in spaced] + pairs


def content_stems(text: str, language: str) -> frozenset[str]:
    """What a text is about, as it is searched: names of settings whole, too, and no stop words."""
    words = [*words_of(text), *identifiers_of(text)]
    return frozenset(stems_of((word for word in words if word[0] not in STOP_WORDS), language))


def _stemmer(name: str) -> Stemmer.Stemmer:
    if not hasattr(_STEMMERS, name):
        setattr(_STEMMERS, name, Stemmer.Stemmer(name))
    return getattr(_STEMMERS, name)


def plain(word: str) -> str:
    """The word without accents."""
    return word if word.isascii() else _without_accents(word)


@lru_cache(maxsize=100_000)
def _without_accents(word: str) -> str:
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFKC", bare).translate(PLAIN)
