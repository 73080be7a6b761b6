"""Evaluation of one trained model on one fold: read-outs per pattern, calibration, recovery scores, controls."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.calibration import conformal_half_width, conformal_rank, fit_temperature, mixture_log_posterior
from rohydr.data.pairs import Material, draw
from rohydr.labels import PATTERNS
from rohydr.metrics import (
    ReliabilityBin,
    accuracy,
    area_under_risk_coverage,
    brier,
    coverage,
    expected_calibration_error,
    macro_f1,
    mean_absolute_error,
    pearson,
    reliability,
    unweighted_average_recall,
)
from rohydr.model.rohydr import RoHyDR, merge_calm
from rohydr.stages.common import encode_all, mask

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
LEVEL = 0.9
CLEAN, NOISED = 0, 1
"""Variants of the visual features: as stored and mapped, and with the noise that the app's own network stands for."""
SYNTHETIC = ("T", "TA", "TV", "TAV")
"""Patterns whose text was paired with the clip by label."""


@dataclass(frozen=True)
class Readout:
    """Raw outputs for one pattern: logits [n, K, 7], scores [n, K], and `fine`, logits with calm apart [n, K, 8].

    `repaired` [n, K, 8] is what the repaired fusion says alone, where something was recovered.
    """

    logits: Floats
    scores: Floats
    fine: Floats
    repaired: Floats | None = None

    @staticmethod
    def of(logits: torch.Tensor, score: torch.Tensor, samples: int = 1) -> Readout:
        """From what a model says about `samples` consecutive rows per clip."""
        fine = logits.view(-1, samples, logits.shape[-1])
        return Readout(merge_calm(fine).numpy(), score.view(-1, samples).numpy(), fine.numpy())


@dataclass(frozen=True)
class View:
    """Latents and truth of a split under one text pairing; `fine` is the label with calm apart."""

    latents: torch.Tensor
    label: Ints
    fine: Ints
    score: Floats
    actor: Ints


@torch.no_grad()
def view(model: RoHyDR, material: Material, seed: int, variant: int) -> View:
    """Encode every clip of `material` once, each paired with one text of its label."""
    generator = torch.Generator().manual_seed(seed)
    batch = draw(material, torch.arange(len(material)), generator, variant)
    label = material.emotion.numpy()
    return View(encode_all(model, batch), label, material.label.numpy(), batch.score.numpy(), material.actor)


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
            out[name] = Readout.of(logits, score)
            continue
        generator = torch.Generator().manual_seed(seed * 1000 + number)
        filled = sample_latents(model, latents, available, samples, generator)
        flat = filled.flatten(0, 1)
        missing = (1 - available).repeat_interleave(samples, dim=0)
        observed, repaired, _ = model.read_both(flat, torch.ones_like(missing), missing)
        read = Readout.of(*model.mix(observed, repaired, missing), samples)
        out[name] = dataclasses.replace(read, repaired=repaired[0].view(count, samples, -1).numpy())
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
            "aurc": area_under_risk_coverage(label, posterior),
            "score_mae": mean_absolute_error(truth, score),
            "score_corr": pearson(truth, score),
            "score_coverage": coverage(truth, np.clip(score - half, -3, 3), np.clip(score + half, -3, 3)),
            "score_width": float(np.mean(np.clip(score + half, -3, 3) - np.clip(score - half, -3, 3))),
        }
    return table


def reliability_curves(
    model: RoHyDR, test: Material, calibration: Calibration, samples: int, seed: int
) -> dict[str, list[ReliabilityBin]]:
    """Reliability of the calibrated label per pattern on `test` with noised faces, drawn as in the evaluation."""
    seen = view(model, test, seed, NOISED)
    readouts = read_patterns(model, seen, samples, seed)
    return {name: reliability(seen.label, calibration.posterior(name, read)) for name, read in readouts.items()}


def hits(readouts: dict[str, Readout], seen: View, fine: bool = False) -> dict[str, list[int]]:
    """0/1 per row and pattern, for paired comparisons (temperature 1 keeps the order of single samples)."""
    out = {}
    for name, readout in readouts.items():
        logits = (readout.fine if fine else readout.logits).astype(np.float64)
        best = mixture_log_posterior(logits, 1.0).argmax(axis=1)
        out[name] = (best == (seen.fine if fine else seen.label)).astype(int).tolist()
    return out


