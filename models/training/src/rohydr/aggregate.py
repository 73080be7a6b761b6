"""Folds x seeds -> the evaluation table of a bundle (mean and standard deviation over seeds, paired bootstrap)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from rohydr.labels import PATTERNS
from rohydr.metrics import ReliabilityBin, bootstrap_ratio, paired_bootstrap

REAL = ("A", "V", "AV")
METRICS = (
    "accuracy",
    "uar",
    "macro_f1",
    "ece",
    "brier",
    "aurc",
    "score_mae",
    "score_corr",
    "score_coverage",
    "score_width",
)


def of_one_recipe(folder: Path, pattern: str) -> list[dict[str, Any]]:
    """Result files of `folder` that fit `pattern`, by name.

    :raises ValueError: when they are of more than one recipe.
    """
    found = [json.loads(path.read_text()) for path in sorted(folder.glob(pattern))]
    recipes = {r["config_sha256"] for r in found}
    if len(recipes) > 1:
        raise ValueError(f"{folder / pattern}: result files of {len(recipes)} recipes; keep those of one")
    return found


def read_runs(folder: Path) -> list[dict[str, Any]]:
    """Result files of all runs, by fold and seed.

    :raises ValueError: when they are of more than one recipe.
    """
    return sorted(of_one_recipe(folder, "run-*.json"), key=lambda r: (r["fold"], r["seed"]))


def mean_sd(runs: list[dict[str, Any]], values: list[float]) -> dict[str, float]:
    """Mean over folds within a seed, then mean and sd over the seeds that have every fold."""
    folds = {r["fold"] for r in runs}
    by_seed: dict[int, list[float]] = {}
    for run, value in zip(runs, values, strict=True):
        by_seed.setdefault(run["seed"], []).append(value)
    complete = [float(np.mean(v)) for v in by_seed.values() if len(v) == len(folds)]
    if not complete:
        return {"mean": float(np.mean(values)), "sd": 0.0, "seeds": 0}
    sd = float(np.std(complete, ddof=1)) if len(complete) > 1 else 0.0
    return {"mean": float(np.mean(complete)), "sd": sd, "seeds": len(complete)}


def _against(
    runs: list[dict[str, Any]], kind: str, control: str, names: tuple[str, ...], what: str = "hits"
) -> dict[str, float]:
    differences, actors = [], []
    for run in runs:
        block = run[kind]
        ours = np.mean([block[what]["rohydr"][n] for n in names], axis=0)
        theirs = np.mean([block[what][control][n] for n in names], axis=0)
        differences.append(ours - theirs)
        actors.append(np.array(block["actor"]))
    mean, low, high = paired_bootstrap(np.concatenate(differences), np.concatenate(actors))
    return {"difference": mean, "low": low, "high": high}


def aggregate(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """All tables of the card from the run files."""
    if not runs:
        raise ValueError("no run files to aggregate")
    out: dict[str, Any] = {
        "folds": sorted({r["fold"] for r in runs}),
        "seeds": sorted({r["seed"] for r in runs}),
        "wall_seconds": float(np.sum([r["wall_seconds"] for r in runs])),
    }
    for kind in ("clean", "noised"):
        names = list(runs[0][kind]["controls"])
        out[kind] = {
            "patterns": {
                p: {m: mean_sd(runs, [r[kind]["table"][p][m] for r in runs]) for m in METRICS} for p in PATTERNS
            },
            "accuracy": {
                c: {p: mean_sd(runs, [r[kind]["controls"][c][p]["accuracy"] for r in runs]) for p in PATTERNS}
                | {"mean_AV": mean_sd(runs, [_mean(r[kind]["controls"][c], REAL) for r in runs])}
                for c in names
            },
            "against": {
                c: {p: _against(runs, kind, c, (p,)) for p in PATTERNS} | {"mean_AV": _against(runs, kind, c, REAL)}
                for c in names
                if c != "rohydr"
            },
        }
    out["recovery"] = {way: _recovery(runs, way) for way in runs[0]["recovery"]}
    out["mosi_text"] = {
        k: mean_sd(runs, [r["mosi_text"][k] for r in runs]) for k in ("mae", "corr", "acc2", "coverage")
    }
    return out


def calm_apart(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Accuracy on the eight classes of RAVDESS from the same models, real patterns only."""
    out: dict[str, Any] = {}
    for kind in ("clean", "noised"):
        block: dict[str, Any] = {"accuracy": {}, "against": {}}
        for control in runs[0][kind]["hits_calm_apart"]:
            rows = [r[kind]["hits_calm_apart"][control] for r in runs]
            columns = {p: mean_sd(runs, [float(np.mean(r[p])) for r in rows]) for p in REAL}
            mean = mean_sd(runs, [float(np.mean([np.mean(r[p]) for p in REAL])) for r in rows])
            block["accuracy"][control] = columns | {"mean_AV": mean}
            if control != "rohydr":
                each = {p: _against(runs, kind, control, (p,), "hits_calm_apart") for p in REAL}
                block["against"][control] = each | {"mean_AV": _against(runs, kind, control, REAL, "hits_calm_apart")}
        out[kind] = block
    return out


