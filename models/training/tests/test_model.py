"""Contracts of the networks: what may change, what may not, and shapes."""

import pytest
import torch

from rohydr.config import ModelConfig, speech_face
from rohydr.features import VISUAL_DIMENSION
from rohydr.labels import PATTERNS
from rohydr.model.rohydr import RoHyDR, merge_calm

DIMENSIONS = (384, 11, VISUAL_DIMENSION)


@pytest.fixture(name="model")
def model_fixture() -> RoHyDR:
    torch.manual_seed(0)
    model = RoHyDR(ModelConfig(), DIMENSIONS, 7, 3)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


def inputs(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(count, 3, 4, 32, generator=generator)
    return latents, torch.randn(count, 3, 4, 32, generator=generator)


@pytest.mark.parametrize("name", list(PATTERNS))
def test_observed_tokens_are_never_changed(model: RoHyDR, name: str) -> None:
    latents, noise = inputs(4)
    available = torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(4, 3)
    recovered = model.recover(latents * available[:, :, None, None], available, noise)
    observed = available[0] > 0.5
    assert torch.equal(recovered[:, observed], latents[:, observed])
    assert torch.isfinite(recovered).all()


def test_the_same_noise_gives_the_same_recovery_and_other_noise_another(model: RoHyDR) -> None:
    latents, noise = inputs(4)
    available = torch.tensor([[0.0, 1.0, 0.0]]).expand(4, 3)
    first = model.recover(latents, available, noise)
    assert torch.equal(first, model.recover(latents, available, noise))
    assert not torch.allclose(first[:, 0], model.recover(latents, available, -noise)[:, 0])


def test_hidden_latents_do_not_leak_into_their_recovery(model: RoHyDR) -> None:
    latents, noise = inputs(4)
    available = torch.tensor([[0.0, 1.0, 0.0]]).expand(4, 3)
    other = latents.clone()
    other[:, [0, 2]] += 5
    assert torch.allclose(model.recover(latents, available, noise), model.recover(other, available, noise))


def test_a_row_does_not_depend_on_its_batch(model: RoHyDR) -> None:
    latents, noise = inputs(5)
    available = torch.tensor([[0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]]).float()
    together = model.recover(latents, available, noise)
    alone = torch.cat([model.recover(latents[i : i + 1], available[i : i + 1], noise[i : i + 1]) for i in range(5)])
    assert torch.allclose(together, alone, atol=1e-5)


def test_missing_values_become_the_training_mean(model: RoHyDR) -> None:
    encoder = model.encoders.audio
    encoder.standardise.fit(torch.randn(50, 11) * 3 + 7)
    row = torch.randn(1, 11) + 7
    holed, filled = row.clone(), row.clone()
    holed[0, 3] = torch.nan
    filled[0, 3] = encoder.standardise.mean[3]
    assert torch.allclose(encoder(holed), encoder(filled))


def test_unavailable_modalities_have_zero_latents_even_from_nan(model: RoHyDR) -> None:
    nothing = torch.full((2, VISUAL_DIMENSION), torch.nan)
    available = torch.tensor([[1.0, 1.0, 0.0]]).expand(2, 3)
    latents = model.encoders(torch.randn(2, 384), torch.randn(2, 11), nothing, available)
    assert latents.shape == (2, 3, 4, 32)
    assert torch.equal(latents[:, 2], torch.zeros(2, 4, 32))


def test_read_out_ignores_absent_modalities(model: RoHyDR) -> None:
    latents, _ = inputs(3)
    other = latents.clone()
    other[:, 0] = 9
    present = torch.tensor([[0.0, 1.0, 1.0]]).expand(3, 3)
    none = torch.zeros(3, 3)
    for left, right in zip(model.read_out(latents, present, none), model.read_out(other, present, none), strict=True):
        assert torch.allclose(left, right)


def test_fusion_recovery_acts_only_where_something_was_generated(model: RoHyDR) -> None:
    fused = torch.randn(2, model.config.fused)
    recovered = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    repaired = model.fusion_recovery(fused, recovered)
    assert torch.equal(repaired[0], fused[0])
    assert not torch.allclose(repaired[1], fused[1])


def test_a_recovery_adds_to_the_observation_and_never_replaces_it(model: RoHyDR) -> None:
    latents, _ = inputs(2)
    present = torch.ones(2, 3)
    recovered = torch.tensor([[1.0, 0.0, 1.0]]).expand(2, 3)
    observed_logits, observed_score, _ = model.read_out(latents, present - recovered, torch.zeros(2, 3))
    repaired = model.fusion_recovery(model.fusion(latents, present), recovered)
    repaired_logits, repaired_score = model.heads(repaired)
    logits, score, fused = model.read_out(latents, present, recovered)
    assert torch.allclose(logits, (observed_logits + repaired_logits) / 2, atol=1e-6)
    assert torch.allclose(score, (observed_score + repaired_score) / 2, atol=1e-6)
    assert torch.allclose(fused, repaired)


@pytest.fixture(name="shipped")
def shipped_fixture() -> RoHyDR:
    """The configuration that ships, with opinions fitted on generated features."""
    torch.manual_seed(1)
    config = speech_face()
    model = RoHyDR(config.model, DIMENSIONS, config.classes, 3)
    for encoder, dimension in zip(model.encoders.each(), DIMENSIONS, strict=True):
        assert encoder.opinion is not None
        weight = 0.1 * torch.randn(dimension, config.classes)
        encoder.opinion.set(weight, torch.randn(config.classes), torch.randn(200, dimension))
    for m, encoder in enumerate(model.encoders.each()):
        assert encoder.opinion is not None
        model.fusion.opinion_mean[m], model.fusion.opinion_sd[m] = encoder.opinion.mean, encoder.opinion.sd
    return model.eval()


def test_evidence_is_the_sum_of_what_each_present_modality_says(shipped: RoHyDR) -> None:
    latents, _ = inputs(2)
    own = shipped.fusion.evidence(latents)
    fused = shipped.fusion(latents, torch.tensor([[1.0, 0.0, 1.0]]).expand(2, 3))
    assert fused.shape == (2, shipped.fusion.width) and shipped.fusion.width == shipped.config.fused + 9
    assert torch.allclose(fused[:, -9:], own[:, 0] + own[:, 2], atol=1e-6)
    logits, score = shipped.heads(fused)
    assert torch.allclose(logits, fused[:, -9:-1] + shipped.heads.emotion.bias, atol=1e-6)
    assert bool((score.abs() <= 3).all())


def test_a_modality_says_what_its_regression_says_through_the_latents(shipped: RoHyDR) -> None:
    rows = [torch.randn(4, d) for d in DIMENSIONS]
    latents = shipped.encoders(*rows, torch.ones(4, 3))
    said = shipped.fusion.evidence(latents)[:, :, :8]
    for m, encoder in enumerate(shipped.encoders.each()):
        assert encoder.opinion is not None
        assert torch.allclose(said[:, m], encoder.opinion.linear(encoder.standardise(rows[m])), atol=1e-4)
        assert not any(p.requires_grad for p in encoder.opinion.parameters())


def test_calm_adds_its_probability_to_neutral() -> None:
    logits = torch.randn(5, 2, 8)
    fine, merged = torch.softmax(logits, dim=-1), torch.softmax(merge_calm(logits), dim=-1)
    assert torch.allclose(merged[..., 0], fine[..., 0] + fine[..., 7], atol=1e-6)
    assert torch.allclose(merged[..., 1:], fine[..., 1:7], atol=1e-6)
    assert torch.equal(merge_calm(logits[..., :7]), logits[..., :7])


def test_the_weight_of_recoveries_depends_on_how_many_there_are(shipped: RoHyDR) -> None:
    latents, _ = inputs(2)
    shipped.recovered_weight.copy_(torch.tensor([0.5, 0.0, 1.0, 0.5]))
    present = torch.ones(2, 3)
    recovered = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
    (observed, _), (repaired, _), _ = shipped.read_both(latents, present, recovered)
    logits, _, _ = shipped.read_out(latents, present, recovered)
    assert torch.allclose(logits[0], observed[0], atol=1e-6) and torch.allclose(logits[1], repaired[1], atol=1e-6)


def test_spread_widens_what_was_recovered_and_nothing_else(model: RoHyDR) -> None:
    latents, noise = inputs(4)
    available = torch.tensor([[0.0, 1.0, 0.0]]).expand(4, 3)
    before = model.recover(latents, available, noise)
    model.spread.copy_(torch.tensor([0.2, 0.3, 0.4]))
    after = model.recover(latents, available, noise)
    assert torch.equal(before[:, 1], after[:, 1])
    assert torch.allclose(after[:, 2] - before[:, 2], 0.4 * noise[:, 2], atol=1e-5)


def test_output_shapes_and_ranges(model: RoHyDR) -> None:
    latents, _ = inputs(3)
    logits, score, fused = model.read_out(latents, torch.ones(3, 3), torch.zeros(3, 3))
    expression, acoustics = model.decoders(latents)
    assert logits.shape == (3, 7) and score.shape == (3,) and fused.shape == (3, model.config.fused)
    assert bool((score.abs() <= 3).all())
    assert torch.allclose(expression.sum(1), torch.ones(3)) and acoustics.shape == (3, 3)
