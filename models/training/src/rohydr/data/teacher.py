"""Sentiment teacher: ridge regression from MiniLM embeddings to human sentiment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rohydr.linear import Ridge
from rohydr.metrics import acc2_negative_positive, mean_absolute_error, pearson

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Teacher:
    """Scores texts; `residuals` are human minus teacher on texts it was not fitted on, by split."""

    ridge: Ridge
    residuals: dict[str, Floats]
    vectors: dict[str, Floats]
    human: dict[str, Floats]
    report: dict[str, object]

    def score(self, vectors: Floats) -> NDArray[np.float32]:
        """Sentiment [n] clipped to [-3, 3] of embeddings [n, 384]."""
        return np.clip(self.ridge.predict(vectors)[:, 0], -3, 3).astype(np.float32)


def fit_teacher(path: Path) -> Teacher:
    """Fit on MOSI official train and MOSEI validation texts; penalty chosen on MOSI validation, test measured once."""
    with np.load(path, allow_pickle=False) as packed:
        vectors, split, human = packed["vectors"], packed["split"], packed["sentiment"]
    parts = {name: split == name for name in ("train", "dev", "test")}

    def fitted(penalty: float) -> Ridge:
        return Ridge.fit(vectors[parts["train"]], human[parts["train"]][:, None], penalty)

    def error(ridge: Ridge) -> float:
        predicted = np.clip(ridge.predict(vectors[parts["dev"]])[:, 0], -3, 3)
        return mean_absolute_error(human[parts["dev"]], predicted)

    ridge = min((fitted(p) for p in (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)), key=error)
    report: dict[str, object] = {"penalty": ridge.penalty, "train_rows": int(parts["train"].sum())}
    residuals, kept_vectors, kept_human = {}, {}, {}
    for name in ("dev", "test"):
        truth = human[parts[name]]
        predicted = np.clip(ridge.predict(vectors[parts[name]])[:, 0], -3, 3)
        residuals[name], kept_vectors[name], kept_human[name] = truth - predicted, vectors[parts[name]], truth
        report[f"mosi_{name}"] = sentiment_table(truth, predicted)
    return Teacher(ridge, residuals, kept_vectors, kept_human, report)


def sentiment_table(truth: Floats, predicted: Floats) -> dict[str, float]:
    """MAE, Pearson and ACC2 (negative against positive)."""
    return {
        "n": len(truth),
        "mae": mean_absolute_error(truth, predicted),
        "corr": pearson(truth, predicted),
        "acc2": acc2_negative_positive(truth, predicted),
    }
