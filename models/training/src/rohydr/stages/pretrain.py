"""Stage 1: encoders, fusion, heads and decoders on complete data, with modality dropout."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from rohydr.config import TrainConfig
from rohydr.data.pairs import Batch, Material, draw_patterns
from rohydr.model.heads import bounded
from rohydr.model.rohydr import RoHyDR
from rohydr.stages.common import draw_batch, encode_all, mask, optimiser, set_rate
from rohydr.stages.opinions import fit_opinions

DECODER_WEIGHT = 0.2


def task_loss(model: RoHyDR, fused: Tensor, batch: Batch, config: TrainConfig) -> Tensor:
    """Cross-entropy of the emotion plus the weighted L1 of the score."""
    logits, score = model.heads(fused)
    emotion = functional.cross_entropy(logits, batch.label, label_smoothing=config.label_smoothing)
    return emotion + config.score_weight * functional.l1_loss(score, batch.score)


def evidence_loss(model: RoHyDR, latents: Tensor, batch: Batch, config: TrainConfig) -> Tensor:
    """Task loss of each modality's own opinion, averaged over the modalities; 0 for a fusion without evidence."""
    if model.fusion.opinions == 0:
        return torch.zeros(())
    opinions = model.fusion.evidence(latents).unbind(dim=1)
    losses = [
        functional.cross_entropy(own[:, :-1] + model.fusion.prior, batch.label, label_smoothing=config.label_smoothing)
        + config.score_weight * functional.l1_loss(bounded(own[:, -1]), batch.score)
        for own in opinions
    ]
    return torch.stack(losses).mean()


def decoder_loss(model: RoHyDR, latents: Tensor, batch: Batch, descriptors: list[int]) -> Tensor:
    """Cross-entropy to the mean posterior, and squared error of the descriptors in training sd (NaN left out)."""
    logits, acoustics = model.decoders.standardised(latents)
    target = (batch.audio[:, descriptors] - model.decoders.mean) / model.decoders.sd
    known = torch.isfinite(target)
    error = torch.where(known, acoustics - torch.nan_to_num(target), torch.zeros(())).clamp(-6, 6)
    expression = functional.cross_entropy(logits, batch.expression)
    return expression + (error * error).sum() / known.sum().clamp(min=1)


def fit_statistics(model: RoHyDR, material: Material, descriptors: list[int]) -> None:
    """Feature and descriptor statistics on the training rows."""
    model.encoders.text.standardise.fit(material.texts.vectors)
    model.encoders.audio.standardise.fit(material.audio[0])
    model.encoders.visual.standardise.fit(material.visual.flatten(0, 1))
    audio = model.encoders.audio.standardise
    model.decoders.mean.copy_(audio.mean[descriptors])
    model.decoders.sd.copy_(audio.sd[descriptors])


def pretrain(
    model: RoHyDR,
    material: Material,
    config: TrainConfig,
    descriptors: list[int],
    generator: torch.Generator,
    modality_dropout: bool = True,
) -> None:
    """Train in place; afterwards the latents are standardised exactly on the training rows.

    :param modality_dropout: False gives the backbone of the zero-fill and imputation controls, which has only ever
        seen complete triples: the same networks, no modality ever read alone.
    """
    fit_statistics(model, material, descriptors)
    if model.fusion.fixed:
        fit_opinions(model, material, config)
    modules = [model.encoders, model.fusion, model.heads, model.decoders]
    adam = optimiser(modules, config.pretrain_rate, config.pretrain_decay, fused=True)
    model.train()
    for step in range(config.pretrain_steps):
        set_rate(adam, config.pretrain_rate, step, config.pretrain_steps)
        batch = draw_batch(material, config, generator)
        latents = encode_all(model, batch)
        everything = torch.ones(latents.shape[0], 3)
        loss = task_loss(model, model.fusion(latents, everything), batch, config)
        if modality_dropout:
            available = draw_patterns(latents.shape[0], generator, complete=False)
            loss = 0.5 * loss + task_loss(model, model.fusion(mask(latents, available), available), batch, config)
            loss = loss + config.evidence_weight * evidence_loss(model, latents, batch, config)
        loss = loss + DECODER_WEIGHT * decoder_loss(model, latents, batch, descriptors)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for m in modules for p in m.parameters()], 1.0)
        adam.step()
    model.eval()
    model.encoders.text.fit_latents(material.texts.vectors)
    model.encoders.audio.fit_latents(material.audio.flatten(0, 1))
    model.encoders.visual.fit_latents(material.visual.flatten(0, 1))
