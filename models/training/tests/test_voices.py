"""Altered voices: how they are made, and that only training sees them."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.config import smoke, speech_face
from rohydr.data.pairs import ALTERED_WEIGHT, Material, draw, voice_weights
from rohydr.data.ravdess import load_clips
from rohydr.data.voices import COPIES, RATE, alter_voices, filters
from rohydr.experiment import Sources, material_of, synthetic_sources
from rohydr.model.encoders import ModalityEncoder
from rohydr.stages.diffusion import LatentCache
from rohydr.train import new_model


@pytest.fixture(name="sources", scope="module")
def sources_fixture(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    plain = synthetic_sources(tmp_path_factory.mktemp("voices"))
    altered = (plain.clips.audio + 100, plain.clips.audio + 200)
    return dataclasses.replace(plain, clips=dataclasses.replace(plain.clips, altered=altered))


@pytest.fixture(name="parts", scope="module")
def parts_fixture(sources: Sources) -> dict[str, Material]:
    return material_of(sources, smoke(speech_face()), 0, 1)


def test_filters_are_the_same_each_time_and_stay_within_their_bounds() -> None:
    for copy in COPIES:
        for number in range(50):
            voice, noise = filters(copy, number)
            assert (voice, noise) == filters(copy, number)
            assert (noise is not None) == copy.room
            found = re.match(r"asetrate=([\d.]+),aresample=\d+,atempo=([\d.]+),", voice)
            assert found is not None
            factor, tempo = float(found[1]) / RATE, float(found[2])
            assert abs(12 * np.log2(factor)) <= copy.semitones + 1e-3
            assert 0.93 - 1e-3 <= tempo * factor <= 1.07 + 1e-3


def test_a_folder_without_recordings_and_a_failing_ffmpeg_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no flac files"):
        alter_voices(tmp_path, tmp_path / "out", "false", lambda _: None)
    (tmp_path / "a.flac").write_bytes(b"")
    with pytest.raises(ValueError, match=r"a\.flac"):
        alter_voices(tmp_path, tmp_path / "out", "false", lambda _: None)
    assert not list((tmp_path / "out").rglob("*.flac"))


def test_only_training_sees_altered_voices(parts: dict[str, Material]) -> None:
    assert {name: part.audio.shape[0] for name, part in parts.items()} == {
        "train": 3,
        "validation": 1,
        "calibration": 1,
        "test": 1,
    }


def test_altered_voices_are_drawn_by_their_weight_and_never_for_a_reading(parts: dict[str, Material]) -> None:
    train = parts["train"]
    rows = torch.randint(0, len(train), (6000,), generator=torch.Generator().manual_seed(0))
    batch = draw(train, rows, torch.Generator().manual_seed(1))
    expected = ALTERED_WEIGHT / (1 + 2 * ALTERED_WEIGHT)
    shares = torch.bincount(batch.voices, minlength=3) / len(rows)
    assert torch.allclose(shares, torch.tensor([1 - 2 * expected, expected, expected]), atol=0.03)
    assert torch.equal(torch.nan_to_num(batch.audio), torch.nan_to_num(train.audio[batch.voices, rows]))
    assert int(draw(train, rows, torch.Generator().manual_seed(1), 1).voices.max()) == 0
    assert voice_weights(train).tolist() == [1.0, ALTERED_WEIGHT, ALTERED_WEIGHT]


def test_cached_latents_belong_to_the_voice_that_was_drawn(parts: dict[str, Material]) -> None:
    train = parts["train"]
    model = new_model(smoke(speech_face()), train, [0, 1], 1)
    model.encoders.audio.standardise.fit(train.audio.flatten(0, 1))
    latents, batch = LatentCache(model, train).draw(64, torch.Generator().manual_seed(3))
    encoder: ModalityEncoder = model.encoders.audio
    with torch.no_grad():
        assert torch.allclose(latents[:, 1], encoder(batch.audio), atol=1e-5)
    assert len(batch.voices.unique()) == 3


def test_copies_with_other_features_are_refused(tmp_path: Path) -> None:
    visual = tmp_path / "visual.npz"
    np.savez(
        visual,
        ids=["01-01-01"],
        emotion=[1],
        actor=[1],
        fer_frames=np.ones((1, 2, 7)),
        fer_len=[2],
        mfcc259=np.zeros((1, 3)),
    )
    for name, features in (("audio", "a\nb\n"), ("other", "a\nc\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ids.txt").write_text("03-01-01\n")
        (tmp_path / name / "names.txt").write_text(features)
        np.save(tmp_path / name / "audio.npy", np.zeros((1, 2), dtype=np.float32))
    assert len(load_clips(visual, tmp_path / "audio", [tmp_path / "audio"]).altered) == 1
    with pytest.raises(ValueError, match="other"):
        load_clips(visual, tmp_path / "audio", [tmp_path / "other"])
