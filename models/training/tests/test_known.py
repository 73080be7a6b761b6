"""Recovery on generated data beside exact samples, its figures, and the timing of the released structures."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from torch import Tensor

from rohydr.benchmark.figures import Chart, bars, lines, reliability
from rohydr.benchmark.known import (
    INCOMPLETE,
    Known,
    Plan,
    energy_rows,
    exact_energy,
    exact_samples,
    expected_energy,
    mean_distance,
)
from rohydr.benchmark.known_series import Series, compare_known, known_names
from rohydr.benchmark.recoverer import Recoverer
from rohydr.benchmark.speed import measure_speed
from rohydr.cli import main
from rohydr.config import TrainConfig
from rohydr.faithful.repaired import RepairedRecoverer
from rohydr.labels import PATTERNS
from rohydr.metrics import energy_score
from rohydr.rivals.means import RidgeMeans, RidgeRecoverer
from rohydr.stages.common import mask

BUNDLES = Path(__file__).resolve().parents[2] / "bundles"
BUNDLE = BUNDLES / "mosi-utterance"
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


def test_one_sample_is_scored_by_its_distance_and_exact_samples_do_not_depend_on_how_many_rows_are_asked_for() -> None:
    rng = np.random.default_rng(1)
    truths, samples = rng.normal(size=(4, 20, 3)), rng.normal(size=(4, 5, 3))
    energy, single = energy_rows(truths, samples)
    assert single.mean() == pytest.approx(np.mean([expected_energy(truths, samples[:, k : k + 1]) for k in range(5)]))
    assert (energy < single).all()
    plan = Plan(train_rows=50, rows=20)
    assert np.array_equal(
        exact_samples(Known.draw(plan, 3), 5, "TA", 3), exact_samples(Known.draw(plan, 3), 20, "TA", 3)[:5]
    )
    other = Known.draw(Plan(train_rows=50, rows=20, generator=2), 3)
    assert not np.allclose(other.data.means, Known.draw(plan, 3).data.means)


class Biased(Recoverer):
    """Draws the same wrong constant for everything missing."""

    evaluations = 7

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        raise AssertionError("is not trained here")

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        return torch.full_like(observed, 2.0)


def test_the_papers_reconstructor_takes_the_bias_out_of_draws_and_leaves_what_is_available() -> None:
    torch.manual_seed(0)
    repaired, generator = RepairedRecoverer(Biased(), 2), torch.Generator().manual_seed(0)
    latents = torch.full((64, 3, 2, 2), 0.5) + 0.1 * torch.randn(64, 3, 2, 2)
    repaired.fit_repair(latents, TrainConfig(batch=32), 64, 60, generator)
    available = torch.tensor([[1.0, 0.0, 1.0]]).expand(64, 3).contiguous()
    drawn = repaired.recover(mask(latents, available), available, generator)
    assert torch.equal(drawn[:, [0, 2]], latents[:, [0, 2]]) and repaired.evaluations == 7
    assert float((drawn[:, 1] - latents[:, 1]).abs().mean()) < 0.3


def test_ridge_as_a_recovery_fills_every_row_by_its_own_pattern() -> None:
    rows = torch.randn(60, 3, 2, 2, generator=torch.Generator().manual_seed(0))
    recoverer, means = RidgeRecoverer(rows[:40], rows[40:]), RidgeMeans(rows[:40], rows[40:])
    available = torch.tensor([bits for bits in PATTERNS.values()], dtype=torch.float32)
    drawn = recoverer.recover(rows[:7], available, torch.Generator())
    for row, name in enumerate(PATTERNS):
        assert torch.allclose(drawn[row], means.fill(name, rows[row : row + 1])[0])


def test_every_method_writes_a_result_and_keeps_what_is_there(tmp_path: Path) -> None:
    command = ["benchmark", "known", "--smoke", "--out", str(tmp_path), "--seeds", "1"]
    assert main(command) == 0
    files = sorted(tmp_path.glob("known-*.json"))
    assert len(files) == len(known_names())
    fast = json.loads((tmp_path / "known-fast-1.json").read_text())
    assert set(fast["curve"]) == {"1", "2", "4", "8", "16", "50"}
    assert all(fast["energy"][p] > 0.9 * fast["exact"][p] for p in INCOMPLETE)
    compared = json.loads((tmp_path / "comparison-known.json").read_text())
    assert set(compared) == set(known_names()) - {"fast"} and set(compared["cascade"]["single"]) == {
        *INCOMPLETE,
        "mean",
    }
    before = [f.stat().st_mtime_ns for f in files]
    assert main([*command, "--methods", "fast", "flow"]) == 0
    assert [f.stat().st_mtime_ns for f in files] == before


def test_kept_weights_are_measured_again_without_training_and_only_for_the_same_steps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["benchmark", "known", "--smoke", "--out", str(tmp_path), "--seeds", "1", "--methods", "conditional mean"]
    assert main(command) == 0
    result = tmp_path / "known-conditional-mean-1.json"
    first = json.loads(result.read_text())
    result.unlink()
    assert main(command) == 0
    assert json.loads(result.read_text()) == first
    result.unlink()
    weights = result.with_suffix(".pt")
    torch.save({**torch.load(weights, weights_only=True), "steps": 7}, weights)
    assert main(command) == 3 and "7 steps" in capsys.readouterr().err and not result.exists()
    torch.save({**torch.load(weights, weights_only=True), "steps": 6}, weights)
    assert main([*command, "--generator", "2"]) == 3 and "generator 1" in capsys.readouterr().err


def test_the_comparison_is_paired_and_negative_where_fast_is_better(tmp_path: Path) -> None:
    series = Series(tmp_path, Plan(), True)
    rng = np.random.default_rng(0)
    for name, rows, shift in (("fast", 30, 0.0), ("flow", 20, 0.1)):
        base = np.linspace(1, 5, 30)[:rows]
        tables = {f"{part}_{p}": base + shift for part in ("energy", "single") for p in INCOMPLETE}
        tables["single_T"] = base + rng.normal(size=rows)
        np.savez(series.file(name, 1, "npz"), **tables)  # type: ignore[arg-type]
        series.file(name, 1, "json").write_text(json.dumps({"exact": dict.fromkeys(INCOMPLETE, 2.0)}))
    row = compare_known(series, ["fast", "flow", "cascade"], [1, 2])["flow"]
    assert row["seeds"] == [1] and row["rows"] == 20
    assert row["energy"]["mean"]["difference"] == pytest.approx(-5) == row["energy"]["A"]["high"]
    assert row["single"]["T"]["low"] < row["single"]["T"]["difference"] < row["single"]["T"]["high"]


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
    command = ["benchmark", "report", "--bundle", str(BUNDLE), "--speech-bundle", str(BUNDLES / "speech-face-en")]
    command += ["--results", str(results), "--out", str(tmp_path)]
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


def test_a_reliability_curve_lies_on_the_diagonal_where_stated_and_found_agree() -> None:
    drawn = ElementTree.fromstring(reliability("r", {"one": [(0.2, 0.2), (0.6, 0.6)], "two": [(0.5, 0.9)]}))
    ns = "{http://www.w3.org/2000/svg}"
    dots = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in drawn.iter(f"{ns}circle")]
    ends = next(
        [float(line.get(k, 0)) for k in ("x1", "y1", "x2", "y2")]
        for line in drawn.iter(f"{ns}line")
        if line.get("stroke-dasharray") == "5 3"
    )
    for (x, y), share in zip(dots[:2], (0.2, 0.6), strict=True):
        assert x == pytest.approx(ends[0] + share * (ends[2] - ends[0]), abs=0.11)
        assert y == pytest.approx(ends[1] + share * (ends[3] - ends[1]), abs=0.11)
    assert len(dots) == 3 and dots[2][1] < ends[1] + 0.9 * (ends[3] - ends[1]) + 0.2


def test_the_released_structures_are_timed_at_their_released_sizes() -> None:
    rows = measure_speed(smoke=True)
    assert [r["parameters"] for r in rows] == [12_214_848, 1_404_096]
    assert all(r["processor_ms"] > 0 for r in rows)
