"""Cascaded residual autoencoder with a cycle, after MMIN (Zhao et al. 2021): a deterministic imagination network."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.benchmark.recoverer import Recoverer
from rohydr.stages.common import mask
from rohydr.stages.diffusion import missing_error


class Cascade(nn.Module):
    """`blocks` residual autoencoders; each sees the input plus the sum of what the earlier ones added."""

    def __init__(self, size: int, hidden: int, blocks: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Linear(size, hidden),
                nn.GELU(),
                nn.Linear(hidden, hidden // 2),
                nn.GELU(),
                nn.Linear(hidden // 2, size),
            )
            for _ in range(blocks)
        )

    def forward(self, x: Tensor) -> Tensor:
        total = x
        for block in self.blocks:
            total = total + block(total)
        return total


class CascadeRecoverer(Recoverer):
    """Forward imagination of missing latents and backward imagination of the observed ones from them."""

    stochastic = False

    def __init__(self, tokens: int, width: int, hidden: int = 96, blocks: int = 5) -> None:
        super().__init__()
        size = 3 * tokens * width
        self.forth, self.back = Cascade(size + 3, hidden, blocks), Cascade(size + 3, hidden, blocks)
        self.evaluations = blocks

    def _imagine(self, cascade: Cascade, observed: Tensor, available: Tensor) -> Tensor:
        x = torch.cat([observed.flatten(1), available], dim=1)
        imagined: Tensor = cascade(x)[:, :-3].view_as(observed)
        return imagined

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        del generator
        imagined = self._imagine(self.forth, mask(latents, available), available)
        returned = self._imagine(self.back, mask(imagined, 1 - available), 1 - available)
        cycle = missing_error(returned, latents, 1 - available)
        return (missing_error(imagined, latents, available) + cycle).mean()

    def estimate(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        del generator
        return self._imagine(self.forth, mask(latents, available), available), torch.ones(len(latents))

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        del generator
        return self._imagine(self.forth, observed, available)
