"""Rebuilds a TensorFlow.js graph model as ONNX, node by node (NHWC outside, NCHW inside)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]


def read_weights(model: dict[str, Any], folder: Path) -> dict[str, np.ndarray]:
    """All constants of a TensorFlow.js model by name; quantised ones are widened."""
    weights: dict[str, np.ndarray] = {}
    for group in model["weightsManifest"]:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            stored = np.dtype(entry.get("quantization", entry)["dtype"])
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, stored, count, offset).reshape(entry["shape"])
            offset += count * stored.itemsize
            quantization = entry.get("quantization")
            if quantization and "scale" in quantization:
                values = values.astype(np.float32) * np.float32(quantization["scale"]) + np.float32(quantization["min"])
            weights[entry["name"]] = values.astype(entry["dtype"])
        if offset != len(data):
            raise ValueError(f"weights hold {len(data)} bytes, the manifest describes {offset}")
    return weights


class GraphConverter:
    """Converts the operators that the face networks use; any other one stops the import."""

    def __init__(self, model: dict[str, Any], weights: dict[str, np.ndarray]) -> None:
        self.source = {node["name"]: node for node in model["modelTopology"]["node"]}
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.rank: dict[str, int] = {}

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def emit(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def nhwc(self, name: str) -> str:
        """The tensor in the order of the original graph."""
        if self.rank[name] != 4:
            return name
        return self.emit("Transpose", [name], f"{name}/nhwc{len(self.nodes)}", perm=TO_NHWC)

    def convert(self, input_name: str, shape: Sequence[int], outputs: dict[str, str], name: str) -> onnx.ModelProto:
        """`outputs` maps ONNX output names to node names of the original."""
        self.rank[f"{input_name}/nchw"] = 4
        self.emit("Transpose", [input_name], f"{input_name}/nchw", perm=TO_NCHW)
        names = {input_name: f"{input_name}/nchw"}
        for node in self.source.values():
            if node["op"] in ("Const", "Placeholder", "Shape", "StridedSlice", "Pack"):
                continue
            names[node["name"]] = self.node(node, names)
        for target, origin in outputs.items():
            self.emit("Identity", [self.nhwc(names[origin])], target)
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(input_name, TensorProto.FLOAT, ["batch", *shape])],
            [helper.make_tensor_value_info(target, TensorProto.FLOAT, None) for target in outputs],
            list(self.constants.values()),
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        made = onnx.shape_inference.infer_shapes(made)
        onnx.checker.check_model(made, full_check=True)
        return made

    def node(self, node: dict[str, Any], names: dict[str, str]) -> str:
        kind, name, inputs = node["op"], node["name"], node.get("input", [])
        first = names[inputs[0]]
        rank = self.rank[first]
        match kind:
            case "_FusedConv2D":
                result = self.fused_convolution(node, first)
            case "DepthwiseConv2dNative":
                result = self.convolution(node, first, name, depthwise=True, bias=None)
            case "AddV2":
                second = self.channels(inputs[1]) if inputs[1] in self.weights else names[inputs[1]]
                result = self.emit("Add", [first, second], name)
            case "Relu" | "Sigmoid" | "Identity":
                result = self.emit(kind, [first], name)
            case "Prelu":
                result = self.emit("PRelu", [first, self.channels(inputs[1])], name)
            case "MaxPool":
                sizes = {key: integers(node, key)[1:3] for key in ("ksize", "strides")}
                result = self.emit(
                    "MaxPool", [first], name, kernel_shape=sizes["ksize"], strides=sizes["strides"], auto_pad=padding(node)
                )
            case "Pad":
                before_after = self.weights[inputs[1]][[*TO_NCHW] if rank == 4 else slice(None)]
                pads = self.constant(f"{name}/pads", before_after.T.reshape(-1).astype(np.int64))
                result = self.emit("Pad", [first, pads], name)
            case "Reshape":
                target = self.target_shape(inputs[1])
                rank = len(target)
                shape = self.constant(f"{name}/shape", np.array(target, np.int64))
                result = self.emit("Reshape", [self.nhwc(first), shape], name)
            case "ConcatV2":
                axis = int(self.weights[inputs[-1]])
                axis = TO_NHWC.index(axis % 4) if rank == 4 else axis
                result = self.emit("Concat", [names[source] for source in inputs[:-1]], name, axis=axis)
            case _:
                raise NotImplementedError(f"operator {kind} of node {name}")
        self.rank[result] = rank
        return result

    def fused_convolution(self, node: dict[str, Any], first: str) -> str:
        operations = [base64.b64decode(text).decode() for text in node["attr"]["fused_ops"]["list"]["s"]]
        name, inputs = node["name"], node["input"]
        if not operations or operations[0] != "BiasAdd":
            raise NotImplementedError(f"fused operations {operations}")
        convolved = name if len(operations) == 1 else f"{name}/linear"
        self.convolution(node, first, convolved, depthwise=False, bias=inputs[2])
        match operations[1:]:
            case []:
                return convolved
            case ["Relu"]:
                return self.emit("Relu", [convolved], name)
            case ["Prelu"]:
                return self.emit("PRelu", [convolved, self.channels(inputs[3])], name)
            case _:
                raise NotImplementedError(f"fused operations {operations}")

    def convolution(self, node: dict[str, Any], first: str, output: str, *, depthwise: bool, bias: str | None) -> str:
        kernel = self.weights[node["input"][1]]
        height, width, channels, multiplier = kernel.shape
        if depthwise:
            kernel = kernel.reshape(height, width, 1, channels * multiplier)
        inputs = [first, self.constant(f"{node['name']}/kernel", kernel.transpose(3, 2, 0, 1))]
        if bias is not None:
            inputs.append(self.constant(f"{node['name']}/bias", self.weights[bias]))
        if integers(node, "dilations") not in ([], [1, 1, 1, 1]):
            raise NotImplementedError("dilated convolution")
        strides = integers(node, "strides")[1:3]
        group = channels if depthwise else 1
        return self.emit(
            "Conv", inputs, output, kernel_shape=[height, width], strides=strides, group=group, auto_pad=padding(node)
        )

    def channels(self, name: str) -> str:
        """A per-channel constant shaped for broadcasting over NCHW."""
        return self.constant(f"{name}/channels", self.weights[name].reshape(-1, 1, 1))

    def target_shape(self, name: str) -> list[int]:
        """A reshape target: constant, or packed from the batch size (0: copied) and constants."""
        if name in self.weights:
            return [int(value) for value in self.weights[name]]
        parts = self.source[name]["input"]
        return [int(self.weights[part]) if part in self.weights else 0 for part in parts]


def integers(node: dict[str, Any], attribute: str) -> list[int]:
    return [int(value) for value in node["attr"].get(attribute, {"list": {}})["list"].get("i", [])]


def padding(node: dict[str, Any]) -> str:
    return {"SAME": "SAME_UPPER", "VALID": "VALID"}[base64.b64decode(node["attr"]["padding"]["s"]).decode()]


def convert_file(file: Path, outputs: dict[str, str], name: str) -> onnx.ModelProto:
    """Converts `file` (model.json); `outputs` maps ONNX output names to keys of the model's signature."""
    model = json.loads(file.read_text())
    (placeholder,) = (node for node in model["modelTopology"]["node"] if node["op"] == "Placeholder")
    shape = [int(dim["size"]) for dim in placeholder["attr"]["shape"]["shape"]["dim"]][1:]
    origins = {key: model["signature"]["outputs"][value]["name"].split(":")[0] for key, value in outputs.items()}
    converter = GraphConverter(model, read_weights(model, file.parent))
    return converter.convert(placeholder["name"], shape, origins, name)
