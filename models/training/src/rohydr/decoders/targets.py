"""What the decoders aim at: contours over the spoken stretch of every RAVDESS clip, in equally long parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rohydr.data.ravdess import FRAMES_PER_SECOND, Clips
from rohydr.features import PosteriorMap
from rohydr.labels import EMOTIONS

Floats = NDArray[np.floating]
RATES = ("voiced_segments_rate", "loudness_peaks_rate")
"""Functionals of the voice that stand for the rate of speech."""
POSITIVE = ("loudness", "jitter")
"""Curves that cannot fall below 0."""


@dataclass(frozen=True)
class Quantity:
    """Name and unit of a decoded quantity, as the app names the measured one."""

    name: str
    unit: str


@dataclass(frozen=True)
class Targets:
    """One row per clip, NaN where nothing was measured: expression [n, P, 7], voice [n, P, C], rates [n, R]."""

    expression: NDArray[np.float32]
    voice: NDArray[np.float32]
    rates: NDArray[np.float32]
    voice_quantities: list[Quantity]
    rate_quantities: list[Quantity]

    @property
    def points(self) -> int:
        """Number of parts."""
        return int(self.voice.shape[1])

    def of(self, rows: NDArray[np.integer]) -> Targets:
        """The targets of some clips."""
        quantities = (self.voice_quantities, self.rate_quantities)
        return Targets(self.expression[rows], self.voice[rows], self.rates[rows], *quantities)


def read_targets(clips: Clips, contours: Path, visual: Path, mapping: PosteriorMap) -> Targets:
    """Contours of the voice as the app's `features --curves` wrote them, and of the mapped stored posteriors.

    :param visual: the packed file that holds the frame numbers of the posteriors (1-based frames of the video).
    :raises ValueError: when a clip has no contours.
    """
    ids = [name.split("-", 1)[1] for name in (contours / "ids.txt").read_text().split()]
    where = {name: i for i, name in enumerate(ids)}
    absent = [name for name in clips.ids if name not in where]
    if absent:
        raise ValueError(f"{contours}: no contours for {len(absent)} clips, first {absent[0]}")
    order = [where[name] for name in clips.ids]
    table = np.load(contours / "curves.npy", allow_pickle=False).astype(np.float32)[order]
    quantities, points = _voice_quantities((contours / "curve_names.txt").read_text().splitlines())
    voice = table[:, 2:].reshape(len(table), len(quantities), points).transpose(0, 2, 1)
    with np.load(visual, allow_pickle=False) as packed:
        numbers, lengths = packed["fer_frame_no"], packed["fer_len"].astype(int)
    expression = np.full((len(table), points, len(EMOTIONS)), np.nan, dtype=np.float32)
    for i, frames in enumerate(clips.frames):
        seconds = (numbers[i, : lengths[i]] - 0.5) / FRAMES_PER_SECOND
        expression[i] = in_parts(mapping.apply(frames), seconds, (table[i, 0], table[i, 1]), points)
    rates, rate_quantities = _rates(clips)
    return Targets(expression, np.ascontiguousarray(voice), rates, quantities, rate_quantities)


def in_parts(values: Floats, seconds: Floats, span: tuple[float, float], points: int) -> NDArray[np.float32]:
    """Mean of `values` [n, c] in each of `points` equally long parts of `span`; NaN where none lies."""
    part = np.floor((seconds - span[0]) / (span[1] - span[0]) * points).astype(int)
    out = np.full((points, values.shape[1]), np.nan, dtype=np.float32)
    for k in range(points):
        inside = part == k
        if inside.any():
            out[k] = values[inside].mean(axis=0)
    return out


def _voice_quantities(columns: list[str]) -> tuple[list[Quantity], int]:
    found: dict[str, Quantity] = {}
    for column in columns[2:]:
        name = column.split("[")[0].rpartition(".")[0]
        found[name] = Quantity(name, column.partition("[")[2].rstrip("]"))
    return list(found.values()), (len(columns) - 2) // len(found)


def _rates(clips: Clips) -> tuple[NDArray[np.float32], list[Quantity]]:
    plain = [name.split("[")[0] for name in clips.names]
    columns = [plain.index(name) for name in RATES]
    units = [clips.names[c].partition("[")[2].rstrip("]") for c in columns]
    return clips.audio[:, columns], [Quantity(name, unit) for name, unit in zip(RATES, units, strict=True)]
