"""What knowing the speaker does to features, and the table that says what it is worth."""

from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.config import smoke, speech_face
from rohydr.experiment import synthetic_sources
from rohydr.speaker import per_speaker, speaker_known


def test_features_per_speaker_lose_what_tells_speakers_apart() -> None:
    actor = np.repeat([1, 2], 20)
    rows = torch.randn(2, 40, 3, generator=torch.Generator().manual_seed(0))
    rows[:, 20:] = rows[:, 20:] * 3 + 50
    scaled = per_speaker(rows, actor)
    for person in (slice(0, 20), slice(20, 40)):
        assert torch.allclose(scaled[:, person].mean(1), torch.zeros(2, 3), atol=1e-5)
        assert torch.allclose(scaled[:, person].std(1, unbiased=False), torch.ones(2, 3), atol=1e-4)


def test_the_speaker_table_has_every_pattern_and_its_difference(tmp_path: Path) -> None:
    table = speaker_known(synthetic_sources(tmp_path), smoke(speech_face()), 1)
    for part in ("A", "V", "AV", "A apart", "V apart", "AV apart"):
        cell = table["difference"][part]
        assert cell["difference"] == pytest.approx(table["speaker known"][part] - table["as is"][part])
        assert cell["low"] <= cell["difference"] <= cell["high"]
        assert table["as is"][part] > 1 / 7
