"""Recovery on generated data beside exact samples, its figures, and the timing of the released structures."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from rohydr.benchmark.figures import Chart, bars, lines
from rohydr.benchmark.known import INCOMPLETE, Known, Plan, exact_energy, expected_energy, mean_distance
from rohydr.benchmark.speed import measure_speed
from rohydr.cli import main
from rohydr.metrics import energy_score

BUNDLE = Path(__file__).resolve().parents[2] / "bundles" / "mosi-utterance"
RESULTS = Path(__file__).resolve().parents[3] / "docs" / "model" / "results"


def test_expected_energy_is_the_mean_energy_score_over_the_truths() -> None:
    rng = np.random.default_rng(0)
    truths, samples = rng.normal(size=(5, 30, 4)), rng.normal(size=(5, 6, 4))
    each = [energy_score(truths[:, m], samples) for m in range(30)]
    assert expected_energy(truths, samples) == pytest.approx(np.mean(each))
    assert expected_energy(truths, samples[:, :1]) == pytest.approx(
        np.mean([energy_score(truths[:, m], samples[:, :1]) for m in range(30)])
    )


def test_no_forecast_is_below_exact_samples_and_exact_samples_reach_them() -> None:
    plan = Plan(train_rows=2000, rows=60)
    known = Known.draw(plan, 3)
    exact = exact_energy(known, 60, 3)
    assert set(exact) == set(INCOMPLETE)
    for name in ("T", "TA"):
        hidden = [m for m in range(3) if "TAV"[m] not in name]
        bits = (1, 1, 0) if name == "TA" else (1, 0, 0)
        again = known.data.sample_posterior(known.test, bits, 16, np.random.default_rng(9))
        flat = ((again - known.mean[hidden]) / known.sd[hidden]).reshape(60, 16, -1)
        truths = ((known.data.sample_posterior(known.test, bits, 64, np.random.default_rng(8)) - known.mean[hidden])
                  / known.sd[hidden]).reshape(60, 64, -1)  # fmt: skip
        assert expected_energy(truths, flat) == pytest.approx(exact[name], rel=0.05)
        wrong = np.roll(flat, 1, axis=0)
        assert expected_energy(truths, wrong) > 1.1 * exact[name]
        assert mean_distance(flat[0, :1]) == 0.0


def test_every_method_writes_a_result_and_keeps_what_is_there(tmp_path: Path) -> None:
    command = ["benchmark", "known", "--smoke", "--out", str(tmp_path), "--seeds", "1"]
    assert main([*command, "--methods", "fast", "flow", "exact conditional mean"]) == 0
    files = sorted(tmp_path.glob("known-*.json"))
    assert len(files) == 3
    fast = json.loads((tmp_path / "known-fast-1.json").read_text())
    assert set(fast["curve"]) == {"1", "2", "4", "8", "16", "50"}
    assert all(fast["energy"][p] > 0.9 * fast["exact"][p] for p in INCOMPLETE)
    before = [f.stat().st_mtime_ns for f in files]
    assert main([*command, "--methods", "fast", "flow"]) == 0
    assert [f.stat().st_mtime_ns for f in files] == before


@pytest.mark.parametrize(
    "extra", [["--methods", "guess"], ["--methods", "fast", "--steps", "0"], ["--methods", "fast", "--steps", "-3"]]
)
def test_unknown_methods_and_step_counts_are_refused(
    extra: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["benchmark", "known", "--smoke", "--out", str(tmp_path), "--seeds", "1", *extra]) == 3
    assert "unknown method" in (told := capsys.readouterr().err) or "at least one step" in told
    assert not list(tmp_path.glob("*.json"))


def test_the_report_repeats_the_committed_page_and_its_figures_are_svg(tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(RESULTS, results)
    command = ["benchmark", "report", "--bundle", str(BUNDLE), "--results", str(results), "--out", str(tmp_path)]
    assert main(command) == 0
    for path in [*tmp_path.glob("*.svg"), tmp_path / "README.md"]:
        assert path.read_text() == (RESULTS.parent / path.name).read_text(), f"run `benchmark report` anew: {path.name}"
    for path in tmp_path.glob("*.svg"):
        assert ElementTree.fromstring(path.read_text()).tag.endswith("svg")
    (results / "speed.json").unlink()
    assert main(command) == 3


def test_figures_leave_out_what_is_missing_and_escape_names() -> None:
    chart = Chart("a < b", "x", "y", ["p", "q"], {"one": {"p": 1.0}, "two": {"p": 2.0, "q": 3.0}}, base=0)
    drawn = bars(chart)
    assert drawn.count("<rect") == 1 + 3 + 2 and "a &lt; b" in drawn and "NaN" not in drawn
    assert lines(chart).count("<circle") == 3


def test_the_released_structures_are_timed_at_their_released_sizes() -> None:
    rows = measure_speed(smoke=True)
    assert [r["parameters"] for r in rows] == [12_214_848, 1_404_096]
    assert all(r["processor_ms"] > 0 for r in rows)
