"""Multimodal fusion of the tokens that are present."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.labels import MODALITIES


class Fusion(nn.Module):
    """Latents [b, 3, N, D] and presence [b, 3] -> fused representation [b, F].

    Each modality is projected on its own, absent ones contribute nothing, and the presence flags let the mixing layer
    rescale what is left.
    """

    def __init__(self, tokens: int, width: int, fused: int, dropout: float) -> None:
        super().__init__()
        self.projections = nn.ModuleList(
            nn.Sequential(nn.Linear(tokens * width, fused), nn.GELU(), nn.Dropout(dropout)) for _ in MODALITIES
        )
        self.mix = nn.Sequential(
            nn.Linear(len(MODALITIES) * (fused + 1), fused), nn.GELU(), nn.Dropout(dropout), nn.Linear(fused, fused)
        )
        self.norm = nn.LayerNorm(fused)

    def forward(self, latents: Tensor, present: Tensor) -> Tensor:
        flat = latents.flatten(2)
        parts = [project(flat[:, m]) * present[:, m : m + 1] for m, project in enumerate(self.projections)]
        total = parts[0] + parts[1] + parts[2]
        fused: Tensor = self.norm(total + self.mix(torch.cat([*parts, present], dim=1)))
        return fused
