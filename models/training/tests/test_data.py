"""No leak between splits; draws of patterns and pairs; visual functionals."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.config import Config
from rohydr.data.pairs import draw, draw_patterns, load_texts
from rohydr.data.ravdess import folds, load_clips, matched_frames
from rohydr.experiment import Sources, material_of, synthetic_sources
from rohydr.features import (
    STATISTICS,
    PosteriorMap,
    expression_functionals,
    fit_posterior_map,
    noise_sd_for,
    total_variation,
)
from rohydr.labels import EMOTIONS
from rohydr.stages.diffusion import drop_condition

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
GOLDEN = ROOT / "test" / "fixtures" / "expressionFunctionals.json"


@pytest.fixture(name="sources", scope="module")
def sources_fixture(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return synthetic_sources(tmp_path_factory.mktemp("synthetic"))


def test_no_actor_is_in_two_groups_of_a_fold_and_every_actor_is_tested_once() -> None:
    tested: list[int] = []
    for fold in folds():
        everyone = [*fold.test, *fold.held, *fold.train]
        assert sorted(everyone) == list(range(1, 25))
        tested += fold.test
    assert sorted(tested) == list(range(1, 25))


def test_no_text_is_in_two_splits(sources: Sources) -> None:
    seen: dict[bytes, str] = {}
    for name, bank in sources.texts.items():
        for row in bank.vectors.numpy():
            assert seen.setdefault(row.tobytes(), name) == name


def test_a_text_of_several_splits_is_kept_for_testing_only(tmp_path: Path, sources: Sources) -> None:
    vectors = np.eye(4, 384, dtype=np.float32)[[0, 0, 1, 1, 2, 2, 3, 3]]
    split = np.array(["train", "test", "train", "dev", "dev", "dev", "train", "train"])
    label = np.zeros(8, dtype=np.int64)
    np.savez(tmp_path / "emotion.npz", vectors=vectors, split=split, emotion=label)
    banks = load_texts(tmp_path / "emotion.npz", sources.teacher)
    assert {k: len(b.label) for k, b in banks.items()} == {"train": 2, "validation": 0, "calibration": 2, "test": 1}


def test_material_holds_only_the_actors_of_its_group(sources: Sources) -> None:
    parts = material_of(sources, Config(), 2, 1)
    for name, part in parts.items():
        assert set(part.actor.tolist()) == set(folds()[2].of(name))


def test_texts_are_paired_by_label(sources: Sources) -> None:
    train = material_of(sources, Config(), 0, 1)["train"]
    batch = draw(train, torch.arange(200), torch.Generator().manual_seed(0))
    assert torch.equal(train.texts.label[batch.text_rows], batch.label)
    assert torch.equal(batch.text, train.texts.vectors[batch.text_rows])


def test_patterns_are_drawn_per_sample_and_never_empty() -> None:
    generator = torch.Generator().manual_seed(0)
    incomplete = draw_patterns(7000, generator, complete=False)
    kinds = {tuple(row) for row in incomplete.tolist()}
    assert len(kinds) == 6 and (1.0, 1.0, 1.0) not in kinds and (0.0, 0.0, 0.0) not in kinds
    assert len({tuple(r) for r in draw_patterns(7000, generator, complete=True).tolist()}) == 7


def test_condition_dropout_hides_whole_conditions_at_its_rate() -> None:
    available = torch.ones(10000, 3)
    kept = drop_condition(available, 0.1, torch.Generator().manual_seed(0))
    sums = kept.sum(1)
    assert bool(((sums == 0) | (sums == 3)).all())
    assert abs(float((sums == 0).float().mean()) - 0.1) < 0.02


def test_functionals_of_one_frame_are_that_frame() -> None:
    p = np.array([[0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]])
    values = expression_functionals(p).reshape(STATISTICS, 7)
    ratio = np.log(p[0]) - np.log(p[0]).mean()
    for row in (0, 2, 3, 4, 5, 6):
        assert np.allclose(values[row], ratio)
    assert np.allclose(values[1], 0) and np.allclose(values[7], 0)
    assert np.allclose(values[8], [1, 0, 0, 0, 0, 0, 0])


def test_thirds_share_a_frame_where_the_count_does_not_divide() -> None:
    p = np.full((4, 7), 0.1) + 0.3 * np.eye(7)[:4]
    values = expression_functionals(p).reshape(STATISTICS, 7)
    ratio = np.log(p) - np.log(p).mean(axis=1, keepdims=True)
    for row, frames in ((4, [0, 1]), (5, [1, 2]), (6, [2, 3])):
        assert np.allclose(values[row], ratio[frames].mean(axis=0))


def test_no_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="posteriors"):
        expression_functionals(np.empty((0, 7)))


def test_functionals_agree_with_the_app() -> None:
    golden = json.loads(GOLDEN.read_text())
    measured = [case for case in golden["cases"] if case["expected"] is not None]
    assert len(measured) >= 5 and tuple(golden["labels"]) == EMOTIONS
    for case in measured:
        frames = np.array(
            [[math.nan if p is None else p for p in case["expression"][i]] for i in case["usable_frames"]]
        )
        assert np.allclose(expression_functionals(frames), case["expected"], atol=1e-5), case["name"]


def test_posterior_map_finds_temperature_and_bias() -> None:
    rng = np.random.default_rng(0)
    stored = rng.dirichlet(np.ones(7), size=2000)
    truth = PosteriorMap(1.5, (0.8, -0.8, 0.3, -0.3, 0.0, 0.0, 0.0), 0.0, "generated")
    found = fit_posterior_map(stored, truth.apply(stored), "generated", ridge=0.0)
    assert abs(found.temperature - 1.5) < 0.05 and np.allclose(found.bias, truth.bias, atol=0.05)
    assert found.disagreement < 0.01


def test_noise_has_the_measured_disagreement() -> None:
    posteriors = np.random.default_rng(0).dirichlet(np.ones(7), size=500)
    identity = PosteriorMap(1.0, (0.0,) * 7, 0.2, "generated")
    sd = noise_sd_for(posteriors, 0.2, identity)
    moved = identity.apply(posteriors, sd * np.random.default_rng(9).standard_normal(posteriors.shape))
    assert abs(total_variation(moved, identity.apply(posteriors)) - 0.2) < 0.02


@pytest.mark.skipif(not DATA.exists(), reason="research data are not here")
def test_stored_clips_merge_calm_into_neutral() -> None:
    clips = load_clips(DATA / "ravdess" / "visual.npz", None)
    assert len(clips.ids) == 1440
    assert np.bincount(clips.label, minlength=7).tolist() == [288, 192, 192, 192, 192, 192, 192]
    assert np.allclose([f.sum(axis=1).mean() for f in clips.frames], 1, atol=0.01)
    happy = np.concatenate([f for f, k in zip(clips.frames, clips.label, strict=True) if k == 1]).mean(axis=0)
    assert happy.argmax() == 1


def test_frames_are_matched_by_time_and_class_order(tmp_path: Path) -> None:
    stored = np.zeros((1, 4, 7), dtype=np.float16)
    stored[0, :, 3] = 1  # the third class of the stored order after anger, disgust and fear is happiness
    visual = tmp_path / "visual.npz"
    np.savez(visual, ids=["01-01-03-01"], fer_frames=stored, fer_frame_no=np.array([[26, 27, 28, 29]]), fer_len=[4])
    (tmp_path / "ids.txt").write_text("02-01-03-01\n")
    at = [26.0 / 29.97, 5.0, 27.0 / 29.97]
    rows = np.array([[0, time, *np.full(7, 1 / 7)] for time in at])
    rows[2, 4] = math.nan
    np.save(tmp_path / "frames.npy", rows)
    left, right, ids = matched_frames(tmp_path, visual)
    assert ids == ["02-01-03-01"] and left.shape == right.shape == (1, 7)
    assert left[0].argmax() == EMOTIONS.index("happiness")
