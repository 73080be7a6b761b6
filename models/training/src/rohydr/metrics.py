"""Metrics with the definitions of the literature; arrays are numpy, classes are integer indices."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]
Floats = NDArray[np.floating]


def accuracy(truth: Ints, predicted: Ints) -> float:
    """Share of equal entries."""
    return float(np.mean(truth == predicted))


def confusion(truth: Ints, predicted: Ints, classes: int) -> NDArray[np.int64]:
    """Counts [truth, predicted]."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def unweighted_average_recall(truth: Ints, predicted: Ints, classes: int) -> float:
    """Mean recall over the classes that occur in `truth`."""
    table = confusion(truth, predicted, classes)
    support = table.sum(axis=1)
    present = support > 0
    return float(np.mean(np.diag(table)[present] / support[present]))


def class_f1(table: NDArray[np.integer] | NDArray[np.floating]) -> NDArray[np.float64]:
    """F1 of each class from a confusion table [truth, predicted]; 0 for a class that is in neither."""
    total = table.sum(axis=0) + table.sum(axis=1)
    return np.asarray(np.divide(2 * np.diag(table), total, out=np.zeros(len(table)), where=total > 0))


def weighted_f1(table: NDArray[np.integer] | NDArray[np.floating]) -> float:
    """F1 of the classes weighted by how often each is the truth (as scikit-learn's `weighted`)."""
    return float(np.sum(class_f1(table) * table.sum(axis=1)) / table.sum())


def macro_f1(truth: Ints, predicted: Ints, classes: int) -> float:
    """Mean F1 over the classes that occur in `truth` or in `predicted`; a class never hit scores 0."""
    table = confusion(truth, predicted, classes)
    present = table.sum(axis=0) + table.sum(axis=1) > 0
    return float(np.mean(class_f1(table)[present]))


def expected_calibration_error(truth: Ints, posterior: Floats, bins: int = 15) -> float:
    """ECE of the top class with equal-mass bins."""
    found = reliability(truth, posterior, bins)
    return float(sum(abs(b["stated"] - b["found"]) * b["n"] for b in found) / len(truth))


class ReliabilityBin(TypedDict):
    """Rows of like confidence: mean probability stated for the predicted label, share of them right, how many."""

    stated: float
    found: float
    n: int


RELIABILITY_BINS = 8
"""Bins of a reliability curve: 30 rows each with the 240 clips of four test actors."""


def reliability(truth: Ints, posterior: Floats, bins: int = RELIABILITY_BINS) -> list[ReliabilityBin]:
    """Reliability of the top class in equal-mass bins, by rising stated probability; empty bins are left out."""
    confidence, hit = posterior.max(axis=1), posterior.argmax(axis=1) == truth
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return [
        {"stated": float(confidence[p].mean()), "found": float(hit[p].mean()), "n": len(p)} for p in parts if len(p)
    ]


def brier(truth: Ints, posterior: Floats) -> float:
    """Mean squared distance of the posterior to the one-hot truth, summed over the classes."""
    return float(np.mean(np.sum((posterior - np.eye(posterior.shape[1])[truth]) ** 2, axis=1)))


def area_under_risk_coverage(truth: Ints, posterior: Floats) -> float:
    """AURC: mean share of wrong labels among the k most confident rows, over k = 1..n; lower is better.

    Geifman & El-Yaniv 2017, Selective classification for deep neural networks.
    """
    wrong = posterior.argmax(axis=1) != truth
    order = np.argsort(-posterior.max(axis=1), kind="stable")
    return float(np.mean(np.cumsum(wrong[order]) / np.arange(1, len(truth) + 1)))


def mean_absolute_error(truth: Floats, predicted: Floats) -> float:
    """MAE."""
    return float(np.mean(np.abs(truth - predicted)))


def pearson(truth: Floats, predicted: Floats) -> float:
    """Pearson correlation; NaN when one side is constant."""
    if np.std(truth) == 0 or np.std(predicted) == 0:
        return float("nan")
    return float(np.corrcoef(truth, predicted)[0, 1])


