"""Residual network with channel gates for 48x48 grey faces."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.labels import EMOTIONS


class ChannelGate(nn.Module):
    """Squeeze and excitation (Hu et al. 2018): scales every channel, by 1 to begin with and between 0 and 2."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(8, channels // 8)
        self.inner, self.outer = nn.Linear(channels, hidden), nn.Linear(hidden, channels)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)

    def forward(self, x: Tensor) -> Tensor:
        gate = 2 * torch.sigmoid(self.outer(torch.relu(self.inner(x.mean(dim=(2, 3))))))
        return x * gate[:, :, None, None].to(x.dtype)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with batch normalisation and a projected skip where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int, gated: bool = False) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.gate: nn.Module = ChannelGate(outputs) if gated else nn.Identity()
        self.skip: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.skip = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.gate(self.body(x)) + self.skip(x))


class ExpressionNet(nn.Module):
    """`face` [n, 1, 48, 48] grey levels 0..255 -> logits [n, 7] and embedding [n, 8 * width].

    Every face is standardised by its own mean and spread, so that lighting and camera gain do not matter. Smaller
    faces are accepted too, so that training can look at windows.

    :param extra: further blocks at 12x12, 6x6 and 3x3 beside the one that each has.
    :param gated: channel gates in every block.
    """

    def __init__(
        self, width: int = 24, dropout: float = 0.2, extra: tuple[int, ...] = (0, 0, 0), gated: bool = False
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, width, 3, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        stages: list[nn.Module] = []
        for stage, more in enumerate(extra):
            inputs, outputs = width << stage, width << (stage + 1)
            blocks = [ResidualBlock(inputs, outputs, 2, gated)]
            blocks += [ResidualBlock(outputs, outputs, 1, gated) for _ in range(more)]
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*stages)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(8 * width, len(EMOTIONS))

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor]:
        mean = face.mean(dim=(2, 3), keepdim=True)
        centred = face - mean
        spread = (centred * centred).mean(dim=(2, 3), keepdim=True).sqrt()
        x = self.stages(self.stem(centred / (spread + 8.0)))
        embedding = x.mean(dim=(2, 3))
        return self.head(self.dropout(embedding)), embedding


class MirroredExpressionNet(nn.Module):
    """Mean of what a network says about a face and about its mirror image: logits [n, 7] and embedding."""

    def __init__(self, net: ExpressionNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor]:
        logits, embedding = self.net(torch.cat([face, face.flip(3)]))
        # widths as constants, so that the exported file states them
        return (
            logits.view(2, -1, self.net.head.out_features).mean(dim=0),
            embedding.view(2, -1, self.net.head.in_features).mean(dim=0),
        )


class CalibratedExpressionNet(nn.Module):
    """The exported network: temperature-scaled posterior [n, 7] (EMOTIONS order) and embedding."""

    def __init__(self, net: ExpressionNet | MirroredExpressionNet, temperature: float) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("temperature", torch.tensor(float(temperature)))

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor]:
        logits, embedding = self.net(face)
        return torch.softmax(logits / self.temperature, dim=1), embedding
