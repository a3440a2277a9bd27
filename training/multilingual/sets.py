"""The sets that the multilingual reader learns from, by name, and the languages they are in."""

NATIVE_LANGUAGES = ("de", "el", "es", "fr", "hi", "ja", "ko", "pl", "pt", "ro", "ru", "vi")
LIMITS = {
    "squadshifts_new_wiki": 7_500,
    "squadshifts_reddit": 9_700,
    "squadshifts_amazon_reviews": 6_000,
    "fairytaleqa": 5_700,
    "doc2dial": 650,
    "molweni": 2_700,
    "policyqa": 1_500,
    "subjqa": 800,
    "arcd_ar": 1_400,
    "cmrc2018_zh": 4_300,
    "tquad_tr": 8_400,
    "iapp_th": 7_300,
    "composed": 20_000,
    "translated": 10_000,
    **{f"native_{language}": 1_000 for language in NATIVE_LANGUAGES},
}
"""Questions taken of each set, then of what was written; `translated` are those of `composed`."""
SOURCES = tuple(LIMITS)
WRITTEN = tuple(name for name in SOURCES if name.startswith(("composed", "translated", "native")))
FOREIGN = {
    "arcd_ar": "ar",
    "cmrc2018_zh": "zh",
    "tquad_tr": "tr",
    "iapp_th": "th",
    **{f"native_{language}": language for language in NATIVE_LANGUAGES},
}
"""The language of the passages of each set that is not English."""
UNTITLED = ("squadshifts_reddit", "squadshifts_amazon_reviews", "subjqa", "molweni")
"""Sets whose titles say nothing."""


def language(source: str) -> str:
    """Language of the passages of a set, by its name."""
    return FOREIGN.get(source, "en")


def asks_in_english(source: str) -> bool:
    """Whether the questions of a set are English."""
    return language(source) == "en" and source != "translated"