def acc2_negative_positive(truth: Floats, predicted: Floats) -> float:
    """ACC2 of the IMDer line: zero labels dropped, positive where > 0."""
    keep = truth != 0
    return float(np.mean((truth[keep] > 0) == (predicted[keep] > 0)))


def energy_scores(truth: Floats, samples: Floats) -> Floats:
    """Energy score of each row, E|X - y| - 0.5 E|X - X'|, with the unbiased second term.

    :param truth: [n, d].
    :param samples: [n, K, d]; K = 1 gives the Euclidean error of a point forecast.
    """
    count = samples.shape[1]
    first = np.linalg.norm(samples - truth[:, None], axis=2).mean(axis=1)
    if count == 1:
        return np.asarray(first)
    squared = np.einsum("nkd,nkd->nk", samples, samples, dtype=np.float64)
    inner = np.einsum("nkd,njd->nkj", samples, samples, dtype=np.float64, optimize=True)
    distance = np.sqrt(np.clip(squared[:, :, None] + squared[:, None] - 2 * inner, 0, None))
    distance[:, np.arange(count), np.arange(count)] = 0
    return np.asarray(first - 0.5 * distance.sum(axis=(1, 2)) / (count * (count - 1)))


def energy_score(truth: Floats, samples: Floats) -> float:
    """Mean of `energy_scores`."""
    return float(np.mean(energy_scores(truth, samples)))


def squared_mmd(ours: Floats, theirs: Floats) -> float:
    """Unbiased squared maximum mean discrepancy of two sets of rows [n, d] and [m, d] (Gretton et al. 2012, eq. 3).

    Kernel exp(-d2 / m), m the median squared distance within `theirs`, the real rows, so that different sets are
    measured against them with the same kernel. 0 for draws from one distribution; chance can make it negative.
    """
    own, other = _squared_distances(ours, ours), _squared_distances(theirs, theirs)
    upper = other[np.triu_indices(len(theirs), 1)]
    width = np.median(upper)
    if not width > 0:
        raise ValueError("half of the real rows are the same: there is no distance to measure with")
    within = [(np.exp(-d / width).sum() - len(d)) / (len(d) * (len(d) - 1)) for d in (own, other)]
    return float(sum(within) - 2 * np.exp(-_squared_distances(ours, theirs) / width).mean())


def _squared_distances(a: Floats, b: Floats) -> Floats:
    found = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    found = np.clip(found, 0, None)
    if a is b:
        np.fill_diagonal(found, 0)
    return np.asarray(found)


def coverage(truth: Floats, low: Floats, high: Floats) -> float:
    """Share of `truth` inside [low, high]."""
    return float(np.mean((truth >= low) & (truth <= high)))


def paired_bootstrap(
    difference: Floats, groups: Ints, repeats: int = 2000, seed: int = 0
) -> tuple[float, float, float]:
    """Mean of a per-row difference with its 95 % interval from resampling whole groups (actors, videos)."""
    names, inverse = np.unique(groups, return_inverse=True)
    sums = np.bincount(inverse, weights=difference, minlength=len(names))
    counts = np.bincount(inverse, minlength=len(names))
    draws = np.random.default_rng(seed).integers(0, len(names), size=(repeats, len(names)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(np.mean(difference)), float(low), float(high)


def bootstrap_ratio(
    above: Floats, below: Floats, groups: Ints, repeats: int = 2000, seed: int = 0
) -> tuple[float, float, float]:
    """1 - mean(above) / mean(below), a skill, with its 95 % interval from resampling whole groups."""
    names, inverse = np.unique(groups, return_inverse=True)
    sums = [np.bincount(inverse, weights=x, minlength=len(names)) for x in (above, below)]
    draws = np.random.default_rng(seed).integers(0, len(names), size=(repeats, len(names)))
    skills = 1 - sums[0][draws].sum(axis=1) / sums[1][draws].sum(axis=1)
    low, high = np.quantile(skills, [0.025, 0.975])
    return 1 - float(np.mean(above) / np.mean(below)), float(low), float(high)
