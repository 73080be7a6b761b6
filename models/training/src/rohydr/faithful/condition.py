"""The condition map of the per-target denoisers."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConditionMap(nn.Module):
    """One available modality: its map as it is; two: joined by a 1x1 convolution; none: zeros. [b, width, steps]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.join = nn.Conv1d(2 * width, width, 1)

    def forward(self, latents: Tensor, available: Tensor, target: int) -> Tensor:
        others = [m for m in range(latents.shape[1]) if m != target]
        maps = [latents[:, m].transpose(1, 2) * available[:, m, None, None] for m in others]
        both = (available[:, others].sum(dim=1) > 1.5)[:, None, None]
        joined: Tensor = torch.where(both, self.join(torch.cat(maps, dim=1)), maps[0] + maps[1])
        return joined
