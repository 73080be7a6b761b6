"""Methods x seeds on the generated data: one result file each, weights beside it, and what differs between methods."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rohydr.benchmark.known import (
    CURVE,
    INCOMPLETE,
    MANY_EVALUATIONS,
    Known,
    Measured,
    Plan,
    climatology_energy,
    exact_energy,
    exact_mean,
    exact_on_mode,
    measure,
)
from rohydr.benchmark.modes import excess_parts
from rohydr.benchmark.recoverer import FastRecoverer, Recoverer, fit_recoverer
from rohydr.config import ModelConfig, TrainConfig
from rohydr.faithful.dit import DiTRecoverer
from rohydr.faithful.repaired import RepairedRecoverer
from rohydr.faithful.scorenet import ScoreRecoverer
from rohydr.metrics import paired_bootstrap
from rohydr.model.denoiser import Denoiser
from rohydr.model.recovery import Reconstructor
from rohydr.rivals.cascade import CascadeRecoverer
from rohydr.rivals.flow import FlowRecoverer
from rohydr.rivals.means import MeanNetwork, RidgeRecoverer

EXACT_MEAN = "exact conditional mean"
RIDGE = "conditional mean (ridge)"
REPAIRED = {"faithful v1": "IMDer-style", "faithful v2": "faithful v2 without reconstructor"}
"""Methods that are another one, trained once for both, with the paper's unimodal reconstructors behind it."""
SCORE_CHANNELS = (32, 64)
"""The first two of the released 32, 64, 128, 256: maps of two steps can be halved once."""
FAST_EVALUATIONS, FAST_START = 8, 20.0
"""Sampler of `fast`, chosen on rows of their own (README, Tried). From sigma 6, where it used to start, the noise still
hides too little: every pattern was 0.3 to 1.1 points further above exact samples, however many evaluations followed."""
COMPARISON = "comparison-known.json"


def methods(smoke: bool) -> dict[str, Callable[[int, int, TrainConfig], Recoverer]]:
    """Name -> (tokens, width, settings) -> untrained recoverer, for everything that is trained by itself."""
    config = replace(ModelConfig(), sampler_steps=FAST_EVALUATIONS, sigma_max=FAST_START)

    def fast(tokens: int, width: int, train: TrainConfig) -> Recoverer:
        denoiser = Denoiser(tokens, width, config.denoiser_width, config.denoiser_layers, config.denoiser_heads)
        return FastRecoverer(denoiser, Reconstructor(tokens, width), config, train)

    channels, steps = ((8, 16), 3) if smoke else (SCORE_CHANNELS, 100)
    return {
        "fast": fast,
        "conditional mean": lambda t, w, _: MeanNetwork(t, w),
        "cascade": lambda t, w, _: CascadeRecoverer(t, w),
        "flow": lambda t, w, _: FlowRecoverer(t, w),
        "IMDer-style": lambda t, w, _: ScoreRecoverer(t, w, channels, steps=steps),
        "faithful v2 without reconstructor": lambda t, w, _: DiTRecoverer(t, w, depth=4, steps=3 if smoke else 50),
    }


def known_names(smoke: bool = False) -> list[str]:
    """Every method, in the order in which tables show them; one that builds on another comes after it."""
    return [*methods(smoke), *REPAIRED, RIDGE, EXACT_MEAN]


def train_config(plan: Plan) -> TrainConfig:
    """The benchmark's own optimiser settings with this plan's batch."""
    return replace(TrainConfig(), batch=plan.batch, ema_decay=0.999)


