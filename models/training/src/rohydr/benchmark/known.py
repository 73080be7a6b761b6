"""Recovery where the truth is known: every method on generated data beside exact posterior samples.

The truth of a row is one draw of its posterior, so its energy score is averaged over many exact draws instead of the
one that was generated: the same expectation with a fraction of the noise.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rohydr.benchmark.recoverer import FastRecoverer, Recoverer, draw_many, fit_recoverer
from rohydr.config import ModelConfig, TrainConfig
from rohydr.data.posterior import PosteriorData
from rohydr.faithful.dit import DiTRecoverer
from rohydr.faithful.scorenet import ScoreRecoverer
from rohydr.labels import PATTERNS
from rohydr.model.denoiser import Denoiser
from rohydr.model.recovery import Reconstructor
from rohydr.rivals.cascade import CascadeRecoverer
from rohydr.rivals.flow import FlowRecoverer
from rohydr.rivals.means import MeanNetwork

Floats = NDArray[np.float64]
INCOMPLETE = tuple(name for name in PATTERNS if name != "TAV")
CURVE = (1, 2, 4, 8, 16, 50)
"""Network evaluations at which `fast` is measured."""
EXACT_SAMPLES = 64
MODE_LIMIT = 2.5
"""Squared distance per dimension up to which a sample counts as lying on a mode of the posterior."""
MANY_EVALUATIONS = 20


@dataclass(frozen=True)
class Plan:
    """Sizes of one run; `rows_slow` test rows are used for methods of many evaluations."""

    train_rows: int = 20_000
    rows: int = 400
    rows_slow: int = 100
    samples: int = 8
    steps: int = 6000
    batch: int = 128

    def smoke(self) -> Plan:
        """Seconds instead of minutes."""
        return replace(self, train_rows=400, rows=10, rows_slow=6, samples=3, steps=6, batch=16)


@dataclass(frozen=True)
class Known:
    """Rows of one seed: standardised latents, and what is needed to draw and judge in the same units."""

    data: PosteriorData
    mean: Floats
    sd: Floats
    train: Tensor
    test: Floats

    @staticmethod
    def draw(plan: Plan, seed: int) -> Known:
        """Training and test rows; the generator itself is the same for every seed."""
        data, rng = PosteriorData(), np.random.default_rng([seed, 17])
        train, test = data.draw(plan.train_rows, rng)[0], data.draw(plan.rows, rng)[0]
        mean, sd = train.mean(axis=0), train.std(axis=0)
        known = Known(data, mean, sd, torch.empty(0), test)
        return replace(known, train=known.latents(train))

    def latents(self, x: Floats) -> Tensor:
        """[n, 3, tokens, width] with unit variance on the training rows."""
        s = self.data.sizes
        z = ((x - self.mean) / self.sd).astype(np.float32)
        return torch.from_numpy(z).view(len(x), 3, s.tokens, s.width)

    def raw(self, drawn: Tensor, hidden: list[int]) -> Floats:
        """Drawn latents [n, K, missing, tokens, width] in the generator's units [n, K, missing, d]."""
        flat = drawn.flatten(3).numpy().astype(np.float64)
        return np.asarray(flat * self.sd[hidden] + self.mean[hidden])


def methods(plan: Plan, smoke: bool) -> dict[str, Callable[[int, int], Recoverer]]:
    """Name -> (tokens, width) -> untrained recoverer."""
    config = replace(ModelConfig(), sampler_steps=6)
    train = train_config(plan)

    def fast(tokens: int, width: int) -> Recoverer:
        denoiser = Denoiser(tokens, width, config.denoiser_width, config.denoiser_layers, config.denoiser_heads)
        return FastRecoverer(denoiser, Reconstructor(tokens, width), config, train)

    channels, steps = ((8, 16), 3) if smoke else ((16, 32, 64, 128), 100)
    return {
        "fast": fast,
        "conditional mean": MeanNetwork,
        "cascade": CascadeRecoverer,
        "flow": FlowRecoverer,
        "score diffusion (IMDer, faithful v1)": lambda t, w: ScoreRecoverer(t, w, channels, steps=steps),
        "DiT (faithful v2)": lambda t, w: DiTRecoverer(t, w, depth=4, steps=3 if smoke else 50),
    }


