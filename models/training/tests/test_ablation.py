"""The ablation: what its table says of given runs, and the variant without unimodal recovery."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from rohydr.ablation import FULL, NO_UNIMODAL, VARIANTS, Unfilled, aggregate_ablation
from rohydr.config import ModelConfig


def write_run(folder: Path, seed: int, recipe: str = "same") -> None:
    def variant(name: str) -> dict[str, Any]:
        right = [1, 1, 0, 0] if name == NO_UNIMODAL else [1, 1, 1, 0]
        hits = {pattern: right for pattern in ("A", "V", "AV")}
        return {
            "actor": [1, 1, 2, 2],
            "hits": {"both": hits, "repaired": hits},
            "agreement": 0.5,
            "energy": [1 - 0.1 * seed] * 4 if name == FULL else [1.0] * 4,
            "energy_climatology": [1.0] * 4,
        }

    run = {"fold": 0, "seed": seed, "config_sha256": recipe, "variants": {name: variant(name) for name in VARIANTS}}
    (folder / f"ablation-0-{seed}.json").write_text(json.dumps(run))


def test_differences_are_paired_with_all_levels_staged(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_run(tmp_path, seed)
    found = aggregate_ablation(tmp_path, "same")
    assert found is not None and found["runs"] == [[0, 1], [0, 2]] and found["actors"] == 2
    assert found["variants"][FULL]["both_difference"] == {"difference": 0, "low": 0, "high": 0}
    assert found["variants"][NO_UNIMODAL]["both"] == pytest.approx(0.5)
    assert found["variants"][NO_UNIMODAL]["both_difference"]["difference"] == pytest.approx(-0.25)
    assert found["variants"][FULL]["skill"] == pytest.approx(0.15)
    low, high = found["variants"][FULL]["skill_interval"]
    assert low <= 0.15 + 1e-9 and high >= 0.15 - 1e-9
    assert found["variants"][FULL]["energy_gain"] == {"difference": 0, "low": 0, "high": 0}
    assert found["variants"][NO_UNIMODAL]["energy_gain"]["difference"] == pytest.approx(1 - 1 / 0.85)


def test_figures_of_another_recipe_say_so_and_two_recipes_make_no_table(tmp_path: Path) -> None:
    write_run(tmp_path, 1, "before")
    found = aggregate_ablation(tmp_path, "now")
    assert found is not None and not found["same_recipe"] and found["config_sha256"] == "before"
    found = aggregate_ablation(tmp_path, "before")
    assert found is not None and found["same_recipe"]
    write_run(tmp_path, 2, "now")
    with pytest.raises(ValueError, match="2 recipes"):
        aggregate_ablation(tmp_path, "now")


def test_no_runs_give_no_table(tmp_path: Path) -> None:
    assert aggregate_ablation(tmp_path, "same") is None


def test_without_unimodal_recovery_missing_latents_stay_at_their_mean() -> None:
    model = Unfilled(ModelConfig(), (5, 6, 7), 7, 2).eval()
    latents, available = torch.randn(2, 3, 4, 32), torch.tensor([[1.0, 0.0, 1.0]]).expand(2, 3)
    recovered = model.recover(latents, available, torch.randn(2, 3, 4, 32))
    assert torch.equal(recovered[:, 1], torch.zeros(2, 4, 32)) and torch.equal(recovered[:, 0], latents[:, 0])
