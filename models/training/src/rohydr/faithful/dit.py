"""Version 2 (December 2025): a small diffusion transformer per target modality, DDPM with T = 1000, DDIM 50."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from rohydr.benchmark.recoverer import Recoverer
from rohydr.faithful.condition import ConditionMap
from rohydr.faithful.switches import Switches
from rohydr.labels import MODALITIES
from rohydr.model.denoiser import Block

TRAINING_STEPS = 1000


class Schedule:
    """Linear betas; training and sampling take their noise levels from one object, so they cannot disagree."""

    def __init__(self, steps: int = TRAINING_STEPS) -> None:
        self.steps = steps
        self.kept = torch.cumprod(1 - torch.linspace(1e-4, 2e-2, steps), dim=0)

    def spaced(self, evaluations: int) -> list[int]:
        """Time steps of a sampler, falling, evenly spaced."""
        if not 1 <= evaluations <= self.steps:
            raise ValueError(f"{evaluations} sampling steps: 1 to {self.steps} are possible")
        return [round(i * self.steps / evaluations) - 1 for i in range(evaluations, 0, -1)]


class DiT(nn.Module):
    """Noise estimate for a map [b, l, c]; the condition is its time average, added to the time embedding."""

    def __init__(self, tokens: int, channels: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.enter = nn.Linear(channels, width)
        self.position = nn.Parameter(0.02 * torch.randn(1, tokens, width))
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        self.condition = nn.Linear(channels, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        for block in self.blocks:
            block.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, channels)
        self.width = width

    def forward(self, x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        half = self.width // 2
        angle = t[:, None] * torch.exp(-math.log(10000.0) * torch.arange(half) / half)
        level = self.time(torch.cat([torch.cos(angle), torch.sin(angle)], dim=1)) + self.condition(condition)
        level = torch.nn.functional.silu(level)
        tokens = self.enter(x) + self.position
        for block in self.blocks:
            tokens = block(tokens, level)
        noise: Tensor = self.leave(self.norm(tokens))
        return noise


class DiTRecoverer(Recoverer):
    """One transformer per target modality."""

    def __init__(
        self,
        tokens: int,
        width: int,
        model_width: int = 64,
        depth: int = 6,
        heads: int = 16,
        steps: int = 50,
        switches: Switches | None = None,
    ) -> None:
        super().__init__()
        self.switches = switches or Switches()
        self.evaluations = steps
        self.schedule = Schedule()
        self.nets = nn.ModuleList(DiT(tokens, width, model_width, depth, heads) for _ in MODALITIES)
        self.conditions = nn.ModuleList(ConditionMap(width) for _ in MODALITIES)

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        total = torch.zeros(())
        for m in range(len(MODALITIES)):
            rows = available[:, m] < 0.5
            if bool(rows.any()):
                clean = latents[rows, m]
                t = torch.randint(0, TRAINING_STEPS, (len(clean),), generator=generator)
                noise = torch.randn(clean.shape, generator=generator)
                kept = self.schedule.kept[t][:, None, None]
                condition = self._condition(m, latents[rows], available[rows])
                guess = self.nets[m](torch.sqrt(kept) * clean + torch.sqrt(1 - kept) * noise, t, condition)
                total = total + ((guess - noise) ** 2).flatten(1).mean(dim=1).sum()
        return total / len(latents)

    def _condition(self, target: int, latents: Tensor, available: Tensor) -> Tensor:
        averaged: Tensor = self.conditions[target](latents, available, target).mean(dim=2)
        return averaged

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        drawn = []
        for m in range(len(MODALITIES)):
            rows = available[:, m] < 0.5
            part = torch.zeros_like(observed[:, m])
            if bool(rows.any()):
                filled = self._draw(m, observed[rows], available[rows], generator)
                part = part.index_copy(0, torch.nonzero(rows).squeeze(1), filled)
            drawn.append(part)
        return torch.stack(drawn, dim=1)

    def _draw(self, target: int, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """DDIM without added noise."""
        schedule = Schedule(50) if self.switches.short_sampler else self.schedule
        levels = schedule.spaced(min(self.evaluations, schedule.steps))
        condition = self._condition(target, observed, available)
        x = torch.randn(observed[:, target].shape, generator=generator)
        clean = x
        for number, level in enumerate(levels):
            kept = schedule.kept[level]
            noise = self.nets[target](x, torch.full((len(x),), level), condition)
            clean = (x - torch.sqrt(1 - kept) * noise) / torch.sqrt(kept)
            if self.switches.clip_clean:
                clean = clean.clamp(-1, 1)
                noise = (x - torch.sqrt(kept) * clean) / torch.sqrt(1 - kept)
            following = schedule.kept[levels[number + 1]] if number + 1 < len(levels) else torch.ones(())
            x = torch.sqrt(following) * clean + torch.sqrt(1 - following) * noise
        return clean
