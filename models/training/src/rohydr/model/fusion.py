"""Multimodal fusion of the tokens that are present."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.config import ModelConfig
from rohydr.labels import MODALITIES


class Fusion(nn.Module):
    """Latents [b, 3, N, D] and presence [b, 3] -> fused representation [b, F].

    The joint part projects each modality on its own, absent ones contribute nothing, and the presence flags let the
    mixing layer rescale what is left. With `evidence` the last `opinions` = classes + 1 columns hold the sum of what
    each present modality says by itself (emotion logits and raw score): for modalities that are independent given the
    emotion, adding log likelihoods is the exact fusion (product of experts, Hinton 2002), which a joint network learns
    badly from a few hundred clips. With `opinions` the emotion part is fixed: the `Opinion` channels of the latents.
    """

    opinion_mean: Tensor
    opinion_sd: Tensor
    prior: Tensor
    """Log class frequencies of the training rows: opinions are likelihoods, so that the prior counts once."""

    def __init__(self, config: ModelConfig, classes: int) -> None:
        super().__init__()
        size, fused, dropout = config.tokens * config.width, config.fused, config.fusion_dropout
        self.projections = nn.ModuleList(
            nn.Sequential(nn.Linear(size, fused), nn.GELU(), nn.Dropout(dropout)) for _ in MODALITIES
        )
        self.mix = nn.Sequential(
            nn.Linear(len(MODALITIES) * (fused + 1), fused), nn.GELU(), nn.Dropout(dropout), nn.Linear(fused, fused)
        )
        self.norm = nn.LayerNorm(fused)
        self.opinions = classes + 1 if config.evidence else 0
        self.classes, self.fixed = classes, config.opinions
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Dropout(config.evidence_dropout), nn.Linear(size, 1 if self.fixed else self.opinions))
            for _ in range(len(MODALITIES) if config.evidence else 0)
        )
        self.register_buffer("prior", torch.zeros(classes))
        self.register_buffer("opinion_mean", torch.zeros(len(MODALITIES), classes))
        self.register_buffer("opinion_sd", torch.ones(len(MODALITIES), classes))

    @property
    def width(self) -> int:
        """F."""
        return self.norm.normalized_shape[0] + self.opinions

    def evidence(self, latents: Tensor) -> Tensor:
        """What each modality says by itself, [b, 3, classes + 1]; needs `evidence` in the configuration."""
        flat = latents.flatten(2)
        learned = torch.stack([expert(flat[:, m]) for m, expert in enumerate(self.experts)], dim=1)
        if not self.fixed:
            return learned
        likelihood = flat[:, :, -self.classes :] * self.opinion_sd + self.opinion_mean
        return torch.cat([likelihood, learned], dim=2)

    def forward(self, latents: Tensor, present: Tensor) -> Tensor:
        flat = latents.flatten(2)
        parts = [project(flat[:, m]) * present[:, m : m + 1] for m, project in enumerate(self.projections)]
        total = parts[0] + parts[1] + parts[2]
        joint: Tensor = self.norm(total + self.mix(torch.cat([*parts, present], dim=1)))
        if self.opinions == 0:
            return joint
        pooled = (self.evidence(latents) * present[:, :, None]).sum(dim=1)
        return torch.cat([joint, pooled], dim=1)
