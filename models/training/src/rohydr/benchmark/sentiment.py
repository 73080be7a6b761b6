"""Sentiment metrics and missing-modality protocols of the field, as ../shared/LITERATURE.md 6.2 fixes them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rohydr.faithful.switches import Switches
from rohydr.labels import PATTERNS
from rohydr.metrics import class_f1, mean_absolute_error, pearson, weighted_f1

Floats = NDArray[np.floating]
Cell = dict[str, float]

RATES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SHARES: Final[dict[float, tuple[float, float, float]]] = {
    0.1: (0.1, 0.1, 0.8),
    0.2: (0.2, 0.2, 0.6),
    0.3: (0.3, 0.3, 0.4),
    0.4: (0.5, 0.2, 0.3),
    0.5: (0.7, 0.1, 0.2),
    0.6: (0.9, 0.0, 0.1),
    0.7: (1.0, 0.0, 0.0),
}
"""Missing rate -> shares of samples that lose two, one and no modality (IMDer, DiCMoR, RoHyDR)."""

INCOMPLETE: Final = tuple(name for name in PATTERNS if name != "TAV")
LINEAR: Final = ("acc2", "acc2_nn", "acc7", "mae")
"""Metrics that mix linearly over patterns."""


def confusion2(truth: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Shares [truth, predicted] of a two-class problem."""
    table = np.zeros((2, 2))
    np.add.at(table, (truth.astype(int), predicted.astype(int)), 1.0)
    return table / max(1, len(truth))


def two_class(label: Floats, predicted: Floats, zeros: bool) -> NDArray[np.float64]:
    """Confusion shares: negative against positive with zero labels dropped, or against non-negative with `zeros`."""
    if zeros:
        return confusion2(label >= 0, predicted >= 0)
    keep = label != 0
    return confusion2(label[keep] > 0, predicted[keep] > 0)


def acc7(label: Floats, predicted: Floats) -> float:
    """Seven-class accuracy; numpy rounding (ties to even) of values clipped to [-3, 3]."""
    return float(np.mean(np.round(np.clip(predicted, -3, 3)) == np.round(np.clip(label, -3, 3))))


def cell(label: Floats, predicted: Floats) -> Cell:
    """All metrics of one pattern. `acc2`, `f1`, `macro_f1`: negative against positive; `_nn`: non-negative.

    :raises ValueError: when a prediction is not finite.
    """
    if not np.isfinite(predicted).all():
        raise ValueError(f"{int((~np.isfinite(predicted)).sum())} predictions are not finite")
    pos, non = two_class(label, predicted, False), two_class(label, predicted, True)
    return {
        "acc2": float(np.trace(pos)),
        "f1": weighted_f1(pos),
        "macro_f1": float(np.mean(class_f1(pos))),
        "acc2_nn": float(np.trace(non)),
        "f1_nn": weighted_f1(non),
        "acc7": acc7(label, predicted),
        "mae": mean_absolute_error(label, predicted),
        "corr": pearson(label, predicted),
    }


def mean_cell(cells: list[Cell]) -> Cell:
    """Plain mean of each metric over patterns (NaN correlations are left out)."""
    out = {}
    for name in cells[0]:
        values = np.array([c[name] for c in cells])
        known = values[np.isfinite(values)]
        out[name] = float(known.mean()) if len(known) else float("nan")
    return out


def pattern_weights(rate: float) -> dict[str, float]:
    """Weight of every pattern at a missing rate: equal inside singles and inside pairs.

    :raises ValueError: for a rate that the protocol does not define; 0 means complete data.
    """
    if rate == 0:
        return {name: float(name == "TAV") for name in PATTERNS}
    if rate not in SHARES:
        raise ValueError(f"missing rate {rate}: 0 or one of {', '.join(map(str, RATES))}")
    two, one, none = SHARES[rate]
    by_size = {1: two / 3, 2: one / 3, 3: none}
    return {name: by_size[len(name)] for name in PATTERNS}


def expected_random(label: Floats, predictions: dict[str, Floats], rate: float) -> Cell:
    """Exact expectation over the random masks: linear metrics mix, F1 comes from the mixed confusion table."""
    weights = pattern_weights(rate)
    used = [name for name, weight in weights.items() if weight > 0]
    cells = {name: cell(label, predictions[name]) for name in used}
    out = {metric: sum(weights[n] * cells[n][metric] for n in used) for metric in LINEAR}
    for suffix, zeros in (("", False), ("_nn", True)):
        tables = [weights[n] * two_class(label, predictions[n], zeros) for n in used]
        mixed = np.sum(np.stack(tables), axis=0)
        out[f"f1{suffix}"] = weighted_f1(mixed)
        if not zeros:
            out["macro_f1"] = float(np.mean(class_f1(mixed)))
    return out


def legacy_shares(rate: float, switches: Switches) -> tuple[float, float, float]:
    """Shares of the released loaders; the defect reads the table's last row for rate 0, Python's list[-1]."""
    if rate == 0 and not switches.last_for_zero:
        return 0.0, 0.0, 1.0
    return SHARES[rate or RATES[-1]]


def legacy_batch(
    label: Floats,
    predictions: dict[str, Floats],
    rate: float,
    seed: int,
    batch: int = 32,
    switches: Switches | None = None,
) -> Cell:
    """The released loaders' protocol, to compare with the literature only: one pattern for a whole shuffled batch.

    The first batches lose two modalities, the next ones one; their numbers come from the batch count rounded to tens.
    """
    rng = np.random.default_rng([seed, 13])
    order = rng.permutation(len(label))
    batches = [order[i : i + batch] for i in range(0, len(order), batch)]
    two, one, _ = legacy_shares(rate, switches or Switches())
    rounded = max(10, round(len(batches) / 10) * 10)
    chosen = np.empty(len(label))
    for number, rows in enumerate(batches):
        lost = 2 if number < round(two * rounded) else 1 if number < round((two + one) * rounded) else 0
        names = [name for name in PATTERNS if len(name) == len(PATTERNS["TAV"]) - lost]
        chosen[rows] = predictions[names[int(rng.integers(len(names)))]][rows]
    return cell(label, chosen)


def full_table(label: Floats, predictions: dict[str, Floats]) -> dict[str, dict[str, Cell]]:
    """`patterns` (7 cells), `averages` (avg7, avg6) and `random` (rate -> exact expectation, with `mean`)."""
    patterns = {name: cell(label, predictions[name]) for name in PATTERNS}
    random = {str(rate): expected_random(label, predictions, rate) for rate in RATES}
    random["mean"] = mean_cell(list(random.values()))
    return {
        "patterns": patterns,
        "averages": {
            "avg7": mean_cell(list(patterns.values())),
            "avg6": mean_cell([patterns[name] for name in INCOMPLETE]),
        },
        "random": random,
    }


def hits(label: Floats, predictions: dict[str, Floats]) -> NDArray[np.float64]:
    """Per utterance the share of the seven patterns whose sign is right; NaN where the label is zero."""
    right = np.mean([(predictions[name] > 0) == (label > 0) for name in PATTERNS], axis=0)
    return np.where(label != 0, right, np.nan)