@dataclass(frozen=True)
class Series:
    """Where one series lies and how it is trained."""

    out: Path
    plan: Plan
    smoke: bool

    def file(self, name: str, seed: int, ending: str) -> Path:
        """Where a result (`json`), weights (`pt`) or figures by row (`npz`) of a method lie."""
        return self.out / f"known-{''.join(c if c.isalnum() else '-' for c in name)}-{seed}.{ending}"

    def trained(self, name: str, known: Known, seed: int) -> tuple[Recoverer, float]:
        """A method and the processor seconds of its training; weights that are there already are used.

        :raises ValueError: when they come from another number of steps or from other data.
        """
        recoverer, base_seconds, file = self._untrained(name, known, seed)
        if file.exists():
            kept = torch.load(file, weights_only=True)
            if (kept["steps"], kept["generator"]) != (self.plan.steps, self.plan.generator):
                raise ValueError(
                    f"{file}: was trained for {kept['steps']} steps on generator {kept['generator']}; use another"
                )
            recoverer.load_state_dict(kept["state"])
            return recoverer.eval(), float(kept["seconds"])
        started, config = time.process_time(), train_config(self.plan)
        generator = torch.Generator().manual_seed(seed)
        if isinstance(recoverer, RepairedRecoverer):
            recoverer.fit_repair(known.train, config, self.plan.repair_pool, self.plan.steps, generator)
        elif not isinstance(recoverer, RidgeRecoverer):
            fit_recoverer(recoverer, known.train, config, self.plan.steps, generator, fused=True)
        seconds = base_seconds + time.process_time() - started
        state = recoverer.state_dict()
        if state:
            made = {"steps": self.plan.steps, "generator": self.plan.generator, "seconds": seconds}
            torch.save({"state": state, **made}, file)
        return recoverer, seconds

    def _untrained(self, name: str, known: Known, seed: int) -> tuple[Recoverer, float, Path]:
        sizes, seconds = known.data.sizes, 0.0
        base: Recoverer | None = None
        if name in REPAIRED:
            base, seconds = self.trained(REPAIRED[name], known, seed)
        torch.manual_seed(seed)
        if base is not None:
            recoverer: Recoverer = RepairedRecoverer(base, sizes.width)
        elif name == RIDGE:
            held = len(known.train) // 10
            recoverer = RidgeRecoverer(known.train[held:], known.train[:held])
        else:
            recoverer = methods(self.smoke)[name](sizes.tokens, sizes.width, train_config(self.plan))
        return recoverer, seconds, self.file(name, seed, "pt")

    def run_one(self, name: str, known: Known, seed: int) -> dict[str, Any]:
        """Train one method, measure it beside exact samples of the same rows, and write its files."""
        plan, facts = self.plan, {"evaluations": 0, "parameters": 0, "train_cpu_seconds": 0.0, "steps": 0}
        recoverer: Recoverer | None = None
        if name == EXACT_MEAN:
            rows, found = plan.rows, exact_mean(known, plan.rows, seed)
        else:
            recoverer, seconds = self.trained(name, known, seed)
            rows = plan.rows_slow if recoverer.evaluations > MANY_EVALUATIONS else plan.rows
            found = measure(recoverer, known, rows, plan.samples, seed)
            parameters = sum(p.numel() for p in recoverer.parameters())
            facts = {
                "evaluations": recoverer.evaluations,
                "parameters": parameters,
                "train_cpu_seconds": seconds,
                "steps": plan.steps if parameters else 0,
            }
        result: dict[str, Any] = {"method": name, "seed": seed, "generator": plan.generator, "rows": rows, **facts}
        result |= {**found.means(), "exact": exact_energy(known, rows, seed)}
        if isinstance(recoverer, FastRecoverer):
            result |= self._references(recoverer, known, seed)
        _keep_rows(found, self.file(name, seed, "npz"))
        target = self.file(name, seed, "json")
        target.with_suffix(".tmp").write_text(json.dumps(result))
        target.with_suffix(".tmp").replace(target)
        return result

    def _references(self, recoverer: FastRecoverer, known: Known, seed: int) -> dict[str, Any]:
        """What a table needs once: climatology, exact samples on a mode, `fast` by network evaluations and by parts."""
        rows, curve = self.plan.rows_slow, {}
        parts = excess_parts(recoverer, known, rows, seed)
        for evaluations in CURVE:
            recoverer.evaluations = evaluations
            found = measure(recoverer, known, rows, self.plan.samples, seed, modes=False)
            curve[str(evaluations)] = found.means()["energy"]
        return {
            "climatology": climatology_energy(known, rows, seed),
            "exact_on_mode": exact_on_mode(known, rows, seed),
            "parts": parts,
            "parts_rows": rows,
            "curve": curve,
            "curve_exact": exact_energy(known, rows, seed),
        }


