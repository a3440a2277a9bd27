"""The multilingual reader can go on learning from what ships."""

import shutil
from pathlib import Path

import pytest
import torch

from index.read.multilingual import MULTILINGUAL_READER
from index.read.packaged import PACKAGED_READER
from training.multilingual.model import MultilingualReader
from training.multilingual.train import take_up

export = pytest.importorskip(
    "training.multilingual.export",
    reason="the extra `training` is not installed",
    exc_type=ModuleNotFoundError,
)


def test_what_is_taken_up_reads_as_the_reader_that_ships() -> None:
    reader = MultilingualReader()
    take_up(reader, MULTILINGUAL_READER)
    inputs = export._random_inputs(2, 40, 3)
    with torch.inference_mode():
        taken = reader.eval()(*(torch.from_numpy(array) for array in inputs))
    shipped = export._onnx(MULTILINGUAL_READER / "model.onnx")(inputs)
    assert taken.relevance_logit.numpy() == pytest.approx(shipped[3], abs=1)  # int8 rounds


def test_another_model_is_not_taken_up(tmp_path: Path) -> None:
    folder = shutil.copytree(PACKAGED_READER, tmp_path / "reader")
    with pytest.raises(ValueError, match="does not fit"):
        take_up(MultilingualReader(), folder)
