"""Stages 3 and 4 on cached latents for any recoverer, with the paper's four levels and its staging as switches."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from rohydr.benchmark.backbone import score_of
from rohydr.benchmark.recoverer import Recoverer
from rohydr.config import TrainConfig
from rohydr.data.pairs import draw_patterns
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import Average, mask, optimiser, set_rate
from rohydr.stages.fusion_recovery import discriminator_loss

POOL = 1024
REFRESH = 50


@dataclass(frozen=True)
class Levels:
    """Where recovery is learned: {unimodal, multimodal} x {feature, semantic}, and whether in stages.

    Unimodal feature: denoising losses; unimodal semantic: the task's gradient on the one-step estimate. Multimodal
    feature: L1 between repaired and complete fusion; multimodal semantic: adversarial and task loss through the repair.
    """

    unimodal_feature: bool = True
    unimodal_semantic: bool = True
    multimodal_feature: bool = True
    multimodal_semantic: bool = True
    staged: bool = True

    @property
    def repairs(self) -> bool:
        """Whether the fused representation is repaired at all."""
        return self.multimodal_feature or self.multimodal_semantic


RECOVERY_ONLY = Levels(unimodal_semantic=False, multimodal_feature=False, multimodal_semantic=False)
"""What rivals without fusion recovery have."""


@dataclass(frozen=True)
class Pool:
    """Complete latents, recoveries of them under one pattern draw, and labels."""

    latents: Tensor
    recovered: Tensor
    available: Tensor
    label: Tensor

    def take(self, rows: Tensor) -> Pool:
        """Rows by index."""
        return Pool(self.latents[rows], self.recovered[rows], self.available[rows], self.label[rows])


def recover_once(recoverer: Recoverer | None, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
    """Latents with the missing part drawn, or left out where nothing generates."""
    observed = mask(latents, available)
    return observed if recoverer is None else recoverer.recover(observed, available, generator)


@torch.no_grad()
def draw_pool(
    recoverer: Recoverer | None, latents: Tensor, label: Tensor, count: int, generator: torch.Generator
) -> Pool:
    """Random rows with an incomplete pattern each, recovered without gradients."""
    rows = torch.randint(0, len(latents), (count,), generator=generator)
    available = draw_patterns(count, generator, complete=False)
    return Pool(latents[rows], recover_once(recoverer, latents[rows], available, generator), available, label[rows])


def fused_recovery(model: RoHyDR, recovered: Tensor, available: Tensor, generates: bool, levels: Levels) -> Tensor:
    """Fusion of what was observed and generated, repaired if the levels say so."""
    present = torch.ones_like(available) if generates else available
    raw: Tensor = model.fusion(recovered, present)
    if not levels.repairs:
        return raw
    repaired: Tensor = model.fusion_recovery(raw, 1 - available)
    return repaired


def losses(
    model: RoHyDR,
    recoverer: Recoverer | None,
    part: Pool,
    config: TrainConfig,
    levels: Levels,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor | None]:
    """Loss of everything but the discriminator, and the discriminator's own; all terms see one pattern draw."""
    generates, everything, missing = recoverer is not None, torch.ones_like(part.available), 1 - part.available
    real = model.fusion(part.latents, everything)
    fake = fused_recovery(model, part.recovered, part.available, generates, levels)
    alone = model.fusion(mask(part.latents, part.available), part.available)
    loss = 0.5 * functional.l1_loss(score_of(model, real), part.label)
    loss = loss + 0.5 * functional.l1_loss(score_of(model, alone), part.label)
    if levels.multimodal_semantic or not levels.repairs:
        loss = loss + functional.l1_loss(score_of(model, fake), part.label)
    if levels.multimodal_feature:
        loss = loss + 0.5 * functional.l1_loss(fake, real.detach())
    if recoverer is not None:
        loss = loss + 0.5 * recoverer.loss(part.latents, part.available, generator)
    guess = recoverer.estimate(part.latents, part.available, generator) if recoverer is not None else None
    if levels.unimodal_semantic and guess is not None:
        filled = torch.where(part.available[:, :, None, None] > 0.5, part.latents, guess[0])
        score = score_of(model, fused_recovery(model, filled, part.available, True, levels))
        loss = loss + 0.5 * (guess[1] * (score - part.label).abs()).mean()
    if not levels.multimodal_semantic:
        return loss, None
    fooled = model.discriminator(fake, missing)
    adversarial = functional.binary_cross_entropy_with_logits(fooled, torch.ones_like(fooled))
    loss = loss + 0.5 * config.adversarial_weight * adversarial
    return loss, discriminator_loss(model, real, fake, missing)


def run_stage(
    model: RoHyDR,
    recoverer: Recoverer | None,
    trained: list[nn.Module],
    data: tuple[Tensor, Tensor],
    config: TrainConfig,
    levels: Levels,
    plan: tuple[int, float],
    generator: torch.Generator,
) -> None:
    """`plan` = (steps, rate) of one stage over the modules `trained`; averaged weights stay in the model."""
    steps, rate = plan
    adam = optimiser(trained, rate, config.weight_decay)
    critic = optimiser([model.discriminator], rate, 0.0)
    averages = [Average(module, config.ema_decay) for module in trained]
    latents, label = data
    pool = draw_pool(recoverer, latents, label, POOL, generator)
    for step in range(steps):
        if step and step % REFRESH == 0:
            pool = draw_pool(recoverer, latents, label, POOL, generator)
        set_rate(adam, rate, step, steps)
        for module in trained:
            module.train()
        part = pool.take(torch.randint(0, POOL, (config.batch,), generator=generator))
        loss, critic_loss = losses(model, recoverer, part, config, levels, generator)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for module in trained for p in module.parameters()], 1.0)
        adam.step()
        if critic_loss is not None:
            critic.zero_grad()
            critic_loss.backward()
            critic.step()
        for average, module in zip(averages, trained, strict=True):
            average.update(module)
    for average, module in zip(averages, trained, strict=True):
        module.load_state_dict(average.module.state_dict())
        module.eval()


def finish(
    model: RoHyDR,
    recoverer: Recoverer | None,
    data: tuple[Tensor, Tensor],
    config: TrainConfig,
    levels: Levels,
    generator: torch.Generator,
) -> None:
    """Stage 3 (fusion recovery alone) and stage 4 (everything but the encoders), on (latents, labels)."""
    if levels.repairs:
        only = replace(levels, unimodal_semantic=False)
        stage3: list[nn.Module] = [model.fusion_recovery]
        run_stage(
            model,
            None if recoverer is None else recoverer,
            stage3,
            data,
            config,
            only,
            (config.fusion_steps, config.fusion_rate),
            generator,
        )
    modules: list[nn.Module] = [model.fusion, model.fusion_recovery, model.heads.score]
    if recoverer is not None:
        modules.append(recoverer)
    run_stage(model, recoverer, modules, data, config, levels, (config.joint_steps, config.joint_rate), generator)
    model.eval()
