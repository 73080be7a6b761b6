"""Shared pieces of the stages: averaging of weights, optimiser, encoding of batches."""

from __future__ import annotations

import copy
import math
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from rohydr.config import TrainConfig
from rohydr.data.pairs import Batch, Material, draw
from rohydr.model.rohydr import RoHyDR

M = TypeVar("M", bound=nn.Module)


class Average(Generic[M]):
    """Exponential moving average of a module's parameters and buffers."""

    def __init__(self, module: M, decay: float) -> None:
        self.module: M = copy.deepcopy(module)
        self.decay, self.step = decay, 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Move towards `module`; early steps move faster."""
        self.step += 1
        rate = min(self.decay, (1 + self.step) / (10 + self.step))
        for weight, source in zip(self.module.parameters(), module.parameters(), strict=True):
            weight.lerp_(source, 1 - rate)
        for target, current in zip(self.module.buffers(), module.buffers(), strict=True):
            target.copy_(current)


def optimiser(modules: list[nn.Module], rate: float, decay: float, fused: bool = False) -> torch.optim.AdamW:
    """AdamW over the parameters of `modules`; `fused` is faster with many small ones and rounds differently."""
    parameters = [p for m in modules for p in m.parameters() if p.requires_grad]
    return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay, betas=(0.9, 0.99), fused=fused)


def set_rate(target: torch.optim.Optimizer, rate: float, step: int, steps: int) -> None:
    """Short warm-up, then cosine to zero."""
    progress = step / max(1, steps)
    warm = min(1.0, (step + 1) / max(1, steps // 20))
    for group in target.param_groups:
        group["lr"] = rate * warm * 0.5 * (1 + math.cos(math.pi * progress))


def draw_batch(material: Material, config: TrainConfig, generator: torch.Generator) -> Batch:
    """A random batch of triples."""
    rows = torch.randint(0, len(material), (config.batch,), generator=generator)
    return draw(material, rows, generator)


def encode_all(model: RoHyDR, batch: Batch) -> Tensor:
    """Complete latents [b, 3, N, D]."""
    everything = torch.ones(batch.text.shape[0], 3)
    latents: Tensor = model.encoders(batch.text, batch.audio, batch.visual, everything)
    return latents


def mask(latents: Tensor, available: Tensor) -> Tensor:
    """Zero the latents of unavailable modalities."""
    return latents * available[:, :, None, None]
