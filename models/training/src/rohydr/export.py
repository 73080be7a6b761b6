"""From trained weights to a bundle: four graphs, parity.json, bundle.json; each checked before it is put in place."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import math
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rohydr import __version__
from rohydr.config import Config
from rohydr.data.pairs import Material
from rohydr.features import VISUAL_DIMENSION
from rohydr.labels import EMOTIONS, PATTERNS
from rohydr.model.rohydr import ReadoutGraph, RecoverGraph, RoHyDR
from rohydr.onnx_export import TOLERANCE, export_graph, run_graph

PARITY_PATTERNS = ("TAV", "A", "TV")
TITLE = "Speech and face, English"


@dataclasses.dataclass(frozen=True)
class Shipment:
    """What a bundle is made of."""

    model: RoHyDR
    config: Config
    temperature: dict[str, float]
    half_width: dict[str, float]
    decoded: list[dict[str, str]]
    names: list[str]
    training: dict[str, Any]
    evaluation: dict[str, Any]
    fitted_on: str
    created: str


def sha256(path: Path) -> str:
    """Lower-case hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parity_inputs(model: RoHyDR, material: Material, seed: int) -> dict[str, Tensor]:
    """Three rows drawn from normal distributions with training statistics: no person's features travel in a bundle.

    Rows follow the patterns TAV, A and TV; whatever is missing is NaN, and one available audio value is NaN too.
    """
    generator = torch.Generator().manual_seed(seed)
    available = torch.tensor([PATTERNS[p] for p in PARITY_PATTERNS], dtype=torch.float32)
    rows: dict[str, Tensor] = {}
    for m, (name, encoder) in enumerate(zip(("text", "audio", "visual"), model.encoders.each(), strict=True)):
        mean, sd = encoder.standardise.mean, encoder.standardise.sd.clamp(max=1e4)
        x = mean + sd * torch.randn(3, mean.shape[0], generator=generator)
        x[available[:, m] < 0.5] = math.nan
        rows[name] = x
    rows["audio"][0, 0] = math.nan
    c = model.config
    rows["available"] = available
    rows["noise"] = torch.randn(3, 3, c.tokens, c.width, generator=generator)
    return rows


def _spec(name: str, value: Tensor) -> dict[str, Any]:
    return {"name": name, "shape": ["batch", *value.shape[1:]], "type": "float32"}


