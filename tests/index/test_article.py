"""The article that ships is the one that is meant, to the byte."""

import hashlib

from parts import ROOT

ARTICLE = ROOT / "corpus" / "london-interior-commitments.txt"


def test_the_article_is_the_one_that_is_meant_byte_for_byte() -> None:
    data = ARTICLE.read_bytes()
    assert len(data) == 3996
    wanted = "669c71aaad137e59bd9323dae9961b3031826b7e0b957c82cab1d9d7f258e8b1"
    assert hashlib.sha256(data).hexdigest() == wanted


def test_the_article_keeps_its_seven_no_break_spaces() -> None:
    assert ARTICLE.read_text(encoding="utf-8").count("\u00a0") == 7
