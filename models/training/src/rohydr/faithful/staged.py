"""The paper's training: three stages inside every batch, on latents of a pretrained and frozen feature extractor."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from rohydr.benchmark.recoverer import Recoverer
from rohydr.config import ModelConfig
from rohydr.faithful.switches import Switches, batch_patterns
from rohydr.labels import MODALITIES, PATTERNS
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import mask

LAMBDA_G, LAMBDA_A, LAMBDA_C, CRITIC_WEIGHT, CLIP_VALUE = 1.0, 0.5, 0.4, 0.1, 0.6


class ChannelAttention(nn.Module):
    """Two convolutions and channel attention inside a skip connection (RCAN)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        squeezed = max(1, channels // reduction)
        self.body = nn.Sequential(
            nn.Conv1d(channels, channels, 3, padding=1), nn.ReLU(), nn.Conv1d(channels, channels, 3, padding=1)
        )
        self.attention = nn.Sequential(
            nn.AdaptiveAvgPool1d(1),
            nn.Conv1d(channels, squeezed, 1),
            nn.ReLU(),
            nn.Conv1d(squeezed, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        h = self.body(x)
        result: Tensor = x + h * self.attention(h)
        return result


class UnimodalReconstructor(nn.Module):
    """1x1 convolution, residual blocks with channel attention, long skip, 1x1 convolution; maps [b, l, c]."""

    def __init__(self, width: int, channels: int = 64, blocks: int = 20) -> None:
        super().__init__()
        self.enter = nn.Conv1d(width, channels, 1)
        self.blocks = nn.Sequential(
            *(ChannelAttention(channels) for _ in range(blocks)), nn.Conv1d(channels, channels, 3, padding=1)
        )
        self.leave = nn.Conv1d(channels, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.enter(x.transpose(1, 2))
        result: Tensor = self.leave(h + self.blocks(h)).transpose(1, 2)
        return result


class MultimodalReconstructor(nn.Module):
    """F-80-96-F with dropout, leaky ReLU and batch norm; linear at the end unless the released tanh is wanted."""

    def __init__(self, fused: int, switches: Switches) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Linear(fused, 80), nn.Dropout(0.4), nn.LeakyReLU(0.2), nn.BatchNorm1d(80),
            nn.Linear(80, 96), nn.Dropout(0.4), nn.LeakyReLU(0.2), nn.BatchNorm1d(96), nn.Linear(96, fused),
        ]  # fmt: skip
        if switches.bounded_repair:
            layers.append(nn.Tanh())
        self.net = nn.Sequential(*layers)

    def forward(self, fused: Tensor) -> Tensor:
        repaired: Tensor = self.net(fused)
        return repaired


class Critic(nn.Module):
    """BN-F-128-64-1 with leaky ReLU and tanh; a logit."""

    def __init__(self, fused: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.BatchNorm1d(fused),
            nn.Linear(fused, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 64),
            nn.Tanh(),
            nn.Linear(64, 1),
        )

    def forward(self, fused: Tensor) -> Tensor:
        logit: Tensor = self.net(fused).squeeze(1)
        return logit


@dataclass(frozen=True)
class FaithfulPlan:
    """Length of training."""

    steps: int = 300
    batch: int = 32
    rate: float = 2e-3
    seed: int = 0


class FaithfulModel(nn.Module):
    """Frozen encoders, denoisers per target, reconstructors, fusion, multimodal repair, critic and classifier."""

    def __init__(
        self,
        model: RoHyDR,
        recoverer: Recoverer,
        config: ModelConfig,
        blocks: int = 20,
        switches: Switches | None = None,
    ) -> None:
        super().__init__()
        self.model, self.recoverer = model, recoverer
        self.switches = switches or Switches()
        self.unimodal = nn.ModuleList(UnimodalReconstructor(config.width, blocks=blocks) for _ in MODALITIES)
        self.multimodal = MultimodalReconstructor(config.fused, self.switches)
        self.critic = Critic(config.fused)

    def encode_mode(self) -> None:
        """Frozen parts in evaluation mode, unless the released behaviour is wanted."""
        self.model.encoders.train(self.switches.frozen_in_train_mode)

    def main_parameters(self) -> list[nn.Parameter]:
        """What the main optimiser holds: everything but the encoders, and the critic only by the defect."""
        modules = [self.recoverer, self.unimodal, self.multimodal, self.model.fusion, self.model.heads.score]
        modules += [self.critic] if self.switches.critic_in_main else []
        return [p for module in modules for p in module.parameters()]

    def fill(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """Sampled and reconstructed latents; gradients reach the reconstructors, and the sampler only by the defect."""
        observed = mask(latents, available)
        with torch.set_grad_enabled(self.switches.sampler_gradients and torch.is_grad_enabled()):
            drawn = self.recoverer.generate(observed, available, generator)
        repaired = torch.stack([net(drawn[:, m]) for m, net in enumerate(self.unimodal)], dim=1)
        return torch.where(available[:, :, None, None] > 0.5, latents, repaired)

    def fuse(self, latents: Tensor) -> Tensor:
        """Fusion of latents that are taken as complete."""
        fused: Tensor = self.model.fusion(latents, torch.ones(len(latents), 3))
        return fused

    def score(self, fused: Tensor) -> Tensor:
        """Sentiment [b]."""
        score: Tensor = self.model.heads(fused)[1]
        return score

    def read(self, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
        """Test path: recovered fusion through multimodal reconstruction; complete rows bypass it."""
        self.eval()
        if bool((available > 0.5).all()):
            return self.score(self.fuse(latents))
        return self.score(self.multimodal(self.fuse(self.fill(latents, available, generator))))


def unimodal_stage(faithful: FaithfulModel, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
    """Stage 1: diffusion losses and squared error of the reconstruction."""
    diffusion = faithful.recoverer.loss(latents, available, generator)
    error = functional.mse_loss(faithful.fill(latents, available, generator), latents)
    return (diffusion + LAMBDA_G * error) / (1 + LAMBDA_G)


def critic_stage(faithful: FaithfulModel, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
    """Stage 2a: the critic's loss on detached fusions."""
    with torch.no_grad():
        real, raw = faithful.fuse(latents), faithful.fuse(faithful.fill(latents, available, generator))
        fake = raw if faithful.switches.critic_before_repair else faithful.multimodal(raw)
    on_real, on_fake = faithful.critic(real), faithful.critic(fake)
    bce = functional.binary_cross_entropy_with_logits
    return CRITIC_WEIGHT * (bce(on_real, torch.ones_like(on_real)) + bce(on_fake, torch.zeros_like(on_fake)))


def fusion_stage(faithful: FaithfulModel, latents: Tensor, available: Tensor, generator: torch.Generator) -> Tensor:
    """Stage 2b: fool the critic and come close to the complete fusion."""
    real = faithful.fuse(latents)
    repaired = faithful.multimodal(faithful.fuse(faithful.fill(latents, available, generator)))
    target = real if faithful.switches.drifting_target else real.detach()
    fooled = faithful.critic(repaired)
    adversarial = functional.binary_cross_entropy_with_logits(fooled, torch.ones_like(fooled))
    return LAMBDA_A * adversarial + (1 - LAMBDA_A) * functional.l1_loss(target, repaired)


def task_stage(
    faithful: FaithfulModel, latents: Tensor, label: Tensor, available: Tensor, generator: torch.Generator
) -> Tensor:
    """Stage 3: the task through the complete and through the recovered path."""
    recovered = faithful.multimodal(faithful.fuse(faithful.fill(latents, available, generator)))
    complete = functional.l1_loss(faithful.score(faithful.fuse(latents)), label)
    return (1 - LAMBDA_C) * complete + LAMBDA_C * functional.l1_loss(faithful.score(recovered), label)


def train_faithful(
    faithful: FaithfulModel,
    data: tuple[Tensor, Tensor],
    plan: FaithfulPlan,
    generator: torch.Generator,
    encode: Callable[[Tensor], Tensor] | None = None,
) -> list[float]:
    """Run all stages on every batch; returns the task loss of each batch.

    :param encode: latents of the rows with these indices, encoded anew; needed only where dropout in the frozen
        encoders is to stay active (defect 8a), else the latents of `data` are the encoders' for good.
    :raises ValueError: when that defect is wanted without `encode`.
    """
    latents, label = data
    if faithful.switches.frozen_in_train_mode and encode is None:
        raise ValueError("frozen_in_train_mode needs the rows to encode them anew")
    main = torch.optim.Adam(faithful.main_parameters(), lr=plan.rate)
    critic = torch.optim.Adam(faithful.critic.parameters(), lr=plan.rate, weight_decay=1e-5)
    draw = random.Random(plan.seed)
    history = []
    for _ in range(plan.steps):
        faithful.train()
        faithful.encode_mode()
        rows = torch.randint(0, len(latents), (plan.batch,), generator=generator)
        drawn = batch_patterns(draw, 3, faithful.switches)
        seen = latents[rows]
        if faithful.switches.frozen_in_train_mode and encode is not None:
            with torch.no_grad():
                seen = encode(rows)
        masks = [torch.tensor([PATTERNS[n]]).float().expand(plan.batch, 3).contiguous() for n in drawn]
        _step(main, unimodal_stage(faithful, seen, masks[0], generator))
        _step(critic, critic_stage(faithful, seen, masks[1], generator))
        _step(main, fusion_stage(faithful, seen, masks[1], generator))
        loss = task_stage(faithful, seen, label[rows], masks[2], generator)
        _step(main, loss, clip=True)
        history.append(float(loss.detach()))
    faithful.eval()
    return history


def _step(optimiser: torch.optim.Optimizer, loss: Tensor, clip: bool = False) -> None:
    optimiser.zero_grad()
    loss.backward()
    if clip:
        torch.nn.utils.clip_grad_value_([p for g in optimiser.param_groups for p in g["params"]], CLIP_VALUE)
    optimiser.step()
