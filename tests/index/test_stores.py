"""One contract for every store, and what the words of the local one must find."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import StoreError
from index.protocols import Matrix, PassageStore
from index.reports import ModelIdentity
from index.stores.local import LocalStore
from index.stores.local.vectors import VectorIndex
from index.stores.local.words import WordIndex

PASSAGES = [
    "The ferry leaves the harbour at noon.",
    "Cats sleep most of the day.",
    "The harbour master keeps two cats.",
    "A train leaves at midnight.",
    "The ferry leaves the harbour at noon.",
]
ENGLISH = ["en"] * len(PASSAGES)
DIMENSION = 8

Build = Callable[[Sequence[str], Sequence[str], Matrix, ModelIdentity], PassageStore]
Reopen = Callable[[PassageStore, Path, ModelIdentity], PassageStore]


def identity(similarity: str = "cosine", dimension: int = DIMENSION) -> ModelIdentity:
    return ModelIdentity("m", None, "", dimension, similarity, 64)  # type: ignore[arg-type]


def reopen_local(store: PassageStore, folder: Path, model: ModelIdentity) -> PassageStore:
    assert isinstance(store, LocalStore)
    store.write(folder)
    return LocalStore.read({path.name: path.read_bytes() for path in folder.iterdir()}, model)


STORES: list[tuple[str, Build, Reopen]] = [("local", LocalStore.build, reopen_local)]
"""Every store: how one is built and opened again. A further one is a line here."""


def vectors(count: int = len(PASSAGES), *, unit: bool = True) -> Matrix:
    made = np.random.default_rng(7).normal(size=(count, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True) if unit else made


def query(row: int = 0) -> Matrix:
    return vectors()[row : row + 1]


@pytest.fixture(params=STORES, ids=[name for name, *_ in STORES])
def kind(request: pytest.FixtureRequest) -> tuple[str, Build, Reopen]:
    chosen: tuple[str, Build, Reopen] = request.param
    return chosen


@pytest.fixture
def store(kind: tuple[str, Build, Reopen]) -> PassageStore:
    made = vectors()
    made[4] = made[0]  # a passage that stands twice
    return kind[1](PASSAGES, ENGLISH, made, identity())


class TestEveryStore:
    def test_knows_how_many_passages_it_holds(self, store: PassageStore) -> None:
        assert len(store) == len(PASSAGES)

    def test_gives_each_row_once_with_both_scores(self, store: PassageStore) -> None:
        found = store.search(query(), "harbour cats", 5)
        assert sorted(candidate.row for candidate in found) == [0, 1, 2, 3, 4]
        by_row = {candidate.row: candidate for candidate in found}
        assert by_row[0].similarity == pytest.approx(1)
        assert by_row[2].bm25 == max(candidate.bm25 for candidate in found) > 0
        assert by_row[3].bm25 == 0

    def test_gives_what_either_search_alone_would_find(self, store: PassageStore) -> None:
        found = store.search(query(1), "midnight", 1)
        assert {candidate.row for candidate in found} == {1, 3}
        assert {c.row: c.bm25 > 0 for c in found} == {1: False, 3: True}

    def test_gives_the_best_first_and_equal_ones_in_order_of_row(self, store: PassageStore) -> None:
        found = store.search(query(), "", 5)
        assert [candidate.row for candidate in found[:2]] == [0, 4]
        similarities = [candidate.similarity for candidate in found]
        assert similarities == sorted(similarities, reverse=True)

    def test_gives_all_when_asked_for_more_than_there_is(self, store: PassageStore) -> None:
        assert len(store.search(query(), "ferry", 1000)) == len(PASSAGES)

    @pytest.mark.parametrize("text", ["", "xylophone", "?!", "\0", "🚀", " "])
    def test_finds_by_vector_alone_when_no_word_is_known(
        self, store: PassageStore, text: str
    ) -> None:
        found = store.search(query(), text, 2)
        assert [candidate.row for candidate in found] == [0, 4]
        assert all(candidate.bm25 == 0 for candidate in found)

    @pytest.mark.parametrize("shape", [(1, 7), (1, 9), (8,), (2, 8), (0, 8)])
    def test_refuses_a_vector_of_another_shape(
        self, store: PassageStore, shape: tuple[int, ...]
    ) -> None:
        with pytest.raises(StoreError, match="reindex"):
            store.search(np.zeros(shape, dtype=np.float32), "ferry", 2)

    @pytest.mark.parametrize("similarity", ["cosine", "dot", "euclidean"])
    def test_agrees_with_brute_force(
        self, kind: tuple[str, Build, Reopen], similarity: str
    ) -> None:
        held = vectors(300, unit=similarity == "cosine")
        asked = np.random.default_rng(8).normal(size=(1, DIMENSION)).astype(np.float32)
        store = kind[1](["x"] * 300, ["en"] * 300, held, identity(similarity))
        found = store.search(asked, "", 20)
        distance = np.square(held - asked).sum(axis=1)
        wanted = -distance if similarity == "euclidean" else held @ asked[0]
        assert [c.row for c in found] == list(np.argsort(-wanted, kind="stable")[:20])
        np.testing.assert_allclose(
            [c.similarity for c in found], np.sort(wanted)[::-1][:20], rtol=1e-4
        )

    def test_finds_the_same_after_it_was_written_and_read(
        self, kind: tuple[str, Build, Reopen], store: PassageStore, tmp_path: Path
    ) -> None:
        again = kind[2](store, tmp_path, identity())
        assert again.correct("harbuor", nothing) == store.correct("harbuor", nothing) == "harbour"
        for row, words in enumerate([*PASSAGES, "harbuor"]):
            vector = query(row % len(PASSAGES))
            assert again.search(vector, words, 3) == store.search(vector, words, 3)

    def test_finds_the_same_from_many_threads(self, store: PassageStore) -> None:
        alone = store.search(query(), "ferry harbours", 3)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: store.search(query(), "ferry harbours", 3), range(200)))
        assert all(candidates == alone for candidates in found)

    def test_takes_one_passage_without_a_word(self, kind: tuple[str, Build, Reopen]) -> None:
        store = kind[1](["…"], ["en"], vectors(1), identity())
        assert [c.row for c in store.search(query(), "anything", 5)] == [0]


def test_vectors_and_words_of_different_counts_are_refused() -> None:
    with pytest.raises(StoreError, match="2 vectors but words of 1 passages"):
        LocalStore(VectorIndex.build(vectors(2), "cosine"), WordIndex.build(["one"], ["en"]))


@pytest.mark.parametrize(
    ("passage", "language", "asked"),
    [
        ("The ministers agreed.", "en", "which minister agrees?"),
        ("INTERPOL alerts", "en", "interpol ALERT"),
        ("of\u00a0INTERPOL\u00a0in", "en", "interpol"),
        ("Garland’s office", "en", "garland's"),
        ("Garland’s office", "en", "Garland"),
        ("They don’t know", "en", "don't"),
        ("Straße", "de", "STRASSE"),
        ("cafe\u0301", "fr", "café"),
        ("ﬁnance", "en", "finance"),
        ("snake_case_name", "en", "case"),
        ("by X-ray", "en", "xrays"),
        ("on 9/11", "en", "11"),
        ("soft\u00adware", "en", "software"),
        ("Jürgen Stock", "en", "jurgen"),
        ("ключевые слова", "ru", "СЛОВОМ"),
        ("die Häuser", "de", "haus"),
        ("cuántos ministros", "es", "cuantos"),
        ("ţară", "ro", "țara"),
        ("İstanbul'da", "tr", "istanbul"),
        ("người Việt", "vi", "nguoi"),
        ("l’homme", "fr", "hommes"),
        ("लड़कियाँ", "hi", "लड़की"),
        ("οι άνθρωποι", "el", "ανθρωπος"),
        ("المدرسة", "ar", "مدرسة"),
        ("在罗洛大军到来之前", "zh", "罗洛"),
        ("国际刑警INTERPOL警报", "zh", "interpol"),
        ("前日本語のテスト後", "ja", "日本語"),
        ("ประชากรของที่นี่", "th", "ประชากร"),
        ("한국에서는", "ko", "한국"),
        ("palavras", "xx", "palavras"),
    ],
)
def test_words_find_each_other_across(passage: str, language: str, asked: str) -> None:
    passages = ["nothing here", passage, "nor there"]
    scores = WordIndex.build(passages, ["en", language, "en"]).scores(asked)
    assert list(scores > 0) == [False, True, False]


def test_a_question_is_stemmed_under_every_language_of_the_index() -> None:
    index = WordIndex.build(["The ministers agreed.", "Die Häuser brannten."], ["en", "de"])
    assert list(index.scores("minister") > 0) == [True, False]
    assert list(index.scores("haus") > 0) == [False, True]


def test_a_word_counts_once_however_often_it_is_asked_and_under_however_many_languages() -> None:
    english = WordIndex.build(["old harbour", "x"], ["en", "en"]).scores("harbour")
    both = WordIndex.build(["old harbour", "x"], ["en", "no"]).scores("harbour harbours harbour")
    np.testing.assert_array_equal(english, both)


def test_vowel_signs_do_not_part_a_word() -> None:
    scores = WordIndex.build(["हिन्दी", "हन्द", "ह"], ["hi"] * 3).scores("हिन्दी")
    assert list(scores > 0) == [True, False, False]


def test_an_apostrophe_inside_a_word_does_not_part_it() -> None:
    scores = WordIndex.build(["o’clock", "clock", "o"], ["en"] * 3).scores("o'clock")
    assert list(scores > 0) == [True, False, False]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    passages = ["tea and cake", "tea and rum", "tea and milk"]
    scores = WordIndex.build(passages, ["en"] * 3).scores("tea rum")
    assert int(np.argmax(scores)) == 1


def test_how_an_english_question_is_asked_finds_nothing() -> None:
    passages = ["what is this", "in Dutch: wat is dit"]
    assert list(WordIndex.build(passages, ["en", "en"]).scores("What is it?")) == [0, 0]


def test_a_mistyped_word_is_searched_as_the_nearest_at_less_weight() -> None:
    index = WordIndex.build(["foreign fighters", "ferries", "forests"], ["en"] * 3)
    typed, mistyped = index.scores("foreign"), index.scores("foregin")
    assert list(mistyped > 0) == [True, False, False]
    assert mistyped[0] < typed[0]


@pytest.mark.parametrize(
    ("passage", "asked"),
    [
        ("BSkyB pays", "bs kyb"),
        ("an email", "e-mail"),
        ("COVID19", "covid 19"),
        ("a rollback", "roll back"),
        ("the login", "log in"),
        ("foreign fighters", "foreignfighters"),
        ("Datenschutz und Gesetze", "datenschutzgesetze"),
    ],
)
def test_words_written_apart_or_as_one_are_searched_the_other_way_at_less_weight(
    passage: str, asked: str
) -> None:
    index = WordIndex.build([passage, "ferries"], ["en", "de"])
    mistyped, typed = index.scores(asked), index.scores(passage)
    assert list(mistyped > 0) == [True, False]
    assert mistyped[0] < typed[0]


def test_two_words_that_stand_there_are_also_sought_as_one() -> None:
    index = WordIndex.build(["a rollback", "rolls are back", "away"], ["en"] * 3)
    assert list(index.scores("roll back") > 0) == [True, True, False]
    assert list(index.scores("in a way") > 0) == [False, False, False]


@pytest.mark.parametrize(
    ("passage", "others", "asked"),
    [
        ("`index.answer_from`", ("an answer, an answer", "from the index"), "what is answer_from"),
        ("`index.answer_from`", ("index, index: answer", "from"), "index.answer_from"),
        ("with Python 3.11", ("3 of 11 pythons", "11 times 3"), "python 3.11"),
        ("on 9/11", ("9 or 11", "11 and 9"), "9/11"),
        ("the U.S. army", ("S. U. Smith", "u and s and u"), "U.S."),
        ("quoth.toml", ("quoth, quoth", "toml: quoth"), "where is quoth.toml?"),
    ],
)
def test_what_is_written_as_one_weighs_more_than_its_parts(
    passage: str, others: tuple[str, ...], asked: str
) -> None:
    scores = WordIndex.build([*others, passage], ["en"] * 3).scores(asked)
    assert int(np.argmax(scores)) == 2


@pytest.mark.parametrize("asked", ["sins", "2021", "xy", "ferry"])
def test_what_is_short_or_no_word_or_stands_there_is_not_taken_for_mistyped(asked: str) -> None:
    index = WordIndex.build(["sons 2022 xyz", "ferries", "merry"], ["en"] * 3)
    assert list(index.scores(asked) > 0) == [asked == "sins", asked == "ferry", False]


def nothing(_word: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("foregin fighter  numbers?", "foreign fighter  numbers?"),
        ("Foregin FIHGTERS", "Foreign FIGHTERS"),
        ("what of Interpl’s alerts", "what of Interpol’s alerts"),
        ("who is hervé?", "who is hervé?"),
        ("jurgen stock", "jurgen stock"),
        ("oreign", "oreign"),
        ("harbours", "harbours"),
        ("tined", "tined"),
        ("", ""),
        ("国际刑惊", "国际刑惊"),
        ("inter pol's alerts, Har-bour", "interpol's alerts, Harbour"),
        ("inter, pol and a lerts", "inter, pol and a lerts"),
        ("is har bo ux open", "is har bo ux open"),
        ("cant u go, DONT", "can't you go, DON'T"),
        ("non-U.S. u/spez or U?", "non-U.S. u/spez or U?"),
        ("wont the harbor open", "won't the harbour open"),
        ("foreignfighters", "foreignfighters"),
    ],
)
def test_clear_typing_errors_are_put_right_and_all_else_left(asked: str, wanted: str) -> None:
    passages = ["Foreign fighters and INTERPOL alerts", "Jürgen Stock", "harbour", "tides 国际刑警"]
    assert WordIndex.build(passages, ["en"] * 4).correct(asked, nothing) == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("Wha was agreed", "What was agreed"),
        ("wht wgat whatt waht hwat", "what what what what what"),
        ("wghen wher whic", "when where which"),
        ("hwo xhat ho hw hwy", "hwo what ho hw hwy"),  # how or who?
        ("who how what when", "who how what when"),
        ("whn it was", "when it was"),
    ],
)
def test_a_mistyped_question_word_is_put_right_where_it_can_be_but_one(
    asked: str, wanted: str
) -> None:
    index = WordIndex.build(["the ministers agreed on whisky"], ["en"])
    assert index.correct(asked, nothing) == wanted


def test_a_word_of_the_passages_is_taken_for_no_question_word() -> None:
    index = WordIndex.build(["Ms Whan spoke"], ["en"])
    assert index.correct("where is whan from", nothing) == "where is whan from"


def test_an_ordinary_word_is_not_put_right() -> None:
    index = WordIndex.build(["the declaration of ministers"], ["en"])
    assert index.correct("deceleration of minsters", {"deceleration"}.__contains__) == (
        "deceleration of ministers"
    )


def test_a_close_call_is_left_as_it_was_typed() -> None:
    index = WordIndex.build(["quantity", "quantify"], ["en", "en"])
    assert index.correct("quantiy", nothing) == "quantiy"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("which temas were suspended", "which teams were suspended"),
        ("Who was Frech and Cath0lic?", "Who was French and Catholic?"),
        ("boiling loquod pxygen", "boiling liquid oxygen"),
        ("the broadcass", "the broadcasts"),  # or "broadcast": the more frequent, and one word
        ("the sonus", "the sonus"),  # two errors in five letters
        ("the hea of tes", "the hea of tes"),  # too short to say
        ("the oter side", "the oter side"),  # "other" or "over"
        ("harbuor", "harbuor"),  # not among the passages that were found
        ("the tides", "the tides"),  # in another passage, so not strange
        ("in 2113", "in 2113"),
    ],
)
def test_a_strange_word_is_guessed_from_the_passages_that_were_found(
    asked: str, wanted: str
) -> None:
    found = [
        "Teams of the French were over.",
        "Catholic sins, liquid oxygen, heat, other tests 2112",
        "a broadcast among broadcasts, two broadcasts",
    ]
    index = WordIndex.build([*found, "tides in the harbour"], ["en"] * 4)
    known = {"which", "were", "suspended", "boiling", "side"}
    assert index.guess(asked, known.__contains__, found) == wanted


def test_an_ordinary_word_is_not_guessed() -> None:
    index = WordIndex.build(["the teams"], ["en"])
    assert index.guess("the terms", {"the", "terms"}.__contains__, ["the teams"]) == "the terms"


def test_it_is_written_and_read_where_no_temporary_file_can_be(
    kind: tuple[str, Build, Reopen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, build, reopen = kind
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    store = reopen(build(PASSAGES, ENGLISH, vectors(), identity()), tmp_path, identity())
    assert store.search(query(), "ferry", 5)
