"""Conditional means: ridge in closed form, and a network; what a generative recovery has to beat."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from rohydr.benchmark.recoverer import Recoverer
from rohydr.labels import PATTERNS
from rohydr.linear import Ridge
from rohydr.stages.common import mask
from rohydr.stages.diffusion import missing_error

PENALTIES = (30.0, 300.0, 3000.0, 30000.0)


class MeanNetwork(Recoverer):
    """A multilayer perceptron trained on squared error: E[missing | observed]."""

    stochastic = False

    def __init__(self, tokens: int, width: int, hidden: int = 192) -> None:
        super().__init__()
        size = 3 * tokens * width
        self.net = nn.Sequential(
            nn.Linear(size + 3, hidden),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, size),
        )

    def _mean(self, observed: Tensor, available: Tensor) -> Tensor:
        mean: Tensor = self.net(torch.cat([observed.flatten(1), available], dim=1)).view_as(observed)
        return mean

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        del generator
        return missing_error(self._mean(mask(latents, available), available), latents, available).mean()

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        del generator
        return self._mean(observed, available)


class RidgeMeans:
    """One ridge per incomplete pattern from available to missing latents; penalties chosen on held-out rows."""

    def __init__(self, train: Tensor, held: Tensor) -> None:
        self.ridges: dict[str, Ridge] = {}
        for name in PATTERNS:
            if name != "TAV":
                (x, y), (hx, hy) = _halves(train, name), _halves(held, name)
                fitted = [Ridge.fit(x, y, penalty) for penalty in PENALTIES]
                errors = [float(np.mean((ridge.predict(hx) - hy) ** 2)) for ridge in fitted]
                self.ridges[name] = fitted[int(np.argmin(errors))]

    def fill(self, name: str, latents: Tensor) -> Tensor:
        """Latents [n, 3, N, D] with the missing modalities of a pattern replaced by their conditional mean."""
        if name == "TAV":
            return latents
        missing = [m for m, bit in enumerate(PATTERNS[name]) if not bit]
        filled = latents.clone()
        mean = self.ridges[name].predict(_halves(latents, name)[0]).astype(np.float32)
        filled[:, missing] = torch.from_numpy(mean).view(len(latents), len(missing), *latents.shape[2:])
        return filled


class RidgeRecoverer(Recoverer):
    """`RidgeMeans` behind the benchmark's interface, fitted in closed form."""

    stochastic = False
    evaluations = 0

    def __init__(self, train: Tensor, held: Tensor) -> None:
        super().__init__()
        self.means = RidgeMeans(train, held)

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        raise NotImplementedError("ridge is fitted in closed form")

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        del generator
        filled = observed.clone()
        for name, bits in PATTERNS.items():
            rows = (available == torch.tensor(bits, dtype=available.dtype)).all(dim=1)
            if bool(rows.any()):
                filled[rows] = self.means.fill(name, observed[rows])
        return filled


def _halves(latents: Tensor, name: str) -> tuple[np.ndarray, np.ndarray]:
    bits = PATTERNS[name]
    known, hidden = [m for m in range(3) if bits[m]], [m for m in range(3) if not bits[m]]
    return latents[:, known].flatten(1).numpy(), latents[:, hidden].flatten(1).numpy()
