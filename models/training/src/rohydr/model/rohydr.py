"""The whole model, and the four graphs that a bundle holds."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.config import ModelConfig
from rohydr.labels import EMOTIONS
from rohydr.model.denoiser import Denoiser
from rohydr.model.encoders import Encoders
from rohydr.model.fusion import Fusion
from rohydr.model.heads import Decoders, Heads
from rohydr.model.recovery import Discriminator, FusionRecovery, Reconstructor
from rohydr.sampler import sample, sigma_schedule

Reading = tuple[Tensor, Tensor]
"""Emotion logits [b, C] and score [b]."""


def merge_calm(logits: Tensor) -> Tensor:
    """Logits [..., 8] with calm last -> [..., 7]: the probability of neutral is that of neutral or calm."""
    count = len(EMOTIONS)
    if logits.shape[-1] == count:
        return logits
    neutral = torch.logsumexp(torch.stack([logits[..., 0], logits[..., count]], dim=-1), dim=-1, keepdim=True)
    return torch.cat([neutral, logits[..., 1:count]], dim=-1)


class RoHyDR(nn.Module):
    """Encoders, joint denoiser with reconstructor, fusion with adversarial recovery, heads and decoders."""

    recovered_weight: Tensor
    """[4]: weight of the reading with recoveries against that of the observation alone, by how many were recovered."""

    spread: Tensor
    """[3]: standard deviation added to recovered latents by modality, so that their range covers people never seen."""

    def __init__(self, config: ModelConfig, dimensions: tuple[int, int, int], classes: int, descriptors: int) -> None:
        super().__init__()
        c = self.config = config
        self.encoders = Encoders(dimensions, classes, c)
        self.denoiser = Denoiser(c.tokens, c.width, c.denoiser_width, c.denoiser_layers, c.denoiser_heads)
        self.reconstructor = Reconstructor(c.tokens, c.width)
        self.fusion = Fusion(c, classes)
        self.fusion_recovery = FusionRecovery(self.fusion.width)
        self.discriminator = Discriminator(self.fusion.width)
        self.heads = Heads(self.fusion.width, classes, self.fusion.opinions)
        self.decoders = Decoders(c.tokens, c.width, descriptors)
        self.register_buffer("recovered_weight", torch.full((4,), 0.5))
        self.register_buffer("spread", torch.zeros(3))

    def recover(self, latents: Tensor, available: Tensor, noise: Tensor, steps: int | None = None) -> Tensor:
        """Latents with missing modalities sampled; available tokens are returned bit for bit."""
        c = self.config
        sigmas = sigma_schedule(steps or c.sampler_steps, c.sigma_min, c.sigma_max, c.rho)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            clean: Tensor = self.denoiser(x, latents, available, torch.full_like(available[:, 0], sigma))
            return clean

        generated = self.reconstructor(sample(denoise, noise, sigmas), available)
        generated = generated + self.spread[:, None, None] * noise
        keep = available[:, :, None, None]
        return torch.where(keep > 0.5, latents, generated)

    def read_both(self, latents: Tensor, present: Tensor, recovered: Tensor) -> tuple[Reading, Reading, Tensor]:
        """The reading of what was observed alone, the reading of the repaired fusion, and that fusion [b, F].

        Where nothing was recovered both readings are the same.
        """
        fused = self.fusion_recovery(self.fusion(latents, present), recovered)
        observed: Reading = self.heads(self.fusion(latents, present * (1 - recovered)))
        return observed, self.heads(fused), fused

    def read_out(self, latents: Tensor, present: Tensor, recovered: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Emotion logits [b, C], score [b] and repaired fused representation [b, F].

        Logits and score are a weighted mean of two readings (`recovered_weight`), so that a recovery can add to the
        observation but never replace it.
        """
        observed, repaired, fused = self.read_both(latents, present, recovered)
        return *self.mix(observed, repaired, recovered), fused

    def mix(self, observed: Reading, repaired: Reading, recovered: Tensor) -> Reading:
        """Weighted mean of both readings."""
        weight = self.recovered_weight[recovered.sum(dim=1).long()]
        logits = observed[0] + weight[:, None] * (repaired[0] - observed[0])
        return logits, observed[1] + weight * (repaired[1] - observed[1])


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
        logits, score, fused = self.model.read_out(latents, present, recovered)
        return merge_calm(logits), score, fused
