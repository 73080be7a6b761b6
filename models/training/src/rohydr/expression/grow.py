"""Begins a larger expression network as the same function as a smaller, trained one (Chen et al. 2016, Net2Net)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from rohydr.expression.model import ExpressionNet, ResidualBlock

Pair = tuple[nn.Conv2d, nn.BatchNorm2d]


def _pairs(net: ExpressionNet) -> list[list[Pair]]:
    """Convolutions with their normalisations: the stem's, then of each block two and the skip's if it has one."""

    def of(layers: nn.Sequential) -> list[Pair]:
        convolutions = [m for m in layers if isinstance(m, nn.Conv2d)]
        return list(zip(convolutions, (m for m in layers if isinstance(m, nn.BatchNorm2d)), strict=True))

    groups = [of(net.stem)]
    for block in net.stages.modules():
        if isinstance(block, ResidualBlock):
            groups.append(of(block.body) + (of(block.skip) if isinstance(block.skip, nn.Sequential) else []))
    return groups


def from_onnx(file: Path) -> ExpressionNet:
    """The network in an exported file, whose normalisations are folded into its convolutions (one block a stage).

    :raises ValueError: when the file holds another structure.
    """
    graph = onnx.load(str(file)).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    folded = [node.input for node in graph.node if node.op_type == "Conv"]
    width = arrays[folded[0][1]].shape[0]
    net = ExpressionNet(width)
    pairs = [pair for group in _pairs(net) for pair in group]
    if len(pairs) != len(folded):
        raise ValueError(f"{file}: {len(folded)} convolutions, expected {len(pairs)}")
    with torch.no_grad():
        for (convolution, norm), (_, weight, bias) in zip(pairs, folded, strict=True):
            convolution.weight.copy_(torch.from_numpy(arrays[weight].copy()))
            assert norm.running_var is not None
            norm.running_var.fill_(1 - norm.eps)
            norm.bias.copy_(torch.from_numpy(arrays[bias].copy()))
        for name, target in (("head.weight", net.head.weight), ("head.bias", net.head.bias)):
            stored = next(value for key, value in arrays.items() if key.endswith(name))
            target.copy_(torch.from_numpy(stored.copy()))
    return net.eval()


class _Channels:
    """Which old channel each new one repeats, and the share of its outgoing weights that each repetition carries."""

    def __init__(self, old: int, new: int, rng: np.random.Generator) -> None:
        self.source = np.concatenate([np.arange(old), rng.integers(0, old, new - old)])
        raw: NDArray[np.float64] = rng.uniform(0.3, 1.0, new)
        self.share = torch.from_numpy(raw / np.bincount(self.source, weights=raw)[self.source]).float()


@torch.no_grad()
def _copy(old: Pair, new: Pair, inputs: _Channels | None, outputs: _Channels) -> None:
    weight = old[0].weight[outputs.source]
    if inputs is not None:
        weight = weight[:, inputs.source] * inputs.share[None, :, None, None]
    new[0].weight.copy_(weight)
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(new[1], name).copy_(getattr(old[1], name)[outputs.source])


@torch.no_grad()
def grow(old: ExpressionNet, new: ExpressionNet, seed: int) -> None:
    """Set `new`, at least as wide and deep, to the function of `old` (one block a stage).

    Channels are repeated with unequal shares of their outgoing weights, so that repetitions learn apart; blocks that
    `old` lacks add nothing at first.

    :raises ValueError: when `new` is narrower.
    """
    rng = np.random.default_rng(seed)
    old_groups, new_groups = _pairs(old), _pairs(new)
    width, wider = old.stem[0].out_channels, new.stem[0].out_channels
    assert isinstance(width, int) and isinstance(wider, int)
    if wider < width:
        raise ValueError(f"a network of width {width} cannot grow to width {wider}")
    carried = _Channels(width, wider, rng)
    _copy(old_groups[0][0], new_groups[0][0], None, carried)
    after = _Channels(width, wider, rng)
    _copy(old_groups[0][1], new_groups[0][1], carried, after)
    carried, position, stage = after, 1, 1
    for group in new_groups[1:]:
        if len(group) == 2:
            group[1][1].weight.zero_()
            continue
        inner, outer = (_Channels(width << stage, wider << stage, rng) for _ in range(2))
        first, second, skip = old_groups[position]
        _copy(first, group[0], carried, inner)
        _copy(second, group[1], inner, outer)
        _copy(skip, group[2], carried, outer)
        carried, position, stage = outer, position + 1, stage + 1
    new.head.weight.copy_(old.head.weight[:, carried.source] * carried.share)
    new.head.bias.copy_(old.head.bias)


@torch.no_grad()
def renormalise(net: ExpressionNet, faces: Tensor) -> None:
    """Make every normalisation centre and scale by the statistics of `faces`, without changing the function."""

    def adapt(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None and norm.running_var is not None
        x = inputs[0]
        mean, variance = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3))
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        norm.bias.add_((mean - norm.running_mean) * scale)
        norm.weight.copy_(scale * (variance + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    hooks = [m.register_forward_pre_hook(adapt) for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    net.eval()(faces)
    for hook in hooks:
        hook.remove()
