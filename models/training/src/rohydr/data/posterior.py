"""Generated three-modality data whose posterior is known in closed form and has several modes.

Per row a class c is drawn, then one of `modes` variants of it for every modality on its own, and a shared factor u:

    z_m = mean[m, c, k_m] + loading[m] u + noise e,    x_m = warp_m(z_m)

Every modality gives two of the classes one mean, so that no modality settles the class, and the variants of a missing
modality stay open even when everything else is seen. The warp is non-linear, invertible in closed form, and fixed.
Given (c, k) the z of all modalities are jointly normal with one covariance; hence p(z_missing | z_available) is a
mixture of normals with known weights, and exact samples of x_missing are warped samples of it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rohydr.labels import MODALITIES

Floats = NDArray[np.float64]
BEND, STRETCH, BENDING = 1.2, 0.25, 0.6
"""Strength of the warp (shift and log-scale of one half by the other) and the frequency of the shift."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of the generator; a modality has `tokens` x `width` numbers."""

    tokens: int = 2
    width: int = 2
    classes: int = 4
    modes: int = 2
    factors: int = 2
    noise: float = 0.5
    spread: float = 1.8

    @property
    def dimension(self) -> int:
        """Numbers of one modality."""
        return self.tokens * self.width


class Warp:
    """x = rotate(couple(z)): two couplings, each bending one half of the vector by the other."""

    def __init__(self, dimension: int, rng: np.random.Generator) -> None:
        if dimension < 2 or dimension % 2:
            raise ValueError(f"a modality needs an even number of at least two dimensions, got {dimension}")
        self.half = dimension // 2
        self.bend = rng.normal(size=(2, self.half, self.half)) / np.sqrt(self.half)
        self.stretch = rng.normal(size=(2, self.half, self.half)) / np.sqrt(self.half)
        self.rotation = np.linalg.qr(rng.normal(size=(dimension, dimension)))[0]

    def _terms(self, kept: Floats, number: int) -> tuple[Floats, Floats]:
        return STRETCH * np.tanh(kept @ self.stretch[number]), BEND * np.sin(BENDING * (kept @ self.bend[number]))

    def forward(self, z: Floats) -> Floats:
        """Warp rows [..., d]."""
        first, second = z[..., : self.half], z[..., self.half :]
        scale, shift = self._terms(first, 0)
        second = second * np.exp(scale) + shift
        scale, shift = self._terms(second, 1)
        first = first * np.exp(scale) + shift
        return np.asarray(np.concatenate([first, second], axis=-1) @ self.rotation)

    def inverse(self, x: Floats) -> Floats:
        """The rows that `forward` was given."""
        y = x @ self.rotation.T
        first, second = y[..., : self.half], y[..., self.half :]
        scale, shift = self._terms(second, 1)
        first = (first - shift) * np.exp(-scale)
        scale, shift = self._terms(first, 0)
        second = (second - shift) * np.exp(-scale)
        return np.asarray(np.concatenate([first, second], axis=-1))


