"""Few-step sampling of missing tokens: DPM-Solver++(2M) (Lu et al. 2022), EDM noise levels (Karras et al. 2022)."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Tensor

Denoise = Callable[[Tensor, float], Tensor]
"""(x, sigma) -> estimate of the clean x."""


def sigma_schedule(steps: int, sigma_min: float, sigma_max: float, rho: float) -> list[float]:
    """Noise levels at which the denoiser is evaluated, from sigma_max down to sigma_min."""
    if steps < 1 or not 0 < sigma_min < sigma_max:
        raise ValueError(f"need steps >= 1 and 0 < sigma_min < sigma_max, got {steps}, {sigma_min}, {sigma_max}")
    if steps == 1:
        return [sigma_max]
    high, low = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return [(high + i / (steps - 1) * (low - high)) ** rho for i in range(steps)]


def sample(denoise: Denoise, noise: Tensor, sigmas: list[float]) -> Tensor:
    """Integrate the probability-flow ODE from sigmas[0] * noise; one evaluation per noise level.

    The last evaluation's clean estimate is the sample, which is the exact limit of the update for sigma -> 0.
    Plain Python control flow over fixed levels, so that tracing unrolls it into one graph.
    """
    x = sigmas[0] * noise
    previous: Tensor | None = None
    last_step = 0.0
    for i, sigma in enumerate(sigmas):
        clean = denoise(x, sigma)
        if i + 1 == len(sigmas):
            return clean
        step = math.log(sigma / sigmas[i + 1])
        estimate = clean
        if previous is not None:
            weight = step / (2 * last_step)
            estimate = (1 + weight) * clean - weight * previous
        x = (sigmas[i + 1] / sigma) * x - math.expm1(-step) * estimate
        previous, last_step = clean, step
    raise ValueError("no noise levels")
