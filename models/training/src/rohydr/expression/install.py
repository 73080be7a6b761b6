"""Puts the trained expression network beside the app's other networks: file, manifest entry and card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from rohydr.labels import EMOTIONS
from rohydr.perception import register

LICENCE = "LicenseRef-FER2013-research"


def install(run: Path, perception: Path) -> None:
    """Copy expression.onnx from `run` to `perception`, update manifest.json and write expression.CARD.md."""
    result = json.loads((run / "expression.json").read_text())
    shutil.copyfile(run / "expression.onnx", perception / "expression.onnx")
    register(
        perception,
        "expression",
        licence=LICENCE,
        source="models/training, python -m rohydr expression; weights trained on FER2013, for research use",
        upstream="ours",
        contract="in face [B,1,48,48] float32 grey levels 0..255. out posterior [B,7] calibrated, in the order "
        f"{', '.join(EMOTIONS)}; embedding [B,{result['embedding']}].",
        check=f"largest absolute difference to PyTorch {result['parity_max_abs']:.1e}; FER2013 PrivateTest accuracy "
        f"{100 * result['private_test']['accuracy']:.1f} %",
    )
    (perception / "expression.CARD.md").write_text(card(result))


def card(result: dict[str, Any]) -> str:
    """Model card in Markdown from expression.json."""
    public, private = result["public_test"], result["private_test"]
    rows = "\n".join(
        f"| {name} | {100 * public['recall'].get(name, float('nan')):.1f} | {100 * private['recall'].get(name, float('nan')):.1f} |"
        for name in EMOTIONS
    )
    mirrored = ""
    if result["mirrored"]:
        plain = 100 * result["public_test_unmirrored_accuracy"]
        mirrored = (
            f", read on the face and on its mirror image and averaged (PublicTest on the face alone: {plain:.1f} %)"
        )
    phases = "\n".join(f"- `{json.dumps(phase)}`" for phase in result["phases"])
    return f"""# expression.onnx - seven expression posteriors of a grey 48x48 face

Written by `python -m rohydr expression` from its results; do not edit.

A residual network with {result["parameters"]:,} parameters{mirrored}. Input `face` [B,1,48,48], grey levels 0..255, standardised per face inside the
network. Outputs `posterior` [B,7] ({", ".join(EMOTIONS)}; temperature {result["temperature"]:.3f} fitted on PublicTest) and
`embedding` [B,{result["embedding"]}].

| FER2013 | images | accuracy % | unweighted recall % | ECE |
|---|---|---|---|---|
| PublicTest (selection and calibration) | {public["n"]} | {100 * public["accuracy"]:.1f} | {100 * public["uar"]:.1f} | {public["ece"]:.3f} |
| PrivateTest (no choice was made on it) | {private["n"]} | {100 * private["accuracy"]:.1f} | {100 * private["uar"]:.1f} | {private["ece"]:.3f} |

| recall % | PublicTest | PrivateTest |
|---|---|---|
{rows}

Trained on {result["trained_on"]} on one thread of a shared machine in {len(result["phases"])} run(s), each starting from the one before (a wider or deeper network
begins as the same function; a run of 0 epochs calibrates and exports); class
counts in that order: {", ".join(str(n) for n in result["training_prior"])}. Settings:

{phases}

## Limits
FER2013 holds posed and candid faces found by a web search with labels of low agreement (people reach about 65 %). Disgust and fear are rare or
often confused. A posterior says what a face looks like to such raters, not what the person feels. Not for decisions about individuals.

## Licence
The weights are for research use, as FER2013 is; they are not covered by the app's Apache-2.0 licence.
"""
