"""Fitting one decoder on frozen latents: least absolute error on training actors, selected on validation actors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.floating]
STEPS, CHECK, BATCH, RATE, DECAY = 700, 50, 128, 2e-3, 1e-2


@dataclass(frozen=True)
class Rows:
    """Latents [v, n, L] of some clips in several versions (noisy faces, clean last in none), targets [n, P, C]."""

    latents: Tensor
    target: Floats


def fit_decoder(decoder: nn.Module, train: Rows, validation: Rows, scale: Floats, seed: int) -> float:
    """Train `decoder` in place and keep the weights with the least validation error.

    :param scale: [C] standard deviation of each output, which makes their errors comparable.
    :returns: that validation error, in standard deviations.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    target, known = _masked(train.target)
    weight = 1 / torch.tensor(scale, dtype=torch.float32)
    optimiser = torch.optim.AdamW(decoder.parameters(), RATE, weight_decay=DECAY)
    best, kept = float("inf"), {k: v.clone() for k, v in decoder.state_dict().items()}
    versions, count = train.latents.shape[:2]
    for step in range(STEPS):
        decoder.train()
        rows = torch.randint(0, count, (BATCH,), generator=generator)
        version = torch.randint(0, versions, (BATCH,), generator=generator)
        wrong = (decoder(train.latents[version, rows]) - target[rows]).abs() * weight
        loss = torch.where(known[rows], wrong, torch.zeros(())).sum() / known[rows].sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if (step + 1) % CHECK == 0:
            error = float(np.mean(absolute_error(decode(decoder, validation.latents[0]), validation.target) / scale))
            if error < best:
                best, kept = error, {k: v.clone() for k, v in decoder.state_dict().items()}
    decoder.load_state_dict(kept)
    decoder.eval()
    return best


@torch.no_grad()
def decode(decoder: nn.Module, latents: Tensor) -> Floats:
    """What the decoder gives for latents [n, L]."""
    decoder.eval()
    return np.asarray(decoder(latents).numpy())


def absolute_error(predicted: Floats, target: Floats) -> Floats:
    """Mean absolute error of each output [C] over clips and parts, where something was measured."""
    return np.asarray(np.nanmean(np.abs(predicted - target), axis=(0, 1)))


def _masked(target: Floats) -> tuple[Tensor, Tensor]:
    values = torch.tensor(target, dtype=torch.float32)
    known = torch.isfinite(values)
    return torch.where(known, values, torch.zeros(())), known
