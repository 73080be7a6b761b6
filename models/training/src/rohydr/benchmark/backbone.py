"""What every method of the benchmark shares: encoders, fusion and regression head, trained the same way."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from rohydr.benchmark.utterances import Utterances
from rohydr.config import Config, ModelConfig, TrainConfig
from rohydr.data.pairs import draw_patterns
from rohydr.labels import EMOTIONS, PATTERNS
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import mask, optimiser, set_rate

Floats = NDArray[np.floating]
DECODED = 73
"""The decoder gives back all audio features; they have no names in the data, so they are numbered."""


def benchmark_config(smoke: bool = False) -> Config:
    """The `fast` configuration for utterance vectors: the shipped networks, smaller and more regularised.

    Text and video vectors are leaked on the held-out videos (data/README.md), so size and length of stage 1 were chosen
    by the held-out MAE of {A}, the one pattern without a leak.
    """
    model = dataclasses.replace(
        ModelConfig(),
        tokens=4,
        width=16,
        encoder_hidden=64,
        encoder_input_dropout=0.35,
        encoder_dropout=0.7,
        fused=64,
        fusion_dropout=0.5,
    )
    train = dataclasses.replace(
        TrainConfig(), batch=128, pretrain_steps=120, diffusion_steps=400, fusion_steps=200, joint_steps=200, samples=8
    )
    if smoke:
        train = dataclasses.replace(train, pretrain_steps=40, diffusion_steps=40, fusion_steps=10, joint_steps=10)
    return Config(name="fast", classes=len(EMOTIONS), model=model, train=train)


@dataclass(frozen=True)
class Rows:
    """One split as tensors."""

    text: Tensor
    audio: Tensor
    visual: Tensor
    label: Tensor

    @staticmethod
    def of(rows: Utterances) -> Rows:
        """Tensors of a split."""
        text, audio, visual = (torch.from_numpy(x) for x in rows.features())
        return Rows(text, audio, visual, torch.from_numpy(rows.label))

    def __len__(self) -> int:
        return int(self.label.shape[0])


def new_model(config: Config, dimensions: tuple[int, int, int], seed: int) -> RoHyDR:
    """Freshly initialised networks; the emotion head is switched off, since the data hold no emotions."""
    torch.manual_seed(seed)
    model = RoHyDR(config.model, dimensions, config.classes, dimensions[1])
    for parameter in (*model.heads.emotion.parameters(), *model.decoders.expression.parameters()):
        torch.nn.init.zeros_(parameter)
        parameter.requires_grad_(False)
    return model


def encode(model: RoHyDR, rows: Rows) -> Tensor:
    """Complete latents [n, 3, N, D]."""
    latents: Tensor = model.encoders(rows.text, rows.audio, rows.visual, torch.ones(len(rows), 3))
    return latents


def pattern(name: str, count: int) -> Tensor:
    """Availability [count, 3] of one pattern."""
    return torch.tensor([PATTERNS[name]], dtype=torch.float32).expand(count, 3).contiguous()


def score_of(model: RoHyDR, fused: Tensor) -> Tensor:
    """Sentiment [b] from a fused representation."""
    score: Tensor = model.heads(fused)[1]
    return score


def fit_statistics(model: RoHyDR, rows: Rows) -> None:
    """Feature statistics of the training rows, for encoders and decoder."""
    for encoder, values in zip(model.encoders.each(), (rows.text, rows.audio, rows.visual), strict=True):
        encoder.standardise.fit(values)
    model.decoders.mean.copy_(model.encoders.audio.standardise.mean)
    model.decoders.sd.copy_(model.encoders.audio.standardise.sd)


def pretrain(
    model: RoHyDR, rows: Rows, config: TrainConfig, generator: torch.Generator, modality_dropout: bool = True
) -> None:
    """Stage 1 in place: L1 regression on complete rows and, with `modality_dropout`, on rows with a pattern each."""
    fit_statistics(model, rows)
    modules = [model.encoders, model.fusion, model.heads, model.decoders]
    adam = optimiser(modules, config.pretrain_rate, config.weight_decay)
    model.train()
    for step in range(config.pretrain_steps):
        set_rate(adam, config.pretrain_rate, step, config.pretrain_steps)
        pick = torch.randint(0, len(rows), (config.batch,), generator=generator)
        batch = Rows(rows.text[pick], rows.audio[pick], rows.visual[pick], rows.label[pick])
        latents = encode(model, batch)
        everything = torch.ones(len(pick), 3)
        loss = functional.l1_loss(score_of(model, model.fusion(latents, everything)), batch.label)
        if modality_dropout:
            available = draw_patterns(len(pick), generator, complete=False)
            partial = score_of(model, model.fusion(mask(latents, available), available))
            loss = 0.5 * loss + functional.l1_loss(partial, batch.label)
        _, decoded = model.decoders.standardised(latents.detach())
        loss = loss + 0.1 * functional.mse_loss(decoded, model.encoders.audio.standardise(batch.audio))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in modules for p in m.parameters()], 1.0)
        adam.step()
    model.eval()
    for encoder, values in zip(model.encoders.each(), (rows.text, rows.audio, rows.visual), strict=True):
        encoder.fit_latents(values)


@torch.no_grad()
def read_alone(model: RoHyDR, latents: Tensor, name: str) -> Floats:
    """Scores [n, 1] from the available modalities only."""
    available = pattern(name, len(latents))
    score = score_of(model, model.fusion(mask(latents, available), available))
    return np.asarray(score[:, None].numpy())


@torch.no_grad()
def read_filled(model: RoHyDR, latents: Tensor) -> Floats:
    """Scores [n, 1] of latents that are taken as complete."""
    return np.asarray(score_of(model, model.fusion(latents, torch.ones(len(latents), 3)))[:, None].numpy())
