"""The paper's claims as a table: recovery by modality and by level, and staging, each taken away from one backbone.

Stage 1 is shared by all variants of a (fold, seed), so that they differ in recovery alone.
"""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rohydr import controls
from rohydr.aggregate import of_one_recipe
from rohydr.config import Config, TrainConfig
from rohydr.data.pairs import Material
from rohydr.evaluate import (
    CLEAN,
    NOISED,
    Readout,
    calibrate_spread,
    choose_recovered_weights,
    hits,
    read_patterns,
    repaired_alone,
    validation_loss,
    view,
)
from rohydr.experiment import Sources, finished, material_of, write_result
from rohydr.metrics import bootstrap_ratio, paired_bootstrap
from rohydr.model.rohydr import RoHyDR
from rohydr.recipe import recipe_sha256
from rohydr.stages.diffusion import LatentCache, train_diffusion
from rohydr.stages.fusion_recovery import train_fusion_recovery
from rohydr.stages.joint import train_joint
from rohydr.stages.pretrain import pretrain
from rohydr.train import Progress, new_model

FULL = "all levels, staged"
LEVELS: dict[str, dict[str, Any]] = {
    FULL: {},
    "without unimodal semantic": {"semantic_weight": 0.0},
    "without fused feature": {"fused_weight": 0.0},
    "without fused semantic": {"adversarial_weight": 0.0, "repaired_weight": 0.0},
}
"""Loss weights that each variant takes away."""
NO_UNIMODAL = "without unimodal recovery"
ONE_STAGE = "all levels, one stage"
VARIANTS = (*LEVELS, NO_UNIMODAL, ONE_STAGE)
REAL = ("A", "V", "AV")


class Unfilled(RoHyDR):
    """Missing latents stay at the training mean: what fusion recovery can do alone."""

    def recover(self, latents: Tensor, available: Tensor, noise: Tensor, steps: int | None = None) -> Tensor:
        return latents * available[:, :, None, None]


def _finish(model: RoHyDR, cache: LatentCache, train: TrainConfig, parts: dict[str, Material], seed: int) -> None:
    """Stages 3 and 4 as far as `train` has steps for them, then spread and weights as in every run."""
    generator = torch.Generator().manual_seed(seed)
    seen = view(model, parts["validation"], seed, NOISED)
    calibrate_spread(model, seen, seed)
    if train.fusion_steps:
        train_fusion_recovery(model, cache, train, generator)
    train_joint(model, cache, train, generator, lambda m: validation_loss(m, seen, 4))
    calibrate_spread(model, seen, seed)
    choose_recovered_weights(model, seen, train.samples, seed)


def _measure(model: RoHyDR, parts: dict[str, Material], samples: int, seed: int) -> dict[str, Any]:
    test = view(model, parts["test"], seed, CLEAN)
    both = read_patterns(model, test, samples, seed)
    repaired = repaired_alone(both)
    train, validation = (view(model, parts[p], seed, NOISED) for p in ("train", "validation"))
    ridges = controls.LatentRidges.fit(train, validation)
    recovery = controls.recovery_scores(model, ridges, train, view(model, parts["test"], seed, NOISED), seed)
    energy = {key: np.mean([r[key] for r in recovery.values()], axis=0) for key in ("energy", "energy_climatology")}
    return {
        "actor": test.actor.tolist(),
        "hits": {"both": hits(both, test), "repaired": hits(repaired, test)},
        "agreement": _agreement(repaired, both["TAV"]),
        **{key: values.tolist() for key, values in energy.items()},
    }


def _agreement(repaired: dict[str, Readout], complete: Readout) -> float:
    """Share of clips whose repaired reading names the emotion that the complete input names; mean over REAL."""
    best = complete.logits.mean(axis=1).argmax(axis=1)
    return float(np.mean([(repaired[p].logits.mean(axis=1).argmax(axis=1) == best).mean() for p in REAL]))


