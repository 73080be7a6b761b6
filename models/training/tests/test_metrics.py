"""Worked examples of the metrics and of the calibration."""

import math

import numpy as np
import pytest

from rohydr.calibration import conformal_half_width, fit_temperature, mixture_log_posterior
from rohydr.linear import Ridge
from rohydr.metrics import (
    acc2_negative_positive,
    area_under_risk_coverage,
    bootstrap_ratio,
    brier,
    energy_score,
    energy_scores,
    expected_calibration_error,
    macro_f1,
    paired_bootstrap,
    pearson,
    reliability,
    squared_mmd,
    unweighted_average_recall,
)

TRUTH = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2])


def test_recall_and_f1_by_hand() -> None:
    assert unweighted_average_recall(TRUTH, PREDICTED, 3) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert macro_f1(TRUTH, PREDICTED, 3) == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    assert unweighted_average_recall(TRUTH, PREDICTED, 9) == unweighted_average_recall(TRUTH, PREDICTED, 3)


def test_zero_labels_do_not_count_in_acc2() -> None:
    truth, predicted = np.array([-1.0, 0.0, 2.0, 1.0]), np.array([-0.2, 5.0, 0.1, -0.1])
    assert acc2_negative_positive(truth, predicted) == pytest.approx(2 / 3)


def _posterior(confidence: np.ndarray) -> np.ndarray:
    """Two classes, the first one predicted with `confidence`."""
    return np.stack([confidence, 1 - confidence], axis=1)


def test_reliability_of_a_perfectly_calibrated_forecast_lies_on_the_diagonal() -> None:
    levels = [0.55, 0.7, 0.8, 0.95]
    confidence = np.repeat(levels, 20)
    truth = np.concatenate([np.arange(20) >= round(20 * level) for level in levels]).astype(int)
    order = np.random.default_rng(0).permutation(80)
    bins = reliability(truth[order], _posterior(confidence[order]), 4)
    assert [b["n"] for b in bins] == [20, 20, 20, 20]
    assert [b["stated"] for b in bins] == pytest.approx(levels)
    assert [b["found"] for b in bins] == pytest.approx(levels)
    assert expected_calibration_error(truth, _posterior(confidence), 4) == pytest.approx(0)


def test_reliability_of_an_overconfident_forecast_lies_below_the_diagonal() -> None:
    confidence = np.linspace(0.8, 0.99, 50)
    truth = np.arange(50) % 2
    bins = reliability(truth, _posterior(confidence))
    assert [b["n"] for b in bins] == [7, 7, 6, 6, 6, 6, 6, 6]
    assert [b["stated"] for b in bins] == sorted(b["stated"] for b in bins)
    assert all(b["found"] < b["stated"] - 0.2 for b in bins)
    assert sum(b["found"] * b["n"] for b in bins) == pytest.approx(25)


def test_reliability_leaves_out_bins_without_rows() -> None:
    assert reliability(np.array([0, 1]), _posterior(np.array([0.9, 0.6]))) == [
        {"stated": pytest.approx(0.6), "found": 0.0, "n": 1},
        {"stated": pytest.approx(0.9), "found": 1.0, "n": 1},
    ]


def test_brier_and_ece_by_hand() -> None:
    posterior = np.array([[0.8, 0.2], [0.8, 0.2]])
    assert brier(np.array([0, 1]), posterior) == pytest.approx((0.08 + 1.28) / 2)
    assert expected_calibration_error(np.array([0, 1]), posterior, bins=1) == pytest.approx(0.3)


