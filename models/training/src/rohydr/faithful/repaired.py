"""A per-target sampler followed by the paper's unimodal reconstructors, without the rest of the paper's training."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from rohydr.benchmark.recoverer import Recoverer
from rohydr.config import TrainConfig
from rohydr.data.pairs import draw_patterns
from rohydr.faithful.staged import UnimodalReconstructor
from rohydr.labels import MODALITIES
from rohydr.stages.common import mask, optimiser, set_rate

BLOCKS = 4
"""Residual blocks of a reconstructor; the released code has 20, on maps of 48 steps."""


class RepairedRecoverer(Recoverer):
    """`base` draws, a residual network per modality repairs. The paper trains both in one batch; since no gradient
    passes through the sampler (defect 3 repaired), fitting the second to draws of the first is the same optimum.
    """

    def __init__(self, base: Recoverer, width: int) -> None:
        super().__init__()
        self.base = base
        self.unimodal = nn.ModuleList(UnimodalReconstructor(width, blocks=BLOCKS) for _ in MODALITIES)
        self.evaluations = base.evaluations

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        return self.base.loss(latents, available, generator)

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        return self.repair(self.base.generate(mask(observed, available), available, generator))

    def repair(self, drawn: Tensor) -> Tensor:
        """Every modality through its own network."""
        return torch.stack([net(drawn[:, m]) for m, net in enumerate(self.unimodal)], dim=1)

    def fit_repair(
        self, latents: Tensor, config: TrainConfig, pool: int, steps: int, generator: torch.Generator
    ) -> None:
        """Squared error of repaired draws to the truth, on `pool` draws made beforehand."""
        rows = torch.randint(0, len(latents), (pool,), generator=generator)
        available = draw_patterns(pool, generator, complete=False)
        drawn, truth = self.base.recover(latents[rows], available, generator), latents[rows]
        adam = optimiser([self.unimodal], config.diffusion_rate, 0.01)
        self.unimodal.train()
        for step in range(steps):
            set_rate(adam, config.diffusion_rate, step, steps)
            pick = torch.randint(0, pool, (config.batch,), generator=generator)
            missing = (1 - available[pick])[:, :, None, None]
            loss = functional.mse_loss(self.repair(drawn[pick]) * missing, truth[pick] * missing)
            adam.zero_grad()
            loss.backward()
            adam.step()
        self.eval()
