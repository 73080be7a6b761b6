"""Methods x seeds with one JSON file each, and the tables made of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.benchmark.backbone import benchmark_config, encode, pattern
from rohydr.benchmark.contrasts import FULL, PREFIX, compare, contrasts, with_full_row
from rohydr.benchmark.recoverer import draw_many
from rohydr.benchmark.sentiment import RATES, Cell, full_table, legacy_batch
from rohydr.benchmark.study import ABLATION, METHODS, Fitted, Study, fast
from rohydr.benchmark.utterances import Utterances
from rohydr.calibration import conformal_half_width
from rohydr.labels import PATTERNS
from rohydr.metrics import coverage, energy_score
from rohydr.stages.common import mask

Floats = NDArray[np.floating]
LEVEL = 0.9
RECOVERY_SAMPLES = 8
RECOVERY_ROWS = 150
"""Test rows on which the energy of recovered latents is measured (every fifth): enough for a comparison of methods."""


def read_all(fitted: Fitted, study: Study, part: str) -> dict[str, Floats]:
    """Score [n] per pattern: mean over the samples, clipped to [-3, 3]."""
    rows = study.rows[part]
    return {
        name: np.clip(fitted.read(rows, name, study.seed).mean(axis=1), -3, 3).astype(np.float64) for name in PATTERNS
    }


def recovery_energy(fitted: Fitted, study: Study) -> dict[str, float]:
    """Energy score per incomplete pattern of missing latents, in the shared latent space; lower is better."""
    if fitted.recoverer is None or fitted.model is None:
        return {}
    out = {}
    with torch.no_grad():
        truth = encode(fitted.model, study.rows["test"])[::5][:RECOVERY_ROWS]
        for number, name in enumerate(PATTERNS):
            if name == "TAV":
                continue
            available = pattern(name, len(truth))
            generator = torch.Generator().manual_seed(500 * study.seed + number)
            drawn = draw_many(fitted.recoverer, mask(truth, available), available, RECOVERY_SAMPLES, generator)
            missing = [m for m, bit in enumerate(PATTERNS[name]) if not bit]
            flat = truth[:, missing].flatten(1).numpy()
            out[name] = energy_score(flat, drawn[:, :, missing].flatten(2).numpy())
    return out


def run_method(name: str, fit: Callable[[Study], Fitted], study: Study) -> dict[str, Any]:
    """Train, calibrate on the calibration videos, and read the test rows once."""
    started = time.time()
    fitted = fit(study)
    held, test = read_all(fitted, study, "calibrate"), read_all(fitted, study, "test")
    truth = study.parts["calibrate"].label.astype(np.float64)
    label = study.parts["test"].label.astype(np.float64)
    widths = {n: conformal_half_width(truth, held[n], LEVEL) for n in PATTERNS}
    return {
        "method": name,
        "seed": study.seed,
        "config_sha256": study.config.sha256(),
        "scores": {n: np.round(s, 5).tolist() for n, s in test.items()},
        "table": full_table(label, test),
        "legacy_batch": {str(rate): legacy_batch(label, test, rate, study.seed) for rate in RATES},
        "half_width": widths,
        "coverage": {
            n: coverage(label, np.clip(test[n] - widths[n], -3, 3), np.clip(test[n] + widths[n], -3, 3))
            for n in PATTERNS
        },
        "energy": recovery_energy(fitted, study),
        "evaluations": fitted.evaluations,
        "parameters": fitted.parameters,
        "train_seconds": fitted.seconds,
        "wall_seconds": time.time() - started,
    }


def known_methods() -> dict[str, Callable[[Study], Fitted]]:
    """Every method and ablation row by name."""
    rows = {PREFIX + name: _ablation(name) for name in ABLATION}
    return {**METHODS, **rows}


def _ablation(name: str) -> Callable[[Study], Fitted]:
    return lambda study: fast(study, ABLATION[name])


def result_file(out: Path, method: str, seed: int) -> Path:
    """Where one result lies."""
    plain = "".join(c if c.isalnum() else "-" for c in method)
    return out / f"result-{plain}-{seed}.json"


def run_benchmark(
    parts: Callable[[int], dict[str, Utterances]],
    methods: list[str],
    seeds: list[int],
    out: Path,
    smoke: bool,
    progress: Callable[[str], None],
) -> None:
    """Run what has no result file yet; the weights of `fast` are kept for every seed.

    :raises ValueError: for an unknown method.
    """
    known = known_methods()
    unknown = [name for name in methods if name not in known]
    if unknown:
        raise ValueError(f"unknown method {unknown[0]!r}; there are {', '.join(known)}")
    for seed in seeds:
        wanted = [name for name in methods if not result_file(out, name, seed).exists()]
        if not wanted:
            continue
        study = Study(benchmark_config(smoke), parts(seed), seed, smoke)
        out.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            fitted: list[Fitted] = []

            def fit(which: Study, name: str = name, kept: list[Fitted] = fitted) -> Fitted:
                kept.append(known[name](which))
                return kept[0]

            result = run_method(name, fit, study)
            model = fitted[0].model
            if name == "fast" and model is not None:
                torch.save(
                    {"state": model.state_dict(), "seed": seed, "half_width": result["half_width"]},
                    out / f"fast-{seed}.pt",
                )
            target = result_file(out, name, seed)
            target.with_suffix(".tmp").write_text(json.dumps(result))
            target.with_suffix(".tmp").replace(target)
            average = result["table"]["averages"]["avg7"]
            figures = f"Avg7 ACC2 {100 * average['acc2']:.1f} F1 {100 * average['f1']:.1f}"
            progress(f"{name} seed {seed}: {figures}, {result['wall_seconds']:.0f} s")


def read_results(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Method -> results in order of seed.

    :raises ValueError: when there are none.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(out.glob("result-*.json")):
        result = json.loads(path.read_text())
        found.setdefault(result["method"], []).append(result)
    if not found:
        raise ValueError(f"{out}: holds no result files; run `benchmark train` first")
    order = [name for name in known_methods() if name in found]
    return {name: sorted(found[name], key=lambda r: r["seed"]) for name in order}


def _mean_sd(values: list[float]) -> dict[str, float | None]:
    known = [v for v in values if v is not None and np.isfinite(v)]
    if not known:
        return {"mean": None, "sd": 0.0, "seeds": 0}
    sd = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    return {"mean": float(np.mean(known)), "sd": sd, "seeds": len(known)}


def _cells(results: list[dict[str, Any]], *path: str) -> dict[str, dict[str, float | None]]:
    picked: list[Cell] = []
    for result in results:
        node: Any = result
        for key in path:
            node = node[key]
        picked.append(node)
    return {metric: _mean_sd([c[metric] for c in picked]) for metric in picked[0]}


def aggregate(results: dict[str, list[dict[str, Any]]], test: Utterances) -> dict[str, Any]:
    """All tables: per method mean and sd over seeds, `fast` against every other method, and the paper's claims."""
    label = test.label.astype(np.float64)
    out: dict[str, Any] = {"n": len(test), "videos": len(set(test.video)), "methods": {}, "against": {}}
    out["contrasts"] = contrasts(results, test)
    for name, rows in with_full_row(results).items():
        out["methods"][name] = {
            "seeds": [r["seed"] for r in rows],
            "patterns": {p: _cells(rows, "table", "patterns", p) for p in PATTERNS},
            "averages": {a: _cells(rows, "table", "averages", a) for a in ("avg7", "avg6")},
            "random": {r: _cells(rows, "table", "random", r) for r in [*map(str, RATES), "mean"]},
            "legacy_batch": {r: _cells(rows, "legacy_batch", r) for r in map(str, RATES)},
            "coverage": {p: _mean_sd([r["coverage"][p] for r in rows]) for p in PATTERNS},
            "energy": {p: _mean_sd([r["energy"][p] for r in rows]) for p in rows[0]["energy"]},
            "evaluations": rows[0]["evaluations"],
            "parameters": rows[0]["parameters"],
            "train_seconds": _mean_sd([r["train_seconds"] for r in rows]),
        }
        if name not in ("fast", PREFIX + FULL) and "fast" in results:
            out["against"][name] = compare(results["fast"], rows, label, test.video)
    return out


def add_ablation(manifest: dict[str, Any], results: dict[str, list[dict[str, Any]]], test: Utterances) -> None:
    """Put ablation rows and contrasts of a run of its own into a bundle's evaluation; its other figures stay.

    :raises ValueError: when the run has another configuration than the bundle, or lacks `fast` or ablation rows.
    """
    if "fast" not in results or not any(name.startswith(PREFIX) for name in results):
        raise ValueError("an ablation needs result files of `fast` and of ablation rows from the same run")
    configured = {r["config_sha256"] for rows in results.values() for r in rows}
    if configured != {manifest["training"]["config_sha256"]}:
        raise ValueError("these results come from another configuration than the bundle's")
    table, evaluation = aggregate(results, test), manifest["evaluation"]
    for part in ("methods", "against"):
        kept = {name: row for name, row in evaluation[part].items() if not name.startswith(PREFIX)}
        evaluation[part] = kept | {name: row for name, row in table[part].items() if name.startswith(PREFIX)}
    for name, row in evaluation["methods"].items():
        if name.startswith(PREFIX):
            row["random"] = {"mean": row["random"]["mean"]}
            del row["legacy_batch"], row["coverage"]
    evaluation["contrasts"] = table["contrasts"]
