"""ONNX export with a parity check against PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

OPSET = 18
TOLERANCE = 1e-4


def run_graph(path: Path, feeds: dict[str, Tensor]) -> list[np.ndarray]:
    """Outputs of an ONNX file on one CPU thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return [np.asarray(o) for o in session.run(None, {k: v.numpy() for k, v in feeds.items()})]


def export_graph(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], path: Path) -> float:
    """Write `module` to `path` with a dynamic first axis; returns the largest difference to PyTorch.

    The check runs at the example's batch size and at another one, so that a batch frozen into the graph fails here.

    :raises ValueError: when PyTorch and onnxruntime differ by more than 1e-4.
    """
    module.eval()
    dynamic = {name: {0: "batch"} for name in [*inputs, *outputs]}
    temporary = path.with_suffix(".tmp.onnx")
    with torch.no_grad():
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            str(temporary),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=dynamic,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(temporary))
    worst = 0.0
    for rows in (next(iter(inputs.values())).shape[0], 1):
        feeds = {name: value[:rows].contiguous() for name, value in inputs.items()}
        with torch.no_grad():
            expected = module(*feeds.values())
        expected = expected if isinstance(expected, tuple) else (expected,)
        for left, right in zip(expected, run_graph(temporary, feeds), strict=True):
            worst = max(worst, float(np.max(np.abs(left.numpy() - right))))
    if not worst <= TOLERANCE:
        temporary.unlink()
        raise ValueError(f"{path.name}: PyTorch and ONNX differ by {worst:.2e}, more than {TOLERANCE:.0e}")
    temporary.replace(path)
    return worst