def train_config(plan: Plan) -> TrainConfig:
    """The benchmark's own optimiser settings with this plan's batch."""
    return replace(TrainConfig(), batch=plan.batch, ema_decay=0.999)


def _hidden(name: str) -> list[int]:
    return [m for m, bit in enumerate(PATTERNS[name]) if not bit]


def exact_samples(known: Known, rows: int, name: str, seed: int) -> Floats:
    """Exact posterior samples [rows, EXACT_SAMPLES, d of what is missing], in latent units."""
    hidden, rng = _hidden(name), np.random.default_rng([seed, 23, INCOMPLETE.index(name)])
    samples = known.data.sample_posterior(known.test[:rows], PATTERNS[name], EXACT_SAMPLES, rng)
    return np.asarray(((samples - known.mean[hidden]) / known.sd[hidden]).reshape(rows, EXACT_SAMPLES, -1))


def expected_energy(exact: Floats, samples: Floats) -> float:
    """Energy score of `samples` [n, K, d], expected over the truth, which `exact` [n, M, d] are draws of.

    K = 1 gives the expected distance of a point forecast.
    """
    total = 0.0
    for truths, drawn in zip(exact, samples, strict=True):
        total += float(np.linalg.norm(truths[:, None] - drawn[None], axis=2).mean()) - 0.5 * mean_distance(drawn)
    return total / len(exact)


def mean_distance(points: Floats) -> float:
    """Mean distance between two different points of [K, d]; 0 for a single one."""
    count = len(points)
    if count == 1:
        return 0.0
    return float(np.linalg.norm(points[:, None] - points[None], axis=2).sum() / (count * (count - 1)))


