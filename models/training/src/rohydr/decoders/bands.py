"""Bands of decoded curves: spread of the samples and error of the decoder, scaled to what calibration shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
LEVEL = 0.9


@dataclass(frozen=True)
class Band:
    """How far a band reaches around the mean of the samples.

    `residual` [P, C]: standard deviation of the decoder's own error. `low`, `high` [C]: how many total standard
    deviations the band reaches below and above.
    """

    residual: Floats
    low: Floats
    high: Floats

    def around(self, samples: Floats) -> tuple[Floats, Floats]:
        """Low and high end [n, P, C] for samples [n, K, P, C]."""
        centre, total = samples.mean(axis=1), total_spread(samples, self.residual)
        return centre - self.low * total, centre + self.high * total


def total_spread(samples: Floats, residual: Floats) -> Floats:
    """Standard deviation [n, P, C] of sample and decoder error together, taken as independent."""
    between = samples.var(axis=1, ddof=1) if samples.shape[1] > 1 else np.zeros(samples[:, 0].shape)
    return np.asarray(np.sqrt(between + residual**2))


def residual_of(decoded: Floats, target: Floats) -> Floats:
    """Root mean square error [P, C] of decoding measured latents; a part hardly ever measured takes the mean of all."""
    wrong = (decoded - target) ** 2
    known = np.isfinite(wrong).sum(axis=0)
    pooled = np.nanmean(wrong, axis=(0, 1))
    each = np.nanmean(np.where(known >= 10, wrong, pooled), axis=0)
    return np.asarray(np.sqrt(each))


def calibrate_band(samples: Floats, target: Floats, residual: Floats, level: float = LEVEL) -> Band:
    """Tail factors per output so that each side of the band leaves out half of 1 - `level` of the calibration values.

    :param samples: decoded samples [n, K, P, C] of recovered clips. :param target: [n, P, C], NaN where not measured.
    """
    standard = (target - samples.mean(axis=1)) / total_spread(samples, residual)
    tail = (1 - level) / 2
    low, high = np.nanquantile(standard, [tail, 1 - tail], axis=(0, 1))
    return Band(residual, np.maximum(-low, 0.0), np.maximum(high, 0.0))


def covered(low: Floats, high: Floats, target: Floats) -> Floats:
    """Share [C] of the measured values inside the band."""
    known = np.isfinite(target)
    inside = (target >= low) & (target <= high)
    return np.asarray(inside.sum(axis=(0, 1)) / known.sum(axis=(0, 1)))
