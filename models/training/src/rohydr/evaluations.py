"""Quality of recovery by network evaluations, on the kept weights of `train`: energy skill to the climatology."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np

from rohydr import controls
from rohydr.data.pairs import Material
from rohydr.evaluate import NOISED, view
from rohydr.metrics import bootstrap_ratio
from rohydr.model.rohydr import RoHyDR

EVALUATIONS: Final = (1, 2, 4, 8, 16, 50)


def skill_by_evaluations(model: RoHyDR, parts: dict[str, Material], seed: int) -> dict[str, Any]:
    """Skill of the test actors' recovered latents per direction and number of evaluations, 95 % over actors.

    The noise added to recoveries is the one that was calibrated at the shipped number, which is measured too.
    """
    shipped = model.config.sampler_steps
    train, test = (view(model, parts[p], seed, NOISED) for p in ("train", "test"))
    ridges = controls.LatentRidges.fit(train, view(model, parts["validation"], seed, NOISED))
    curve: dict[str, dict[str, dict[str, float]]] = {}
    kept = model.config
    try:
        for count in sorted({*EVALUATIONS, shipped}):
            model.config = dataclasses.replace(kept, sampler_steps=count)
            for way, rows in controls.recovery_scores(model, ridges, train, test, seed).items():
                ours, climate = np.array(rows["energy"]), np.array(rows["energy_climatology"])
                skill, low, high = bootstrap_ratio(ours, climate, test.actor)
                row = {"skill": skill, "low": low, "high": high, "covered": float(np.mean(rows["coverage"]))}
                curve.setdefault(way, {})[str(count)] = row
    finally:
        model.config = kept
    return {"n": len(test.label), "shipped": shipped, "curve": curve}
