"""Measures how FER2013 frames its faces relative to the shipped detector's boxes (constants of the visual extractor).

usage: python models/import/measureFraming.py ../shared/data/fer2013/faces48.npz

Each 48x48 picture is put in the middle of a black 72x72 one, so that faces that fill it are found, and scaled to the detector's
input. Prints the expression crop that shows a detected face as FER2013 would: its side and its shift in box sizes. Needs pillow.
"""

from __future__ import annotations

import io
import sys

import numpy as np
import onnxruntime as ort
import registry
from PIL import Image

SIDE, GRID, PICTURES = 72, 128, 800


def anchors() -> np.ndarray:
    grids = [np.stack(np.meshgrid(*[(np.arange(n) + 0.5) * GRID / n] * 2), -1).reshape(-1, 2) for n in (16, 8)]
    return np.concatenate([np.repeat(grids[0], 2, axis=0), np.repeat(grids[1], 6, axis=0)])


def main() -> None:
    data = np.load(sys.argv[1])
    chosen = np.random.default_rng(1).choice(len(data["label"]), PICTURES, replace=False)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    network = str(registry.PERCEPTION / "face-detection.onnx")
    session = ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    centres, boxes = anchors(), []
    for index in chosen:
        encoded = data["webp"][data["offset"][index] : data["offset"][index + 1]].tobytes()
        canvas = Image.new("RGB", (SIDE, SIDE))
        canvas.paste(Image.open(io.BytesIO(encoded)).convert("RGB"), ((SIDE - 48) // 2,) * 2)
        pixels = np.asarray(canvas.resize((GRID, GRID), Image.Resampling.BILINEAR), np.float32) / 127.5 - 1
        objects = session.run(["objects"], {"input": pixels[None]})[0][0]
        best = int(objects[:, 0].argmax())
        if objects[best, 0] > 0:
            centre = (objects[best, 1:3] + centres[best]) * SIDE / GRID - (SIDE - 48) / 2
            boxes.append([*centre, objects[best, 3] * SIDE / GRID])
    x, y, size = np.median(np.array(boxes), axis=0)
    print(f"{len(boxes)} of {PICTURES} faces found; median box side {size:.1f}, centre ({x:.1f}, {y:.1f}) of 48")
    print(f"crop: scale {48 / size:.2f}, shift {(24 - x) / size:+.3f} across, {(24 - y) / size:+.3f} down")


if __name__ == "__main__":
    main()