def repaired_alone(readouts: dict[str, Readout]) -> dict[str, Readout]:
    """The reading of the repaired fusion only, as if the observation had no reading of its own."""
    out = {}
    for name, read in readouts.items():
        fine = read.fine if read.repaired is None else read.repaired
        out[name] = Readout(merge_calm(torch.from_numpy(fine)).numpy(), read.scores, fine)
    return out


SPREAD_SAMPLES = 19
"""So many that the range of the samples covers a further draw with probability 0.9: 1 - 2 / (19 + 1)."""
SPREADS = tuple(0.02 * k for k in range(61))
SPREAD_PATTERNS = ("AV", "V", "A")
"""What is available where text, audio and visual are recovered to choose their spread."""


@torch.no_grad()
def calibrate_spread(model: RoHyDR, seen: View, seed: int) -> list[float]:
    """Set `model.spread` so that ranges of samples cover the latents of people never seen at their nominal 0.9.

    Those vary more than the latents of the training clips, from which diffusion learned. The least spread of `SPREADS`
    is taken whose ranges cover the share `conformal_rank` of the held clips: the finite-sample level of split
    conformal prediction, with the share of covered channels as what is controlled (Angelopoulos et al. 2024). Clips of
    one person are not exchangeable with those of another, so with two held actors this is a lower bound of the
    correction; people as the unit would need at least nine.
    """
    share = conformal_rank(len(seen.label), LEVEL) / len(seen.label)
    model.spread.zero_()
    found = []
    for target, name in enumerate(SPREAD_PATTERNS):
        available = torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(len(seen.label), 3)
        repeated = mask(seen.latents, available).repeat_interleave(SPREAD_SAMPLES, dim=0)
        noise = torch.randn(repeated.shape, generator=torch.Generator().manual_seed(seed))
        drawn = model.recover(repeated, available.repeat_interleave(SPREAD_SAMPLES, dim=0), noise)[:, target]
        drawn, noise = (x.view(len(seen.label), SPREAD_SAMPLES, -1) for x in (drawn, noise[:, target].contiguous()))
        truth = seen.latents[:, target].flatten(1)
        covers = []
        for spread in SPREADS:
            values = drawn + spread * noise
            covers.append(float(((truth >= values.amin(1)) & (truth <= values.amax(1))).float().mean()))
        reached = [spread for spread, covered in zip(SPREADS, covers, strict=True) if covered >= share]
        found.append(min(reached, default=SPREADS[-1]))
    model.spread.copy_(torch.tensor(found))
    return found


WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Weights that the reading with recoveries may get; never 0, so that the samples' spread reaches the estimate."""


def choose_recovered_weights(model: RoHyDR, seen: View, samples: int, seed: int) -> dict[str, float]:
    """Set `model.recovered_weight` for one and for two recovered modalities; returns the choice.

    The weight with the lowest negative log likelihood at its own best temperature wins, over the patterns concerned.
    """
    observed = read_patterns(model, seen, 1, seed, recover=False)
    repaired = repaired_alone(read_patterns(model, seen, samples, seed))
    for missing in (1, 2):
        names = [n for n in PATTERNS if len(n) == 3 - missing]
        alone, filled = (torch.cat([torch.from_numpy(r[n].fine) for n in names]) for r in (observed, repaired))
        label = np.tile(seen.label, len(names))
        losses = [_best_loss(merge_calm(alone + w * (filled - alone)).double().numpy(), label) for w in WEIGHTS]
        model.recovered_weight[missing] = WEIGHTS[int(np.argmin(losses))]
    return {str(m): float(model.recovered_weight[m]) for m in (1, 2)}


def _best_loss(logits: Floats, label: Ints) -> float:
    posterior = mixture_log_posterior(logits, fit_temperature(logits, label))
    return float(-posterior[np.arange(len(label)), label].mean())


def validation_loss(model: RoHyDR, seen: View, samples: int) -> float:
    """Mean negative log likelihood over the six incomplete patterns and the complete one."""
    rows = np.arange(len(seen.label))
    losses = [
        -mixture_log_posterior(r.logits.astype(np.float64), 1.0)[rows, seen.label].mean()
        for r in read_patterns(model, seen, samples, seed=0).values()
    ]
    return float(np.mean(losses))
