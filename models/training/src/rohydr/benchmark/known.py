"""Recovery where the truth is known: every method on generated data beside exact posterior samples.

The truth of a row is one draw of its posterior, so its energy score is averaged over many exact draws instead of the
one that was generated: the same expectation with a fraction of the noise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rohydr.benchmark.recoverer import Recoverer, draw_many
from rohydr.data.posterior import PosteriorData
from rohydr.labels import PATTERNS

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
    """Sizes of one run; `rows_slow` test rows are used for methods of many evaluations.

    `repair_pool`: draws that the reconstructors of the `faithful` versions learn from. `generator` fixes means,
    loadings and warps of the data; figures that are reported use 1, choices are made on another.
    """

    train_rows: int = 20_000
    rows: int = 400
    rows_slow: int = 200
    samples: int = 8
    steps: int = 6000
    batch: int = 128
    repair_pool: int = 4096
    generator: int = 1

    def smoke(self) -> Plan:
        """Seconds instead of minutes."""
        return replace(self, train_rows=400, rows=10, rows_slow=6, samples=3, steps=6, batch=16, repair_pool=32)


@dataclass(frozen=True)
class Known:
    """Rows of one seed: standardised latents, and what is needed to draw and judge in the same units."""

    data: PosteriorData
    mean: Floats
    sd: Floats
    train: Tensor
    test: Floats
    drawn: dict[tuple[str, int], Floats] = field(default_factory=dict)
    """Exact samples by pattern and seed, once drawn."""

    @staticmethod
    def draw(plan: Plan, seed: int) -> Known:
        """Training and test rows; the generator itself is the plan's, the same for every seed."""
        data, rng = PosteriorData(seed=plan.generator), np.random.default_rng([seed, 17])
        train, test = data.draw(plan.train_rows, rng)[0], data.draw(plan.rows, rng)[0]
        mean, sd = train.mean(axis=0), train.std(axis=0)
        known = Known(data, mean, sd, torch.empty(0), test)
        return replace(known, train=known.latents(train))

    def latents(self, x: Floats) -> Tensor:
        """[n, 3, tokens, width] with unit variance on the training rows."""
        s = self.data.sizes
        z = ((x - self.mean) / self.sd).astype(np.float32)
        return torch.from_numpy(z).view(len(x), 3, s.tokens, s.width)


def _hidden(name: str) -> list[int]:
    return [m for m, bit in enumerate(PATTERNS[name]) if not bit]


def exact_samples(known: Known, rows: int, name: str, seed: int) -> Floats:
    """Exact posterior samples [rows, EXACT_SAMPLES, d of what is missing], in latent units.

    Drawn for all test rows and cut, so that a row has the same samples however many rows are asked for.
    """
    if (name, seed) not in known.drawn:
        hidden, rng = _hidden(name), np.random.default_rng([seed, 23, INCOMPLETE.index(name)])
        samples = known.data.sample_posterior(known.test, PATTERNS[name], EXACT_SAMPLES, rng)
        scaled = (samples - known.mean[hidden]) / known.sd[hidden]
        known.drawn[name, seed] = np.asarray(scaled.reshape(len(samples), EXACT_SAMPLES, -1))
    return known.drawn[name, seed][:rows]


def expected_energy(exact: Floats, samples: Floats) -> float:
    """Energy score of `samples` [n, K, d], expected over the truth, which `exact` [n, M, d] are draws of.

    K = 1 gives the expected distance of a point forecast.
    """
    return float(energy_rows(exact, samples)[0].mean())


def energy_rows(exact: Floats, samples: Floats) -> tuple[Floats, Floats]:
    """Of every row [n]: the energy score of its samples, and the expected distance of a single one of them."""
    energy, single = np.empty(len(exact)), np.empty(len(exact))
    for row, (truths, drawn) in enumerate(zip(exact, samples, strict=True)):
        single[row] = np.linalg.norm(truths[:, None] - drawn[None], axis=2).mean()
        energy[row] = single[row] - 0.5 * mean_distance(drawn)
    return energy, single


def mean_distance(points: Floats) -> float:
    """Mean distance between two different points of [K, d]; 0 for a single one."""
    count = len(points)
    if count == 1:
        return 0.0
    return float(np.linalg.norm(points[:, None] - points[None], axis=2).sum() / (count * (count - 1)))


