"""What a recovery is above exact samples by: the shares of the modes, or what lies on them."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rohydr.benchmark.known import INCOMPLETE, Known, Plan
from rohydr.benchmark.known_report import parts_table
from rohydr.benchmark.modes import PARTS, Draws, excess_parts, weighted_energy
from rohydr.benchmark.recoverer import Recoverer
from rohydr.labels import PATTERNS
from rohydr.metrics import energy_score


class Posterior(Recoverer):
    """Exact samples, all of one mode or `noise` wider than they are."""

    evaluations = 1

    def __init__(self, known: Known, one_mode: bool = False, noise: float = 0.0) -> None:
        super().__init__()
        self.known, self.one_mode, self.noise = known, one_mode, noise

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        raise AssertionError("is not trained here")

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        known, bits = self.known, tuple(int(bit) for bit in available[0])
        hidden = [m for m, bit in enumerate(bits) if not bit]
        raw = observed.numpy().reshape(len(observed), 3, -1) * known.sd + known.mean
        draws = known.data.sample_posterior(raw, bits, 40, np.random.default_rng(11))
        if self.one_mode:
            nearest = known.data.nearest_mode(raw, bits, draws)[0]
            order = np.argsort(nearest != nearest.max(axis=1, keepdims=True), axis=1, kind="stable")
            draws = np.take_along_axis(draws, order[:, :1, None, None], axis=1)
        else:
            draws = draws[np.arange(len(draws)), np.arange(len(draws)) % 40][:, None]
        filled = raw.copy()
        filled[:, hidden] = draws[:, 0] + self.noise * np.random.default_rng(3).normal(size=draws[:, 0].shape)
        return known.latents(filled)


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.draw(Plan(train_rows=2000, rows=25), 3)


def test_weighted_draws_score_as_the_draws_they_stand_for() -> None:
    rng = np.random.default_rng(0)
    truths, points = rng.normal(size=(9, 3)), rng.normal(size=(5, 3))
    even = weighted_energy(truths, points, np.full(5, 0.2))
    assert even == pytest.approx(np.mean([energy_score(t[None], points[None]) for t in truths]))
    draws = Draws(points, np.array([0, 0, 0, 1, 1]))
    weight = draws.weights(np.array([0.1, 0.7, 0.2]))
    assert weight.sum() == pytest.approx(1) and weight[3] / weight[0] == pytest.approx((0.7 / 2) / (0.1 / 3))
    np.testing.assert_allclose(draws.shares(3), [0.6, 0.4, 0])


def test_exact_samples_have_no_excess_in_any_part(known: Known) -> None:
    found = excess_parts(Posterior(known), known, 25, 3)
    assert set(found) == set(INCOMPLETE) and set(found["T"]) == set(PARTS)
    assert max(abs(value) for parts in found.values() for value in parts.values()) < 0.04


def test_a_recovery_of_one_mode_only_is_wrong_by_its_shares(known: Known) -> None:
    found = excess_parts(Posterior(known, one_mode=True), known, 25, 3)
    assert all(parts["shares"] > 0.08 and parts["whole"] > 0.08 for parts in found.values())


def test_a_recovery_that_is_too_wide_is_wrong_by_what_lies_on_the_modes(known: Known) -> None:
    found = excess_parts(Posterior(known, noise=1.5), known, 25, 3)
    assert all(parts["shape"] > 0.03 and abs(parts["shares"]) < 0.02 for parts in found.values())


def test_nearest_modes_are_those_that_exact_samples_come_from(known: Known) -> None:
    for name in ("T", "AV"):
        x = known.test[:5]
        exact = known.data.sample_posterior(x, PATTERNS[name], 50, np.random.default_rng(1))
        nearest, distance = known.data.nearest_mode(x, PATTERNS[name], exact)
        assert (distance < 2.5).mean() > 0.9 and (nearest >= 0).all()
        assert len(np.unique(nearest[0])) > 1


def test_the_table_gives_percent_over_seeds() -> None:
    parts = {p: {"whole": 0.03, "shares": 0.02, "shape": 0.01} for p in INCOMPLETE}
    other = {p: {"whole": 0.05, "shares": 0.02, "shape": 0.01} for p in INCOMPLETE}
    told = parts_table({"fast": [{"parts": parts}, {"parts": other}]})
    assert "+4.0 ± 1.4" in told and "shares of the modes | +2.0 ± 0.0" in told
