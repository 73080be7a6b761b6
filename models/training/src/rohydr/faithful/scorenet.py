"""Version 1 (May 2025): a score U-Net per target modality, VE-SDE, 100 Euler-Maruyama steps (after IMDer)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from rohydr.benchmark.recoverer import Recoverer
from rohydr.faithful.condition import ConditionMap
from rohydr.faithful.switches import Switches
from rohydr.labels import MODALITIES

SIGMA = 25.0
SMALLEST_TIME = 1e-3


def ve_std(t: Tensor) -> Tensor:
    """Standard deviation of the noise at time t in (0, 1]."""
    return torch.sqrt((SIGMA ** (2 * t) - 1) / (2 * math.log(SIGMA)))


class CrossAttention(nn.Module):
    """Two layers of attention from a feature map [b, c, l] to the condition [b, c, m]."""

    def __init__(self, channels: int, condition: int, heads: int) -> None:
        super().__init__()
        self.enter = nn.Linear(condition, channels)
        self.layers = nn.ModuleList(
            nn.TransformerDecoderLayer(channels, heads, 4 * channels, 0.0, batch_first=True, norm_first=True)
            for _ in range(2)
        )

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        tokens, memory = x.transpose(1, 2), self.enter(condition.transpose(1, 2))
        for layer in self.layers:
            tokens = layer(tokens, memory)
        return tokens.transpose(1, 2)


class Level(nn.Module):
    """Convolution, time embedding, normalisation, swish, cross-attention."""

    def __init__(self, before: int, after: int, stride: int, embedding: int, condition: int, heads: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(before, after, 3, stride=stride, padding=1, bias=False)
        self.time = nn.Linear(embedding, after)
        self.norm = nn.GroupNorm(math.gcd(after, 32), after)
        self.attention = CrossAttention(after, condition, heads)

    def forward(self, x: Tensor, time: Tensor, condition: Tensor) -> Tensor:
        h = functional.silu(self.norm(self.convolution(x) + self.time(time)[:, :, None]))
        attended: Tensor = self.attention(h, condition)
        return attended


class ScoreNet(nn.Module):
    """Score of the noised map [b, c, l] at time t, given a condition map [b, c, m]; a U-Net with stride 2."""

    frequencies: Tensor

    def __init__(self, width: int, channels: tuple[int, ...], embedding: int = 256, heads: int = 8) -> None:
        super().__init__()
        self.register_buffer("frequencies", 30.0 * torch.randn(embedding // 2))
        self.embed = nn.Linear(embedding, embedding)
        sizes = (width, *channels)
        self.down = nn.ModuleList(
            Level(sizes[i], sizes[i + 1], 1 if i == 0 else 2, embedding, width, heads) for i in range(len(channels))
        )
        rising = list(range(len(channels) - 1, 0, -1))
        self.up = nn.ModuleList(
            Level(
                channels[i] if i == len(channels) - 1 else 2 * channels[i], channels[i - 1], 1, embedding, width, heads
            )
            for i in rising
        )
        self.leave = nn.Conv1d(2 * channels[0], width, 3, padding=1)

    def forward(self, x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        angle = 2 * math.pi * t[:, None] * self.frequencies
        time = functional.silu(self.embed(torch.cat([torch.sin(angle), torch.cos(angle)], dim=1)))
        kept = []
        for level in self.down:
            x = level(x, time, condition)
            kept.append(x)
        x = kept.pop()
        for number, level in enumerate(self.up):
            skip = kept[-1 - number]
            x = functional.interpolate(x, size=skip.shape[2])
            x = torch.cat([level(x, time, condition), skip], dim=1)
        score: Tensor = self.leave(x) / ve_std(t)[:, None, None]
        return score


class ScoreRecoverer(Recoverer):
    """One score network per target; latents are maps of `tokens` steps and `width` channels."""

    def __init__(
        self,
        tokens: int,
        width: int,
        channels: tuple[int, ...] = (32, 64, 128, 256),
        steps: int = 100,
        switches: Switches | None = None,
    ) -> None:
        super().__init__()
        del tokens
        self.switches = switches or Switches()
        self.evaluations = steps
        self.nets = nn.ModuleList(ScoreNet(width, channels) for _ in MODALITIES)
        self.conditions = nn.ModuleList(ConditionMap(width) for _ in MODALITIES)

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        total = torch.zeros(())
        for m in range(len(MODALITIES)):
            rows = available[:, m] < 0.5
            if bool(rows.any()):
                total = total + self._target_loss(m, latents[rows], available[rows], generator)
        return total / len(latents)

    def _target_loss(self, target: int, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        clean = latents[:, target].transpose(1, 2)
        t = torch.rand(len(clean), generator=generator) * (1 - SMALLEST_TIME) + SMALLEST_TIME
        z = torch.randn(clean.shape, generator=generator)
        std = ve_std(t)[:, None, None]
        condition = self.conditions[target](latents, available, target)
        if self.switches.noised_condition:
            condition = condition + std * z
        score = self.nets[target](clean + std * z, t, condition)
        loss: Tensor = ((score * std + z) ** 2).flatten(1).mean(dim=1).sum()
        return loss

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        drawn = torch.zeros_like(observed)
        for m in range(len(MODALITIES)):
            rows = available[:, m] < 0.5
            if bool(rows.any()):
                drawn[rows, m] = self._draw(m, observed[rows], available[rows], generator).transpose(1, 2)
        return drawn

    def _draw(self, target: int, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """Euler-Maruyama from t = 1 down; the mean of the last step is the sample."""
        condition = self.conditions[target](observed, available, target)
        shape = observed[:, target].transpose(1, 2).shape
        x = ve_std(torch.ones(())) * torch.randn(shape, generator=generator)
        mean = x
        step = (1 - SMALLEST_TIME) / max(1, self.evaluations - 1)
        for number in range(self.evaluations):
            t = torch.full((len(x),), 1 - number * step)
            spread = SIGMA ** t[:, None, None]
            mean = x + spread**2 * self.nets[target](x, t, condition) * step
            x = mean + math.sqrt(step) * spread * torch.randn(shape, generator=generator)
        return mean
