"""Why recoveries of generated data are above exact samples: how often each mode is drawn, or what lies on it.

Every draw is given to the mode of the posterior that it lies nearest to. *Shares*: exact samples, weighted so that each
mode has the share that the recovery gives it. *Shape*: recoveries, weighted so that each mode has its exact share. Both
are compared with as many exact samples treated alike, so that counting few draws says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.benchmark.known import EXACT_SAMPLES, INCOMPLETE, Known, exact_samples, mean_distance
from rohydr.benchmark.recoverer import Recoverer, draw_many
from rohydr.labels import PATTERNS

Floats = NDArray[np.float64]
REFERENCE = 4 * EXACT_SAMPLES
"""Exact samples from which the exact shares are counted, and which are weighted to the shares of a recovery."""
PARTS = ("whole", "shares", "shape")


@dataclass(frozen=True)
class Draws:
    """Draws of one row [K, d] in latent units, and the mode that each lies nearest to."""

    points: Floats
    mode: NDArray[np.int64]

    def shares(self, modes: int) -> Floats:
        """How often each mode is drawn."""
        return np.bincount(self.mode, minlength=modes) / len(self.mode)

    def weights(self, shares: Floats) -> Floats:
        """Weight of every draw with which the modes have `shares`; those without any draw are left out."""
        weight = (shares / np.maximum(np.bincount(self.mode, minlength=len(shares)), 1))[self.mode]
        total = weight.sum()
        return np.asarray(weight / total) if total > 0 else np.full(len(weight), 1 / len(weight))


def weighted_energy(truths: Floats, points: Floats, weight: Floats) -> float:
    """Energy score of weighted draws, expected over the truth, without the bias of a draw's distance to itself."""
    to_truth = np.linalg.norm(truths[:, None] - points[None], axis=2).mean(axis=0)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(to_truth @ weight - 0.5 * (weight @ apart @ weight) / (1 - weight @ weight))


def row_parts(truths: Floats, recovered: Draws, exact: Draws, reference: Draws) -> Floats:
    """PARTS of one row: energy score with `recovered` minus with as many `exact` draws."""
    count = 1 + max(int(draws.mode.max()) for draws in (recovered, exact, reference))
    found = []
    for draws in (recovered, exact):
        even = np.full(len(draws.points), 1 / len(draws.points))
        found.append(
            (
                weighted_energy(truths, draws.points, even),
                weighted_energy(truths, reference.points, reference.weights(draws.shares(count))),
                weighted_energy(truths, draws.points, draws.weights(reference.shares(count))),
            )
        )
    return np.asarray(np.array(found[0]) - np.array(found[1]))


def excess_parts(recoverer: Recoverer, known: Known, rows: int, seed: int) -> dict[str, dict[str, float]]:
    """PARTS of the energy score above exact samples by incomplete pattern, as fractions of the exact one."""
    x, latents, out = known.test[:rows], known.latents(known.test[:rows]), {}
    for number, name in enumerate(INCOMPLETE):
        bits = PATTERNS[name]
        hidden = [m for m, bit in enumerate(bits) if not bit]
        available = torch.tensor([bits], dtype=torch.float32).expand(len(x), 3).contiguous()
        generator = torch.Generator().manual_seed(800 * seed + number)
        drawn = draw_many(recoverer, latents, available, EXACT_SAMPLES, generator)[:, :, hidden].numpy()
        recovered = drawn.reshape(*drawn.shape[:3], -1).astype(np.float64) * known.sd[hidden] + known.mean[hidden]
        rng = np.random.default_rng([seed, 43, number])
        sets = [recovered, *(known.data.sample_posterior(x, bits, n, rng) for n in (EXACT_SAMPLES, REFERENCE))]
        modes = [known.data.nearest_mode(x, bits, samples)[0] for samples in sets]
        points = [((s - known.mean[hidden]) / known.sd[hidden]).reshape(len(x), s.shape[1], -1) for s in sets]
        truths = exact_samples(known, len(x), name, seed)
        parts = np.zeros(len(PARTS))
        for row in range(len(x)):
            each = [Draws(p[row], m[row]) for p, m in zip(points, modes, strict=True)]
            parts += row_parts(truths[row], *each) / len(x)
        exact = float(np.mean([0.5 * mean_distance(of_row) for of_row in points[1]]))
        out[name] = {part: float(value / exact) for part, value in zip(PARTS, parts, strict=True)}
    return out
