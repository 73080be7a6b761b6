"""One joint token denoiser for all modalities with EDM preconditioning (sigma_data = 1, clean-estimate output)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from rohydr.labels import MODALITIES


class Block(nn.Module):
    """Transformer block, full attention, adaptive layer norm from the noise level, gates start at zero."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(width, elementwise_affine=False)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))
        self.modulate = nn.Linear(width, 6 * width)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        b, n, width = x.shape
        s1, c1, g1, s2, c2, g2 = self.modulate(level)[:, None].chunk(6, dim=-1)
        qkv = self.qkv(self.norm1(x) * (1 + c1) + s1).view(b, n, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(width // self.heads), dim=-1)
        x = x + g1 * self.out((weights @ v).transpose(1, 2).reshape(b, n, width))
        result: Tensor = x + g2 * self.mlp(self.norm2(x) * (1 + c2) + s2)
        return result


class Denoiser(nn.Module):
    """D(x, sigma | observed): available tokens enter clean and flagged, missing ones noisy.

    Shapes: x and observed latents [b, 3, N, D], available [b, 3], sigma [b]; returns the clean estimate [b, 3, N, D]
    (meaningful on missing tokens only).
    """

    frequencies: Tensor

    def __init__(self, tokens: int, latent: int, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.tokens, self.latent, self.width = tokens, latent, width
        self.enter = nn.Linear(latent, width)
        self.position = nn.Parameter(0.1 * torch.randn(1, len(MODALITIES) * tokens, width))
        self.observed = nn.Parameter(0.1 * torch.randn(1, 1, width))
        self.level = nn.Sequential(nn.Linear(32, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.register_buffer("frequencies", torch.exp(torch.linspace(math.log(0.3), math.log(8.0), 16)))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        last = nn.Linear(width, latent)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.leave = nn.Sequential(nn.LayerNorm(width), last)

    def forward(self, x: Tensor, observed: Tensor, available: Tensor, sigma: Tensor) -> Tensor:
        b = x.shape[0]
        variance = 1 + sigma * sigma
        keep = available[:, :, None, None]
        scale = sigma[:, None, None, None]
        scaled = x / torch.sqrt(1 + scale * scale)
        mixed = observed * keep + scaled * (1 - keep)
        tokens = self.enter(mixed.reshape(b, -1, self.latent)) + self.position
        tokens = tokens + self.observed * available[:, :, None].expand(-1, -1, self.tokens).reshape(b, -1, 1)
        angle = (torch.log(sigma) / 4)[:, None] * self.frequencies
        level = self.level(torch.cat([torch.sin(angle), torch.cos(angle)], dim=1))
        for block in self.blocks:
            tokens = block(tokens, level)
        output = self.leave(tokens).reshape(x.shape)
        clean: Tensor = x / variance[:, None, None, None] + output * scale / torch.sqrt(1 + scale * scale)
        return clean
