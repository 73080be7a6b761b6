"""Augmentation of a batch of grey faces, on tensors and with an explicit generator."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def augment(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Flip, rotate (sd 8 degrees), scale, shift, change brightness and contrast, and erase a rectangle.

    Shifts and scales are as large as the spread of face detectors' boxes, since the app crops with a detector that
    FER2013 never saw.

    :param pixels: uint8 [n, 1, 48, 48].
    :returns: float32 [n, 1, 48, 48], grey levels about 0..255.
    """
    n = pixels.shape[0]
    x = pixels.float()

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    angle = torch.randn(n, generator=generator) * (8 * math.pi / 180)
    scale = uniform(0.85, 1.15)
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.stack(
        [
            torch.stack([cos * flip, -sin, uniform(-0.17, 0.17)], dim=1),
            torch.stack([sin * flip, cos, uniform(-0.17, 0.17)], dim=1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(theta, list(x.shape), align_corners=False)
    x = functional.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    x = (x - mean) * uniform(0.7, 1.3).view(n, 1, 1, 1) + mean + uniform(-30, 30).view(n, 1, 1, 1)
    return _erase(x, generator)


def _erase(x: Tensor, generator: torch.Generator) -> Tensor:
    n, _, height, width = x.shape
    side = torch.randint(6, 19, (2, n, 1), generator=generator)
    top = torch.randint(0, height - 6, (n, 1), generator=generator)
    left = torch.randint(0, width - 6, (n, 1), generator=generator)
    rows, columns = torch.arange(height)[None], torch.arange(width)[None]
    inside_rows = (rows >= top) & (rows < top + side[0])
    inside_columns = (columns >= left) & (columns < left + side[1])
    chosen = torch.rand(n, 1, 1, generator=generator) < 0.4
    mask = (inside_rows[:, :, None] & inside_columns[:, None, :] & chosen)[:, None]
    return torch.where(mask, x.mean(dim=(1, 2, 3), keepdim=True), x)
