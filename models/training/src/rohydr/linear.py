"""Ridge regression in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Ridge:
    """y = (x - x_mean) @ weights + y_mean."""

    weights: Floats
    x_mean: Floats
    y_mean: Floats
    penalty: float

    @staticmethod
    def fit(x: Floats, y: Floats, penalty: float) -> Ridge:
        """:param x: [n, p]. :param y: [n, q]. :param penalty: added to the diagonal of the scatter matrix."""
        x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
        centred = (x - x_mean).astype(np.float64)
        scatter = centred.T @ centred + penalty * np.eye(x.shape[1])
        return Ridge(np.linalg.solve(scatter, centred.T @ (y - y_mean)), x_mean, y_mean, penalty)

    def predict(self, x: Floats) -> NDArray[np.float64]:
        """[n, q] for x [n, p]."""
        return np.asarray((x - self.x_mean) @ self.weights + self.y_mean)
