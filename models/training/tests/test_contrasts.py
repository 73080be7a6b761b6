"""The ablation as paired claims: signs, what they are paired over, and how they join an existing bundle."""

from typing import Any

import numpy as np
import pytest

from rohydr.benchmark.card import contrasts_table, verdict
from rohydr.benchmark.claims import label_claims, said
from rohydr.benchmark.contrasts import CONTRASTS, FULL, PREFIX, contrasts, with_full_row
from rohydr.benchmark.sentiment import RATES, full_table, legacy_batch
from rohydr.benchmark.series import add_ablation, aggregate, known_methods
from rohydr.benchmark.utterances import Utterances
from rohydr.labels import PATTERNS

ROWS, VIDEOS = 120, 12


def rows_of_test() -> Utterances:
    rng = np.random.default_rng(0)
    label = rng.uniform(-3, 3, ROWS).astype(np.float32)
    x = np.zeros((ROWS, 1), dtype=np.float32)
    video = np.array([f"v{i % VIDEOS}" for i in range(ROWS)])
    return Utterances(np.array([f"{v}_{i}" for i, v in enumerate(video)]), video, x, x, x, label)


def result(method: str, seed: int, right: float, test: Utterances) -> dict[str, Any]:
    """A result whose signs are right in a share `right` of the rows, the same rows for every pattern."""
    order = np.random.default_rng(seed).permutation(ROWS)
    sign = np.where(order < right * ROWS, 1.0, -1.0)
    scores = {p: sign * test.label.astype(np.float64) for p in PATTERNS}
    return {
        "method": method, "seed": seed, "config_sha256": "same", "scores": {p: s.tolist() for p, s in scores.items()},
        "table": full_table(test.label.astype(np.float64), scores),
        "legacy_batch": {str(r): legacy_batch(test.label.astype(np.float64), scores, r, seed) for r in RATES},
        "coverage": dict.fromkeys(PATTERNS, 0.9), "energy": {}, "evaluations": 0, "parameters": 0, "train_seconds": 1.0,
    }  # fmt: skip


def series(test: Utterances, **right: float) -> dict[str, list[dict[str, Any]]]:
    named = {"fast" if name == "fast" else PREFIX + name.replace("_", " "): share for name, share in right.items()}
    return {name: [result(name, seed, share, test) for seed in (1, 2)] for name, share in named.items()}


def test_every_contrast_names_rows_that_the_benchmark_can_run() -> None:
    rows = {name.removeprefix(PREFIX) for name in known_methods() if name.startswith(PREFIX)}
    assert {row for _, having, lacking in CONTRASTS for row in (having, lacking)} <= rows
    assert len({claim for claim, _, _ in CONTRASTS}) == len(CONTRASTS)


def test_a_level_that_helps_has_an_interval_above_zero_and_one_that_does_nothing_has_not() -> None:
    test = rows_of_test()
    results = series(test, fast=0.9, nothing_recovered=0.6, unimodal_feature=0.6)
    found = {gap["claim"]: gap for gap in contrasts(results, test)}
    assert set(found) == {"unimodal feature recovery", "all four levels"}
    everything, nothing = found["all four levels"], found["unimodal feature recovery"]
    assert everything["difference"] == pytest.approx(0.3) and everything["low"] > 0 and everything["seeds"] == 2
    assert nothing["low"] == nothing["high"] == 0
    assert verdict(everything) == "helps" and verdict(nothing) == "not distinguishable"
    assert verdict({"low": -0.2, "high": -0.1}) == "hurts"
    assert "| helps | 2 |" in contrasts_table({"contrasts": [everything]})


def test_only_seeds_that_both_rows_have_are_compared() -> None:
    test = rows_of_test()
    results = series(test, fast=0.9, nothing_recovered=0.6)
    results[PREFIX + "nothing recovered"].pop()
    assert contrasts(results, test)[0]["seeds"] == 1
    results[PREFIX + "nothing recovered"][0]["seed"] = 9
    assert contrasts(results, test) == []


def test_fast_stands_for_the_row_of_all_levels_only_beside_other_ablation_rows() -> None:
    test = rows_of_test()
    assert with_full_row(series(test, fast=0.9)).keys() == {"fast"}
    assert PREFIX + FULL in with_full_row(series(test, fast=0.9, nothing_recovered=0.6))


def test_an_ablation_joins_a_bundle_without_touching_its_other_figures() -> None:
    test = rows_of_test()
    evaluation = aggregate(series(test, fast=0.8), test)
    manifest = {"training": {"config_sha256": "same"}, "evaluation": evaluation}
    before = evaluation["methods"]["fast"]
    run = series(test, fast=0.9, nothing_recovered=0.6)
    add_ablation(manifest, run, test)
    assert evaluation["methods"]["fast"] == before
    assert set(evaluation["methods"]) == {"fast", PREFIX + FULL, PREFIX + "nothing recovered"}
    assert PREFIX + FULL not in evaluation["against"] and PREFIX + "nothing recovered" in evaluation["against"]
    assert evaluation["contrasts"][0]["claim"] == "all four levels"
    add_ablation(manifest, series(test, fast=0.9, unimodal_feature=0.6), test)
    assert PREFIX + "nothing recovered" not in evaluation["methods"]


@pytest.mark.parametrize("spoil", ["configuration", "fast", "rows"])
def test_an_ablation_of_another_run_is_refused(spoil: str) -> None:
    test = rows_of_test()
    run = series(test, fast=0.9, nothing_recovered=0.6)
    if spoil == "configuration":
        run["fast"][0]["config_sha256"] = "other"
    else:
        del run["fast" if spoil == "fast" else PREFIX + "nothing recovered"]
    manifest = {"training": {"config_sha256": "same"}, "evaluation": {"methods": {}, "against": {}}}
    with pytest.raises(ValueError, match="configuration" if spoil == "configuration" else "ablation"):
        add_ablation(manifest, run, test)
    assert manifest["evaluation"] == {"methods": {}, "against": {}}


def test_claims_speak_by_the_side_of_the_interval() -> None:
    assert said(0.1, 0.3) == "held" and said(-0.3, -0.1) == "the opposite" and said(-0.1, 0.1) == "not seen"
    assert said(-0.3, -0.1, lower_is_better=True) == "held" and said(0.1, 0.3, lower_is_better=True) == "the opposite"
    test = rows_of_test()
    results = series(test, fast=0.9, nothing_recovered=0.6)
    evaluation = aggregate({**results, "modality-dropout": results[PREFIX + "nothing recovered"]}, test)
    gap = {"difference": 0.01, "low": -0.02, "high": 0.04}
    rows = {
        "without fused feature": {"difference": 0.02, "low": 0.01, "high": 0.03},
        "without fused semantic": gap,
        "without unimodal semantic": gap,
        "without unimodal recovery": gap,
        "all levels, one stage": gap,
    }
    variants = {n: {"both_difference": row, "repaired_difference": gap, "skill": 0.0} for n, row in rows.items()}
    speech = {
        "recipe": {"clean": {"against": {"modality dropout": {"mean_AV": gap}}}},
        "ablation": {"runs": [[0, 1]], "variants": variants},
    }
    told = label_claims(evaluation, speech)
    assert "**held**: +30.0 points" in told and "**not seen**: +1.0 points [-2.0, +4.0]" in told
    # Better without the level is worse with it.
    assert "**the opposite**: -2.0 points [-3.0, -1.0]" in told
