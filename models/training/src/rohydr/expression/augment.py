"""Augmentation of a batch of grey faces, on tensors and with an explicit generator."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


def augment(pixels: Tensor, generator: torch.Generator, side: int = 48) -> Tensor:
    """Flip, rotate (sd 8 degrees), scale, shift, change brightness and contrast, and erase a rectangle.

    Shifts and scales are as large as the spread of face detectors' boxes, since the app crops with a detector that
    FER2013 never saw.

    :param pixels: uint8 [n, 1, 48, 48].
    :param side: of the window that is returned, at the same size of pixels; it lies anywhere in the face.
    :returns: float32 [n, 1, side, side], grey levels about 0..255.
    """
    n = pixels.shape[0]
    x = pixels.float()

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    angle = torch.randn(n, generator=generator) * (8 * math.pi / 180)
    share = side / x.shape[-1]
    scale = uniform(0.85, 1.15) * share
    reach = 0.17 + (1 - share) / 2
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.stack(
        [
            torch.stack([cos * flip, -sin, uniform(-reach, reach)], dim=1),
            torch.stack([sin * flip, cos, uniform(-reach, reach)], dim=1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(theta, [n, 1, side, side], align_corners=False)
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


def mix(x: Tensor, labels: Tensor, generator: torch.Generator, strength: float = 0.2) -> tuple[Tensor, Tensor, float]:
    """Mixup: blend the batch with a permutation of itself.

    :returns: blended faces, the partners' labels and the share of the faces' own labels (at least one half).
    """
    share = float(np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator))).beta(strength, strength))
    share = max(share, 1 - share)
    partner = torch.randperm(x.shape[0], generator=generator)
    return share * x + (1 - share) * x[partner], labels[partner], share
