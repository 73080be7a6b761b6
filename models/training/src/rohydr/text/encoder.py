"""MiniLM-L6 in PyTorch, with the weights of an ONNX file, and back into such a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from rohydr.data.text import PRETRAINED

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
PIECES, POSITIONS = 30522, 512
NORM_EPSILON = 1e-12


class Layer(nn.Module):
    """One encoder layer of BERT (Devlin et al. 2019), normalisation after each residual sum."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm_attention, self.norm_outer = (nn.LayerNorm(WIDTH, eps=NORM_EPSILON) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, steps, _ = x.shape
        query, key, value = (
            part(x).view(rows, steps, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        rate = self.dropout.p if self.training else 0.0
        context = functional.scaled_dot_product_attention(query, key, value, mask[:, None, None], rate)
        mixed = self.mixed(context.transpose(1, 2).reshape(rows, steps, WIDTH))
        x = self.norm_attention(x + self.dropout(mixed))
        outer = self.outer(functional.gelu(self.inner(x)))
        normed: Tensor = self.norm_outer(x + self.dropout(outer))
        return normed


class TextEncoder(nn.Module):
    """Word pieces `ids` [n, L], `mask` [n, L] true where a piece is -> mean of the last hidden states [n, 384]."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(PIECES, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states [n, L, 384]; what stands where `mask` is false means nothing."""
        x: Tensor = self.word(ids) + self.position(torch.arange(ids.shape[1])) + self.kind.weight[0]
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        weight = mask[:, :, None].float()
        mean: Tensor = (self.hidden(ids, mask).float() * weight).sum(dim=1) / weight.sum(dim=1)
        return mean


PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "intermediate.dense": "inner",
    "output.dense": "outer",
}
"""Names of the file's linear maps -> ours."""


ROOT = "inner.embeddings"
"""Name of the embeddings in the file."""


class _Graph:
    """The constants of an ONNX graph whose weights are stored as integers times a scale."""

    def __init__(self, file: Path) -> None:
        graph = onnx.load(str(file)).graph
        self.arrays: dict[str, NDArray[Any]] = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.makers = {output: node for node in graph.node for output in node.output}
        self.nodes = list(graph.node)

    def constant(self, name: str) -> NDArray[np.float32]:
        """The value of a name that is an initialiser, or a product of a cast one and its scale."""
        if name in self.arrays:
            return np.asarray(self.arrays[name], dtype=np.float32)
        node = self.makers[name]
        if node.op_type == "Cast":
            return self.constant(node.input[0])
        if node.op_type != "Mul":
            raise ValueError(f"{name}: made by {node.op_type}, a stored weight expected")
        return self.constant(node.input[0]) * self.constant(node.input[1])

    def weight_before(self, bias: str) -> str:
        """Name of the matrix [inputs, outputs] of the product that `bias` is added to."""
        for node in self.nodes:
            if node.op_type == "Add" and bias in node.input:
                other = next(name for name in node.input if name != bias)
                return str(self.makers[other].input[1])
        raise ValueError(f"{bias} is not added to anything in the graph")

    def places(self) -> Iterator[tuple[str, str, int | None]]:
        """Our name, the file's name, and the axis that one scale runs along; for all but the table of word pieces.

        The axis is 0 for matrices, which the file holds transposed, 1 for tables and None for what is stored as it is.
        """
        yield "position.weight", f"{ROOT}.position_embeddings.weight", 1
        yield "kind.weight", f"{ROOT}.token_type_embeddings.weight", None
        norms = {"norm": f"{ROOT}.LayerNorm"}
        for n in range(LAYERS):
            stem = f"inner.encoder.layer.{n}"
            norms[f"layers.{n}.norm_attention"] = f"{stem}.attention.output.LayerNorm"
            norms[f"layers.{n}.norm_outer"] = f"{stem}.output.LayerNorm"
            for theirs, ours in PARTS.items():
                bias = f"{stem}.{theirs}.bias"
                yield f"layers.{n}.{ours}.weight", self.weight_before(bias), 0
                yield f"layers.{n}.{ours}.bias", bias, None
        for ours, theirs in norms.items():
            yield f"{ours}.weight", f"{theirs}.weight", None
            yield f"{ours}.bias", f"{theirs}.bias", None


def _stored(weight: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers in [-127, 127] and their scales, one for each line along `axis`, as the file has them."""
    scale = np.maximum(np.abs(weight).max(axis=axis, keepdims=True) / 127, 1e-12).astype(np.float32)
    return np.round(weight / scale).astype(np.int8), scale


def write_encoder(net: TextEncoder, layout: Path, out: Path) -> None:
    """Write `net` as an ONNX file with int8 weights and float arithmetic, node for node like `layout`.

    :raises ValueError: when `layout` is laid out otherwise than expected, or the table of word pieces was changed.
    """
    model = onnx.load(str(layout))
    graph = _Graph(layout)
    arrays: dict[str, NDArray[Any]] = {}
    state = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    if not np.allclose(state["word.weight"], graph.constant(f"{ROOT}.word_embeddings.weight")):
        raise ValueError("the table of word pieces is not that of the file; it stays as it is in tuning")
    for ours, name, axis in graph.places():
        value = state[ours].T if axis == 0 else state[ours]
        if axis is None:
            arrays[name] = value
        else:
            arrays[f"{name}_q"], arrays[f"{name}_scale"] = _stored(value, axis)
    for initializer in model.graph.initializer:
        if initializer.name in arrays:
            new = arrays.pop(initializer.name)
            if tuple(initializer.dims) != new.shape:
                raise ValueError(f"{initializer.name}: shape {tuple(initializer.dims)}, expected {new.shape}")
            initializer.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(new), initializer.name))
    if arrays:
        raise ValueError(f"{layout} has no {', '.join(sorted(arrays))}")
    onnx.save(model, str(out))


def load_encoder(perception: Path, dropout: float = 0.1, network: str = PRETRAINED) -> TextEncoder:
    """The encoder with the weights of `perception`/`network`.onnx, for evaluation (`eval`).

    :raises ValueError: when the file is laid out otherwise than expected.
    """
    graph, net = _Graph(perception / f"{network}.onnx"), TextEncoder(dropout)
    state = {"word.weight": graph.constant(f"{ROOT}.word_embeddings.weight")}
    for ours, name, axis in graph.places():
        state[ours] = graph.constant(name).T if axis == 0 else graph.constant(name)
    net.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    return net.eval()
