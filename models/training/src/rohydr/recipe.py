"""The fingerprint of a recipe: settings, protocol and all data that training and measuring read."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rohydr.config import Config
from rohydr.data.pairs import ALTERED_WEIGHT, VARIANTS
from rohydr.data.ravdess import FRAME_STEP, folds
from rohydr.evaluate import LEVEL, SPREAD_SAMPLES, SPREADS, WEIGHTS

if TYPE_CHECKING:
    from rohydr.experiment import Sources

REVISION = "voice opinion: mean of recordings and all versions; spread: conformal share of held clips"
"""Steps that no setting describes. Change it with any code that makes other figures from the same settings and data."""


def digest(*arrays: Any) -> str:
    """Hash of type, shape and content of some arrays, in order; absent numbers (NaN) count as well."""
    found = hashlib.sha256()
    for array in arrays:
        plain = np.ascontiguousarray(array)
        found.update(f"{plain.dtype.str}{plain.shape}".encode())
        found.update(plain.tobytes())
    return found.hexdigest()


def digest_packed(file: Path) -> str:
    """Hash of the arrays in an npz file; packing them again changes nothing."""
    with np.load(file, allow_pickle=False) as packed:
        names = sorted(packed.files)
        return digest(np.array(names), *(packed[name] for name in names))


def ingredients(config: Config, sources: Sources) -> dict[str, Any]:
    """What the fingerprint is of, readable: recipes that differ in any of it are two.

    Only what was read or set counts, nothing worked out from it, so that rounding on another machine changes nothing.
    """
    clips = sources.clips
    return {
        "revision": REVISION,
        "config": dataclasses.asdict(config),
        "folds": [dataclasses.asdict(fold) for fold in folds()],
        "altered_weight": ALTERED_WEIGHT,
        "face_versions": VARIANTS,
        "frame_step": FRAME_STEP,
        "selection": {"level": LEVEL, "samples": SPREAD_SAMPLES, "spreads": SPREADS, "weights": WEIGHTS},
        "clips": digest(np.array(clips.ids), clips.code, clips.actor),
        "audio": digest(np.array(clips.names), clips.audio),
        "altered": [digest(copy) for copy in clips.altered],
        "faces": digest(*clips.frames),
        "visual_map": dataclasses.asdict(sources.visual.mapping),
        "descriptors": sources.descriptors,
        "texts": sources.texts_read,
        "synthetic": sources.synthetic,
    }


def recipe_sha256(config: Config, sources: Sources) -> str:
    """Hash of the canonical JSON of the `ingredients`: the `config_sha256` of runs, ablations and bundles."""
    return hashlib.sha256(json.dumps(ingredients(config, sources), sort_keys=True).encode()).hexdigest()
