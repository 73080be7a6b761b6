"""The one interface of everything that fills in missing modalities, whatever its family."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from rohydr.config import ModelConfig, TrainConfig
from rohydr.data.pairs import draw_patterns
from rohydr.model.denoiser import Denoiser
from rohydr.model.recovery import Reconstructor
from rohydr.sampler import sample, sigma_schedule
from rohydr.stages.common import Average, mask, optimiser, set_rate
from rohydr.stages.diffusion import LOW_NOISE, draw_sigma, drop_condition, missing_error


class Recoverer(nn.Module, ABC):
    """Learns on complete latents [b, 3, N, D] and fills in what `available` [b, 3] says is missing.

    `evaluations` is the number of network evaluations of one recovery; `stochastic` says whether two calls differ.
    """

    evaluations: int = 1
    stochastic: bool = True

    @abstractmethod
    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """Training loss of a batch; never passes gradients through a sampler."""

    @abstractmethod
    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """One draw of all latents [b, 3, N, D]; `observed` is zero where nothing is available."""

    def estimate(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor] | None:
        """Differentiable estimate of the missing latents and its weight per sample, for semantic losses; if any."""
        del latents, available, generator
        return None

    @torch.no_grad()
    def recover(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """Latents with missing modalities drawn; available ones are returned bit for bit."""
        self.eval()
        generated = self.generate(mask(observed, available), available, generator)
        return torch.where(available[:, :, None, None] > 0.5, observed, generated)


class FastRecoverer(Recoverer):
    """The joint token denoiser (EDM) with its reconstructor: all modalities, all patterns, a few evaluations."""

    def __init__(
        self, denoiser: Denoiser, reconstructor: Reconstructor, model: ModelConfig, train: TrainConfig
    ) -> None:
        super().__init__()
        self.denoiser, self.reconstructor = denoiser, reconstructor
        self.model_config, self.train_config = model, train
        self.evaluations = model.sampler_steps

    def loss(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        available = drop_condition(available, self.train_config.condition_dropout, generator)
        sigma = draw_sigma(len(latents), self.train_config, generator)
        estimate = self._clean(latents, available, sigma, generator)
        weight = (1 + sigma**2) / sigma**2
        loss = (weight * missing_error(estimate, latents, available)).mean()
        low = sigma < LOW_NOISE
        if bool(low.any()):
            repaired = self.reconstructor(estimate.detach()[low], available[low])
            loss = loss + missing_error(repaired, latents[low], available[low]).mean()
        return loss

    def estimate(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        sigma = draw_sigma(len(latents), self.train_config, generator)
        return self._clean(latents, available, sigma, generator), 1 / (1 + sigma**2)

    def generate(self, observed: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        c = self.model_config
        sigmas = sigma_schedule(self.evaluations, c.sigma_min, c.sigma_max, c.rho)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            clean: Tensor = self.denoiser(x, observed, available, torch.full_like(available[:, 0], sigma))
            return clean

        drawn: Tensor = self.reconstructor(
            sample(denoise, torch.randn(observed.shape, generator=generator), sigmas), available
        )
        return drawn

    def _clean(self, latents: Tensor, available: Tensor, sigma: Tensor, generator: torch.Generator) -> Tensor:
        noisy = latents + sigma[:, None, None, None] * torch.randn(latents.shape, generator=generator)
        clean: Tensor = self.denoiser(noisy, mask(latents, available), available, sigma)
        return clean


def fit_recoverer(
    recoverer: Recoverer,
    latents: Tensor,
    config: TrainConfig,
    steps: int,
    generator: torch.Generator,
    fused: bool = False,
) -> list[float]:
    """Train on cached latents [n, 3, N, D], a pattern per sample, averaged weights; returns ten mean losses."""
    adam = optimiser([recoverer], config.diffusion_rate, 0.01, fused)
    average = Average(recoverer, config.ema_decay)
    losses = []
    recoverer.train()
    for step in range(steps):
        set_rate(adam, config.diffusion_rate, step, steps)
        rows = torch.randint(0, len(latents), (config.batch,), generator=generator)
        loss = recoverer.loss(latents[rows], draw_patterns(config.batch, generator, complete=False), generator)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(recoverer.parameters(), 1.0)
        adam.step()
        average.update(recoverer)
        losses.append(float(loss.detach()))
    recoverer.load_state_dict(average.module.state_dict())
    recoverer.eval()
    size = max(1, len(losses) // 10)
    return [sum(losses[i : i + size]) / len(losses[i : i + size]) for i in range(0, len(losses), size)]


def draw_many(
    recoverer: Recoverer, latents: Tensor, available: Tensor, samples: int, generator: torch.Generator
) -> Tensor:
    """K recoveries of each row [n, K, 3, N, D]; one where the method has no randomness."""
    count = samples if recoverer.stochastic else 1
    repeated = latents.repeat_interleave(count, dim=0)
    drawn = recoverer.recover(repeated, available.repeat_interleave(count, dim=0), generator)
    return drawn.view(len(latents), count, *latents.shape[1:])
