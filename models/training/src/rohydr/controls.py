"""Controls in the same harness, on the same features and encoders: what recovery has to beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.calibration import mixture_log_posterior
from rohydr.evaluate import SPREAD_SAMPLES, Readout, View, read_patterns, sample_latents
from rohydr.labels import PATTERNS
from rohydr.linear import Ridge
from rohydr.metrics import energy_scores, squared_mmd
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import mask

Floats = NDArray[np.floating]


def constant(train_label: NDArray[np.integer], seen: View, classes: int) -> dict[str, Readout]:
    """The class frequencies of the training rows, whatever is available."""
    prior = np.log(np.bincount(train_label, minlength=classes) + 1.0)
    logits = torch.from_numpy(prior).expand(len(seen.label), -1)
    return {name: Readout.of(logits.contiguous(), torch.zeros(len(seen.label))) for name in PATTERNS}


@torch.no_grad()
def zero_fill(backbone: RoHyDR, seen: View) -> dict[str, Readout]:
    """Backbone trained on complete data only; missing latents are zero and count as present."""
    out = {}
    for name, bits in PATTERNS.items():
        available = torch.tensor([bits], dtype=torch.float32).expand(len(seen.label), 3)
        present = torch.ones_like(available)
        logits, score, _ = backbone.read_out(mask(seen.latents, available), present, torch.zeros_like(present))
        out[name] = Readout.of(logits, score)
    return out


@dataclass(frozen=True)
class LatentRidges:
    """Conditional means: one ridge per incomplete pattern from available to missing latents."""

    ridges: dict[str, Ridge]

    @staticmethod
    def fit(train: View, validation: View) -> LatentRidges:
        """Fit on train latents; the penalty of each pattern is chosen on validation."""
        ridges = {}
        for name, bits in PATTERNS.items():
            if name != "TAV":
                x, y = _halves(train.latents, bits)
                vx, vy = _halves(validation.latents, bits)
                fitted = [Ridge.fit(x, y, p) for p in (30.0, 300.0, 3000.0, 30000.0)]
                errors = [float(np.mean((r.predict(vx) - vy) ** 2)) for r in fitted]
                ridges[name] = fitted[int(np.argmin(errors))]
        return LatentRidges(ridges)

    def fill(self, name: str, latents: torch.Tensor) -> torch.Tensor:
        """Latents with the missing modalities of pattern `name` replaced by their conditional mean."""
        bits = PATTERNS[name]
        x, _ = _halves(latents, bits)
        filled = latents.clone()
        missing = [m for m in range(3) if not bits[m]]
        predicted = torch.from_numpy(self.ridges[name].predict(x).astype(np.float32))
        filled[:, missing] = predicted.view(len(latents), len(missing), *latents.shape[2:])
        return filled


def _halves(latents: torch.Tensor, bits: tuple[int, int, int]) -> tuple[Floats, Floats]:
    known = latents[:, [m for m in range(3) if bits[m]]].flatten(1)
    hidden = latents[:, [m for m in range(3) if not bits[m]]].flatten(1)
    return known.numpy(), hidden.numpy()


@torch.no_grad()
def ridge_imputation(backbone: RoHyDR, ridges: LatentRidges, seen: View) -> dict[str, Readout]:
    """Complete-data backbone on latents whose missing part is the ridge conditional mean."""
    out = {}
    for name in PATTERNS:
        filled = seen.latents if name == "TAV" else ridges.fill(name, seen.latents)
        present = torch.ones(len(seen.label), 3)
        logits, score, _ = backbone.read_out(filled, present, torch.zeros_like(present))
        out[name] = Readout.of(logits, score)
    return out


def text_only(dropout: dict[str, Readout], prior: dict[str, Readout]) -> dict[str, Readout]:
    """The text read-out where there is text, else the constant."""
    return {name: dropout["T"] if "T" in name else prior[name] for name in PATTERNS}


def modality_dropout(backbone: RoHyDR, seen: View) -> dict[str, Readout]:
    """Stage-1 backbone with modality dropout on what is available, nothing recovered."""
    return read_patterns(backbone, seen, samples=1, seed=0, recover=False)


@torch.no_grad()
def label_of(model: RoHyDR, latents: torch.Tensor, modality: int) -> NDArray[np.int64]:
    """Label [n] read from one modality alone, its latents being [n, K, N, D]; K samples are averaged."""
    count, samples = latents.shape[:2]
    whole = torch.zeros(count * samples, 3, *latents.shape[2:])
    whole[:, modality] = latents.flatten(0, 1)
    only = torch.zeros(count * samples, 3)
    only[:, modality] = 1
    logits, score, _ = model.read_out(whole, only, torch.zeros_like(only))
    read = Readout.of(logits, score, samples).logits.astype(np.float64)
    return np.asarray(mixture_log_posterior(read, 1.0).argmax(axis=1))


def recovery_scores(
    model: RoHyDR, ridges: LatentRidges, train: View, seen: View, seed: int
) -> dict[str, dict[str, list[float]]]:
    """Recovered latents, audio to visual and back, against conditional mean and climatology; one value per row.

    Energy scores, mean squared errors of the mean, the samples' standard deviation, and the share of latent channels
    whose truth lies within the range of the samples (nominal 0.9). Semantic agreement: whether the label read from the
    recovered modality alone is the one read from the real modality alone. The squared maximum mean discrepancy of one
    recovery a row to the real ones has one value for all rows.
    """
    out = {}
    rng = np.random.default_rng(seed)
    for name, target in (("A", 2), ("V", 1)):
        available = torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(len(seen.label), 3).contiguous()
        generator = torch.Generator().manual_seed(seed)
        latents = mask(seen.latents, available)
        drawn = sample_latents(model, latents, available, SPREAD_SAMPLES, generator)[:, :, target].flatten(2).numpy()
        truth = seen.latents[:, target].flatten(1).numpy()
        pool = train.latents[:, target].flatten(1).numpy()
        mean = ridges.fill(name, seen.latents)[:, target].flatten(1).numpy()
        climatology = pool[rng.integers(0, len(pool), size=(len(truth), SPREAD_SAMPLES))]
        inside = (truth >= drawn.min(axis=1)) & (truth <= drawn.max(axis=1))
        rows = {
            "energy": energy_scores(truth, drawn),
            "energy_conditional_mean": energy_scores(truth, mean[:, None]),
            "energy_climatology": energy_scores(truth, climatology),
            "mse_of_mean": np.mean((drawn.mean(axis=1) - truth) ** 2, axis=1),
            "mse_conditional_mean": np.mean((mean - truth) ** 2, axis=1),
            "sd_of_samples": drawn.std(axis=1).mean(axis=1),
            "coverage": inside.mean(axis=1),
        }
        sets = {"": drawn, "_conditional_mean": mean[:, None], "_climatology": climatology}
        real = label_of(model, seen.latents[:, None, target], target)
        for reference, recovered in sets.items():
            shaped = torch.from_numpy(recovered).unflatten(2, seen.latents.shape[2:])
            rows[f"agreement{reference}"] = label_of(model, shaped, target) == real
            distance = squared_mmd(recovered[:, 0].astype(np.float64), truth.astype(np.float64))
            rows[f"mmd{reference}"] = np.array([distance])
        out["A->V" if name == "A" else "V->A"] = {key: value.astype(float).tolist() for key, value in rows.items()}
    return out