def _recovery(runs: list[dict[str, Any]], way: str) -> dict[str, dict[str, float]]:
    """Means over seeds of what recovery scores, and skills with a 95 % interval from resampling actors."""
    rows = [r["recovery"][way] for r in runs]
    actors = np.concatenate([r["clean"]["actor"] for r in runs])
    out = {key: mean_sd(runs, [float(np.mean(r[key])) for r in rows]) for key in rows[0]}
    energy = np.concatenate([r["energy"] for r in rows])
    for reference in ("conditional_mean", "climatology"):
        other = np.concatenate([r[f"energy_{reference}"] for r in rows])
        skill, low, high = bootstrap_ratio(energy, other, actors)
        out[f"skill_{reference}"] = {"mean": skill, "low": low, "high": high}
    return out


def _mean(table: dict[str, dict[str, float]], names: tuple[str, ...]) -> float:
    return float(np.mean([table[n]["accuracy"] for n in names]))


SAME_ACCURACY = 0.01
"""What rounding on another machine may change about the share of labels that are right."""


def with_reliability(table: dict[str, Any], curves: dict[str, list[ReliabilityBin]]) -> dict[str, Any]:
    """`table` with the reliability of each pattern.

    :raises ValueError: when the curves are not of the rows or of the weights that the table was measured with.
    """
    out = {}
    for name, row in table.items():
        bins = curves[name]
        found = sum(b["found"] * b["n"] for b in bins) / sum(b["n"] for b in bins)
        if abs(found - row["accuracy"]) > SAME_ACCURACY:
            raise ValueError(
                f"{name}: the weights reach an accuracy of {found:.3f}, their run file says {row['accuracy']:.3f}; "
                "both must come from the same run"
            )
        out[name] = row | {"reliability": bins}
    return out


def shipped_figures(run: dict[str, Any], curves: dict[str, list[ReliabilityBin]]) -> dict[str, Any]:
    """The shipped weights' own test figures, without the per-row lists.

    :param curves: reliability per pattern with noised faces, measured on the weights of this run.
    """
    keep = {kind: {k: run[kind][k] for k in ("n", "table", "controls")} for kind in ("clean", "noised")}
    keep["noised"]["table"] = with_reliability(keep["noised"]["table"], curves)
    recovery = {way: {k: float(np.mean(v)) for k, v in rows.items()} for way, rows in run["recovery"].items()}
    extra = ("actors", "seed", "fold", "mosi_text", "teacher", "visual_map", "wall_seconds", "seconds")
    return keep | {"recovery": recovery, "recovered_weight": run["recovered_weight"]} | {k: run[k] for k in extra}
