"""From expression posteriors to proxies of facial action units, fitted on faces of FER2013 as the app measures them.

The faces are written as a film (`write_film`), which the app's own `features --visual` measures: the same detector,
mesh and expression network as for a recording. Only the two test splits are used, because the expression network was
trained on the other: the map is fitted on PublicTest and judged on PrivateTest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rohydr.expression.data import SIDE, load_fer2013
from rohydr.labels import EMOTIONS
from rohydr.linear import Ridge

Floats = NDArray[np.floating]
FIT, HELD_OUT = "PublicTest", "PrivateTest"
RATE = 5
"""Frames per second of the film, the app's own sampling rate: every face is measured once."""
CANVAS, SCALE = 72, 4
"""Each 48x48 face lies in the middle of a black picture of this side, enlarged by this factor."""
PRESENT = 0.5
"""Least landmark score (0 to 1) of a face whose mesh is believed."""
FLOOR = 1e-3


def write_film(data: Path, film: Path) -> dict[str, int]:
    """Write the faces of both test splits, in order, as an uncompressed YUV4MPEG film; returns the number of each."""
    side = CANVAS * SCALE
    splits = load_fer2013(data)
    counts = {}
    edge = (CANVAS - SIDE) // 2 * SCALE
    with film.open("wb") as out:
        out.write(f"YUV4MPEG2 W{side} H{side} F{RATE}:1 Ip A1:1 Cmono\n".encode())
        for name in (FIT, HELD_OUT):
            pixels = splits[name].pixels[:, 0].numpy()
            counts[name] = len(pixels)
            for face in pixels:
                canvas = np.zeros((side, side), np.uint8)
                large = _enlarged(face)
                canvas[edge : edge + len(large), edge : edge + len(large)] = large
                out.write(b"FRAME\n" + canvas.tobytes())
    return counts


def _enlarged(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    side = SIDE * SCALE
    return np.asarray(Image.fromarray(face).resize((side, side), Image.Resampling.BICUBIC))


def log_ratios(posteriors: Floats) -> NDArray[np.float64]:
    """Posteriors [..., 7] and their centred logarithms: what the linear map reads, [..., 14]."""
    logs = np.log(np.clip(posteriors, FLOOR, 1))
    centred = logs - logs.mean(axis=-1, keepdims=True)
    return np.concatenate([np.asarray(posteriors, np.float64), centred], axis=-1)


@dataclass(frozen=True)
class FaceMap:
    """proxies - neutral = log_ratios(posteriors) @ weights + bias, for the proxies that beat the constant."""

    names: list[str]
    unit: str
    weights: Floats
    bias: Floats
    report: dict[str, object]


def fit_face_map(features: Path, counts: dict[str, int]) -> FaceMap:
    """Fit on PublicTest, choose the penalty by folds there, judge on PrivateTest.

    :param features: folder that the app's `features --visual` wrote for the film.
    """
    columns = (features / "face_names.txt").read_text().splitlines()
    faces = np.load(features / "faces.npy", allow_pickle=False).astype(np.float64)
    frames = np.load(features / "frames.npy", allow_pickle=False).astype(np.float64)
    index = np.rint(frames[:, 1] * RATE).astype(int)
    names = [c.split("[")[0] for c in columns[3:]]
    unit = columns[3].partition("[")[2].rstrip("]")
    good = np.isfinite(faces).all(axis=1) & np.isfinite(frames).all(axis=1) & (faces[:, 2] >= PRESENT)
    good &= _plausible(faces[:, 3:], good)
    fit, held = good & (index < counts[FIT]), good & (index >= counts[FIT])
    x, y = log_ratios(frames[:, 2:]), faces[:, 3:]
    ridge = _chosen(x[fit], y[fit])
    neutral = y[fit & (frames[:, 2] > 0.6)].mean(axis=0)
    predicted = ridge.predict(x[held])
    mae = np.abs(predicted - y[held]).mean(axis=0)
    constant = np.abs(np.median(y[fit], axis=0) - y[held]).mean(axis=0)
    boot = _gain_low(np.abs(predicted - y[held]), np.abs(np.median(y[fit], axis=0) - y[held]))
    kept = [k for k in range(len(names)) if boot[k] > 0]
    residual = (y[held] - predicted).std(axis=0)
    report: dict[str, object] = {
        "faces": {"fit": int(fit.sum()), "held_out": int(held.sum()), "shown": int(sum(counts.values()))},
        "errors": [
            {
                "name": names[k],
                "unit": unit,
                "mae": float(mae[k]),
                "constant": float(constant[k]),
                "gain_low": float(boot[k]),
                "kept": k in kept,
            }
            for k in range(len(names))
        ],
        "residual_sd": [float(residual[k]) for k in kept],
        "neutral": "mean of the faces read as neutral with more than 60 %",
        "labels": list(EMOTIONS),
    }
    bias = ridge.y_mean - ridge.x_mean @ ridge.weights - neutral
    return FaceMap([names[k] for k in kept], unit, ridge.weights[:, kept], bias[kept], report)


def _plausible(y: Floats, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leaves out meshes that are far from all others in some proxy: five median absolute deviations times 1.4826."""
    middle = np.median(y[good], axis=0)
    spread = 1.4826 * np.median(np.abs(y[good] - middle), axis=0)
    return np.asarray((np.abs(y - middle) <= 5 * spread).all(axis=1))


def _chosen(x: Floats, y: Floats) -> Ridge:
    """The ridge whose penalty has the least squared error over five folds."""
    part = np.arange(len(x)) % 5
    penalties = (1.0, 10.0, 100.0, 1000.0)

    def error(penalty: float) -> float:
        wrong = [y[part == k] - Ridge.fit(x[part != k], y[part != k], penalty).predict(x[part == k]) for k in range(5)]
        return float(np.mean(np.concatenate(wrong) ** 2 / y.var(axis=0)))

    return Ridge.fit(x, y, min(penalties, key=error))


def _gain_low(model: Floats, constant: Floats) -> NDArray[np.float64]:
    """Lower end of the 95 % bootstrap interval, over faces, of how much smaller the error is than the constant's."""
    rng = np.random.default_rng(0)
    gain = constant - model
    means = [gain[rng.integers(0, len(gain), len(gain))].mean(axis=0) for _ in range(1000)]
    return np.asarray(np.quantile(means, 0.025, axis=0))
