"""The benchmark's metrics and protocols against hand-computed values and their published definitions."""

import numpy as np
import pytest

from rohydr.benchmark.sentiment import (
    RATES,
    SHARES,
    cell,
    expected_random,
    full_table,
    legacy_batch,
    pattern_weights,
)
from rohydr.labels import PATTERNS
from rohydr.metrics import weighted_f1


def test_zero_labels_count_in_one_variant_only() -> None:
    label = np.array([-1.0, 0.0, 2.0, 1.0])
    predicted = np.array([-0.5, -0.1, 0.3, -0.2])
    got = cell(label, predicted)
    assert got["acc2"] == pytest.approx(2 / 3)
    assert got["acc2_nn"] == pytest.approx(2 / 4)


def test_a_prediction_of_exactly_zero_is_negative_in_one_variant_and_non_negative_in_the_other() -> None:
    got = cell(np.array([1.0, -1.0]), np.array([0.0, 0.0]))
    assert got["acc2"] == 0.5 and got["acc2_nn"] == 0.5
    assert cell(np.array([1.0]), np.array([0.0]))["acc2"] == 0.0
    assert cell(np.array([1.0]), np.array([0.0]))["acc2_nn"] == 1.0


def test_f1_is_weighted_by_true_support_and_macro_is_not() -> None:
    label = np.array([1.0, 1, 1, -1])
    predicted = np.array([1.0, 1, -1, -1])
    got = cell(label, predicted)
    assert got["f1"] == pytest.approx((3 * 0.8 + 1 * 2 / 3) / 4)
    assert got["macro_f1"] == pytest.approx((0.8 + 2 / 3) / 2)


def test_acc7_rounds_ties_to_even_and_clips() -> None:
    label = np.array([-1.5, 0.5, 2.5, 3.0])
    assert cell(label, np.array([-2.0, 0.0, 2.0, 7.0]))["acc7"] == 1.0
    assert cell(label, np.array([-1.0, 1.0, 3.0, 2.0]))["acc7"] == 0.0


def test_constant_predictions_have_no_correlation_and_non_finite_ones_are_refused() -> None:
    assert np.isnan(cell(np.array([1.0, -1.0]), np.array([0.5, 0.5]))["corr"])
    with pytest.raises(ValueError, match="not finite"):
        cell(np.array([1.0, -1.0]), np.array([0.5, np.nan]))


def random_predictions(seed: int, count: int = 64) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    label = np.round(rng.uniform(-3, 3, count), 1)
    return label, {name: label + rng.normal(size=count) * (4 - len(name)) for name in PATTERNS}


def test_missing_rates_are_realised_by_the_weights() -> None:
    for rate in RATES:
        weights = pattern_weights(rate)
        lost = sum(w * (3 - len(name)) / 3 for name, w in weights.items())
        assert sum(weights.values()) == pytest.approx(1)
        assert lost == pytest.approx(min(rate, 2 / 3), abs=0.035)
    assert pattern_weights(0) == {name: float(name == "TAV") for name in PATTERNS}
    with pytest.raises(ValueError, match=r"0\.35"):
        pattern_weights(0.35)


def test_random_protocol_is_the_mean_over_many_sampled_masks() -> None:
    label, predictions = random_predictions(1)
    rng = np.random.default_rng(2)
    names, weights = zip(*pattern_weights(0.4).items(), strict=True)
    sampled = []
    for _ in range(3000):
        drawn = rng.choice(len(names), size=len(label), p=np.array(weights))
        mixed = np.array([predictions[names[d]][i] for i, d in enumerate(drawn)])
        sampled.append(cell(label, mixed))
    exact = expected_random(label, predictions, 0.4)
    for metric in ("acc2", "acc7", "mae", "f1"):
        assert exact[metric] == pytest.approx(np.mean([s[metric] for s in sampled]), abs=0.004)


def test_mixed_f1_comes_from_the_mixed_confusion_table() -> None:
    table = np.array([[0.3, 0.1], [0.2, 0.4]])
    negative, positive = 2 * 0.3 / (0.4 + 0.5), 2 * 0.4 / (0.6 + 0.5)
    assert weighted_f1(table) == pytest.approx(0.4 * negative + 0.6 * positive)


def test_averages_take_seven_and_six_patterns() -> None:
    label, predictions = random_predictions(3)
    table = full_table(label, predictions)
    accuracy = {name: table["patterns"][name]["acc2"] for name in PATTERNS}
    assert table["averages"]["avg7"]["acc2"] == pytest.approx(np.mean(list(accuracy.values())))
    assert table["averages"]["avg6"]["acc2"] == pytest.approx(np.mean([v for k, v in accuracy.items() if k != "TAV"]))
    assert set(table["random"]) == {str(r) for r in RATES} | {"mean"}


def test_legacy_batches_realise_the_rates_of_the_released_loader() -> None:
    count = 686
    label = np.ones(count)
    lost = {name: np.full(count, (3 - len(name)) / 3 + 1e-9) for name in PATTERNS}
    realised = {r: legacy_batch(label, lost, r, seed=4)["mae"] for r in SHARES}
    expected = {0.1: 0.093, 0.2: 0.187, 0.3: 0.280, 0.4: 0.373, 0.5: 0.466, 0.6: 0.560, 0.7: 0.622}
    for rate, share in expected.items():
        assert 1 - realised[rate] == pytest.approx(share, abs=0.02)


def test_legacy_batch_gives_a_whole_batch_one_pattern_and_depends_on_the_seed() -> None:
    label, predictions = random_predictions(5, 320)
    values = {legacy_batch(label, predictions, 0.7, seed=s)["acc2"] for s in range(6)}
    assert len(values) > 1
    complete = legacy_batch(label, predictions, 0, seed=1)["acc2"]
    assert complete == pytest.approx(cell(label, predictions["TAV"])["acc2"])
