"""From pairs to batches: the targets lie on the answers' tokens."""

from pathlib import Path

import pytest
import torch
from parts import ROOT
from tokenizers import Tokenizer

from training.encode import (
    MAX_TOKENS,
    TOKENS_A_BATCH,
    Encoded,
    batches,
    by_question,
    collate,
    encode,
    load_encoded,
    load_tokenizer,
    save_encoded,
)
from training.examples import Answer, Example

PASSAGE = "Jürgen Stock leads Interpol, in Lyon."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(ROOT / "index/models/reader/tokenizer.json")


def example_of(answer: str, passage: str = PASSAGE, heading: str = "") -> Example:
    at = passage.index(answer) if answer else 0
    answers = (Answer(at, at + len(answer)),) if answer else ()
    return Example("who leads interpol?", passage, answers, "t", "s", heading=heading)


@pytest.mark.parametrize("heading", ["", "Police of Europe"])
@pytest.mark.parametrize("answer", ["Jürgen Stock", "Lyon", "Interpol, in"])
def test_the_target_covers_the_answer_and_no_more(
    tokenizer: Tokenizer, answer: str, heading: str
) -> None:
    example = example_of(answer, heading=heading)

    [row] = encode(tokenizer, [example])

    [(first, last, share)] = row.spans
    read = example.before + example.passage
    assert read[row.offsets[first][0] : row.offsets[last][1]] == answer
    assert share == 1.0


def test_annotators_share_the_target_by_their_votes(tokenizer: Tokenizer) -> None:
    both = Example("who?", PASSAGE, (Answer(0, 12, 3), Answer(7, 12, 1)), "t", "s")

    batch = collate(encode(tokenizer, [both]))

    assert sorted(batch.start_target[0][batch.start_target[0] > 0].tolist()) == [0.25, 0.75]
    assert batch.end_target[0].max() == 1.0
    assert batch.answered.tolist() == [1.0]


def test_what_is_not_answered_points_at_the_first_token(tokenizer: Tokenizer) -> None:
    batch = collate(encode(tokenizer, [example_of("")]))

    assert batch.start_target[0, 0] == 1.0
    assert batch.end_target[0, 0] == 1.0
    assert batch.answered.tolist() == [0.0]


def test_a_pair_whose_answer_is_cut_off_is_left_out(tokenizer: Tokenizer) -> None:
    long = f"{'word ' * MAX_TOKENS}{PASSAGE}"

    assert encode(tokenizer, [example_of("Lyon", long)]) == []
    assert len(encode(tokenizer, [example_of("", long)])) == 1


def test_tokens_are_read_as_they_were_saved(tokenizer: Tokenizer, tmp_path: Path) -> None:
    rows = encode(tokenizer, [example_of("Lyon"), example_of(""), example_of("Jürgen Stock")])

    save_encoded(rows, tmp_path / "round.npz.xz")
    read = load_encoded(tmp_path / "round.npz.xz")

    assert [list(row.ids) for row in read] == [row.ids for row in rows]
    assert [(row.asked, row.spans) for row in read] == [(row.asked, row.spans) for row in rows]


def test_batches_hold_every_pair_once_and_little_padding() -> None:
    rows = [Encoded([number, *[7] * (number % 90 + 10)], 3, [], []) for number in range(900)]

    made = list(batches(rows, seed=1))

    assert sorted(int(i) for batch in made for i in batch.input_ids[:, 0]) == list(range(900))
    assert all(batch.input_ids.numel() <= TOKENS_A_BATCH for batch in made)
    read = sum(int(batch.attention_mask.sum()) for batch in made)
    assert read / sum(batch.input_ids.numel() for batch in made) > 0.9


def test_the_question_is_the_first_part_and_padding_is_not_read(tokenizer: Tokenizer) -> None:
    batch = collate(encode(tokenizer, [example_of("Lyon"), example_of("", f"{PASSAGE} {PASSAGE}")]))

    ids, mask, types = batch.inputs
    assert torch.equal(mask.sum(1), (ids != 0).sum(1))
    assert types[0][: types[0].tolist().index(1)].sum() == 0
    assert types[0][mask[0] == 0].sum() == 0


def test_neighbouring_rows_of_one_question_stand_together(tokenizer: Tokenizer) -> None:
    one, two = example_of("Lyon"), example_of("")
    other = Example("where?", PASSAGE, (), "t", "s")

    groups = by_question(encode(tokenizer, [one, two, other, one]))

    assert [len(group) for group in groups] == [2, 1, 1]