def export_graphs(model: RoHyDR, inputs: dict[str, Tensor], folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Write the four graphs; returns their manifest entries and PyTorch's outputs of the whole pipeline."""
    features = {k: inputs[k] for k in ("text", "audio", "visual", "available")}
    with torch.no_grad():
        latents = model.encoders(*features.values())
        recovered = model.recover(latents, inputs["available"], inputs["noise"])
        missing = 1 - inputs["available"]
        present = torch.ones_like(missing)
        logits, score, fused = ReadoutGraph(model)(recovered, present, missing)
        expression, acoustics = model.decoders(recovered)
    graphs: list[tuple[str, torch.nn.Module, dict[str, Tensor], dict[str, Tensor]]] = [
        ("encode", model.encoders, features, {"latents": latents}),
        (
            "recover",
            RecoverGraph(model),
            {"latents": latents, "available": inputs["available"], "noise": inputs["noise"]},
            {"recovered": recovered},
        ),
        (
            "readout",
            ReadoutGraph(model),
            {"latents": recovered, "present": present, "recovered": missing},
            {"logits": logits, "score": score, "fused": fused},
        ),
        ("decode", model.decoders, {"latents": recovered}, {"expression": expression, "acoustics": acoustics}),
    ]
    entries: dict[str, Any] = {}
    for name, module, feeds, outputs in graphs:
        path = folder / f"{name}.onnx"
        worst = export_graph(module, feeds, list(outputs), path)
        entries[name] = {
            "file": path.name,
            "sha256": sha256(path),
            "inputs": [_spec(k, v) for k, v in feeds.items()],
            "outputs": [_spec(k, v) for k, v in outputs.items()],
            "parity_max_abs": worst,
        }
    expected = {"latents": latents, "recovered": recovered, "logits": logits, "score": score}
    return entries, expected | {"expression": expression, "acoustics": acoustics}


def pipeline_difference(folder: Path, inputs: dict[str, Tensor], expected: dict[str, Tensor]) -> float:
    """Largest difference of the chained ONNX graphs to PyTorch's chained outputs."""
    features = {k: inputs[k] for k in ("text", "audio", "visual", "available")}
    tensors: dict[str, np.ndarray] = {}
    (tensors["latents"],) = run_graph(folder / "encode.onnx", features)
    step = {"latents": torch.from_numpy(tensors["latents"]), "available": inputs["available"], "noise": inputs["noise"]}
    (tensors["recovered"],) = run_graph(folder / "recover.onnx", step)
    filled = torch.from_numpy(tensors["recovered"])
    missing = 1 - inputs["available"]
    read = {"latents": filled, "present": torch.ones_like(missing), "recovered": missing}
    tensors["logits"], tensors["score"], _ = run_graph(folder / "readout.onnx", read)
    tensors["expression"], tensors["acoustics"] = run_graph(folder / "decode.onnx", {"latents": filled})
    return max(float(np.max(np.abs(tensors[k] - expected[k].numpy()))) for k in expected)


def _nested(value: Tensor) -> Any:
    if value.ndim == 0:
        number = float(value)
        return None if math.isnan(number) else number
    return [_nested(v) for v in value]


def export_checked(model: RoHyDR, inputs: dict[str, Tensor], folder: Path) -> tuple[dict[str, Any], float]:
    """Write the graphs and parity.json; returns the graphs' manifest entries and the largest difference of the chain.

    :raises ValueError: when the chained graphs differ from PyTorch by more than 1e-4.
    """
    entries, expected = export_graphs(model, inputs, folder)
    worst = pipeline_difference(folder, inputs, expected)
    if not worst <= TOLERANCE:
        raise ValueError(f"the chained graphs differ from PyTorch by {worst:.2e}")
    parity = {
        "inputs": {k: _nested(v) for k, v in inputs.items()},
        "outputs": {k: _nested(v) for k, v in expected.items()},
    }
    (folder / "parity.json").write_text(json.dumps(parity) + "\n")
    return entries, worst


def write_bundle(shipment: Shipment, material: Material, folder: Path) -> dict[str, Any]:
    """Write graphs, parity.json and bundle.json into `folder`; bundle.json comes last.

    :raises ValueError: when the chained graphs differ from PyTorch by more than 1e-4.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model, config = shipment.model.eval(), shipment.config
    inputs = parity_inputs(model, material, 5)
    entries, worst = export_checked(model, inputs, folder)
    c = config.model
    manifest = {
        "format": 1,
        "id": "speech-face-en",
        "version": __version__,
        "title": TITLE,
        "description": "Emotion and sentiment of a speaking person from words, voice and face; any may be missing.",
        "licence": "CC-BY-NC-SA-4.0",
        "intended_use": "Research on recordings whose people agreed to it; not for decisions about individuals.",
        "created_utc": shipment.created,
        "configuration": config.name,
        "modalities": {
            "text": {"extractor": "minilm-l6-tuned/1", "dimension": 384},
            "audio": {
                "extractor": "acoustic-functionals/1",
                "dimension": len(shipment.names),
                "names_sha256": hashlib.sha256("\n".join(shipment.names).encode()).hexdigest(),
            },
            "visual": {"extractor": "expression-functionals/2", "dimension": VISUAL_DIMENSION},
        },
        "latent": {"tokens": c.tokens, "width": c.width},
        "fused_width": model.fusion.width,
        "labels": list(EMOTIONS),
        "score_range": [-3, 3],
        "graphs": entries,
        "decoded": {"acoustics": shipment.decoded},
        "sampler": {
            "kind": "edm-dpmpp2m",
            "steps": c.sampler_steps,
            "samples_default": config.train.samples,
            "samples_max": 64,
            "sigma_min": c.sigma_min,
            "sigma_max": c.sigma_max,
        },
        "calibration": {
            "interval_level": 0.9,
            "temperature": shipment.temperature,
            "half_width": shipment.half_width,
            "fitted_on": shipment.fitted_on,
        },
        "training": shipment.training,
        "evaluation": shipment.evaluation,
        "parity": {
            "file": "parity.json",
            "sha256": sha256(folder / "parity.json"),
            "tolerance": TOLERANCE,
            "pipeline_max_abs": worst,
        },
    }
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return manifest


def software() -> dict[str, str]:
    """Versions that shaped the weights."""
    return {"python": platform.python_version(), "torch": str(torch.__version__), "numpy": str(np.__version__)}


def now_utc() -> str:
    """Current time, ISO 8601, seconds."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
