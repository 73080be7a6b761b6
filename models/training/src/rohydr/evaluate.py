"""Evaluation of one trained model on one fold: read-outs per pattern, calibration, recovery scores, controls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.calibration import conformal_half_width, fit_temperature, mixture_log_posterior
from rohydr.data.pairs import Material, draw
from rohydr.labels import PATTERNS
from rohydr.metrics import (
    accuracy,
    brier,
    coverage,
    expected_calibration_error,
    macro_f1,
    mean_absolute_error,
    pearson,
    unweighted_average_recall,
)
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import encode_all, mask

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
LEVEL = 0.9
SYNTHETIC = ("T", "TA", "TV", "TAV")
"""Patterns whose text was paired with the clip by label."""


@dataclass(frozen=True)
class Readout:
    """Raw outputs for one pattern: logits [n, K, C], scores [n, K]."""

    logits: Floats
    scores: Floats


@dataclass(frozen=True)
class View:
    """Latents and truth of a split under one text pairing."""

    latents: torch.Tensor
    label: Ints
    score: Floats
    actor: Ints


@torch.no_grad()
def view(model: RoHyDR, material: Material, seed: int, variant: int) -> View:
    """Encode every clip of `material` once, each paired with one text of its label."""
    generator = torch.Generator().manual_seed(seed)
    batch = draw(material, torch.arange(len(material)), generator, variant)
    return View(encode_all(model, batch), batch.label.numpy(), batch.score.numpy(), material.actor)


@torch.no_grad()
def read_patterns(model: RoHyDR, seen: View, samples: int, seed: int, recover: bool = True) -> dict[str, Readout]:
    """Read out all seven patterns; without `recover` only the available modalities are fused."""
    out = {}
    count = len(seen.label)
    for number, (name, bits) in enumerate(PATTERNS.items()):
        available = torch.tensor([bits], dtype=torch.float32).expand(count, 3).contiguous()
        latents = mask(seen.latents, available)
        if name == "TAV" or not recover:
            logits, score, _ = model.read_out(latents, available, torch.zeros_like(available))
            out[name] = Readout(logits[:, None].numpy(), score[:, None].numpy())
            continue
        generator = torch.Generator().manual_seed(seed * 1000 + number)
        filled = sample_latents(model, latents, available, samples, generator)
        flat = filled.flatten(0, 1)
        missing = (1 - available).repeat_interleave(samples, dim=0)
        logits, score, _ = model.read_out(flat, torch.ones_like(missing), missing)
        out[name] = Readout(logits.view(count, samples, -1).numpy(), score.view(count, samples).numpy())
    return out


@torch.no_grad()
def sample_latents(
    model: RoHyDR, latents: torch.Tensor, available: torch.Tensor, samples: int, generator: torch.Generator
) -> torch.Tensor:
    """K recoveries of each row: [n, K, 3, N, D]."""
    repeated = latents.repeat_interleave(samples, dim=0)
    noise = torch.randn(repeated.shape, generator=generator)
    recovered = model.recover(repeated, available.repeat_interleave(samples, dim=0), noise)
    return recovered.view(latents.shape[0], samples, *latents.shape[1:])


@dataclass(frozen=True)
class Calibration:
    """Temperature by number of available modalities and half-width by pattern."""

    temperature: dict[str, float]
    half_width: dict[str, float]

    def posterior(self, name: str, readout: Readout) -> Floats:
        """Calibrated class probabilities [n, C]."""
        return np.asarray(
            np.exp(mixture_log_posterior(readout.logits.astype(np.float64), self.temperature[str(len(name))]))
        )


def point_score(readout: Readout) -> Floats:
    """Score [n]: mean over the samples, clipped to [-3, 3]."""
    return np.asarray(np.clip(readout.scores.mean(axis=1), -3, 3))


def noisy_truth(score: Floats, residuals: Floats, seed: int) -> Floats:
    """Teacher's score plus a residual of the teacher on human labels, clipped: what a human might have said."""
    drawn = np.random.default_rng(seed).choice(residuals, size=len(score))
    return np.asarray(np.clip(score + drawn, -3, 3))


def calibrate(readouts: dict[str, Readout], label: Ints, truth: Floats) -> Calibration:
    """Fit temperatures and conformal half-widths on calibration rows."""
    temperature = {}
    for count in (1, 2, 3):
        names = [n for n in readouts if len(n) == count]
        logits = np.concatenate([readouts[n].logits for n in names])
        temperature[str(count)] = fit_temperature(logits, np.tile(label, len(names)))
    widths = {n: conformal_half_width(truth, point_score(r), LEVEL) for n, r in readouts.items()}
    return Calibration(temperature, widths)


def pattern_table(
    readouts: dict[str, Readout], label: Ints, truth: Floats, calibration: Calibration
) -> dict[str, dict[str, float]]:
    """Metrics per pattern after calibration."""
    table = {}
    for name, readout in readouts.items():
        posterior = calibration.posterior(name, readout)
        predicted = posterior.argmax(axis=1)
        score = point_score(readout)
        half = calibration.half_width[name]
        table[name] = {
            "accuracy": accuracy(label, predicted),
            "uar": unweighted_average_recall(label, predicted, posterior.shape[1]),
            "macro_f1": macro_f1(label, predicted, posterior.shape[1]),
            "ece": expected_calibration_error(label, posterior),
            "brier": brier(label, posterior),
            "score_mae": mean_absolute_error(truth, score),
            "score_corr": pearson(truth, score),
            "score_coverage": coverage(truth, np.clip(score - half, -3, 3), np.clip(score + half, -3, 3)),
            "score_width": float(np.mean(np.clip(score + half, -3, 3) - np.clip(score - half, -3, 3))),
        }
    return table


def hits(readouts: dict[str, Readout], label: Ints) -> dict[str, list[int]]:
    """0/1 per row and pattern, for paired comparisons (temperature 1 keeps the order of single samples)."""
    return {
        name: (mixture_log_posterior(r.logits.astype(np.float64), 1.0).argmax(axis=1) == label).astype(int).tolist()
        for name, r in readouts.items()
    }


def validation_loss(model: RoHyDR, seen: View, samples: int) -> float:
    """Mean negative log likelihood over the six incomplete patterns and the complete one."""
    rows = np.arange(len(seen.label))
    losses = [
        -mixture_log_posterior(r.logits.astype(np.float64), 1.0)[rows, seen.label].mean()
        for r in read_patterns(model, seen, samples, seed=0).values()
    ]
    return float(np.mean(losses))
