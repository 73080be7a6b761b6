"""Read-out heads on the fused representation, and decoders of recovered latents into descriptors people can read."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Heads(nn.Module):
    """Fused [b, F] -> emotion logits [b, C] and sentiment score [b] in (-3, 3).

    Where the fusion carries evidence (its last `opinions` columns), the joint part corrects it additively, from zero.
    """

    def __init__(self, fused: int, classes: int, opinions: int = 0) -> None:
        super().__init__()
        self.classes, self.joint, self.opinions = classes, fused - opinions, opinions
        self.emotion = nn.Linear(self.joint, classes)
        self.score = nn.Linear(self.joint, 1)
        if opinions:
            nn.init.zeros_(self.emotion.weight)
            nn.init.zeros_(self.score.weight)

    def forward(self, fused: Tensor) -> tuple[Tensor, Tensor]:
        joint, evidence = fused[:, : self.joint], fused[:, self.joint :]
        logits, raw = self.emotion(joint), self.score(joint).squeeze(1)
        if self.opinions:
            logits, raw = logits + evidence[:, : self.classes], raw + evidence[:, self.classes]
        return logits, bounded(raw)


def bounded(raw: Tensor) -> Tensor:
    """Any number -> a score in (-3, 3), the identity near 0."""
    return 3 * torch.tanh(raw / 3)


class Decoders(nn.Module):
    """Latents [b, 3, N, D] -> mean expression posterior [b, 7] and acoustic descriptors [b, M] in physical units."""

    mean: Tensor
    sd: Tensor

    def __init__(self, tokens: int, width: int, descriptors: int, hidden: int = 64) -> None:
        super().__init__()
        size = tokens * width
        self.expression = nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Linear(hidden, 7))
        self.acoustics = nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Linear(hidden, descriptors))
        self.register_buffer("mean", torch.zeros(descriptors))
        self.register_buffer("sd", torch.ones(descriptors))

    def standardised(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Expression logits and descriptors in training standard deviations."""
        flat = latents.flatten(2)
        return self.expression(flat[:, 2]), self.acoustics(flat[:, 1])

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        logits, acoustics = self.standardised(latents)
        return torch.softmax(logits, dim=1), acoustics * self.sd + self.mean