def _keep_rows(found: Measured, file: Path) -> None:
    parts = {"energy": found.energy, "single": found.single}
    flat = {f"{part}_{p}": rows for part, table in parts.items() for p, rows in table.items()}
    np.savez(file, **flat)  # type: ignore[arg-type]


def _rows(file: Path) -> dict[str, np.ndarray]:
    with np.load(file, allow_pickle=False) as packed:
        return {name: packed[name] for name in packed.files}


def compare_known(series: Series, names: list[str], seeds: list[int]) -> dict[str, Any]:
    """`fast` minus every other method, in percent of exact samples' energy score, paired by test row and seed.

    `energy`: with the same number of samples; `single`: one sample against one. 95 % bootstrap over rows of all seeds.
    """
    out: dict[str, Any] = {}
    for name in names:
        shared = [
            s for s in seeds if all(series.file(m, s, e).exists() for m in ("fast", name) for e in ("json", "npz"))
        ]
        if name == "fast" or not shared:
            continue
        ours = [_rows(series.file("fast", s, "npz")) for s in shared]
        theirs = [_rows(series.file(name, s, "npz")) for s in shared]
        exact = [json.loads(series.file("fast", s, "json").read_text())["exact"] for s in shared]
        row: dict[str, Any] = {"seeds": shared, "rows": len(theirs[0]["energy_T"])}
        for part in ("energy", "single"):
            gaps = {
                p: np.concatenate(
                    [
                        100 * (a[f"{part}_{p}"][: row["rows"]] - b[f"{part}_{p}"]) / e[p]
                        for a, b, e in zip(ours, theirs, exact, strict=True)
                    ]
                )
                for p in INCOMPLETE
            }
            gaps["mean"] = np.mean(list(gaps.values()), axis=0)
            row[part] = {p: _interval(gap) for p, gap in gaps.items()}
        out[name] = row
    return out


def _interval(gap: np.ndarray) -> dict[str, float]:
    mean, low, high = paired_bootstrap(gap, np.arange(len(gap)))
    return {"difference": mean, "low": low, "high": high}


def run_known(
    wanted: list[str], seeds: list[int], out: Path, plan: Plan, smoke: bool, progress: Callable[[str], None]
) -> None:
    """Methods x seeds, one result file each; existing ones are kept. Ends with the comparison of all that is there.

    :raises ValueError: for an unknown method.
    """
    if plan.steps < 1:
        raise ValueError(f"--steps {plan.steps}: at least one step is needed")
    if plan.rows < 1:
        raise ValueError(f"--rows {plan.rows}: at least one test row is needed")
    plan = plan.smoke() if smoke else plan
    names = known_names(smoke)
    for name in wanted:
        if name not in names:
            raise ValueError(f"unknown method {name!r}; there are {', '.join(names)}")
    out.mkdir(parents=True, exist_ok=True)
    series = Series(out, plan, smoke)
    for seed in seeds:
        known: Known | None = None
        for name in sorted(wanted, key=names.index):
            if series.file(name, seed, "json").exists():
                continue
            known = known or Known.draw(plan, seed)
            result = series.run_one(name, known, seed)
            excess = " ".join(f"{p} {100 * (result['energy'][p] / result['exact'][p] - 1):+.1f}%" for p in INCOMPLETE)
            progress(f"{name} seed {seed}: energy score above exact {excess}, {result['train_cpu_seconds']:.0f} s")
    compared = compare_known(series, names, seeds)
    (out / COMPARISON).write_text(json.dumps(compared, indent=1) + "\n")
