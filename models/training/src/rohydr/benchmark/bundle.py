"""From kept weights of `fast` to the bundle `mosi-utterance`: graphs, parity.json, bundle.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rohydr import __version__
from rohydr.benchmark.backbone import new_model
from rohydr.benchmark.utterances import Layout, Utterances
from rohydr.config import Config
from rohydr.export import PARITY_PATTERNS, export_checked, now_utc, sha256, software
from rohydr.labels import EMOTIONS, MODALITIES, PATTERNS
from rohydr.model.rohydr import RoHyDR
from rohydr.onnx_export import TOLERANCE

LICENCE = "LicenseRef-CMU-MOSI-research-use"
LICENCE_TEXT = """# Licence of these weights

They were trained on CMU-MOSI (Zadeh et al. 2016), which its authors give out for academic research, on features that
bc-LSTM's authors published (Poria et al. 2017). Use them for research only. The data are not part of this folder.
"""
OWN_LICENCE_TEXT = """# Licence of these weights

They were trained on data of whoever made this bundle, who says here under which terms it may be used.
"""


@dataclass(frozen=True)
class Naming:
    """What a bundle is called and trained on."""

    id: str
    title: str
    data: str
    long_data: str
    licence: str
    licence_text: str


MOSI = Naming(
    "mosi-utterance",
    "CMU-MOSI utterance vectors (benchmark)",
    "CMU-MOSI utterance vectors",
    "CMU-MOSI utterance vectors of bc-LSTM (research use): text CNN, openSMILE, 3D CNN; split_bclstm",
    LICENCE,
    LICENCE_TEXT,
)


def own_naming(identifier: str, title: str) -> Naming:
    """A bundle on somebody's own vectors file."""
    return Naming(identifier, title, title, title, "LicenseRef-own-data", OWN_LICENCE_TEXT)


def restore(config: Config, dimensions: tuple[int, int, int], kept: dict[str, Any]) -> RoHyDR:
    """The model with kept weights."""
    model = new_model(config, dimensions, kept["seed"])
    model.load_state_dict(kept["state"])
    return model.eval()


def parity_inputs(model: RoHyDR, seed: int) -> dict[str, Tensor]:
    """Three rows from normal distributions with training statistics (nobody's features); missing ones are NaN."""
    generator = torch.Generator().manual_seed(seed)
    available = torch.tensor([PATTERNS[p] for p in PARITY_PATTERNS], dtype=torch.float32)
    rows: dict[str, Tensor] = {}
    for m, (name, encoder) in enumerate(zip(MODALITIES, model.encoders.each(), strict=True)):
        mean, sd = encoder.standardise.mean, encoder.standardise.sd.clamp(max=1e4)
        x = mean + sd * torch.randn(len(available), mean.shape[0], generator=generator)
        x[available[:, m] < 0.5] = torch.nan
        rows[name] = x
    rows["available"] = available
    shape = (len(available), 3, model.config.tokens, model.config.width)
    rows["noise"] = torch.randn(shape, generator=generator)
    return rows


def write_bundle(
    config: Config,
    kept: dict[str, Any],
    data: Utterances,
    evaluation: dict[str, Any],
    folder: Path,
    layout: Layout,
    naming: Naming = MOSI,
) -> dict[str, Any]:
    """Write graphs, licence, parity.json and, last, bundle.json; returns the manifest.

    :raises ValueError: when the chained graphs differ from PyTorch by more than 1e-4.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = restore(config, data.dimensions(), kept)
    inputs = parity_inputs(model, 5)
    entries, worst = export_checked(model, inputs, folder)
    (folder / "LICENSE.md").write_text(naming.licence_text)
    seeds = evaluation["methods"]["fast"]["seeds"]
    manifest = {
        "format": 1,
        "id": naming.id,
        "version": __version__,
        "title": naming.title,
        "description": "Sentiment of an utterance from ready-made text, audio and video vectors; any may be missing.",
        "licence": naming.licence,
        "intended_use": "Comparison of recovery methods on published vectors; it cannot read recordings.",
        "created_utc": now_utc(),
        "configuration": config.name,
        "benchmark": {
            "data": naming.data,
            "ids": "ids",
            "label": "label",
            "split": layout.split,
            "part": "test",
            "arrays": {name: column for name, (column, _) in layout.columns.items()},
        },
        "modalities": {
            name: {"extractor": f"{layout.extractor}/{column}", "dimension": width}
            for (name, (column, _)), width in zip(layout.columns.items(), data.dimensions(), strict=True)
        },
        "latent": {"tokens": config.model.tokens, "width": config.model.width},
        "fused_width": model.fusion.width,
        "labels": list(EMOTIONS),
        "score_range": [-3, 3],
        "graphs": entries,
        "decoded": {
            "acoustics": [
                {"name": f"{layout.columns['audio'][0]}.{i:02d}", "unit": "1"} for i in range(data.dimensions()[1])
            ]
        },
        "sampler": {
            "kind": "edm-dpmpp2m",
            "steps": config.model.sampler_steps,
            "samples_default": config.train.samples,
            "samples_max": 64,
            "sigma_min": config.model.sigma_min,
            "sigma_max": config.model.sigma_max,
        },
        "calibration": {
            "interval_level": 0.9,
            "temperature": {"1": 1.0, "2": 1.0, "3": 1.0},
            "half_width": kept["half_width"],
            "fitted_on": "split-conformal half-width by pattern (90 %) on six held-out videos of the training part",
        },
        "training": {
            "data": [naming.long_data],
            "seeds": seeds,
            "shipped_seed": kept["seed"],
            "config_sha256": config.sha256(),
            "software": software(),
            "parameters": sum(p.numel() for p in model.parameters()),
        },
        "evaluation": evaluation,
        "parity": {
            "file": "parity.json",
            "sha256": sha256(folder / "parity.json"),
            "tolerance": TOLERANCE,
            "pipeline_max_abs": worst,
        },
    }
    write_manifest(manifest, folder)
    return manifest


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Put bundle.json in place in one step."""
    temporary = folder / "bundle.tmp"
    temporary.write_text(json.dumps(manifest, indent=2, allow_nan=False) + "\n")
    temporary.replace(folder / "bundle.json")
