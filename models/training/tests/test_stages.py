"""What the stages promise: opinions that a regression would give, stage 1 kept by stage 4, spread that covers."""

import dataclasses

import numpy as np
import pytest
import torch

from rohydr.calibration import conformal_rank
from rohydr.config import Config, smoke, speech_face
from rohydr.data.pairs import Material
from rohydr.evaluate import NOISED, calibrate_spread, choose_recovered_weights, view
from rohydr.experiment import material_of, synthetic_sources
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import mask
from rohydr.stages.diffusion import LatentCache, train_diffusion
from rohydr.stages.joint import train_joint
from rohydr.stages.opinions import logistic_regression, voice_opinion
from rohydr.stages.pretrain import pretrain
from rohydr.train import kept_encoders, new_model


@dataclasses.dataclass(frozen=True)
class Trained:
    config: Config
    parts: dict[str, Material]
    model: RoHyDR


@pytest.fixture(name="trained", scope="module")
def trained_fixture(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    sources = synthetic_sources(tmp_path_factory.mktemp("stages"))
    config = smoke(speech_face())
    parts = material_of(sources, config, 0, 1)
    model = new_model(config, parts["train"], sources.descriptors, 1)
    generator = torch.Generator().manual_seed(1)
    pretrain(model, parts["train"], config.train, sources.descriptors, generator)
    train_diffusion(model, LatentCache(model, parts["train"]), config.train, generator)
    return Trained(config, parts, model)


def test_logistic_regression_finds_its_optimum() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(300, 4, generator=generator)
    label = (x[:, 0] + 0.5 * torch.randn(300, generator=generator) > 0).long()
    weights, bias = logistic_regression(x, label, torch.ones(300), 2, 0.01)
    weights.requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(x @ weights + bias, label) + 0.01 * weights.pow(2).sum()
    (gradient,) = torch.autograd.grad(loss, weights)
    assert float(gradient.abs().max()) < 1e-3
    assert float((weights[0, 1] - weights[0, 0]).detach()) > 1


def test_stage_four_leaves_what_stage_one_reads(trained: Trained) -> None:
    model = new_model(trained.config, trained.parts["train"], [0, 1, 2, 3], 2)
    model.load_state_dict(trained.model.state_dict())
    cache = LatentCache(model, trained.parts["train"])
    before = {k: v.clone() for k, v in model.state_dict().items()}
    losses = iter([1.0, 0.5, 0.4, 0.3])
    train_joint(model, cache, trained.config.train, torch.Generator().manual_seed(2), lambda _: next(losses))
    changed = {k.split(".")[0] for k, v in model.state_dict().items() if not torch.equal(v, before[k])}
    assert changed <= {"denoiser", "reconstructor", "fusion_recovery", "discriminator"} and "denoiser" in changed


def test_zero_fill_over_kept_encoders_has_a_fusion_of_its_own_and_the_same_opinions(trained: Trained) -> None:
    before = {k: v.clone() for k, v in trained.model.state_dict().items()}
    kept = kept_encoders(trained.config, trained.model, trained.parts["train"], [0, 1, 2, 3], 5)
    assert all(torch.equal(v, before[k]) for k, v in trained.model.state_dict().items())
    changed = {k for k, v in kept.state_dict().items() if not torch.equal(v, before[k])}
    assert {k.split(".")[0] for k in changed} == {"fusion", "heads"}
    assert not changed & {"fusion.prior", "fusion.opinion_mean", "fusion.opinion_sd"}
    assert not kept.training


def test_spread_is_the_least_that_covers_the_conformal_share_of_held_clips(trained: Trained) -> None:
    seen = view(trained.model, trained.parts["validation"], 1, NOISED)
    found = calibrate_spread(trained.model, seen, 1)
    assert np.allclose(trained.model.spread.numpy(), found)
    share = conformal_rank(len(seen.label), 0.9) / len(seen.label)
    assert share > 0.9
    available = torch.tensor([[0.0, 1.0, 0.0]]).expand(len(seen.label), 3)
    latents = mask(seen.latents, available).repeat_interleave(19, dim=0)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(1))
    truth = seen.latents[:, 2].flatten(1)

    def covers() -> float:
        with torch.no_grad():
            drawn = trained.model.recover(latents, available.repeat_interleave(19, dim=0), noise)[:, 2]
        ranges = drawn.view(len(truth), 19, -1)
        return float(((truth >= ranges.amin(1)) & (truth <= ranges.amax(1))).float().mean())

    assert covers() >= share
    assert found[2] > 0
    trained.model.spread[2] -= 0.02
    assert covers() < share


def test_weights_of_recoveries_are_chosen_for_one_and_two_missing(trained: Trained) -> None:
    seen = view(trained.model, trained.parts["validation"], 1, NOISED)
    chosen = choose_recovered_weights(trained.model, seen, 2, 1)
    assert set(chosen) == {"1", "2"} and all(0.1 <= w <= 0.7 + 1e-6 for w in chosen.values())


def test_the_opinion_of_a_voice_is_the_mean_of_two_regressions() -> None:
    generator = torch.Generator().manual_seed(0)
    versions = torch.randn(3, 90, 5, generator=generator)
    label = (versions[0, :, 0] > 0).long() + (versions[0, :, 1] > 0.5).long()
    weights, bias = voice_opinion(versions, label, 3, 0.01)
    alone = logistic_regression(versions[0], label, torch.ones(90), 3, 0.01)
    every = logistic_regression(versions.flatten(0, 1), label.repeat(3), torch.ones(270), 3, 0.01)
    assert torch.allclose(weights, (alone[0] + every[0]) / 2) and torch.allclose(bias, (alone[1] + every[1]) / 2)
    assert not torch.allclose(alone[0], every[0], atol=1e-2)
    only = voice_opinion(versions[:1], label, 3, 0.01)
    assert torch.equal(only[0], alone[0]) and torch.equal(only[1], alone[1])
