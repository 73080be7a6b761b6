"""Stage 3: adversarial recovery of the fused representation, with the discriminator on its own optimiser."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from rohydr.config import TrainConfig
from rohydr.data.pairs import Batch, draw_patterns
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import mask, optimiser, set_rate
from rohydr.stages.diffusion import LatentCache
from rohydr.stages.pretrain import task_loss

POOL = 2048


@dataclass(frozen=True)
class Pool:
    """Complete latents, their sampled recoveries under one pattern draw, and the batch they belong to."""

    latents: Tensor
    recovered: Tensor
    available: Tensor
    batch: Batch


@torch.no_grad()
def sample_pool(model: RoHyDR, cache: LatentCache, count: int, generator: torch.Generator) -> Pool:
    """Draw triples and patterns once and run the sampler, without gradients."""
    model.eval()
    latents, batch = cache.draw(count, generator)
    available = draw_patterns(count, generator, complete=False)
    noise = torch.randn(latents.shape, generator=generator)
    recovered = model.recover(mask(latents, available), available, noise)
    return Pool(latents, recovered, available, batch)


def take(pool: Pool, rows: Tensor) -> Pool:
    """Rows of a pool."""
    batch = Batch(**{name: getattr(pool.batch, name)[rows] for name in Batch.__dataclass_fields__})
    return Pool(pool.latents[rows], pool.recovered[rows], pool.available[rows], batch)


def discriminator_loss(model: RoHyDR, real: Tensor, fake: Tensor, missing: Tensor) -> Tensor:
    """Binary cross-entropy on detached complete fusions and detached *recovered* fusions."""
    on_real = model.discriminator(real.detach(), missing)
    on_fake = model.discriminator(fake.detach(), missing)
    return functional.binary_cross_entropy_with_logits(
        on_real, torch.ones_like(on_real)
    ) + functional.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake))


def recovery_loss(model: RoHyDR, real: Tensor, fake: Tensor, missing: Tensor, config: TrainConfig) -> Tensor:
    """L1 to the detached complete fusion plus the adversarial term of the generator."""
    fooled = model.discriminator(fake, missing)
    adversarial = functional.binary_cross_entropy_with_logits(fooled, torch.ones_like(fooled))
    return config.fused_weight * functional.l1_loss(fake, real.detach()) + config.adversarial_weight * adversarial


def train_fusion_recovery(
    model: RoHyDR, cache: LatentCache, config: TrainConfig, generator: torch.Generator
) -> list[float]:
    """Train fusion recovery and discriminator in place; returns the mean loss of each quarter."""
    adam = optimiser([model.fusion_recovery], config.fusion_rate, config.weight_decay, fused=True)
    critic = optimiser([model.discriminator], config.fusion_rate, 0.0, fused=True)
    pool = sample_pool(model, cache, POOL, generator)
    generator_modules: list[nn.Module] = [model.fusion_recovery]
    losses = []
    model.fusion_recovery.train()
    for step in range(config.fusion_steps):
        set_rate(adam, config.fusion_rate, step, config.fusion_steps)
        part = take(pool, torch.randint(0, POOL, (config.batch,), generator=generator))
        everything, missing = torch.ones_like(part.available), 1 - part.available
        with torch.no_grad():
            real = model.fusion(part.latents, everything)
            raw = model.fusion(part.recovered, everything)
        fake = model.fusion_recovery(raw, missing)
        critic.zero_grad()
        discriminator_loss(model, real, fake, missing).backward()
        critic.step()
        loss = recovery_loss(model, real, fake, missing, config)
        loss = loss + config.repaired_weight * task_loss(model, fake, part.batch, config)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in generator_modules for p in m.parameters()], 1.0)
        adam.step()
        losses.append(float(loss.detach()))
    model.eval()
    size = max(1, len(losses) // 4)
    return [sum(losses[i : i + size]) / size for i in range(0, len(losses), size)]
