"""docs/model: figures and one page of tables, made of a bundle's figures and of result files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rohydr.benchmark.card import table
from rohydr.benchmark.figures import Chart, bars, lines
from rohydr.benchmark.known import INCOMPLETE
from rohydr.labels import PATTERNS

Table = dict[str, Any]
SHOWN = ("constant", "text-only", "modality-dropout", "ridge-mean", "flow", "faithful-v2", "fast")


def _mosi_figures(evaluation: Table) -> dict[str, str]:
    methods = {name: row for name, row in evaluation["methods"].items() if name in SHOWN}
    patterns = {name: {p: 100 * row["patterns"][p]["acc2"]["mean"] for p in PATTERNS} for name, row in methods.items()}
    rates = [r for r in methods["fast"]["random"] if r != "mean"]
    curves = {name: {r: 100 * row["random"][r]["acc2"]["mean"] for r in rates} for name, row in methods.items()}
    inside = {p: 100 * share for p, share in evaluation["measured"]["coverage"].items()}
    return {
        "mosi-patterns.svg": bars(
            Chart("CMU-MOSI, ACC2 by what is available", "available", "ACC2, %", list(PATTERNS), patterns, base=30)
        ),
        "mosi-missing-rates.svg": lines(
            Chart("CMU-MOSI, ACC2 by missing rate (exact expectation)", "missing rate", "ACC2, %", rates, curves)
        ),
        "mosi-coverage.svg": bars(
            Chart(
                "CMU-MOSI, share of labels inside the 90 % interval",
                "available",
                "covered, %",
                list(PATTERNS),
                {"fast": inside},
                base=50,
                lines={"nominal 90 %": 90.0},
            )
        ),
    }


def _mean(results: list[Table], key: str) -> dict[str, float]:
    return {p: sum(r[key][p] for r in results) / len(results) for p in INCOMPLETE}


def _known_figures(known: dict[str, list[Table]]) -> dict[str, str]:
    fast = known["fast"]
    energy = {"exact samples": _mean(fast, "exact")}
    energy |= {name: _mean(results, "energy") for name, results in known.items()}
    energy["climatology"] = _mean(fast, "climatology")
    curve = {
        p: {
            n: 100 * (sum(r["curve"][n][p] / r["curve_exact"][p] for r in fast) / len(fast) - 1)
            for n in fast[0]["curve"]
        }
        for p in INCOMPLETE
    }
    return {
        "known-energy.svg": bars(
            Chart(
                "Generated data, energy score of recoveries", "available", "energy score", list(INCOMPLETE), energy, 0
            )
        ),
        "known-evaluations.svg": lines(
            Chart(
                "Generated data, fast: energy score above exact",
                "network evaluations",
                "above exact samples, %",
                list(fast[0]["curve"]),
                curve,
                lines={"exact": 0.0, "3 %": 3.0},
            )
        ),
    }


def _known_table(known: dict[str, list[Table]]) -> str:
    fast, rows = known["fast"], []
    exact = _mean(fast, "exact")
    on_mode = _mean(fast, "exact_on_mode")
    rows.append(["exact posterior samples", "", "", *(f"{exact[p]:.3f}" for p in INCOMPLETE), _share(on_mode)])
    for name, results in known.items():
        ratio = {p: sum(r["energy"][p] / r["exact"][p] for r in results) / len(results) for p in INCOMPLETE}
        cells = [f"{100 * (ratio[p] - 1):+.1f} %" for p in INCOMPLETE]
        cost = [str(results[0]["evaluations"]), f"{results[0]['steps']:,}"]
        rows.append([name, *cost, *cells, _share(_mean(results, "on_mode"))])
    climate = _mean(fast, "climatology")
    away = [f"{100 * (climate[p] / exact[p] - 1):+.1f} %" for p in INCOMPLETE]
    rows.append(["climatology", "", "", *away, ""])
    return table(["energy score", "evaluations", "steps", *INCOMPLETE, "samples on a mode"], rows)


def _share(by_pattern: dict[str, float]) -> str:
    return f"{100 * sum(by_pattern.values()) / len(by_pattern):.0f} %"


def _speed_table(speed: Table) -> str:
    rows = [
        [
            row["method"],
            str(row["batch"]),
            str(row["evaluations"]),
            f"{row['parameters']:,}",
            f"{row['processor_ms']:.2f}",
            f"{row['wall_ms']:.2f}",
        ]
        for row in speed["rows"]
    ]
    head = ["one missing modality", "batch", "evaluations", "parameters", "processor, ms per utterance", "wall, ms"]
    return table(head, rows)


def _ratios(speed: Table) -> str:
    """How many times faster `fast` is at K = 1, by processor time, for every structure and batch."""
    said = []
    for batch in (1, 32):
        cost = {row["method"]: row["processor_ms"] for row in speed["rows"] if row["batch"] == batch}
        one = max(ms for name, ms in cost.items() if "K = 1" in name)
        eight = max(ms for name, ms in cost.items() if "K = 8" in name)
        for name, ms in cost.items():
            if not name.startswith("fast"):
                said.append(
                    f"batch {batch}, {name}: {ms / one:.0f} times a recovery at K = 1, {ms / eight:.0f} at K = 8"
                )
    return "\n".join(f"- {line}" for line in said)


def write_report(bundle: Path, results: Path, out: Path) -> list[str]:
    """Write the figures and README.md to `out`; returns the names of the files.

    :raises ValueError: when the bundle was not measured or result files are missing.
    """
    evaluation = json.loads((bundle / "bundle.json").read_text())["evaluation"]
    if "measured" not in evaluation:
        raise ValueError(f"{bundle}: holds no figures of `evaluate`; run `benchmark card --measured` first")
    known: dict[str, list[Table]] = {}
    for path in sorted(results.glob("known-*.json")):
        result = json.loads(path.read_text())
        known.setdefault(result["method"], []).append(result)
    if "fast" not in known or not (results / "speed.json").exists():
        raise ValueError(f"{results}: needs known-*.json of `benchmark known` and speed.json of test/bench/speed.mjs")
    order = sorted(known, key=lambda name: (name != "fast", name))
    known = {name: known[name] for name in order}
    speed = json.loads((results / "speed.json").read_text())
    figures = _mosi_figures(evaluation) | _known_figures(known)
    out.mkdir(parents=True, exist_ok=True)
    for name, drawing in figures.items():
        (out / name).write_text(drawing)
    seeds = ", ".join(str(r["seed"]) for r in known["fast"])
    notes = (results / "NOTES.md").read_text() if (results / "NOTES.md").exists() else ""
    (out / "README.md").write_text(
        f"""# Figures of the models

Written by `python -m rohydr benchmark report`; do not edit. Tables of each bundle are in its CARD.md.

## Generated data with a known posterior
Three modalities, four classes, two variants of every class and modality, a shared factor and a non-linear warp (`rohydr/data/posterior.py`).
Percentages are above exact posterior samples, the lowest possible energy score; seed {seeds}. A sample lies on a mode when it is within
2.5 squared standard deviations per dimension of a component that the posterior holds.

{_known_table(known)}

![Energy score by pattern](known-energy.svg)

![Energy score by network evaluations](known-evaluations.svg)

## Time of one recovery
One run on one machine, one thread each ({speed["machine"]}). `fast` through onnxruntime-node, encoding to decoding; the released structures in
PyTorch at their released sizes (48 x 32 maps), sampler and unimodal reconstructor only. Other programs ran beside it, so **compare processor time**.

{_speed_table(speed)}

{_ratios(speed)}

## CMU-MOSI utterance vectors
![ACC2 by pattern](mosi-patterns.svg)

![ACC2 by missing rate](mosi-missing-rates.svg)

![Coverage of the intervals](mosi-coverage.svg)

{notes}""".rstrip()
        + "\n"
    )
    return [*figures, "README.md"]
