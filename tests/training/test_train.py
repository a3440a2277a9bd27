"""Learning by the clock: what is frozen stays, what is saved fits, refusal starts as relevance."""

from pathlib import Path

import pytest
import torch

from training.encode import Encoded, collate
from training.model import BLOCKED, Reader, from_reranker
from training.train import (
    HARDEST_UNTIL,
    Training,
    TrainingSettings,
    _stream,
    load_learnt,
    train,
)

FROZEN = 11
PAIR = Encoded([101, 2040, 102, 3419, 4518, 102], 3, [], [(3, 4, 1.0)])
MISS = Encoded([101, 2040, 102, 3419, 102], 3, [], [])


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return {name: tensor.detach() for name, tensor in Reader().state_dict().items()}


def settings(minutes: float) -> TrainingSettings:
    return TrainingSettings(minutes, frozen_layers=FROZEN, precision="float32")


def test_what_is_learnt_is_saved_and_the_rest_stays(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    reader = train([[PAIR, MISS]], [], weights, tmp_path, settings(0.02))

    read = load_learnt(weights, tmp_path / "reader.pt")
    inputs = collate([PAIR, MISS]).inputs
    with torch.no_grad():
        for mine, theirs in zip(reader(*inputs), read(*inputs), strict=True):
            torch.testing.assert_close(mine, theirs, atol=2e-2, rtol=1e-2)  # saved in fp16
    after = reader.state_dict()
    assert torch.equal(
        after["layers.0.output.dense.weight"], weights["layers.0.output.dense.weight"]
    )
    assert not torch.equal(
        after[f"layers.{FROZEN}.output.dense.weight"],
        weights[f"layers.{FROZEN}.output.dense.weight"],
    )


def test_pairs_are_learnt(weights: dict[str, torch.Tensor], tmp_path: Path) -> None:
    training = Training(weights, tmp_path, settings(1.0))
    batch = collate([PAIR, MISS])
    training.seconds = 10.0

    losses = [training.step(batch).item() for _ in range(12)]

    assert sum(losses[-3:]) / 3 < 0.8 * losses[0]


def test_training_resumes_where_it_was_cut_off(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    first = Training(weights, tmp_path, settings(1.0))
    first.seconds = 20.0
    first.epoch, first.batch = 2, 7
    first.step(collate([PAIR, MISS]))
    first.save()

    second = Training(weights, tmp_path, settings(1.0))
    second.resume()

    assert (second.epoch, second.batch, second.seconds) == (2, 7, 20.0)
    for name, tensor in first.reader.state_dict().items():
        assert torch.equal(tensor, second.reader.state_dict()[name]), name


def test_of_the_passages_found_the_one_taken_most_for_an_answer_is_read(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    training = Training(weights, tmp_path, settings(1.0))
    groups = [[PAIR, MISS], [MISS], [MISS, PAIR, Encoded([101, 2040, 102, 9, 102], 3, [], [])]]

    hardest = training.hardest(groups)

    with torch.no_grad():
        training.reader.eval()
        for group, chosen in zip(groups, hardest, strict=True):
            logits = {id(row): training.reader(*collate([row]).inputs).answered_logit.item()
                      for row in group}  # fmt: skip
            assert logits[id(chosen)] == pytest.approx(max(logits.values()), abs=1e-3)


def test_one_found_by_chance_is_read_at_first_then_the_hardest_while_the_clock_stands(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    training = Training(weights, tmp_path, settings(1.0))
    batches = _stream([[PAIR]], [[MISS, MISS]], training)

    first, paused_first = next(batches), training.paused
    second, paused_second = next(batches), training.paused

    assert [sorted(batch.answered.tolist()) for batch in (first, second)] == [[0.0, 1.0]] * 2
    assert training.epoch == 1
    assert paused_first == 0
    assert paused_second > 0


def test_near_the_end_the_hardest_are_not_looked_for(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    training = Training(weights, tmp_path, settings(1.0))
    training.epoch, training.seconds = 1, 60 * HARDEST_UNTIL
    batches = _stream([[PAIR]], [[MISS, MISS]], training)

    assert [sorted(next(batches).answered.tolist()) for _ in range(2)] == [[0.0, 1.0]] * 2
    assert training.paused == 0


def test_a_share_of_the_weights_begun_with_is_kept(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    name = "layers.11.output.dense.bias"
    torch.save({name: (weights[name] + 4).half()}, tmp_path / "reader.pt")

    moved = {
        kept: load_learnt(weights, tmp_path / "reader.pt", kept).state_dict()[name] - weights[name]
        for kept in (0.0, 0.25, 1.0)
    }

    for kept, by in ((0.0, 4.0), (0.25, 3.0), (1.0, 0.0)):
        torch.testing.assert_close(moved[kept], torch.full((384,), by), atol=0.01, rtol=0)


def test_weights_of_another_shape_are_refused(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    torch.save({"layers.12.output.dense.weight": torch.zeros(1)}, tmp_path / "reader.pt")

    with pytest.raises(ValueError, match="does not fit"):
        load_learnt(weights, tmp_path / "reader.pt")


def test_no_answer_opens_in_the_question_or_in_padding(weights: dict[str, torch.Tensor]) -> None:
    reader = from_reranker(weights).eval()
    with torch.no_grad():
        reading = reader(*collate([PAIR, MISS]).inputs)

    allowed = reading.start_logits > BLOCKED / 2
    assert allowed.tolist() == [[True, False, False, True, True, False],
                                [True, False, False, True, False, False]]  # fmt: skip


def test_refusal_starts_as_the_rerankers_relevance() -> None:
    torch.manual_seed(2)
    named = {}
    for name, tensor in Reader().state_dict().items():
        if name.startswith("layers."):
            named[name.replace("layers", "bert.encoder.layer", 1)] = tensor
        elif name.startswith("embeddings."):
            named[f"bert.{name}"] = tensor
        elif name.startswith("relevance.pooler"):
            named[name.replace("relevance.pooler", "bert.pooler.dense")] = tensor
        elif name.startswith("relevance.classifier"):
            named[name.removeprefix("relevance.")] = tensor

    reader = from_reranker(named).eval()

    with torch.no_grad():
        reading = reader(*collate([PAIR, MISS]).inputs)
    torch.testing.assert_close(reading.answered_logit, reading.relevance_logit)