class PosteriorData:
    """The generator; `seed` fixes means, loadings and warps, the generators passed in fix the rows."""

    def __init__(self, sizes: Sizes | None = None, seed: int = 1) -> None:
        s = self.sizes = sizes or Sizes()
        rng = np.random.default_rng([seed, 29])
        d, count = s.dimension, len(MODALITIES)
        self.means = s.spread * rng.normal(size=(count, s.classes, s.modes, d))
        for m in range(count):
            # Classes m and m + 1 look alike in modality m.
            self.means[m, (m + 1) % s.classes] = self.means[m, m % s.classes]
        self.loadings = rng.normal(size=(count, d, s.factors)) / np.sqrt(2 * s.factors)
        self.warps = [Warp(d, rng) for _ in range(count)]
        stacked = self.loadings.reshape(count * d, s.factors)
        self.covariance = stacked @ stacked.T + s.noise**2 * np.eye(count * d)
        choices = itertools.product(range(s.classes), *([range(s.modes)] * count))
        self.components = np.array(list(choices))
        """[J, 1 + 3]: class and the variant of each modality."""
        picked = [self.means[m, self.components[:, 0], self.components[:, 1 + m]] for m in range(count)]
        self.component_means = np.concatenate(picked, axis=1)

    def _columns(self, modalities: list[int]) -> NDArray[np.int64]:
        d = self.sizes.dimension
        return np.concatenate([np.arange(m * d, (m + 1) * d) for m in modalities])

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
        """Rows [count, 3, d] and their classes [count]."""
        s = self.sizes
        component = self.components[rng.integers(len(self.components), size=count)]
        factor = rng.normal(size=(count, s.factors))
        rows = []
        for m, warp in enumerate(self.warps):
            z = self.means[m, component[:, 0], component[:, 1 + m]] + factor @ self.loadings[m].T
            rows.append(warp.forward(z + s.noise * rng.normal(size=z.shape)))
        return np.stack(rows, axis=1), component[:, 0]

    def _condition(self, x: Floats, bits: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
        """Weights [n, J], means [n, J, missing] and covariance [missing, missing] of z_missing given x_available."""
        known, hidden = [m for m, bit in enumerate(bits) if bit], [m for m, bit in enumerate(bits) if not bit]
        a, b = self._columns(known), self._columns(hidden)
        z = np.concatenate([self.warps[m].inverse(x[:, m]) for m in known], axis=1)
        inner = np.linalg.inv(self.covariance[np.ix_(a, a)])
        gain = self.covariance[np.ix_(b, a)] @ inner
        apart = z[:, None] - self.component_means[None, :, a]
        log_weight = -0.5 * np.einsum("nji,ik,njk->nj", apart, inner, apart)
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        mean = self.component_means[None, :, b] + apart @ gain.T
        return weight, mean, self.covariance[np.ix_(b, b)] - gain @ self.covariance[np.ix_(a, b)]

    def sample_posterior(self, x: Floats, bits: tuple[int, ...], count: int, rng: np.random.Generator) -> Floats:
        """Exact samples [n, count, missing modalities, d] given the available modalities of `x` [n, 3, d].

        :raises ValueError: when nothing or everything is available.
        """
        hidden = [m for m, bit in enumerate(bits) if not bit]
        if len(hidden) in (0, len(bits)):
            raise ValueError(f"availability {bits}: at least one modality seen and one missing")
        weight, mean, covariance = self._condition(x, bits)
        sums = np.cumsum(weight, axis=1)
        chosen = (rng.random((len(x), count, 1)) * sums[:, None, -1:] > sums[:, None]).sum(axis=2)
        centre = mean[np.arange(len(x))[:, None], chosen]
        z = centre + rng.normal(size=centre.shape) @ np.linalg.cholesky(covariance).T
        parts = z.reshape(len(x), count, len(hidden), self.sizes.dimension)
        return np.stack([self.warps[m].forward(parts[:, :, i]) for i, m in enumerate(hidden)], axis=2)

    def class_posterior(self, x: Floats, bits: tuple[int, ...]) -> Floats:
        """P(class | available) [n, classes]."""
        weight = self._condition(x, bits)[0]
        by_class = np.eye(self.sizes.classes)[self.components[:, 0]]
        return np.asarray(weight @ by_class)

    def nearest_mode(self, x: Floats, bits: tuple[int, ...], samples: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Number of the mode of the posterior that each sample [n, K, missing, d] lies nearest to, and how far [n, K].

        Modes are components of weight above 1e-3, those with one centre counted once; their numbers belong to the row.
        Distances are squared Mahalanobis distances per dimension, in z.
        """
        hidden = [m for m, bit in enumerate(bits) if not bit]
        weight, mean, covariance = self._condition(x, bits)
        z = np.concatenate([self.warps[m].inverse(samples[:, :, i]) for i, m in enumerate(hidden)], axis=2)
        inner = np.linalg.inv(covariance)
        nearest, distance = np.empty(z.shape[:2], dtype=np.int64), np.empty(z.shape[:2])
        for row in range(len(x)):
            centres = np.unique(np.round(mean[row, weight[row] > 1e-3], 9), axis=0)
            apart = z[row][:, None] - centres[None]
            each = np.einsum("kji,il,kjl->kj", apart, inner, apart)
            nearest[row], distance[row] = each.argmin(axis=1), each.min(axis=1) / z.shape[2]
        return nearest, distance

    def on_mode(self, x: Floats, bits: tuple[int, ...], samples: Floats, limit: float) -> Floats:
        """Share [n] of samples [n, K, missing, d] that lie on a mode: nearer to one than `limit` (`nearest_mode`)."""
        return np.asarray((self.nearest_mode(x, bits, samples)[1] < limit).mean(axis=1))
