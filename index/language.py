"""Which language a document or a question is written in. The one home of py3langid.

The script tells most languages apart by itself; what shares one is told by byte n-grams. English
is what is taken when nothing clearly speaks against it, for a question is short and mistyped.
"""

import re
import unicodedata
from collections import Counter
from functools import cache

from py3langid.langid import (
    MODEL_FILE,
    LanguageIdentifier,
)

ENGLISH = "en"

LATIN = (
    "ca cs da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl sv tr vi".split()  # noqa: SIM905  # reads better
)
"""Languages told apart in Latin letters. Rarer ones take English for theirs: with 15 more of them,
among them Latin and Tagalog, twice as many questions of one English word were taken for foreign."""

LANGUAGES = {
    "LATIN": LATIN,
    "CYRILLIC": ["ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn"],
    "ARABIC": ["ar", "fa", "ur", "ps"],
    "DEVANAGARI": ["hi", "mr", "ne"],
    "HEBREW": ["he"],
    "GREEK": ["el"],
    "THAI": ["th"],
    "CJK": ["zh"],
    "HIRAGANA": ["ja"],
    "KATAKANA": ["ja"],
    "HANGUL": ["ko"],
    "ARMENIAN": ["hy"],
    "GEORGIAN": ["ka"],
    "BENGALI": ["bn"],
    "TAMIL": ["ta"],
    "TELUGU": ["te"],
    "GUJARATI": ["gu"],
    "GURMUKHI": ["pa"],
    "MALAYALAM": ["ml"],
    "KANNADA": ["kn"],
    "KHMER": ["km"],
    "LAO": ["lo"],
    "MYANMAR": ["my"],
    "SINHALA": ["si"],
    "ETHIOPIC": ["am"],
}
"""Languages by script, named as Unicode begins the names of its letters."""

NAMES = dict(
    name.split("=")
    for name in """
    amharic=am arabic=ar armenian=hy belarusian=be bengali=bn bulgarian=bg catalan=ca chinese=zh
    croatian=hr czech=cs danish=da dutch=nl english=en estonian=et finnish=fi french=fr georgian=ka
    german=de greek=el gujarati=gu hebrew=he hindi=hi hungarian=hu indonesian=id italian=it
    japanese=ja kannada=kn kazakh=kk khmer=km korean=ko kyrgyz=ky lao=lo latvian=lv lithuanian=lt
    macedonian=mk malayalam=ml marathi=mr mongolian=mn burmese=my nepali=ne norwegian=no pashto=ps
    persian=fa polish=pl portuguese=pt punjabi=pa romanian=ro russian=ru serbian=sr sinhala=si
    slovak=sk slovenian=sl spanish=es swedish=sv tamil=ta telugu=te thai=th turkish=tr ukrainian=uk
    urdu=ur vietnamese=vi
    """.split()  # noqa: SIM905  # reads better
)
"""What people call these languages in English."""

SAMPLE_CHARACTERS = 4000
"""As much of a text as is looked at."""

FOREIGN_SHARE = 1 / 4
"""Part of the letters in another script than Latin from which that script decides: a question in
Chinese ("NASUWT是什么") may be mostly a name in Latin letters."""

MARGIN = 0.5
"""How much likelier than English a language in Latin letters must be."""

FEW_WORDS = 4

FEW_WORDS_MARGIN = 0.8
"""The same for fewer than FEW_WORDS words: names and terms look foreign ("schengen arrest")."""

ASKS_IN_ENGLISH = re.compile(
    r"\W*(?:who|whom|whose|what|when|where|which|why|how|does|did)(?:[’']?s)?\b(?=\W*$|.*?[a-z])",
    re.DOTALL,
)
"""A first word that no other language has. It decides for a question, not for a document.

Not where all that follows is in another script: "WHO" may be the World Health Organization.
"""

QUESTION_MAX_CHARACTERS = 300


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language of a document's or a question's text; None when not sure.

    "en" is given where English is the likeliest. Safe in several threads.
    """
    sample = text[:SAMPLE_CHARACTERS].casefold()
    if len(sample) <= QUESTION_MAX_CHARACTERS and ASKS_IN_ENGLISH.match(sample):
        return ENGLISH
    script = _script(sample)
    if script is None:
        return None
    if script != "LATIN":
        return _likeliest(sample, script)[0]
    language, lead = _likeliest(sample, script)
    few = len(sample.split()) < FEW_WORDS
    return language if lead >= (FEW_WORDS_MARGIN if few else MARGIN) else None


def normal(code: str) -> str | None:
    """The two letters of a language as people write it ("de-AT", "EN_us", "German"), else None."""
    primary = re.split(r"[-_]", code.strip().lower())[0]
    return primary if re.fullmatch("[a-z]{2}", primary) else NAMES.get(primary)


def _script(text: str) -> str | None:
    """The script that most letters are of; None if there are no letters of any that is known."""
    letters = Counter(filter(None, map(_script_of, text)))
    if not letters:
        return None
    japanese = letters["HIRAGANA"] + letters["KATAKANA"]
    if japanese:
        letters["HIRAGANA"] += letters.pop("CJK", 0) + letters.pop("KATAKANA", 0)
    latin = letters.pop("LATIN", 0)
    if not letters:
        return "LATIN"
    script, count = letters.most_common(1)[0]
    return script if count / (count + latin) > FOREIGN_SHARE else "LATIN"


@cache
def _script_of(character: str) -> str | None:
    first = unicodedata.name(character, "").partition(" ")[0]
    return first if first in LANGUAGES and character.isalpha() else None


def _likeliest(text: str, script: str) -> tuple[str, float]:
    """The likeliest language of the script, and how far it leads English; 1 for English itself."""
    languages = LANGUAGES[script]
    if len(languages) == 1:
        return languages[0], 1.0
    ranked = dict(_identifier().rank(text))
    chances = {language: ranked[language] for language in languages}
    best = max(languages, key=chances.__getitem__)
    if best == ENGLISH:
        return best, 1.0
    lead = chances[best] - chances.get(ENGLISH, 0.0)
    return best, lead / (sum(chances.values()) or 1.0)


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded when first asked: it takes most of a second. Ranking only reads it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
