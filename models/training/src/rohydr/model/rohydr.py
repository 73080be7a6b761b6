"""The whole model, and the four graphs that a bundle holds."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.config import ModelConfig
from rohydr.model.denoiser import Denoiser
from rohydr.model.encoders import Encoders
from rohydr.model.fusion import Fusion
from rohydr.model.heads import Decoders, Heads
from rohydr.model.recovery import Discriminator, FusionRecovery, Reconstructor
from rohydr.sampler import sample, sigma_schedule


class RoHyDR(nn.Module):
    """Encoders, joint denoiser with reconstructor, fusion with adversarial recovery, heads and decoders."""

    def __init__(self, config: ModelConfig, dimensions: tuple[int, int, int], classes: int, descriptors: int) -> None:
        super().__init__()
        c = self.config = config
        self.encoders = Encoders(dimensions, c)
        self.denoiser = Denoiser(c.tokens, c.width, c.denoiser_width, c.denoiser_layers, c.denoiser_heads)
        self.reconstructor = Reconstructor(c.tokens, c.width)
        self.fusion = Fusion(c, classes)
        self.fusion_recovery = FusionRecovery(self.fusion.width)
        self.discriminator = Discriminator(self.fusion.width)
        self.heads = Heads(self.fusion.width, classes, self.fusion.opinions)
        self.decoders = Decoders(c.tokens, c.width, descriptors)

    def recover(self, latents: Tensor, available: Tensor, noise: Tensor, steps: int | None = None) -> Tensor:
        """Latents with missing modalities sampled; available tokens are returned bit for bit."""
        c = self.config
        sigmas = sigma_schedule(steps or c.sampler_steps, c.sigma_min, c.sigma_max, c.rho)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            clean: Tensor = self.denoiser(x, latents, available, torch.full_like(available[:, 0], sigma))
            return clean

        generated = self.reconstructor(sample(denoise, noise, sigmas), available)
        keep = available[:, :, None, None]
        return torch.where(keep > 0.5, latents, generated)

    def read_out(self, latents: Tensor, present: Tensor, recovered: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Emotion logits [b, C], score [b] and repaired fused representation [b, F].

        Logits and score are the mean of two readings: of the repaired fusion, and of what was observed alone, so that a
        recovery can add to the observation but never replace it. Where nothing was recovered both are the same.
        """
        fused = self.fusion_recovery(self.fusion(latents, present), recovered)
        logits, score = self.heads(fused)
        observed_logits, observed_score = self.heads(self.fusion(latents, present * (1 - recovered)))
        return (logits + observed_logits) / 2, (score + observed_score) / 2, fused


class RecoverGraph(nn.Module):
    """recover.onnx."""

    def __init__(self, model: RoHyDR) -> None:
        super().__init__()
        self.model = model

    def forward(self, latents: Tensor, available: Tensor, noise: Tensor) -> Tensor:
        return self.model.recover(latents, available, noise)


class ReadoutGraph(nn.Module):
    """readout.onnx."""

    def __init__(self, model: RoHyDR) -> None:
        super().__init__()
        self.model = model

    def forward(self, latents: Tensor, present: Tensor, recovered: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.model.read_out(latents, present, recovered)