def exact_energy(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Energy score of exact posterior samples per pattern, which no recovery can be below."""
    out = {}
    for name in INCOMPLETE:
        out[name] = 0.5 * float(np.mean([mean_distance(points) for points in exact_samples(known, rows, name, seed)]))
    return out


def climatology_energy(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Energy score of training rows drawn without looking at anything."""
    rng, out = np.random.default_rng([seed, 31]), {}
    for name in INCOMPLETE:
        drawn = known.train[torch.from_numpy(rng.integers(len(known.train), size=(rows, EXACT_SAMPLES)))]
        flat = drawn[:, :, _hidden(name)].flatten(2).numpy().astype(np.float64)
        out[name] = expected_energy(exact_samples(known, rows, name, seed), flat)
    return out


def measure(
    recoverer: Recoverer, known: Known, rows: int, samples: int, seed: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Energy score and share of samples on a mode, per incomplete pattern."""
    energy, on_mode = {}, {}
    truth = known.latents(known.test[:rows])
    for number, name in enumerate(INCOMPLETE):
        hidden = _hidden(name)
        available = torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(rows, 3).contiguous()
        generator = torch.Generator().manual_seed(700 * seed + number)
        drawn = draw_many(recoverer, truth, available, samples, generator)[:, :, hidden]
        flat = drawn.flatten(2).numpy().astype(np.float64)
        energy[name] = expected_energy(exact_samples(known, rows, name, seed), flat)
        shares = known.data.on_mode(known.test[:rows], PATTERNS[name], known.raw(drawn, hidden), MODE_LIMIT)
        on_mode[name] = float(shares.mean())
    return energy, on_mode


def run_one(
    name: str, make: Callable[[int, int], Recoverer], known: Known, plan: Plan, seed: int
) -> tuple[dict[str, Any], Recoverer]:
    """Train one method and measure it beside exact samples for the same rows."""
    s = known.data.sizes
    torch.manual_seed(seed)
    recoverer, started = make(s.tokens, s.width), time.process_time()
    fit_recoverer(recoverer, known.train, train_config(plan), plan.steps, torch.Generator().manual_seed(seed))
    seconds = time.process_time() - started
    rows = plan.rows_slow if recoverer.evaluations > MANY_EVALUATIONS else plan.rows
    exact = exact_energy(known, rows, seed)
    energy, on_mode = measure(recoverer, known, rows, plan.samples, seed)
    result: dict[str, Any] = {
        "method": name,
        "seed": seed,
        "rows": rows,
        "steps": plan.steps,
        "energy": energy,
        "exact": exact,
        "on_mode": on_mode,
        "evaluations": recoverer.evaluations,
        "parameters": sum(p.numel() for p in recoverer.parameters()),
        "train_cpu_seconds": seconds,
    }
    if isinstance(recoverer, FastRecoverer):
        result["climatology"] = climatology_energy(known, plan.rows_slow, seed)
        result["exact_on_mode"] = exact_on_mode(known, plan.rows_slow, seed)
        result["curve"], result["curve_exact"] = {}, exact_energy(known, plan.rows_slow, seed)
        for evaluations in CURVE:
            recoverer.evaluations = evaluations
            result["curve"][str(evaluations)] = measure(recoverer, known, plan.rows_slow, plan.samples, seed)[0]
    return result, recoverer


def exact_on_mode(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Share of exact samples that count as lying on a mode."""
    x, out = known.test[:rows], {}
    for number, name in enumerate(INCOMPLETE):
        samples = known.data.sample_posterior(x, PATTERNS[name], 8, np.random.default_rng([seed, 37, number]))
        out[name] = float(known.data.on_mode(x, PATTERNS[name], samples, MODE_LIMIT).mean())
    return out


EXACT_MEAN = "exact conditional mean"


def exact_mean(known: Known, plan: Plan, seed: int) -> dict[str, Any]:
    """The best that a point forecast of squared error can be: the mean of the exact posterior, without training."""
    energy, on_mode = {}, {}
    x = known.test[: plan.rows_slow]
    for number, name in enumerate(INCOMPLETE):
        hidden, rng = _hidden(name), np.random.default_rng([seed, 41, number])
        mean = known.data.sample_posterior(x, PATTERNS[name], 4 * EXACT_SAMPLES, rng).mean(axis=1, keepdims=True)
        flat = ((mean - known.mean[hidden]) / known.sd[hidden]).reshape(len(x), 1, -1)
        energy[name] = expected_energy(exact_samples(known, len(x), name, seed), flat)
        on_mode[name] = float(known.data.on_mode(x, PATTERNS[name], mean, MODE_LIMIT).mean())
    exact = exact_energy(known, len(x), seed)
    return {
        "method": EXACT_MEAN, "seed": seed, "rows": len(x), "steps": 0, "energy": energy, "exact": exact,
        "on_mode": on_mode, "evaluations": 0, "parameters": 0, "train_cpu_seconds": 0.0,
    }  # fmt: skip


def run_known(
    wanted: list[str], seeds: list[int], out: Path, plan: Plan, smoke: bool, progress: Callable[[str], None]
) -> None:
    """Methods x seeds, one result file each; existing ones are kept.

    :raises ValueError: for an unknown method.
    """
    if plan.steps < 1:
        raise ValueError(f"--steps {plan.steps}: at least one step is needed")
    plan = plan.smoke() if smoke else plan
    table = methods(plan, smoke)
    for name in wanted:
        if name not in table and name != EXACT_MEAN:
            raise ValueError(f"unknown method {name!r}; there are {', '.join([*table, EXACT_MEAN])}")
    out.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        known: Known | None = None
        for name in wanted:
            target = out / f"known-{''.join(c if c.isalnum() else '-' for c in name)}-{seed}.json"
            if target.exists():
                continue
            known = known or Known.draw(plan, seed)
            if name == EXACT_MEAN:
                result = exact_mean(known, plan, seed)
            else:
                result, recoverer = run_one(name, table[name], known, plan, seed)
                torch.save(recoverer.state_dict(), target.with_suffix(".pt"))
            target.with_suffix(".tmp").write_text(json.dumps(result))
            target.with_suffix(".tmp").replace(target)
            excess = " ".join(f"{p} {100 * (result['energy'][p] / result['exact'][p] - 1):+.1f}%" for p in INCOMPLETE)
            progress(f"{name} seed {seed}: energy score above exact {excess}, {result['train_cpu_seconds']:.0f} s")
