"""Temperature scaling (Guo et al. 2017) and split-conformal half-widths (Mondrian by availability pattern)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


def mixture_log_posterior(logits: Floats, temperature: float) -> Floats:
    """Log of the mean over K of softmax(logits / T). `logits` [n, K, C] or [n, C] -> [n, C]."""
    scaled = (logits if logits.ndim == 3 else logits[:, None]) / temperature
    log_posterior = scaled - logsumexp(scaled, axis=2, keepdims=True)
    return np.asarray(logsumexp(log_posterior, axis=1) - math.log(log_posterior.shape[1]))


def fit_temperature(logits: Floats, labels: Ints) -> float:
    """Temperature in [0.05, 20] that minimises the negative log likelihood of the K-sample mixture."""
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return float(-mixture_log_posterior(logits.astype(np.float64), math.exp(log_temperature))[rows, labels].mean())

    found = minimize_scalar(loss, bounds=(math.log(0.05), math.log(20.0)), method="bounded")
    return float(math.exp(found.x))


def conformal_rank(count: int, level: float) -> int:
    """How many of `count` held rows must be covered so that a further one is with probability `level`.

    ceil((n + 1) * level), at most n (Papadopoulos et al. 2002; Lei et al. 2018, theorem 2.2).
    """
    return min(math.ceil((count + 1) * level), count)


def conformal_half_width(truth: Floats, predicted: Floats, level: float) -> float:
    """Order statistic `conformal_rank` of |truth - predicted|; the largest residual when n is too small."""
    residual = np.sort(np.abs(truth - predicted))
    return float(residual[conformal_rank(len(residual), level) - 1])
