"""The whole path on generated data: train, evaluate, export, card; and the expression network."""

import hashlib
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from rohydr.aggregate import shipped_figures
from rohydr.cli import main
from rohydr.expression.augment import augment
from rohydr.labels import EMOTIONS, PATTERNS
from rohydr.metrics import RELIABILITY_BINS, ReliabilityBin
from rohydr.onnx_export import export_graph, run_graph


@pytest.fixture(name="bundle", scope="module")
def bundle_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    assert main(["train", "--smoke", "--out", str(out)]) == 0
    assert main(["evaluate", "--out", str(out)]) == 0
    assert main(["export", "--smoke", "--out", str(out), "--bundle", str(out / "bundle")]) == 0
    return out / "bundle"


def manifest_of(bundle: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((bundle / "bundle.json").read_text())
    return manifest


def test_bundle_lists_its_files_with_checksums(bundle: Path) -> None:
    manifest = manifest_of(bundle)
    for entry in [*manifest["graphs"].values(), manifest["parity"]]:
        assert hashlib.sha256((bundle / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert manifest["labels"] == list(EMOTIONS)
    assert set(manifest["calibration"]["half_width"]) == set(PATTERNS)
    assert all(v > 0 for v in manifest["calibration"]["half_width"].values())


def test_reliability_of_every_pattern_is_of_the_rows_of_the_table(bundle: Path) -> None:
    shipped = manifest_of(bundle)["evaluation"]["shipped"]["noised"]
    assert set(shipped["table"]) == set(PATTERNS)
    for row in shipped["table"].values():
        bins = row["reliability"]
        assert len(bins) == RELIABILITY_BINS and sum(b["n"] for b in bins) == shipped["n"]
        assert max(b["n"] for b in bins) - min(b["n"] for b in bins) <= 1
        assert sum(b["found"] * b["n"] for b in bins) / shipped["n"] == pytest.approx(row["accuracy"])
        assert [b["stated"] for b in bins] == sorted(b["stated"] for b in bins)


def test_recovery_is_measured_by_network_evaluations_and_the_shipped_number_is_among_them(
    bundle: Path, tmp_path: Path
) -> None:
    target = tmp_path / "evaluations.json"
    assert main(["evaluations", "--smoke", "--out", str(bundle.parent), "--json", str(target)]) == 0
    found = json.loads(target.read_text())
    assert set(found["curve"]) == {"A->V", "V->A"} and found["shipped"] == 4
    for row in found["curve"].values():
        assert list(row) == ["1", "2", "4", "8", "16", "50"]
        assert all(r["low"] <= r["skill"] <= r["high"] and 0 <= r["covered"] <= 1 for r in row.values())
    run = json.loads((bundle.parent / "run-0-1.json").read_text())
    rows = run["recovery"]["A->V"]
    skill = 1 - np.mean(rows["energy"]) / np.mean(rows["energy_climatology"])
    assert found["curve"]["A->V"]["4"]["skill"] == pytest.approx(skill, abs=1e-6)


def test_weights_of_another_run_are_not_exported_with_a_run_file(bundle: Path) -> None:
    run = json.loads((bundle.parent / "run-0-1.json").read_text())
    wrong: list[ReliabilityBin] = [{"stated": 0.9, "found": 2.0, "n": 5}]
    with pytest.raises(ValueError, match="same run"):
        shipped_figures(run, dict.fromkeys(PATTERNS, wrong))


def test_reliability_is_measured_for_a_finished_bundle_of_the_same_weights_only(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy)
    manifest = manifest_of(bundle)
    for row in manifest["evaluation"]["shipped"]["noised"]["table"].values():
        del row["reliability"]
    (copy / "bundle.json").write_text(json.dumps(manifest))
    command = ["reliability", "--smoke", "--out", str(bundle.parent), "--bundle", str(copy)]
    assert main(command) == 0
    for file in bundle.iterdir():
        assert (copy / file.name).read_bytes() == file.read_bytes()
    manifest["calibration"]["temperature"]["1"] += 1
    (copy / "bundle.json").write_text(json.dumps(manifest))
    assert main(command) == 3
    assert "calibration" in capsys.readouterr().err
    assert manifest_of(copy) == manifest


def test_the_speaker_command_changes_nothing_else_in_a_bundle_of_the_same_series(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy)
    command = ["speaker", "--smoke", "--out", str(bundle.parent), "--bundle", str(copy)]
    assert main(command) == 0
    after = manifest_of(copy)
    found = after["evaluation"].pop("speaker_known")
    assert after == manifest_of(bundle)
    assert f"| speaker known | {100 * found['speaker known']['A']:.1f} |" in (copy / "CARD.md").read_text()
    assert {p.name for p in copy.iterdir()} == {p.name for p in bundle.iterdir()}
    after["training"]["config_sha256"] = "of another recipe"
    (copy / "bundle.json").write_text(json.dumps(after))
    assert main(command) == 3
    assert "recipe" in capsys.readouterr().err and manifest_of(copy) == after


def test_exported_graphs_repeat_the_parity_case(bundle: Path) -> None:
    parity = json.loads((bundle / "parity.json").read_text())

    def tensor(value: Any) -> torch.Tensor:
        return torch.from_numpy(np.array(value, dtype=np.float32))

    inputs = {k: tensor(v) for k, v in parity["inputs"].items()}
    assert bool(torch.isnan(inputs["audio"][0, 0])) and bool(torch.isnan(inputs["text"][1]).all())
    features = {k: inputs[k] for k in ("text", "audio", "visual", "available")}
    (latents,) = run_graph(bundle / "encode.onnx", features)
    assert np.allclose(latents, parity["outputs"]["latents"], atol=1e-4)
    step = {"latents": torch.from_numpy(latents), "available": inputs["available"], "noise": inputs["noise"]}
    (recovered,) = run_graph(bundle / "recover.onnx", step)
    assert np.allclose(recovered, parity["outputs"]["recovered"], atol=1e-4)
    missing = 1 - inputs["available"]
    read = {"latents": torch.from_numpy(recovered), "present": torch.ones_like(missing), "recovered": missing}
    logits, score, _ = run_graph(bundle / "readout.onnx", read)
    assert np.allclose(logits, parity["outputs"]["logits"], atol=1e-4)
    assert np.allclose(score, parity["outputs"]["score"], atol=1e-4)


def test_card_is_written_from_the_manifest_alone(bundle: Path) -> None:
    before = (bundle / "CARD.md").read_text()
    (bundle / "CARD.md").unlink()
    assert main(["card", "--bundle", str(bundle)]) == 0
    assert (bundle / "CARD.md").read_text() == before
    assert "synthetic pairing" in before and "nan" not in before.lower().split()


def test_a_run_beats_the_constant_on_generated_data(bundle: Path) -> None:
    accuracy = manifest_of(bundle)["evaluation"]["recipe"]["clean"]["accuracy"]
    for pattern in ("A", "V", "AV"):
        assert accuracy["rohydr"][pattern]["mean"] > accuracy["constant"][pattern]["mean"] + 0.2


def test_recoveries_are_measured_as_a_distribution_and_by_what_is_read_from_them(bundle: Path) -> None:
    for cells in manifest_of(bundle)["evaluation"]["recipe"]["recovery"].values():
        assert all(0 <= cells[f"agreement{r}"]["mean"] <= 1 for r in ("", "_conditional_mean", "_climatology"))
        assert cells["mmd_conditional_mean"]["mean"] > cells["mmd_climatology"]["mean"] + 0.01  # a mean has no spread
        assert abs(cells["mmd_climatology"]["mean"]) < 0.1  # other actors, the same distribution but for them


def test_a_missing_input_ends_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "--bundle", str(tmp_path / "nowhere")]) == 3
    assert "nowhere" in capsys.readouterr().err


def test_expression_network_learns_generated_faces(tmp_path: Path) -> None:
    out = tmp_path / "expression"
    assert main(["expression", "--smoke", "--epochs", "3", "--out", str(out)]) == 0
    result = json.loads((out / "expression.json").read_text())
    assert result["parity_max_abs"] <= 1e-4 and math.isfinite(result["temperature"])
    posterior, embedding = run_graph(out / "expression.onnx", {"face": torch.rand(3, 1, 48, 48) * 255})
    assert posterior.shape == (3, 7) and embedding.shape == (3, result["embedding"])
    assert np.allclose(posterior.sum(axis=1), 1, atol=1e-5)


def test_augmentation_is_reproducible_and_keeps_the_shape() -> None:
    faces = torch.randint(0, 256, (9, 1, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    first = augment(faces, torch.Generator().manual_seed(5))
    assert first.shape == (9, 1, 48, 48) and torch.isfinite(first).all()
    assert torch.equal(first, augment(faces, torch.Generator().manual_seed(5)))


def test_a_graph_that_differs_is_refused(tmp_path: Path) -> None:
    class Random(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + torch.full_like(x, float(torch.rand(1)))

    with pytest.raises(ValueError, match="differ"):
        export_graph(Random(), {"x": torch.zeros(2, 3)}, ["y"], tmp_path / "random.onnx")
    assert not list(tmp_path.iterdir())
