"""Stage 4: joint semantic fine-tuning of denoiser, reconstructor and fusion recovery.

Encoders, fusion and heads stay as stage 1 left them: training them further on recoveries cost the reading of what was
observed more than it gained (README, Tried).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rohydr.config import TrainConfig
from rohydr.data.pairs import Batch
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import Average, optimiser, set_rate
from rohydr.stages.diffusion import LatentCache, diffusion_loss, draw_sigma, one_step_estimate
from rohydr.stages.fusion_recovery import Pool, discriminator_loss, recovery_loss, sample_pool, take
from rohydr.stages.pretrain import task_loss

POOL = 1024
REFRESH = 50
"""Steps after which recoveries are sampled anew with the current weights."""


def _semantic_loss(model: RoHyDR, part: Pool, estimate: Tensor, sigma: Tensor, config: TrainConfig) -> Tensor:
    """Task loss through the recovered path on the one-step clean estimate, weighted by SNR / (1 + SNR)."""
    missing = 1 - part.available
    filled = torch.where(part.available[:, :, None, None] > 0.5, part.latents, estimate)
    fused = model.fusion_recovery(model.fusion(filled, torch.ones_like(missing)), missing)
    logits, score = model.heads(fused)
    weight = 1 / (1 + sigma**2)
    entropy = torch.nn.functional.cross_entropy(
        logits, part.batch.label, reduction="none", label_smoothing=config.label_smoothing
    )
    loss: Tensor = (weight * (entropy + config.score_weight * (score - part.batch.score).abs())).mean()
    return loss


def _losses(model: RoHyDR, part: Pool, config: TrainConfig, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Generator loss and discriminator loss of one batch; every term sees the same pattern draw."""
    batch: Batch = part.batch
    everything, missing = torch.ones_like(part.available), 1 - part.available
    sigma = draw_sigma(len(batch.label), config, generator)
    estimate = one_step_estimate(model, part.latents, part.available, sigma, generator)
    real = model.fusion(part.latents, everything)
    fake = model.fusion_recovery(model.fusion(part.recovered, everything), missing)
    loss = (
        0.5 * diffusion_loss(model, estimate, part.latents, part.available, sigma)
        + config.semantic_weight * _semantic_loss(model, part, estimate, sigma, config)
        + config.repaired_weight * task_loss(model, fake, batch, config)
        + 0.5 * recovery_loss(model, real, fake, missing, config)
    )
    return loss, discriminator_loss(model, real, fake, missing)


def train_joint(
    model: RoHyDR,
    cache: LatentCache,
    config: TrainConfig,
    generator: torch.Generator,
    validate: Callable[[RoHyDR], float],
) -> list[float]:
    """Fine-tune in place and keep the averaged weights that validate best (lower is better).

    The weights before the stage compete too, so that fine-tuning cannot make a model worse on validation.
    """
    modules = [model.denoiser, model.reconstructor, model.fusion_recovery]
    adam = optimiser([*modules], config.joint_rate, config.weight_decay, fused=True)
    critic = optimiser([model.discriminator], config.joint_rate, 0.0, fused=True)
    model.eval()
    average: Average[RoHyDR] = Average(model, config.ema_decay)
    history = [validate(model)]
    best = {name: value.clone() for name, value in model.state_dict().items()}
    every = max(1, config.joint_steps // config.checkpoints)
    pool = sample_pool(model, cache, POOL, generator)
    for step in range(config.joint_steps):
        if step and step % REFRESH == 0:
            pool = sample_pool(model, cache, POOL, generator)
        set_rate(adam, config.joint_rate, step, config.joint_steps)
        for module in modules:
            module.train()
        part = take(pool, torch.randint(0, POOL, (config.batch,), generator=generator))
        loss, critic_loss = _losses(model, part, config, generator)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in modules for p in m.parameters()], 1.0)
        adam.step()
        critic.zero_grad()
        critic_loss.backward()
        critic.step()
        average.update(model)
        if (step + 1) % every == 0:
            average.module.eval()
            history.append(validate(average.module))
            if history[-1] == min(history):
                best = {name: value.clone() for name, value in average.module.state_dict().items()}
    model.load_state_dict(best)
    model.eval()
    return history
