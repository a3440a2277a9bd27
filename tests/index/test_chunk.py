"""The laws of passages, over arbitrary text."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.chunk import chunk
from index.embed import SentenceTransformerEmbedder
from index.loaders.markdown import load_markdown
from index.loaders.text import load_text
from index.passage_text import context, passage_text
from index.records import Block, Chunk, Document

PIECES = st.sampled_from(
    [
        *"aZ9.!?,;:-'’\"“”()[]",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\x0b",
        "\x85",
        "e\u0301",
        "👩\u200d🚀",
        "🇫🇷",
        "שלום עולם. ",
        "مرحبا. ",
        "สวัสดี",
        "你好。",
        "नमस्ते।",
        "Dr. Who met U.S. Gen. Lee. ",
        "One. Two! Three? ",
        "On Sept. 8–9, ",
        "word " * 40,
        "x" * 150,
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "# Head\n",
        "- item\n",
        "> quote\n",
        "```\ncode\n```\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=30).map(
    lambda parts: "".join(parts).replace("\r", "\n").replace("\0", "")
)
LIMITS = st.integers(8, 60)


def count_words(texts: Sequence[str]) -> list[int]:
    """A token a word, and two special ones."""
    return [len(text.split()) + 2 for text in texts]


def document(text: str, blocks: tuple[Block, ...], title: str = "T") -> Document:
    return Document("a.txt", title, text, blocks, sha256="", size=0)


def chunked(text: str, limit: int) -> tuple[Document, list[Chunk]]:
    made = document(text, load_markdown(text).blocks)
    return made, chunk(made, count_words, limit)


@given(TEXTS, LIMITS)
def test_the_text_of_a_passage_is_what_stands_at_its_place(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    for passage in passages:
        assert made.text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""


@given(TEXTS, LIMITS)
def test_sentences_stand_in_order_and_fill_their_passage(text: str, limit: int) -> None:
    for passage in chunked(text, limit)[1]:
        places = [place for s in passage.sentences for place in (s.start, s.end)]
        assert places == sorted(places)
        assert all(s.start < s.end for s in passage.sentences)
        assert (places[0], places[-1]) == (passage.start, passage.end)


@given(TEXTS, LIMITS)
def test_passages_stand_in_order_each_inside_one_block(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    ends = [place for p in passages for place in (p.start, p.end)]
    assert ends == sorted(ends)
    for passage in passages:
        inside = [b for b in made.blocks if b.start <= passage.start and passage.end <= b.end]
        assert len(inside) == 1
        assert passage.section == inside[0].section


@given(TEXTS, LIMITS)
def test_nothing_of_a_block_is_lost_but_white_space(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    kept = set[int]().union(*(range(s.start, s.end) for p in passages for s in p.sentences))
    lost = [i for b in made.blocks for i in range(b.start, b.end) if i not in kept]
    assert "".join(made.text[i] for i in lost).strip() == ""


@given(TEXTS, LIMITS)
def test_no_passage_takes_more_tokens_than_the_limit_under_its_title(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    for passage in passages:
        above = count_words([context(made.title, passage.section)])[0]
        room = max(limit - above, limit // 4)
        alone = len(passage.text.split()) == 1  # one word is never parted
        assert count_words([passage.text])[0] - 2 <= room or alone


@given(TEXTS, LIMITS)
def test_a_sentence_is_parted_only_when_it_is_too_long(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    whole = {(s.start, s.end) for p in chunk(made, count_words, 10**6) for s in p.sentences}
    for passage in passages:
        above = count_words([context(made.title, passage.section)])[0]
        room = max(limit - above, limit // 4)
        for sentence in passage.sentences:
            if (sentence.start, sentence.end) not in whole:
                start, end = next(w for w in whole if w[0] <= sentence.start < w[1])
                assert len(text[start:end].split()) > room
                assert start <= sentence.start < sentence.end <= end


@given(TEXTS, LIMITS)
def test_a_passage_says_where_it_starts_or_ends_inside_a_sentence(text: str, limit: int) -> None:
    made, passages = chunked(text, limit)
    whole = [s for p in chunk(made, count_words, 10**6) for s in p.sentences]
    starts, ends = {s.start for s in whole}, {s.end for s in whole}
    for passage in passages:
        assert passage.starts_inside == (passage.start not in starts)
        assert passage.ends_inside == (passage.end not in ends)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXTS, title=st.sampled_from(["T", "A title of some words", "标题" * 20]))
@example(text="word " * 800, title="T")
@example(text="naïve coöperation, " * 220 + "end.", title="A title")
@example(text="你好世界" * 60 + "。 " + "好 " * 400, title="T")
@example(text="3.1415 a/b/c.d@e-f(g)[h]; " * 60, title="T")
def test_the_model_sees_every_passage_whole(
    text: str, title: str, embedder: SentenceTransformerEmbedder
) -> None:
    limit = embedder.identity.max_tokens
    made = document(text, load_text(text).blocks, title)
    for passage in chunk(made, embedder.count_tokens, limit):
        seen = embedder.count_tokens([passage_text(title, passage)])[0]
        assert seen <= limit or len(passage.text.split()) == 1


def test_a_sentence_of_4000_characters_comes_in_pieces_parted_at_white_space() -> None:
    text = "and " * 999 + "end."
    passages = chunked(text, 50)[1]
    assert len(passages) > 20
    assert all(re.fullmatch(r"(and ?)+(end\.)?", p.text) for p in passages)
    assert " ".join(p.text for p in passages) == text
    assert [p.starts_inside for p in passages] == [False] + [True] * (len(passages) - 1)
    assert [p.ends_inside for p in passages] == [True] * (len(passages) - 1) + [False]


def test_short_sentences_of_one_paragraph_share_a_passage_and_paragraphs_do_not() -> None:
    text = "Ann came. Bob left.\n\nCid slept."
    passages = chunked(text, 60)[1]
    assert [p.text for p in passages] == ["Ann came. Bob left.", "Cid slept."]
    assert [text[s.start : s.end] for s in passages[0].sentences] == ["Ann came.", "Bob left."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("On Sept. 8–9, U.S. Attorney General Garland met them. They agreed.", 2),
        ("Dr. Smith arrived. He sat.", 2),
        ("It cost 4.50 in all. Nobody paid.", 2),
        ("“Go,” she said. He went!", 2),
        ("La vida es breve. El arte es largo.", 2),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, sentences: int) -> None:
    (passage,) = chunked(text, 60)[1]
    assert len(passage.sentences) == sentences


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("**One each.** Others go.", ["**One each.**", "Others go."]),
        ("*He said.* _She did._ They left.", ["*He said.*", "_She did._", "They left."]),
        ("Back up `./data` first. Then go.", ["Back up `./data` first.", "Then go."]),
        ("4. **Be kind.** Or go.", ["4. **Be kind.**", "Or go."]),
        ("3) Stay here. Or go.", ["3) Stay here.", "Or go."]),
        ("A lone ` mark. And more.", ["A lone ` mark.", "And more."]),
        ("It is 2 * 3. * is times.", ["It is 2 * 3. *", "is times."]),
        ("***Be kind.*** We are.", ["***Be kind.***", "We are."]),
        ("~~Old rule.~~ New rule.", ["~~Old rule.~~", "New rule."]),
        ("Use `a` or `b`. Say `C`. End.", ["Use `a` or `b`.", "Say `C`.", "End."]),
        ("It`s one. Say it.", ["It`s one.", "Say it."]),
    ],
)
def test_neither_code_nor_emphasis_nor_the_number_of_an_item_is_torn(
    text: str, wanted: list[str]
) -> None:
    document = Document("a.md", "", text, (Block(0, len(text)),), sha256="", size=0)
    (passage,) = chunk(document, lambda texts: [1 for _ in texts], 60)
    assert [text[s.start : s.end] for s in passage.sentences] == wanted


def test_in_plain_text_marks_of_markdown_mean_nothing() -> None:
    text = "Use `foo' to copy. Then use `bar' to move."
    assert len(chunked(text, 60)[1][0].sentences) == 2


def test_each_line_of_code_counts_as_a_sentence() -> None:
    text = "```\na = 1. B = 2\nc = 3\n```\n"
    (code,) = chunked(text, 60)[1]
    assert [text[s.start : s.end] for s in code.sentences] == [
        "```",
        "a = 1. B = 2",
        "c = 3",
        "```",
    ]


def test_each_item_of_a_short_list_counts_as_a_sentence() -> None:
    text = "- Be kind. Always.\n-   c"
    document = Document("a.md", "", text, (Block(0, len(text), kind="items"),), sha256="", size=0)
    (items,) = chunk(document, lambda texts: [1 for _ in texts], 60)
    assert [text[s.start : s.end] for s in items.sentences] == ["- Be kind. Always.", "-   c"]
    assert items.kind == "items"


def test_a_passage_is_searched_under_its_title_and_headings_each_said_once() -> None:
    passage = Chunk("a.md", 0, 5, "Words", (), section=("Guide", "Setup"))
    assert passage_text("Guide", passage) == "Guide › Setup\nWords"


def test_title_and_headings_are_cut_when_long() -> None:
    assert len(context("t" * 5000, ("s" * 5000,))) == 201
