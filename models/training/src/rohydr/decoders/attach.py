"""Puts decoders into the folder of a finished bundle: curves.onnx, entries of bundle.json, parity, card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.decoders.bands import LEVEL, Band
from rohydr.decoders.faces import FaceMap
from rohydr.decoders.study import FROM, VISUAL, Group, Study
from rohydr.export import sha256
from rohydr.onnx_export import export_graph

GRAPH, PHRASES = "curves.onnx", "phrases.json"
OUTPUTS = ("expression_curve", "proxy_curve", "voice_curve", "rates")
NORMAL_90 = 1.645
"""Standard deviations of a normal distribution that 90 % lie within."""
LIMITS = {"probability": (0.0, 1.0), "auditory units": (0.0, None), "%": (0.0, None), "1/s": (0.0, None)}


def attach(folder: Path, study: Study, faces: FaceMap, phrases: dict[str, Any]) -> dict[str, Any]:
    """Write the graph and add everything to bundle.json, which comes last; returns the manifest."""
    manifest: dict[str, Any] = json.loads((folder / "bundle.json").read_text())
    parity_file = folder / manifest["parity"]["file"]
    parity = json.loads(parity_file.read_text())
    latents = torch.tensor(parity["outputs"]["recovered"], dtype=torch.float32)
    worst = export_graph(study.decoders, {"latents": latents}, list(OUTPUTS), folder / GRAPH)
    with torch.no_grad():
        values = dict(zip(OUTPUTS, study.decoders(latents), strict=True))
    parity["outputs"] |= {name: value.tolist() for name, value in values.items()}
    parity_file.write_text(json.dumps(parity) + "\n")
    manifest["parity"]["sha256"] = sha256(parity_file)
    manifest["graphs"]["curves"] = {
        "file": GRAPH,
        "sha256": sha256(folder / GRAPH),
        "inputs": [_spec("latents", latents)],
        "outputs": [_spec(name, value) for name, value in values.items()],
        "parity_max_abs": worst,
    }
    manifest["decoded"]["curves"] = curves_entry(study, faces)
    manifest["decoded"]["errors"] = study.errors
    manifest["phrases"] = {"file": PHRASES, "sha256": sha256(folder / PHRASES)}
    manifest["evaluation"]["phrases"] = phrases
    manifest["evaluation"]["faces"] = faces.report
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return manifest


def curves_entry(study: Study, faces: FaceMap) -> dict[str, Any]:
    """`decoded.curves` of bundle.json: names, units, limits, error of the decoders and tail factors by pattern."""
    normal = {pattern: [NORMAL_90, NORMAL_90] for pattern in FROM[VISUAL]}
    proxies = [
        {"name": name, "unit": faces.unit, "residual": _list(study.proxy_residual[:, k]), "tails": normal}
        for k, name in enumerate(faces.names)
    ]
    groups = {name: _entries(group, study.bands[name]) for name, group in study.groups.items()}
    return {
        "points": int(study.proxy_residual.shape[0]),
        "level": LEVEL,
        "expression": groups["expression"],
        "proxies": proxies,
        "voice": groups["voice"],
        "rates": groups["rates"],
    }


def _entries(group: Group, bands: dict[str, Band]) -> list[dict[str, Any]]:
    out = []
    for k, quantity in enumerate(group.quantities):
        low, high = LIMITS.get(quantity.unit, (None, None))
        entry: dict[str, Any] = {"name": quantity.name, "unit": quantity.unit}
        entry |= {} if low is None else {"minimum": low}
        entry |= {} if high is None else {"maximum": high}
        residual = next(iter(bands.values())).residual
        entry["residual"] = _list(residual[:, k])
        entry["tails"] = {name: [float(band.low[k]), float(band.high[k])] for name, band in bands.items()}
        out.append(entry)
    return out


def _list(values: NDArray[np.floating]) -> list[float]:
    return [float(value) for value in values]


def _spec(name: str, value: torch.Tensor) -> dict[str, Any]:
    return {"name": name, "shape": ["batch", *value.shape[1:]], "type": "float32"}
