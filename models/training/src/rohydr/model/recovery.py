"""Networks that repair what diffusion recovered: per modality, and for the fused representation; and the critic."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from rohydr.labels import MODALITIES


class Reconstructor(nn.Module):
    """Residual network on recovered tokens [b, 3, N, D]; starts as the identity, leaves available tokens alone.

    It is trained at low noise only, where the clean estimate is nearly certain, so that it removes the few-step
    sampler's error and not the spread of the conditional distribution.
    """

    def __init__(self, tokens: int, width: int, hidden: int = 128) -> None:
        super().__init__()
        size = tokens * width
        self.nets = nn.ModuleList(
            nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Linear(hidden, size)) for _ in MODALITIES
        )
        for net in self.nets:
            assert isinstance(net, nn.Sequential) and isinstance(net[2], nn.Linear)
            nn.init.zeros_(net[2].weight)
            nn.init.zeros_(net[2].bias)

    def forward(self, tokens: Tensor, available: Tensor) -> Tensor:
        flat = tokens.flatten(2)
        change = torch.stack([net(flat[:, m]) for m, net in enumerate(self.nets)], dim=1)
        return tokens + change.view_as(tokens) * (1 - available)[:, :, None, None]


class FusionRecovery(nn.Module):
    """Repairs the fused representation of a partly generated input; the identity where nothing was generated."""

    def __init__(self, fused: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(fused + len(MODALITIES), fused), nn.GELU(), nn.Dropout(0.2), nn.Linear(fused, fused)
        )
        assert isinstance(self.net[3], nn.Linear)
        nn.init.zeros_(self.net[3].weight)
        nn.init.zeros_(self.net[3].bias)

    def forward(self, fused: Tensor, recovered: Tensor) -> Tensor:
        acts = (recovered.sum(dim=1, keepdim=True) > 0).to(fused.dtype)
        repaired: Tensor = fused + acts * self.net(torch.cat([fused, recovered], dim=1))
        return repaired


class Discriminator(nn.Module):
    """Logit that a fused representation [b, F] comes from complete data, given what was missing [b, 3]."""

    def __init__(self, fused: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            spectral_norm(nn.Linear(fused + len(MODALITIES), fused)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Linear(fused, fused // 2)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Linear(fused // 2, 1)),
        )

    def forward(self, fused: Tensor, recovered: Tensor) -> Tensor:
        logit: Tensor = self.net(torch.cat([fused, recovered], dim=1))
        return logit.squeeze(1)
