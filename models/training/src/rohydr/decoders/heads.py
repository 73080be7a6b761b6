"""The decoder networks: smooth curves over the parts of a segment from the latents of one modality."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rohydr.decoders.faces import FLOOR, FaceMap


def cosines(count: int, points: int) -> Tensor:
    """The first `count` cosines of the discrete cosine transform (type II), [count, points]."""
    at = torch.arange(points) + 0.5
    return torch.stack([torch.cos(torch.pi * at * k / points) for k in range(count)])


class CurveHead(nn.Module):
    """Latents [b, L] -> [b, points, outputs]: a learned middle curve plus smooth deviations from it.

    A linear path and a small network give the weights of a few cosines, so that a curve has no more detail than
    functionals of a whole segment can tell.
    """

    basis: Tensor

    def __init__(self, size: int, points: int, outputs: int, smooth: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.outputs, self.smooth = outputs, smooth
        self.middle = nn.Parameter(torch.zeros(points, outputs))
        self.drop = nn.Dropout(dropout)
        self.linear = nn.Linear(size, smooth * outputs)
        self.network = nn.Sequential(
            nn.Linear(size, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, smooth * outputs)
        )
        self.register_buffer("basis", cosines(smooth, points))
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, latents: Tensor) -> Tensor:
        x = self.drop(latents)
        weights = (self.linear(x) + self.network(x)).view(-1, self.outputs, self.smooth)
        curves: Tensor = self.middle + (weights @ self.basis).transpose(1, 2)
        return curves


class ExpressionCurves(nn.Module):
    """[b, L] of the face -> expression posteriors [b, points, 7]."""

    def __init__(self, size: int, middle: NDArray[np.floating]) -> None:
        super().__init__()
        self.head = CurveHead(size, middle.shape[0], middle.shape[1], smooth=3, hidden=64, dropout=0.2)
        self.head.middle.data = torch.log(torch.tensor(middle, dtype=torch.float32).clamp_min(FLOOR))

    def forward(self, latents: Tensor) -> Tensor:
        return torch.softmax(self.head(latents), dim=-1)


class VoiceCurves(nn.Module):
    """[b, L] of the voice -> curves [b, points, C] in physical units; `positive` ones are decoded as logarithms."""

    positive: Tensor
    scale: Tensor

    def __init__(
        self, size: int, middle: NDArray[np.floating], sd: NDArray[np.floating], positive: list[bool], smooth: int = 6
    ) -> None:
        super().__init__()
        self.head = CurveHead(size, middle.shape[0], middle.shape[1], smooth, hidden=64, dropout=0.2)
        mask = torch.tensor(positive)
        start = torch.tensor(middle, dtype=torch.float32)
        scale = torch.where(mask, torch.ones(len(positive)), torch.tensor(sd, dtype=torch.float32))
        self.register_buffer("positive", mask)
        self.register_buffer("scale", scale)
        self.head.middle.data = torch.where(mask, torch.log(start.clamp_min(FLOOR)), start) / scale

    def forward(self, latents: Tensor) -> Tensor:
        raw = self.head(latents) * self.scale
        return torch.where(self.positive, torch.exp(raw.clamp(max=10.0)), raw)


class ProxyCurves(nn.Module):
    """Expression posteriors [b, P, 7] -> proxies of action units [b, P, Q] as differences to a neutral face."""

    weights: Tensor
    bias: Tensor

    def __init__(self, mapping: FaceMap) -> None:
        super().__init__()
        self.register_buffer("weights", torch.tensor(mapping.weights, dtype=torch.float32))
        self.register_buffer("bias", torch.tensor(mapping.bias, dtype=torch.float32))

    def forward(self, posteriors: Tensor) -> Tensor:
        logs = torch.log(posteriors.clamp(FLOOR, 1.0))
        both = torch.cat([posteriors, logs - logs.mean(dim=-1, keepdim=True)], dim=-1)
        return both @ self.weights + self.bias


class CurveDecoders(nn.Module):
    """curves.onnx: latents [b, 3, N, D] -> expression_curve, proxy_curve, voice_curve, rates."""

    def __init__(self, expression: ExpressionCurves, proxies: ProxyCurves, voice: VoiceCurves, rates: VoiceCurves):
        super().__init__()
        self.expression, self.proxies, self.voice, self.rates = expression, proxies, voice, rates

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        flat = latents.flatten(2)
        expression = self.expression(flat[:, 2])
        return expression, self.proxies(expression), self.voice(flat[:, 1]), self.rates(flat[:, 1]).squeeze(1)
