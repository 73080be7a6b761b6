"""Folds x seeds of one configuration, with one JSON file a run and the weights of the run that ships."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rohydr.config import Config
from rohydr.data.pairs import Material, TextBank, VisualSource, load_texts, split_fold
from rohydr.data.ravdess import Clips, folds, load_clips
from rohydr.data.synthetic import synthetic_clips, write_synthetic_texts
from rohydr.data.teacher import Teacher, fit_teacher
from rohydr.features import PosteriorMap, noise_sd_for
from rohydr.model.rohydr import RoHyDR
from rohydr.recipe import digest_packed, recipe_sha256
from rohydr.train import Progress, evaluate_run, new_model, train_model

DESCRIPTORS = "descriptors.json"


@dataclasses.dataclass(frozen=True)
class Sources:
    """Everything read from disk for a series of runs."""

    clips: Clips
    texts: dict[str, TextBank]
    teacher: Teacher
    visual: VisualSource
    synthetic: bool
    descriptors: list[int]
    decoded: list[dict[str, str]]
    texts_read: dict[str, str]
    """Hash of each text file that was read (`recipe.digest_packed`)."""


def _texts_read(cache: Path) -> dict[str, str]:
    return {name: digest_packed(cache / f"{name}.npz") for name in ("emotion", "sentiment")}


def read_map(path: Path | None) -> PosteriorMap:
    """The posterior map written by `python -m rohydr visual-map`; without a file the identity."""
    if path is None:
        return PosteriorMap(1.0, (0.0,) * 7, 0.3, "nothing: identity map with the disagreement of data/README.md")
    raw = json.loads(path.read_text())
    return PosteriorMap(raw["temperature"], tuple(raw["bias"]), raw["disagreement"], raw["fitted_on"])


def read_descriptors(path: Path | None, names: list[str]) -> tuple[list[int], list[dict[str, str]]]:
    """Columns that the acoustic decoder gives, with the units that feature names carry in brackets.

    :param path: JSON list of feature names without units; None takes the first four features.
    """
    plain = [name.split("[")[0] for name in names]
    wanted = json.loads(path.read_text()) if path is not None else plain[:4]
    columns = [plain.index(name) for name in wanted if name in plain]
    units = [names[c].partition("[")[2].rstrip("]") or "1" for c in columns]
    return columns, [{"name": plain[c], "unit": unit} for c, unit in zip(columns, units, strict=True)]


def load_sources(
    data: Path,
    cache: Path,
    audio: Path | None,
    posterior_map: Path | None,
    package: Path,
    altered: Sequence[Path] = (),
) -> Sources:
    """Real material: `data` is ../shared/data, `cache` holds the embeddings made by `prepare`.

    :param altered: folders like `audio`, measured on the copies that `alter-voices` wrote.
    """
    clips = load_clips(data / "ravdess" / "visual.npz", audio, altered)
    teacher = fit_teacher(cache / "sentiment.npz")
    mapping = read_map(posterior_map)
    frames = np.concatenate([frames[::6] for frames in clips.frames[::20]])
    noise = noise_sd_for(frames, mapping.disagreement, mapping)
    descriptors, decoded = read_descriptors(package / DESCRIPTORS, clips.names)
    texts = load_texts(cache / "emotion.npz", teacher)
    visual = VisualSource(mapping, noise)
    return Sources(clips, texts, teacher, visual, False, descriptors, decoded, _texts_read(cache))


def synthetic_sources(cache: Path) -> Sources:
    """Generated material (smoke runs, tests); `cache` receives the text files."""
    cache.mkdir(parents=True, exist_ok=True)
    write_synthetic_texts(cache)
    clips = synthetic_clips()
    teacher = fit_teacher(cache / "sentiment.npz")
    descriptors, decoded = read_descriptors(None, clips.names)
    texts = load_texts(cache / "emotion.npz", teacher)
    visual = VisualSource(read_map(None), 0.8)
    return Sources(clips, texts, teacher, visual, True, descriptors, decoded, _texts_read(cache))


def material_of(sources: Sources, config: Config, fold: int, seed: int) -> dict[str, Material]:
    """Material of one fold."""
    return split_fold(sources.clips, sources.texts, folds()[fold], sources.visual, config.classes, seed)


def finished(target: Path, recipe: str) -> bool:
    """Whether the result file `target` exists already.

    :raises ValueError: when it is of another recipe, whose figures must not be mixed with those of this one.
    """
    if not target.exists():
        return False
    found = json.loads(target.read_text()).get("config_sha256")
    if found != recipe:
        raise ValueError(f"{target}: its recipe is {str(found)[:8]}, this one is {recipe[:8]}; take another --out")
    return True


def write_result(target: Path, result: dict[str, Any]) -> None:
    """Write a result file at once, so that an interrupted run leaves none."""
    temporary = target.with_suffix(".tmp")
    temporary.write_text(json.dumps(result))
    temporary.replace(target)


def run_series(
    config: Config, sources: Sources, which: list[tuple[int, int]], out: Path, keep: tuple[int, int], progress: Progress
) -> None:
    """Train and evaluate the (fold, seed) runs of `which`; runs whose result exists are left alone.

    The weights of `keep` are written to model.pt with their calibration and a description of the data.

    :raises ValueError: when a result that exists is of another recipe.
    """
    out.mkdir(parents=True, exist_ok=True)
    recipe = recipe_sha256(config, sources)
    for fold, seed in which:
        target = out / f"run-{fold}-{seed}.json"
        if finished(target, recipe):
            continue
        started = time.time()
        parts = material_of(sources, config, fold, seed)
        trained = train_model(config, parts, sources.descriptors, seed, progress)
        calibration, result = evaluate_run(config, trained, parts, sources.teacher, seed)
        result |= {"fold": fold, "seed": seed, "config_sha256": recipe}
        result |= {"actors": dataclasses.asdict(folds()[fold]), "wall_seconds": time.time() - started}
        result |= {"teacher": sources.teacher.report, "synthetic": sources.synthetic}
        result["visual_map"] = dataclasses.asdict(sources.visual.mapping) | {"noise_sd": sources.visual.noise_sd}
        if (fold, seed) == keep:
            state = {
                "state": trained.model.state_dict(),
                "config": dataclasses.asdict(config),
                "temperature": calibration.temperature,
                "half_width": calibration.half_width,
                "decoded": sources.decoded,
                "descriptors": sources.descriptors,
                "names": sources.clips.names,
                "fold": fold,
                "seed": seed,
                "config_sha256": recipe,
            }
            torch.save(state, out / "model.pt")
        write_result(target, result)
        progress(f"fold {fold} seed {seed}: {time.time() - started:.0f} s")


def rebuild(config: Config, material: Material, descriptors: list[int], state: dict[str, torch.Tensor]) -> RoHyDR:
    """A model with stored weights."""
    model = new_model(config, material, descriptors, 0)
    model.load_state_dict(state)
    return model.eval()
