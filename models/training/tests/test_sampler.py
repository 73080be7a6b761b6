"""The sampler against a distribution whose denoiser is known exactly."""

import math

import pytest
import torch
from torch import Tensor

from rohydr.sampler import sample, sigma_schedule

MEANS = torch.tensor([-1.5, 1.5])
WEIGHTS = torch.tensor([0.3, 0.7])
SPREAD = 0.3


def exact_denoiser(x: Tensor, sigma: float) -> Tensor:
    """E[clean | x] of a one-dimensional mixture of two normals."""
    variance = SPREAD**2 + sigma**2
    log_weight = torch.log(WEIGHTS) - (x[:, None] - MEANS) ** 2 / (2 * variance)
    weight = torch.softmax(log_weight, dim=1)
    component = (x[:, None] * SPREAD**2 + MEANS * sigma**2) / variance
    return (weight * component).sum(dim=1)


def test_sampler_recovers_a_gaussian_mixture() -> None:
    noise = torch.randn(20000, generator=torch.Generator().manual_seed(0))
    drawn = sample(exact_denoiser, noise, sigma_schedule(16, 0.02, 20.0, 5.0))
    right = drawn > 0
    assert abs(float(right.float().mean()) - 0.7) < 0.03
    for side, mean in ((~right, -1.5), (right, 1.5)):
        assert abs(float(drawn[side].mean()) - mean) < 0.05
        assert abs(float(drawn[side].std()) - SPREAD) < 0.08


def test_a_few_steps_keep_both_modes() -> None:
    noise = torch.randn(20000, generator=torch.Generator().manual_seed(0))
    drawn = sample(exact_denoiser, noise, sigma_schedule(6, 0.05, 10.0, 5.0))
    assert abs(float((drawn > 0).float().mean()) - 0.7) < 0.06


def test_a_standard_normal_keeps_its_variance() -> None:
    noise = torch.randn(20000, generator=torch.Generator().manual_seed(1))
    drawn = sample(lambda x, s: x / (1 + s * s), noise, sigma_schedule(16, 0.05, 6.0, 20.0))
    assert abs(float(drawn.std()) - 1) < 0.03


def test_schedule_falls_from_highest_to_lowest_level() -> None:
    sigmas = sigma_schedule(6, 0.05, 10.0, 5.0)
    assert math.isclose(sigmas[0], 10.0) and math.isclose(sigmas[-1], 0.05)
    assert sigmas == sorted(sigmas, reverse=True)


@pytest.mark.parametrize(("steps", "low", "high"), [(0, 0.1, 1.0), (4, 0.0, 1.0), (4, 2.0, 1.0)])
def test_an_impossible_schedule_is_refused(steps: int, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="sigma"):
        sigma_schedule(steps, low, high, 5.0)
