"""Stage 2: the joint denoiser and the reconstructor on cached, standardised latents of complete triples."""

from __future__ import annotations

import torch
from torch import Tensor

from rohydr.config import TrainConfig
from rohydr.data.pairs import Batch, Material, draw, draw_patterns
from rohydr.model.encoders import ModalityEncoder
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import Average, mask, optimiser, set_rate

LOW_NOISE = 0.3
"""The reconstructor learns only where sigma is below this (data have unit variance)."""


class LatentCache:
    """Latents of all training clips (every version of voice and face) and texts, encoded once."""

    @torch.no_grad()
    def __init__(self, model: RoHyDR, material: Material) -> None:
        model.eval()
        self.material = material
        self.text = model.encoders.text(material.texts.vectors)
        self.audio = self._versions(model.encoders.audio, material.audio)
        self.visual = self._versions(model.encoders.visual, material.visual)

    @staticmethod
    def _versions(encoder: ModalityEncoder, features: Tensor) -> Tensor:
        versions, rows, _ = features.shape
        latents: Tensor = encoder(features.flatten(0, 1))
        return latents.view(versions, rows, *latents.shape[1:])

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Batch]:
        """Complete latents [count, 3, N, D] and the batch they belong to, with texts paired anew."""
        rows = torch.randint(0, len(self.material), (count,), generator=generator)
        batch = draw(self.material, rows, generator)
        parts = [self.text[batch.text_rows], self.audio[batch.voices, rows], self.visual[batch.variants, rows]]
        return torch.stack(parts, dim=1), batch


def draw_sigma(count: int, config: TrainConfig, generator: torch.Generator) -> Tensor:
    """Log-normal noise levels."""
    return torch.exp(config.noise_mean + config.noise_sd * torch.randn(count, generator=generator))


def one_step_estimate(
    model: RoHyDR, latents: Tensor, available: Tensor, sigma: Tensor, generator: torch.Generator
) -> Tensor:
    """Clean estimate of noised latents given the available ones [b, 3, N, D]; the condition stays clean."""
    noise = torch.randn(latents.shape, generator=generator)
    noisy = latents + sigma[:, None, None, None] * noise
    estimate: Tensor = model.denoiser(noisy, mask(latents, available), available, sigma)
    return estimate


def missing_error(estimate: Tensor, latents: Tensor, available: Tensor) -> Tensor:
    """Mean squared error per sample over missing tokens [b]."""
    missing = (1 - available)[:, :, None, None].expand_as(latents)
    return ((estimate - latents) ** 2 * missing).flatten(1).sum(1) / missing.flatten(1).sum(1).clamp(min=1)


def diffusion_loss(model: RoHyDR, estimate: Tensor, latents: Tensor, available: Tensor, sigma: Tensor) -> Tensor:
    """EDM-weighted denoising error plus the reconstructor's error at low noise."""
    weight = (1 + sigma**2) / sigma**2
    loss = (weight * missing_error(estimate, latents, available)).mean()
    low = sigma < LOW_NOISE
    if bool(low.any()):
        repaired = model.reconstructor(estimate.detach()[low], available[low])
        loss = loss + missing_error(repaired, latents[low], available[low]).mean()
    return loss


def drop_condition(available: Tensor, rate: float, generator: torch.Generator) -> Tensor:
    """Hide the whole condition of a share `rate` of the samples (unconditional training)."""
    keep = (torch.rand(available.shape[0], 1, generator=generator) >= rate).float()
    return available * keep


def train_diffusion(model: RoHyDR, cache: LatentCache, config: TrainConfig, generator: torch.Generator) -> list[float]:
    """Train denoiser and reconstructor in place (averaged weights); returns the loss of every 100 steps."""
    modules = [model.denoiser, model.reconstructor]
    adam = optimiser([*modules], config.diffusion_rate, 0.01, fused=True)
    averages = [Average(m, config.ema_decay) for m in modules]
    history, total = [], 0.0
    for module in modules:
        module.train()
    for step in range(config.diffusion_steps):
        set_rate(adam, config.diffusion_rate, step, config.diffusion_steps)
        latents, _ = cache.draw(config.batch, generator)
        available = draw_patterns(config.batch, generator, complete=False)
        available = drop_condition(available, config.condition_dropout, generator)
        sigma = draw_sigma(config.batch, config, generator)
        estimate = one_step_estimate(model, latents, available, sigma, generator)
        loss = diffusion_loss(model, estimate, latents, available, sigma)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in modules for p in m.parameters()], 1.0)
        adam.step()
        for average, module in zip(averages, modules, strict=True):
            average.update(module)
        total += float(loss.detach())
        if (step + 1) % 100 == 0:
            history.append(total / 100)
            total = 0.0
    for average, module in zip(averages, modules, strict=True):
        module.load_state_dict(average.module.state_dict())
        module.eval()
    return history
