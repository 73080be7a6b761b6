"""Writes test/fixtures/expressionFunctionals.json: expression functionals computed with numpy, for both implementations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

FIXTURE = (
    Path(__file__).resolve().parents[2]
    / "test"
    / "fixtures"
    / "expressionFunctionals.json"
)


def functionals(posteriors: np.ndarray) -> np.ndarray:
    """[n, 7] posteriors of the usable frames -> [63] features, statistic by statistic (expression-functionals/2)."""
    n = len(posteriors)
    index = np.arange(n)
    logs = np.log(np.clip(posteriors, 1e-4, 1))
    ratios = logs - logs.mean(1, keepdims=True)
    thirds = [
        ratios[
            (index >= np.floor(k * n / 3)) & (index < np.ceil((k + 1) * n / 3))
        ].mean(0)
        for k in range(3)
    ]
    statistics = [
        ratios.mean(0),
        ratios.std(0),
        np.percentile(ratios, 10, axis=0),
        np.percentile(ratios, 90, axis=0),
        *thirds,
        np.abs(ratios[1:] - ratios[:-1]).sum(0) / max(1, n - 1),
        np.eye(7)[posteriors.argmax(1)].mean(0),
    ]
    return np.concatenate(statistics)


def case(
    name: str,
    frames: int,
    missing: list[int],
    usable: list[list[int]],
    random: np.random.Generator,
) -> dict:
    logits = random.normal(0, 3, (frames, 7))
    posteriors = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    posteriors = posteriors.astype(np.float32).astype(np.float64)
    timestamps = np.arange(frames) * 200_000
    seen = [
        frame
        for frame in range(frames)
        if frame not in missing
        and any(start <= timestamps[frame] < end for start, end in usable)
    ]
    rows = [
        None if frame in missing else posteriors[frame].tolist()
        for frame in range(frames)
    ]
    return {
        "name": name,
        "timestamps_us": timestamps.tolist(),
        "expression": rows,
        "usable_us": usable,
        "usable_frames": seen,
        "expected": functionals(posteriors[seen]).tolist() if seen else None,
    }


def main() -> None:
    random = np.random.default_rng(2026)
    whole = [[0, 10_000_000]]
    cases = [
        case("odd number of frames", 11, [], whole, random),
        case("even number of frames", 12, [], whole, random),
        case("one frame", 1, [], whole, random),
        case("two frames", 2, [], whole, random),
        case("four frames, thirds that share frames", 4, [], whole, random),
        case("frames without a face are left out", 15, [0, 3, 4, 14], whole, random),
        case(
            "frames outside the usable ranges are left out",
            20,
            [2],
            [[200_000, 1_000_000], [2_000_000, 3_000_001]],
            random,
        ),
        case("no usable frame", 5, [1], [[200_000, 400_000]], random),
    ]
    document = {
        "labels": [
            "neutral",
            "happiness",
            "sadness",
            "anger",
            "fear",
            "disgust",
            "surprise",
        ],
        "cases": cases,
    }
    FIXTURE.write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
