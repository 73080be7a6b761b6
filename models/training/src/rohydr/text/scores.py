"""Scores of the text read-outs; thresholds of the emotions are chosen on dev."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rohydr.benchmark.sentiment import cell
from rohydr.labels import EMOTIONS
from rohydr.metrics import class_f1, confusion, weighted_f1
from rohydr.text.tasks import Rows

Floats = NDArray[np.floating]
Scores = dict[str, float]


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    total = truth.sum() + said.sum()
    return 0.0 if total == 0 else float(2 * (truth & said).sum() / total)


def choose_thresholds(logits: Floats, target: Floats) -> NDArray[np.float64]:
    """Per emotion, the logit above which it is said: the best F1 among 99 quantiles of the logits."""
    out = np.empty(logits.shape[1])
    for k in range(logits.shape[1]):
        candidates = np.quantile(logits[:, k], np.linspace(0.01, 0.99, 99))
        out[k] = max(candidates, key=lambda at: _f1(target[:, k] > 0, logits[:, k] > at))
    return out


def several_emotions(logits: Floats, target: Floats, thresholds: Floats) -> Scores:
    """F1 per emotion and their mean, every emotion a yes or no of its own (as Demszky et al. 2020 report)."""
    scores = {name: _f1(target[:, k] > 0, logits[:, k] > thresholds[k]) for k, name in enumerate(EMOTIONS)}
    return {"macro_f1": float(np.mean(list(scores.values()))), **scores}


def one_emotion(logits: Floats, target: Floats) -> Scores:
    """Accuracy, and F1 weighted by support (as the MELD literature reports)."""
    truth = target.astype(np.int64)
    table = confusion(truth, logits.argmax(axis=1), len(EMOTIONS))
    f1 = class_f1(table)
    scores = {name: float(f1[k]) for k, name in enumerate(EMOTIONS)}
    return {
        "weighted_f1": weighted_f1(table),
        "macro_f1": float(f1[table.sum(axis=1) > 0].mean()),
        "accuracy": float(np.trace(table) / table.sum()),
        **scores,
    }


def sentiment(predicted: Floats, target: Floats) -> Scores:
    """ACC2 and F1 (negative against positive), ACC7, MAE and r of predictions clipped to [-3, 3]."""
    found = cell(target.astype(np.float64), np.clip(predicted.astype(np.float64), -3, 3))
    return {name: float(found[name]) for name in ("acc2", "f1", "acc7", "mae", "corr")}


def scores_of(outputs: Floats, rows: Rows, dev: tuple[Floats, Rows] | None = None) -> Scores:
    """Scores of a head's outputs [n, its width]; emotions of several need `dev` to choose thresholds on.

    :raises ValueError: when outputs and rows differ in number.
    """
    if len(outputs) != len(rows):
        raise ValueError(f"{rows.head}: {len(outputs)} outputs for {len(rows)} rows")
    if rows.head == "sentiment":
        return sentiment(outputs[:, 0], rows.target)
    if rows.head == "meld":
        return one_emotion(outputs, rows.target)
    chosen_on = (outputs, rows) if dev is None else dev
    return several_emotions(outputs, rows.target, choose_thresholds(chosen_on[0], chosen_on[1].target))


def merit(head: str, scores: Scores) -> float:
    """What selection on dev maximises: MAE (negated), macro-F1 or weighted F1."""
    return {"sentiment": -scores.get("mae", 0), "ekman": scores.get("macro_f1", 0)}.get(
        head, scores.get("weighted_f1", 0)
    )
