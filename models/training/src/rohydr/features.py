"""Visual functionals shared with the app, and the calibration of stored posteriors to the app's expression network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.floating]
FLOOR = 1e-4
STATISTICS = 9
VISUAL_DIMENSION = 7 * STATISTICS


def expression_functionals(posteriors: Floats) -> NDArray[np.float64]:
    """`expression-functionals/2`: nine statistics of seven expression curves, most on centred log ratios.

    The curves are log posteriors (floor 1e-4) minus their mean over the classes, frame by frame: the scale on which the
    network's error is additive (Aitchison 1982).

    :param posteriors: [n, 7] in EMOTIONS order, n >= 1, sampled at 5 frames/s.
    :returns: [63]: mean, population sd, 10th and 90th percentile (linear), mean over each third k (frames floor(kn/3)
        to ceil((k+1)n/3), so that no third is empty), mean absolute step between frames (0 for one frame); and, of the
        posteriors themselves, the share of frames in which a class is the largest (ties to the first).
    """
    p = np.asarray(posteriors, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] != 7 or p.shape[0] == 0:
        raise ValueError(f"posteriors must be [n >= 1, 7], got {p.shape}")
    n = p.shape[0]
    logs = np.log(np.clip(p, FLOOR, 1))
    ratio = logs - logs.mean(axis=1, keepdims=True)
    low, high = np.quantile(ratio, [0.1, 0.9], axis=0)
    thirds = [ratio[k * n // 3 : -(-(k + 1) * n // 3)].mean(axis=0) for k in range(3)]
    step = np.abs(np.diff(ratio, axis=0)).mean(axis=0) if n > 1 else np.zeros(7)
    dominant = np.bincount(p.argmax(axis=1), minlength=7) / n
    return np.concatenate([ratio.mean(axis=0), ratio.std(axis=0), low, high, *thirds, step, dominant])


@dataclass(frozen=True)
class PosteriorMap:
    """Maps posteriors of one expression network towards another: p'_c ~ p_c^(1/temperature) * exp(bias_c)."""

    temperature: float
    bias: tuple[float, ...]
    disagreement: float
    """Mean total variation left between mapped and target posteriors on the frames the map was fitted on."""
    fitted_on: str

    def apply(self, posteriors: Floats, shift: Floats | float = 0.0) -> NDArray[np.float64]:
        """Mapped posteriors [..., 7]; `shift` is added to the log posterior before normalisation."""
        logits = np.log(np.clip(posteriors, FLOOR, 1)) / self.temperature + np.asarray(self.bias) + shift
        logits = logits - logits.max(axis=-1, keepdims=True)
        p = np.exp(logits)
        return np.asarray(p / p.sum(axis=-1, keepdims=True))


def total_variation(left: Floats, right: Floats) -> float:
    """Mean over rows of half the L1 distance."""
    return float(0.5 * np.abs(left - right).sum(axis=-1).mean())


def fit_posterior_map(stored: Floats, ours: Floats, fitted_on: str, ridge: float = 0.5) -> PosteriorMap:
    """Fit temperature and class weights by minimal KL(ours || mapped) with a ridge on log temperature and bias.

    The ridge keeps classes near their stored prior where the frames hardly show them.

    :param stored: [n, 7] posteriors to map. :param ours: [n, 7] target posteriors of the same frames.
    """
    log_stored = np.log(np.clip(stored, FLOOR, 1))

    def loss(x: Floats) -> float:
        logits = log_stored / np.exp(x[0]) + x[1:]
        log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        return float(-(ours * log_p).sum(axis=1).mean() + ridge * np.sum(x**2))

    x = minimize(loss, np.zeros(8), method="L-BFGS-B").x
    bias = tuple(float(b) for b in x[1:] - x[1:].mean())
    fitted = PosteriorMap(float(np.exp(x[0])), bias, 0.0, fitted_on)
    return PosteriorMap(fitted.temperature, bias, total_variation(fitted.apply(stored), ours), fitted_on)


def noise_sd_for(posteriors: Floats, disagreement: float, mapping: PosteriorMap, seed: int = 0) -> float:
    """Standard deviation of Gaussian log-posterior noise that moves mapped posteriors by `disagreement` on average."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(posteriors.shape)
    clean = mapping.apply(posteriors)
    low, high = 0.0, 8.0
    for _ in range(30):
        middle = (low + high) / 2
        moved = total_variation(mapping.apply(posteriors, middle * noise), clean)
        low, high = (middle, high) if moved < disagreement else (low, middle)
    return (low + high) / 2
