"""Hyper-parameters of the `fast` configuration. A run is a function of this, the data and the seed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field

FINE_CLASSES = 8
"""The emotions with calm apart from neutral, as RAVDESS labels them; calm joins neutral where a read-out leaves."""


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the networks and of the sampler (EDM notation, data standardised to unit variance).

    `linear_path` adds a linear map beside each encoder's network; `evidence` adds each modality's own opinion to the
    fused representation (see `Fusion`); with `opinions` its emotion part is a logistic regression on the features,
    carried in the last channels of the latents.
    """

    tokens: int = 4
    width: int = 32
    encoder_hidden: int = 128
    encoder_input_dropout: float = 0.2
    encoder_dropout: float = 0.4
    linear_path: bool = False
    opinions: bool = False
    fused: int = 96
    fusion_dropout: float = 0.4
    evidence: bool = False
    evidence_dropout: float = 0.2
    denoiser_width: int = 64
    denoiser_layers: int = 2
    denoiser_heads: int = 4
    sampler_steps: int = 6
    sigma_min: float = 0.05
    sigma_max: float = 6.0
    rho: float = 20.0


@dataclass(frozen=True)
class TrainConfig:
    """Lengths (optimiser steps), rates and loss weights of the stages.

    `opinion_decay` is the L2 penalty of the logistic regressions of text, voice and face. The weights of recovery by
    level: unimodal semantic `semantic_weight` (task loss on the one-step estimate), fused feature `fused_weight` (L1),
    fused semantic `adversarial_weight` and `repaired_weight` (task loss on the repaired fusion). The unimodal feature
    level is the diffusion loss itself.
    """

    batch: int = 128
    pretrain_steps: int = 600
    pretrain_rate: float = 2e-3
    pretrain_decay: float = 0.05
    opinion_decay: tuple[float, float, float] = (1e-1, 3e-2, 5e-3)
    diffusion_steps: int = 700
    diffusion_rate: float = 2e-3
    fusion_steps: int = 250
    fusion_rate: float = 1e-3
    joint_steps: int = 240
    joint_rate: float = 5e-4
    weight_decay: float = 0.05
    label_smoothing: float = 0.05
    condition_dropout: float = 0.1
    adversarial_weight: float = 0.1
    fused_weight: float = 1.0
    semantic_weight: float = 0.5
    repaired_weight: float = 1.0
    score_weight: float = 0.3
    evidence_weight: float = 1.0
    noise_mean: float = -0.4
    noise_sd: float = 1.2
    ema_decay: float = 0.995
    samples: int = 8
    checkpoints: int = 2


@dataclass(frozen=True)
class Config:
    """Everything that defines a run besides data and seed."""

    name: str = "fast"
    classes: int = 7
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)

    def sha256(self) -> str:
        """Hash of the canonical JSON of the configuration."""
        return hashlib.sha256(json.dumps(dataclasses.asdict(self), sort_keys=True).encode()).hexdigest()


def speech_face() -> Config:
    """What ships as `speech-face-en`: `fast` with a linear path in the encoders and evidence of each modality.

    Stage 1 is short and strongly decayed: with a few hundred clips, twice the steps cost points (README, Tried).
    """
    return Config(
        classes=FINE_CLASSES,
        model=ModelConfig(
            encoder_input_dropout=0.5,
            linear_path=True,
            evidence=True,
            opinions=True,
            sampler_steps=4,
            sigma_min=0.3,
            sigma_max=20.0,
            rho=7.0,
        ),
        train=TrainConfig(pretrain_steps=300, pretrain_decay=4.0, joint_steps=120, noise_mean=0.0, noise_sd=1.6),
    )


def smoke(config: Config) -> Config:
    """The same networks trained for a few steps: seconds, for tests."""
    train = dataclasses.replace(
        config.train, pretrain_steps=60, diffusion_steps=60, fusion_steps=20, joint_steps=20, samples=4, checkpoints=1
    )
    return dataclasses.replace(config, train=train)