def exact_rows(known: Known, rows: int, seed: int) -> dict[str, Floats]:
    """Energy score of exact posterior samples per pattern and row; half the distance of a single exact sample."""
    found = {}
    for name in INCOMPLETE:
        found[name] = np.array([0.5 * mean_distance(points) for points in exact_samples(known, rows, name, seed)])
    return found


def exact_energy(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Energy score of exact posterior samples per pattern, which no recovery can be below."""
    return {name: float(found.mean()) for name, found in exact_rows(known, rows, seed).items()}


def climatology_energy(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Energy score of training rows drawn without looking at anything."""
    rng, out = np.random.default_rng([seed, 31]), {}
    for name in INCOMPLETE:
        drawn = known.train[torch.from_numpy(rng.integers(len(known.train), size=(rows, EXACT_SAMPLES)))]
        flat = drawn[:, :, _hidden(name)].flatten(2).numpy().astype(np.float64)
        out[name] = expected_energy(exact_samples(known, rows, name, seed), flat)
    return out


@dataclass(frozen=True)
class Measured:
    """Per incomplete pattern: energy score and distance of a single sample of every row, and share on a mode."""

    energy: dict[str, Floats]
    single: dict[str, Floats]
    on_mode: dict[str, float]

    def means(self) -> dict[str, dict[str, float]]:
        """Means over the rows, as result files hold them."""
        return {
            "energy": {name: float(rows.mean()) for name, rows in self.energy.items()},
            "single": {name: float(rows.mean()) for name, rows in self.single.items()},
            "on_mode": self.on_mode,
        }


def judge(known: Known, drawn: dict[str, Floats], seed: int, modes: bool = True) -> Measured:
    """Draws in latent units per pattern [n, K, missing, ...] against exact samples of the same rows."""
    energy, single, on_mode = {}, {}, {}
    for name in INCOMPLETE:
        hidden, flat = _hidden(name), drawn[name].reshape(*drawn[name].shape[:2], -1)
        energy[name], single[name] = energy_rows(exact_samples(known, len(flat), name, seed), flat)
        if modes:
            raw = flat.reshape(*flat.shape[:2], len(hidden), -1) * known.sd[hidden] + known.mean[hidden]
            on_mode[name] = float(known.data.on_mode(known.test[: len(flat)], PATTERNS[name], raw, MODE_LIMIT).mean())
    return Measured(energy, single, on_mode)


def measure(recoverer: Recoverer, known: Known, rows: int, samples: int, seed: int, modes: bool = True) -> Measured:
    """Recoveries of the first test rows under every incomplete pattern; `modes`: also their share on a mode."""
    truth, drawn = known.latents(known.test[:rows]), {}
    for number, name in enumerate(INCOMPLETE):
        available = torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(rows, 3).contiguous()
        generator = torch.Generator().manual_seed(700 * seed + number)
        all_drawn = draw_many(recoverer, truth, available, samples, generator)
        drawn[name] = all_drawn[:, :, _hidden(name)].numpy().astype(np.float64)
    return judge(known, drawn, seed, modes)


def exact_mean(known: Known, rows: int, seed: int) -> Measured:
    """The best that a point forecast of squared error can be: the mean of the exact posterior, without training."""
    x, drawn = known.test[:rows], {}
    for number, name in enumerate(INCOMPLETE):
        hidden, rng = _hidden(name), np.random.default_rng([seed, 41, number])
        mean = known.data.sample_posterior(x, PATTERNS[name], 4 * EXACT_SAMPLES, rng).mean(axis=1, keepdims=True)
        drawn[name] = (mean - known.mean[hidden]) / known.sd[hidden]
    return judge(known, drawn, seed)


def exact_on_mode(known: Known, rows: int, seed: int) -> dict[str, float]:
    """Share of exact samples that count as lying on a mode."""
    x, out = known.test[:rows], {}
    for number, name in enumerate(INCOMPLETE):
        samples = known.data.sample_posterior(x, PATTERNS[name], 8, np.random.default_rng([seed, 37, number]))
        out[name] = float(known.data.on_mode(x, PATTERNS[name], samples, MODE_LIMIT).mean())
    return out