def test_risk_coverage_by_hand() -> None:
    confidence = np.array([0.9, 0.6, 0.8, 0.7])
    truth = np.array([0, 0, 1, 0])  # of the most confident two, the second is wrong
    assert area_under_risk_coverage(truth, _posterior(confidence)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert area_under_risk_coverage(np.zeros(4, dtype=int), _posterior(confidence)) == 0


def test_mmd_is_small_within_a_distribution_and_larger_for_its_mean_alone() -> None:
    rng = np.random.default_rng(0)
    real, drawn = rng.normal(size=(300, 5)), rng.normal(size=(300, 5))
    same = squared_mmd(drawn, real)
    assert abs(same) < 0.005
    assert squared_mmd(0.3 * drawn, real) > 10 * abs(same)  # a recovery without spread
    assert squared_mmd(drawn + 1, real) > 10 * abs(same)


def test_mmd_by_hand() -> None:
    ours, theirs = np.array([[0.0], [1.0]]), np.array([[0.0], [2.0]])
    width = 4.0  # squared distance within theirs
    own, other = math.exp(-1 / width), math.exp(-4 / width)
    between = (1 + math.exp(-4 / width) + 2 * math.exp(-1 / width)) / 4
    assert squared_mmd(ours, theirs) == pytest.approx(own + other - 2 * between)


def test_energy_score_of_a_point_is_its_distance() -> None:
    assert energy_score(np.array([[3.0, 4.0]]), np.zeros((1, 1, 2))) == pytest.approx(5.0)


def test_energy_scores_match_their_definition() -> None:
    rng = np.random.default_rng(2)
    truth, samples = rng.standard_normal((3, 5)), rng.standard_normal((3, 4, 5))
    for row, score in enumerate(energy_scores(truth, samples)):
        first = np.mean([np.linalg.norm(s - truth[row]) for s in samples[row]])
        pairs = [np.linalg.norm(samples[row, i] - samples[row, j]) for i in range(4) for j in range(4) if i != j]
        assert score == pytest.approx(first - 0.5 * np.mean(pairs))


def test_a_skill_is_above_zero_where_every_group_is_better() -> None:
    groups = np.repeat(np.arange(5), 10)
    below = np.random.default_rng(0).uniform(1, 2, 50)
    skill, low, high = bootstrap_ratio(0.8 * below, below, groups)
    assert skill == pytest.approx(0.2) and low == pytest.approx(0.2) and high == pytest.approx(0.2)


def test_energy_score_prefers_the_true_distribution() -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice([-1.0, 1.0], size=(4000, 1))
    right = rng.choice([-1.0, 1.0], size=(4000, 8, 1))
    assert energy_score(truth, right) < energy_score(truth, np.zeros((4000, 1, 1)))
    assert energy_score(truth, right) < energy_score(truth, 3 * right)


def test_correlation_with_a_constant_is_not_a_number() -> None:
    assert math.isnan(pearson(np.array([1.0, 2.0]), np.array([1.0, 1.0])))


def test_temperature_is_found_again() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20000, 4))
    p = np.exp(mixture_log_posterior(logits, 1.0))
    labels = np.array([rng.choice(4, p=row) for row in p])
    assert fit_temperature(3 * logits, labels) == pytest.approx(3, rel=0.1)


def test_mixture_is_the_mean_of_the_posteriors() -> None:
    logits = np.log(np.array([[[0.9, 0.1], [0.5, 0.5]]]))
    assert np.exp(mixture_log_posterior(logits, 1.0)) == pytest.approx(np.array([[0.7, 0.3]]))


def test_conformal_rank() -> None:
    assert conformal_half_width(np.arange(1, 20) / 1.0, np.zeros(19), 0.9) == 18
    assert conformal_half_width(np.array([1.0, 2.0]), np.zeros(2), 0.9) == 2


def test_conformal_interval_covers_new_data() -> None:
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(200):
        half = conformal_half_width(rng.normal(size=99), np.zeros(99), 0.9)
        hits.append(np.mean(np.abs(rng.normal(size=200)) <= half))
    assert np.mean(hits) == pytest.approx(0.9, abs=0.01)


def test_ridge_without_penalty_is_least_squares() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3))
    y = x @ np.array([[1.0], [2.0], [3.0]]) + 4
    assert Ridge.fit(x, y, 1e-9).predict(x) == pytest.approx(y)


def test_bootstrap_resamples_groups() -> None:
    difference, groups = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1, 1, 2, 2])
    mean, low, high = paired_bootstrap(difference, groups)
    assert (mean, low, high) == (0.0, -1.0, 1.0)
