"""The list of the app's perception networks, for those that this package trains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rohydr.export import sha256


def register(
    perception: Path,
    network: str,
    *,
    licence: str,
    source: str,
    upstream: str,
    contract: str,
    check: str,
    companions: Sequence[str] = (),
) -> None:
    """Add or replace the entry of `network`.onnx in `perception`/manifest.json; sizes and checksums are the files' own.

    :param companions: names of files in `perception` that belong to it.
    """
    file, path = perception / f"{network}.onnx", perception / "manifest.json"
    entry: dict[str, object] = {
        "id": network,
        "file": file.name,
        "sha256": sha256(file),
        "bytes": file.stat().st_size,
        "licence": licence,
        "source": source,
        "upstream": upstream,
        "contract": contract,
        "importer": "models/training",
        "check": check,
    }
    if companions:
        entry["companions"] = [{"file": name, "sha256": sha256(perception / name)} for name in companions]
    manifest = json.loads(path.read_text())
    others = [n for n in manifest["networks"] if n["id"] != network]
    manifest["networks"] = sorted([*others, entry], key=lambda n: str(n["id"]))
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
