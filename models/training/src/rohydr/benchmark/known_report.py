"""The part of docs/model on generated data: table, figures, and `fast` beside the rest with equal samples."""

from __future__ import annotations

from statistics import stdev
from typing import Any

from rohydr.benchmark.card import table
from rohydr.benchmark.figures import Chart, bars, lines
from rohydr.benchmark.known import INCOMPLETE

Table = dict[str, Any]
DRAWN = ("fast", "flow", "IMDer-style", "faithful v1", "faithful v2", "cascade", "conditional mean")
"""Methods of the figure; the table has all."""


def _mean(results: list[Table], key: str) -> dict[str, float]:
    return {p: sum(r[key][p] for r in results) / len(results) for p in INCOMPLETE}


def known_figures(known: dict[str, list[Table]]) -> dict[str, str]:
    """Bars by pattern, and `fast` by network evaluations."""
    fast = known["fast"]
    energy = {"exact samples": _mean(fast, "exact")}
    energy |= {name: _mean(known[name], "energy") for name in DRAWN if name in known}
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


def _excess(results: list[Table], pattern: str) -> str:
    return _mean_sd([100 * (r["energy"][pattern] / r["exact"][pattern] - 1) for r in results])


def parts_table(known: dict[str, list[Table]]) -> str:
    """What `fast` is above exact samples by, in parts: shares of the modes, and what lies on them."""
    rows = []
    for part, words in (("whole", "all of it"), ("shares", "shares of the modes"), ("shape", "what lies on them")):
        each = {p: [100 * r["parts"][p][part] for r in known["fast"]] for p in INCOMPLETE}
        rows.append([words, *(_mean_sd(each[p]) for p in INCOMPLETE)])
    return table(["`fast` above exact, %", *INCOMPLETE], rows)


def _mean_sd(each: list[float]) -> str:
    spread = f" ± {stdev(each):.1f}" if len(each) > 1 else ""
    return f"{sum(each) / len(each):+.1f}{spread}"


def known_table(known: dict[str, list[Table]]) -> str:
    """Energy score above exact samples in percent, mean ± sd over seeds, one row a method."""
    fast, rows = known["fast"], []
    exact, on_mode = _mean(fast, "exact"), _share(_mean(fast, "exact_on_mode"))
    rows.append(["exact posterior samples (score)", "", "", "", "", *(f"{exact[p]:.3f}" for p in INCOMPLETE), on_mode])
    for name, results in known.items():
        first, seconds = results[0], sum(r["train_cpu_seconds"] for r in results) / len(results)
        cost = [f"{first['evaluations']}", f"{first['parameters']:,}", f"{first['steps']:,}", f"{seconds:.0f}"]
        cells = [_excess(results, p) for p in INCOMPLETE]
        rows.append([f"{name} ({len(results)})", *cost, *cells, _share(_mean(results, "on_mode"))])
    climate = _mean(fast, "climatology")
    base = _mean(fast, "curve_exact")
    away = [f"{100 * (climate[p] / base[p] - 1):+.1f}" for p in INCOMPLETE]
    rows.append(["climatology", "", "", "", "", *away, ""])
    head = ["above exact, % (seeds)", "evaluations", "parameters", "steps", "training s"]
    return table([*head, *INCOMPLETE, "samples on a mode"], rows)


def _share(by_pattern: dict[str, float]) -> str:
    return f"{100 * sum(by_pattern.values()) / len(by_pattern):.0f} %"


def quality_at_speed(compared: Table) -> str:
    """`fast` minus the released structures, with the same number of samples; empty without any of them."""
    rows = []
    for name in ("IMDer-style", "faithful v1", "faithful v2 without reconstructor", "faithful v2"):
        if name not in compared:
            continue
        row = compared[name]
        for samples, part in (("1", "single"), ("8", "energy")):
            cells = [f"{row[part][p]['difference']:+.1f}" for p in INCOMPLETE]
            mean = row[part]["mean"]
            ci = f"{mean['difference']:+.1f} [{mean['low']:+.1f}, {mean['high']:+.1f}]"
            worse = "better" if mean["high"] < 0 else "worse" if mean["low"] > 0 else "not distinguishable"
            rows.append([name, samples, *cells, ci, worse, ", ".join(map(str, row["seeds"]))])
    head = ["`fast` minus, % of exact", "samples each", *INCOMPLETE, "mean, 95 % over rows", "`fast` is", "seeds"]
    return table(head, rows) if rows else ""
