"""For a control: fusion and heads trained anew on complete triples, over encoders that stay as they are."""

from __future__ import annotations

import torch

from rohydr.config import TrainConfig
from rohydr.data.pairs import Material
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import optimiser, set_rate
from rohydr.stages.diffusion import LatentCache
from rohydr.stages.pretrain import task_loss


def retrain_fusion(
    model: RoHyDR, fresh: RoHyDR, material: Material, config: TrainConfig, generator: torch.Generator
) -> None:
    """Train in place, as long as stage 1; fixed opinions and their prior stay, no modality is ever hidden.

    :param fresh: networks to begin with, of the same sizes.
    """
    kept = {name: value.clone() for name, value in model.fusion.named_buffers()}
    model.fusion.load_state_dict(fresh.fusion.state_dict() | kept)
    model.heads.load_state_dict(fresh.heads.state_dict())
    with torch.no_grad():
        model.heads.emotion.bias.copy_(model.fusion.prior)
    cache = LatentCache(model, material)
    modules = [model.fusion, model.heads]
    adam = optimiser([*modules], config.pretrain_rate, config.pretrain_decay, fused=True)
    for module in modules:
        module.train()
    for step in range(config.pretrain_steps):
        set_rate(adam, config.pretrain_rate, step, config.pretrain_steps)
        latents, batch = cache.draw(config.batch, generator)
        loss = task_loss(model, model.fusion(latents, torch.ones(len(latents), 3)), batch, config)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in modules for p in m.parameters()], 1.0)
        adam.step()
    model.eval()
