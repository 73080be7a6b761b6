"""The generated data with a known posterior: the closed form agrees with brute force, and it has several modes."""

import numpy as np
import pytest

from rohydr.data.posterior import PosteriorData, Sizes, Warp
from rohydr.labels import PATTERNS
from rohydr.metrics import energy_score

INCOMPLETE = [name for name in PATTERNS if name != "TAV"]
SMALL = Sizes(tokens=1, width=2, classes=3, modes=2, factors=1, noise=0.5, spread=1.0)


def hidden(name: str) -> list[int]:
    return [m for m, bit in enumerate(PATTERNS[name]) if not bit]


def by_simulation(data: PosteriorData, row: np.ndarray, name: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean of x_missing and class posterior given one row, by weighting a million simulated causes.

    Uses nothing of the closed form: given class, variants and factor the modalities are independent, so a cause's
    weight is the density of the observed z around its own centre.
    """
    s, rng = data.sizes, np.random.default_rng(5)
    kind = data.components[rng.integers(len(data.components), size=count)]
    factor = rng.normal(size=(count, s.factors))
    centres = [data.means[m, kind[:, 0], kind[:, 1 + m]] + factor @ data.loadings[m].T for m in range(3)]
    log_weight = np.zeros(count)
    for m, bit in enumerate(PATTERNS[name]):
        if bit:
            log_weight -= 0.5 * ((data.warps[m].inverse(row[m]) - centres[m]) ** 2).sum(axis=1) / s.noise**2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    guess = [data.warps[m].forward(centres[m] + s.noise * rng.normal(size=centres[m].shape)) for m in hidden(name)]
    classes = np.bincount(kind[:, 0], weights=weight, minlength=s.classes)
    return np.stack([weight @ part for part in guess]), classes


def test_the_warp_is_undone_exactly_and_is_not_linear() -> None:
    warp = Warp(8, np.random.default_rng(0))
    z = 2 * np.random.default_rng(1).normal(size=(200, 8))
    np.testing.assert_allclose(warp.inverse(warp.forward(z)), z, atol=1e-12)
    middle = warp.forward((z[:100] + z[100:]) / 2) - (warp.forward(z[:100]) + warp.forward(z[100:])) / 2
    assert np.abs(middle).mean() > 0.1


@pytest.mark.parametrize("name", INCOMPLETE)
def test_posterior_mean_and_class_posterior_agree_with_brute_force(name: str) -> None:
    data = PosteriorData(SMALL, seed=2)
    rows, _ = data.draw(4, np.random.default_rng(3))
    exact = data.sample_posterior(rows, PATTERNS[name], 20_000, np.random.default_rng(4))
    classes = data.class_posterior(rows, PATTERNS[name])
    for row in range(len(rows)):
        mean, share = by_simulation(data, rows[row], name, 400_000)
        np.testing.assert_allclose(exact[row].mean(axis=0), mean, atol=0.06)
        np.testing.assert_allclose(classes[row], share, atol=0.03)


@pytest.mark.parametrize("name", INCOMPLETE)
def test_the_truth_is_no_outlier_among_exact_samples(name: str) -> None:
    data = PosteriorData(SMALL, seed=2)
    rows, _ = data.draw(1500, np.random.default_rng(6))
    samples = data.sample_posterior(rows, PATTERNS[name], 19, np.random.default_rng(7))
    rank = (samples < rows[:, None][:, :, hidden(name)]).sum(axis=1).reshape(len(rows), -1)
    for column in rank.T:
        counts = np.bincount(column, minlength=20)
        chi2 = ((counts - 75.0) ** 2 / 75.0).sum()
        assert chi2 < 52.0, "ranks are uniform up to chance (chi square, 19 degrees, p about 1e-4)"


def test_the_posterior_has_modes_that_its_mean_misses() -> None:
    data = PosteriorData()
    rows, _ = data.draw(200, np.random.default_rng(8))
    for name in INCOMPLETE:
        samples = data.sample_posterior(rows, PATTERNS[name], 100, np.random.default_rng(9))
        truth = rows[:, hidden(name)].reshape(len(rows), -1)
        flat = samples.reshape(len(rows), 100, -1)
        mean = samples.mean(axis=1, keepdims=True)
        on_mode = data.on_mode(rows, PATTERNS[name], samples[:, :8], 2.5).mean()
        assert on_mode > 0.9
        # two modalities settle the class more often than one, so there the mean of a single mode is on it
        assert data.on_mode(rows, PATTERNS[name], mean, 2.5).mean() < (0.35 if len(name) == 1 else on_mode / 2)
        assert energy_score(truth, flat) < 0.85 * energy_score(truth, mean.reshape(len(rows), 1, -1))


def test_no_class_is_settled_by_one_modality() -> None:
    data = PosteriorData()
    rows, _ = data.draw(400, np.random.default_rng(10))
    for name in ("T", "A", "V"):
        assert (data.class_posterior(rows, PATTERNS[name]).max(axis=1) < 0.7).mean() > 0.3


@pytest.mark.parametrize("name", ["TAV", "none"])
def test_nothing_to_recover_is_refused(name: str) -> None:
    rows, _ = PosteriorData(SMALL).draw(2, np.random.default_rng(0))
    bits = PATTERNS["TAV"] if name == "TAV" else (0, 0, 0)
    with pytest.raises(ValueError, match="at least one modality seen and one missing"):
        PosteriorData(SMALL).sample_posterior(rows, bits, 2, np.random.default_rng(0))


def test_odd_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="even number"):
        PosteriorData(Sizes(tokens=1, width=3))
