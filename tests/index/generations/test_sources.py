"""What an index holds in short, and the words around a quote, on the shipped article."""

from dataclasses import replace
from itertools import pairwise

import pytest

from index import Engine, Quote
from index.answering.verbatim import is_verbatim

ARTICLE = "london-interior-commitments.txt"
QUESTION = "how many victims does the ICSE database help identify every day"


@pytest.fixture(scope="module")
def quote(article_engine: Engine) -> Quote:
    return article_engine.ask(QUESTION).quotes[0]


def test_each_document_is_listed_in_short(article_engine: Engine) -> None:
    (source,) = article_engine.sources()
    assert source.document == ARTICLE
    assert source.title.startswith("‘London Interior Commitments’")
    assert source.language == "en"
    assert source.passages > 1
    assert source.size == len(article_engine.source(ARTICLE).text.encode())


def test_around_a_quote_stand_its_neighbours_and_itself_is_marked(
    article_engine: Engine, quote: Quote
) -> None:
    text = article_engine.source(ARTICLE).text
    wide = article_engine.around(quote, 1500)
    assert wide
    assert is_verbatim(wide, article_engine.source(ARTICLE))
    assert wide.answer == quote.text
    assert len(quote.text) < len(wide.text) <= 1500
    assert wide.line_start < quote.line_start <= wide.line_end
    assert text[wide.start : wide.end] == wide.text


def test_where_there_is_room_for_nothing_more_the_block_is_given_whole(
    article_engine: Engine, quote: Quote
) -> None:
    narrow = article_engine.around(quote, 0)
    assert narrow
    assert quote.text in narrow.text
    assert "\n\n" not in narrow.text


def test_a_quote_that_no_longer_stands_there_is_not_given(
    article_engine: Engine, quote: Quote
) -> None:
    moved = replace(quote, start=quote.start + 1, end=quote.end + 1)
    gone = replace(quote, document="gone.txt")
    assert article_engine.stands(quote)
    for changed in (moved, gone):
        assert article_engine.around(changed, 1500) is None
        assert not article_engine.stands(changed)


def test_what_the_answer_does_not_show_is_told_beside_it(article_engine: Engine) -> None:
    explanation = article_engine.explain(QUESTION)
    shown = [*explanation.answer.quotes, *explanation.others]
    assert 1 <= len(explanation.others) <= 3
    assert all(is_verbatim(each, article_engine.source(ARTICLE)) for each in shown)
    assert all(each.answer is None for each in explanation.others)
    places = sorted((each.start, each.end) for each in shown)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
