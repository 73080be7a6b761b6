"""The fingerprint of a recipe: whatever defines it changes it, and results of two recipes are never mixed."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rohydr import recipe
from rohydr.ablation import run_ablation
from rohydr.aggregate import read_runs
from rohydr.config import Config, smoke, speech_face
from rohydr.data.ravdess import Fold, folds
from rohydr.experiment import Sources, run_series, synthetic_sources
from rohydr.recipe import digest_packed, recipe_sha256

CONFIG = smoke(speech_face())


@pytest.fixture(name="sources", scope="module")
def sources_fixture(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    sources = synthetic_sources(tmp_path_factory.mktemp("recipe"))
    copy = sources.clips.audio + 1
    return dataclasses.replace(sources, clips=dataclasses.replace(sources.clips, altered=(copy, copy + 1)))


def _voice(sources: Sources) -> Sources:
    audio = sources.clips.audio.copy()
    audio[7, 3] += 1e-3
    return dataclasses.replace(sources, clips=dataclasses.replace(sources.clips, audio=audio))


def _one_copy(sources: Sources) -> Sources:
    clips = dataclasses.replace(sources.clips, altered=sources.clips.altered[:1])
    return dataclasses.replace(sources, clips=clips)


def _other_copy(sources: Sources) -> Sources:
    altered = (sources.clips.altered[0], sources.clips.altered[1] * 2)
    return dataclasses.replace(sources, clips=dataclasses.replace(sources.clips, altered=altered))


def _faces(sources: Sources) -> Sources:
    frames = [sources.clips.frames[0] * 0.5, *sources.clips.frames[1:]]
    return dataclasses.replace(sources, clips=dataclasses.replace(sources.clips, frames=frames))


def _map(sources: Sources) -> Sources:
    mapping = dataclasses.replace(sources.visual.mapping, temperature=1.1)
    return dataclasses.replace(sources, visual=dataclasses.replace(sources.visual, mapping=mapping))


def _texts(sources: Sources) -> Sources:
    return dataclasses.replace(sources, texts_read=sources.texts_read | {"emotion": "other vectors"})


@pytest.mark.parametrize("change", [_voice, _one_copy, _other_copy, _faces, _map, _texts])
def test_other_data_are_another_recipe(sources: Sources, change: Callable[[Sources], Sources]) -> None:
    assert recipe_sha256(CONFIG, change(sources)) != recipe_sha256(CONFIG, sources)


def test_every_setting_is_part_of_the_recipe(sources: Sources) -> None:
    seen = {recipe_sha256(CONFIG, sources)}
    for part in ("model", "train"):
        block = getattr(CONFIG, part)
        for field in dataclasses.fields(block):
            value = getattr(block, field.name)
            other = not value if isinstance(value, bool) else (value * 2 if isinstance(value, tuple) else value + 1)
            changed = dataclasses.replace(CONFIG, **{part: dataclasses.replace(block, **{field.name: other})})
            seen.add(recipe_sha256(changed, sources))
    assert len(seen) == 1 + len(dataclasses.fields(CONFIG.model)) + len(dataclasses.fields(CONFIG.train))


def test_other_folds_are_another_recipe(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipe_sha256(CONFIG, sources)
    first, *rest = folds()
    other = Fold(first.test, first.held[:1], (*first.train, first.held[1]))
    monkeypatch.setattr(recipe, "folds", lambda: [other, *rest])
    assert recipe_sha256(CONFIG, sources) != before


def test_the_same_recipe_read_again_has_the_same_fingerprint(tmp_path: Path) -> None:
    first, second = (synthetic_sources(tmp_path / name) for name in ("first", "second"))
    assert recipe_sha256(CONFIG, first) == recipe_sha256(Config(**vars(CONFIG)), second)


def test_packing_a_file_again_changes_nothing_and_its_content_does(tmp_path: Path) -> None:
    rows = np.arange(6.0)
    np.savez(tmp_path / "a.npz", vectors=rows, split=np.array(["train", "dev"]))
    np.savez_compressed(tmp_path / "b.npz", split=np.array(["train", "dev"]), vectors=rows)
    np.savez(tmp_path / "c.npz", vectors=rows[::-1], split=np.array(["train", "dev"]))
    assert digest_packed(tmp_path / "a.npz") == digest_packed(tmp_path / "b.npz") != digest_packed(tmp_path / "c.npz")


def test_results_of_another_recipe_stop_a_series_and_an_ablation(sources: Sources, tmp_path: Path) -> None:
    for name in ("run-0-1.json", "ablation-0-1.json"):
        (tmp_path / name).write_text(json.dumps({"config_sha256": "of another recipe"}))
    with pytest.raises(ValueError, match=r"run-0-1\.json.*another --out"):
        run_series(CONFIG, sources, [(0, 1)], tmp_path, (0, 1), print)
    with pytest.raises(ValueError, match=r"ablation-0-1\.json.*another --out"):
        run_ablation(CONFIG, sources, [(0, 1)], tmp_path, print)
    (tmp_path / "run-1-1.json").write_text(json.dumps({"config_sha256": "a third", "fold": 1, "seed": 1}))
    with pytest.raises(ValueError, match="2 recipes"):
        read_runs(tmp_path)
    found = {"config_sha256": recipe_sha256(CONFIG, sources)}
    (tmp_path / "run-0-1.json").write_text(json.dumps(found))
    run_series(CONFIG, sources, [(0, 1)], tmp_path, (0, 1), print)
    assert json.loads((tmp_path / "run-0-1.json").read_text()) == found
