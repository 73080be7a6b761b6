"""face-api.js's expression network behind the contract of our own expression network, to compare the two."""
from __future__ import annotations

import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import registry
import tfjsGraph


def build() -> onnx.ModelProto:
    folder = registry.npm_package("@vladmandic/face-api", "1.7.15") / "model"
    manifest = json.loads((folder / "face_expression_model-weights_manifest.json").read_text())
    weights = tfjsGraph.read_weights({"weightsManifest": manifest}, folder)
    nodes, constants = [], []

    def constant(values, name=None):
        name = name or f"c{len(constants)}"
        constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def emit(kind, *inputs, out=None, **attributes):
        out = out or f"t{len(nodes)}"
        nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def convolution(x, filters, bias, stride, group=1):
        if group > 1:
            filters = filters.transpose(0, 1, 3, 2)
        inputs = [x, constant(filters.transpose(3, 2, 0, 1))] + ([constant(bias)] if bias is not None else [])
        return emit("Conv", *inputs, strides=[stride, stride], auto_pad="SAME_UPPER", group=group)

    def separable(x, name, stride):
        depthwise = weights[f"{name}/depthwise_filter"]
        x = convolution(x, depthwise, None, stride, depthwise.shape[2])
        return convolution(x, weights[f"{name}/pointwise_filter"], weights[f"{name}/bias"], 1)

    x = emit("Resize", "face", "", constant(np.array([1, 1, 112 / 48, 112 / 48], np.float32)), mode="linear", coordinate_transformation_mode="half_pixel")
    x = emit("Concat", x, x, x, axis=1)
    mean = np.array([122.782, 117.001, 104.298], np.float32).reshape(1, 3, 1, 1)
    x = emit("Div", emit("Sub", x, constant(mean)), constant(np.float32(255)))
    for block in range(4):
        name = f"dense{block}"
        if block == 0:
            x = convolution(x, weights[f"{name}/conv0/filters"], weights[f"{name}/conv0/bias"], 2)
        else:
            x = separable(x, f"{name}/conv0", 2)
        total = first = emit("Relu", x)
        x = first
        for index in (1, 2, 3):
            total = emit("Add", total, separable(x, f"{name}/conv{index}", 1))
            x = emit("Relu", total)
    pooled = emit("GlobalAveragePool", x)
    emit("Flatten", pooled, out="embedding")
    logits = emit("Add", emit("MatMul", "embedding", constant(weights["fc/weights"])), constant(weights["fc/bias"]))
    emit("Softmax", logits, out="posterior", axis=1)
    graph = helper.make_graph(
        nodes,
        "expression",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["batch", 1, 48, 48])],
        [
            helper.make_tensor_value_info("posterior", TensorProto.FLOAT, ["batch", 7]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 256]),
        ],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    onnx.save(build(), sys.argv[1])
