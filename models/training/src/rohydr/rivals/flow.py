"""Small conditional normalising flow after DiCMoR (Wang et al. 2023): exact likelihood, one pass to sample.

DiCMoR moves features between class-specific Glow distributions; here one affine-coupling flow per target modality is
conditioned on the other modalities and their availability, which is the part that recovers.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from rohydr.benchmark.recoverer import Recoverer
from rohydr.labels import MODALITIES
from rohydr.stages.common import mask


class Coupling(nn.Module):
    """Affine coupling: one half of the vector is scaled and shifted by a function of the other half and condition."""

    def __init__(self, size: int, condition: int, hidden: int, flip: bool) -> None:
        super().__init__()
        self.pivot, self.flip = size // 2, flip
        kept, moved = (size - self.pivot, self.pivot) if flip else (self.pivot, size - self.pivot)
        self.net = nn.Sequential(
            nn.Linear(kept + condition, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, 2 * moved),
        )
        last = self.net[4]
        assert isinstance(last, nn.Linear)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        first, second = x[:, : self.pivot], x[:, self.pivot :]
        return (second, first) if self.flip else (first, second)

    def _join(self, kept: Tensor, moved: Tensor) -> Tensor:
        return torch.cat([moved, kept] if self.flip else [kept, moved], dim=1)

    def _terms(self, kept: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        scale, shift = self.net(torch.cat([kept, condition], dim=1)).chunk(2, dim=1)
        return 1.5 * torch.tanh(scale / 1.5), shift

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Data to noise; returns the vector and the log determinant [b]."""
        kept, moved = self._split(x)
        scale, shift = self._terms(kept, condition)
        return self._join(kept, (moved - shift) * torch.exp(-scale)), -scale.sum(dim=1)

    def inverse(self, z: Tensor, condition: Tensor) -> Tensor:
        """Noise to data."""
        kept, moved = self._split(z)
        scale, shift = self._terms(kept, condition)
        return self._join(kept, moved * torch.exp(scale) + shift)


class ConditionalFlow(nn.Module):
    """A chain of couplings with fixed random permutations in between."""

    orders: Tensor

    def __init__(self, size: int, condition: int, hidden: int, couplings: int) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(Coupling(size, condition, hidden, k % 2 == 1) for k in range(couplings))
        self.register_buffer("orders", torch.stack([torch.randperm(size) for _ in range(couplings)]))

    def log_density(self, x: Tensor, condition: Tensor) -> Tensor:
        """Log density [b] of x [b, size]."""
        total = torch.zeros(len(x))
        for order, coupling in zip(self.orders, self.couplings, strict=True):
            assert isinstance(coupling, Coupling)
            x, change = coupling(x[:, order], condition)
            total = total + change
        return total - 0.5 * (x * x).sum(dim=1) - 0.5 * x.shape[1] * math.log(2 * math.pi)

    def invert(self, z: Tensor, condition: Tensor) -> Tensor:
        """The data of noise z [b, size]."""
        for order, coupling in zip(reversed(self.orders), reversed(list(self.couplings)), strict=True):
            assert isinstance(coupling, Coupling)
            z = coupling.inverse(z, condition)[:, torch.argsort(order)]
        return z


class FlowRecoverer(Recoverer):
    """One conditional flow per target modality; targets are drawn independently given what is observed."""

    def __init__(self, tokens: int, width: int, hidden: int = 96, couplings: int = 6) -> None:
        super().__init__()
        size = tokens * width
        self.flows = nn.ModuleList(ConditionalFlow(size, 3 * size + 3, hidden, couplings) for _ in MODALITIES)
        self.evaluations = couplings

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        condition = torch.cat([mask(latents, available).flatten(1), available], dim=1)
        total = torch.zeros(())
        size = latents.shape[2] * latents.shape[3]
        for m, flow in enumerate(self.flows):
            assert isinstance(flow, ConditionalFlow)
            rows = available[:, m] < 0.5
            if bool(rows.any()):
                # A little noise keeps the density bounded on a finite training set.
                target = latents[rows, m].flatten(1)
                target = target + 0.1 * torch.randn(target.shape, generator=generator)
                total = total - flow.log_density(target, condition[rows]).sum() / size
        return total / len(latents)

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        condition = torch.cat([observed.flatten(1), available], dim=1)
        drawn = []
        for flow in self.flows:
            assert isinstance(flow, ConditionalFlow)
            noise = torch.randn(len(observed), observed.shape[2] * observed.shape[3], generator=generator)
            drawn.append(flow.invert(noise, condition).view(len(observed), *observed.shape[2:]))
        return torch.stack(drawn, dim=1)