def run_ablation(config: Config, sources: Sources, which: list[tuple[int, int]], out: Path, progress: Progress) -> None:
    """All variants of the (fold, seed) pairs of `which`, one file a pair; pairs that have one are left alone.

    :raises ValueError: when a file that exists is of another recipe.
    """
    out.mkdir(parents=True, exist_ok=True)
    recipe = recipe_sha256(config, sources)
    for fold, seed in which:
        target = out / f"ablation-{fold}-{seed}.json"
        if finished(target, recipe):
            continue
        parts = material_of(sources, config, fold, seed)
        start = new_model(config, parts["train"], sources.descriptors, seed)
        pretrain(start, parts["train"], config.train, sources.descriptors, torch.Generator().manual_seed(seed))
        cache = LatentCache(start, parts["train"])
        diffused = copy.deepcopy(start)
        train_diffusion(diffused, cache, config.train, torch.Generator().manual_seed(seed))
        found: dict[str, Any] = {}
        for name in VARIANTS:
            model, train = copy.deepcopy(start if name in (NO_UNIMODAL, ONE_STAGE) else diffused), config.train
            if name == NO_UNIMODAL:
                model.__class__ = Unfilled
            elif name == ONE_STAGE:
                length = train.diffusion_steps // 2 + train.fusion_steps // 4 + train.joint_steps
                train = dataclasses.replace(train, fusion_steps=0, joint_steps=length, joint_rate=train.diffusion_rate)
            else:
                train = dataclasses.replace(train, **LEVELS[name])
            _finish(model, cache, train, parts, seed)
            found[name] = _measure(model, parts, config.train.samples, seed)
            progress(f"ablation, fold {fold}, seed {seed}: {name}")
        write_result(target, {"fold": fold, "seed": seed, "config_sha256": recipe, "variants": found})


def aggregate_ablation(folder: Path, recipe: str) -> dict[str, Any] | None:
    """Table of all ablation files in `folder`; None without any. Differences are to all levels, staged.

    `skill` is that of recovered latents, both directions, to the climatology; `energy_gain` how much less their energy
    score is than with all levels, staged.

    :param recipe: hash of the recipe that the table is to stand beside; `same_recipe` says whether it is the files'.
    :raises ValueError: when the files are of more than one recipe.
    """
    runs = of_one_recipe(folder, "ablation-*.json")
    if not runs:
        return None
    actors = np.concatenate([r["variants"][FULL]["actor"] for r in runs])

    def rows(name: str, kind: str) -> np.ndarray:
        parts = [np.mean([r["variants"][name]["hits"][kind][p] for p in REAL], axis=0) for r in runs]
        return np.concatenate(parts)

    table: dict[str, Any] = {}
    for name in VARIANTS:
        cells: dict[str, Any] = {kind: float(rows(name, kind).mean()) for kind in ("both", "repaired")}
        for kind in ("both", "repaired"):
            mean, low, high = paired_bootstrap(rows(name, kind) - rows(FULL, kind), actors)
            cells[f"{kind}_difference"] = {"difference": mean, "low": low, "high": high}
        cells["agreement"] = float(np.mean([r["variants"][name]["agreement"] for r in runs]))
        ours, climate, full = (
            np.concatenate([r["variants"][row][key] for r in runs])
            for row, key in ((name, "energy"), (name, "energy_climatology"), (FULL, "energy"))
        )
        cells["skill"], *cells["skill_interval"] = bootstrap_ratio(ours, climate, actors)
        mean, low, high = bootstrap_ratio(ours, full, actors)
        cells["energy_gain"] = {"difference": mean, "low": low, "high": high}
        table[name] = cells
    return {
        "runs": [[r["fold"], r["seed"]] for r in runs],
        "config_sha256": runs[0]["config_sha256"],
        "same_recipe": runs[0]["config_sha256"] == recipe,
        "actors": len(set(actors.tolist())),
        "variants": table,
    }
