"""Before stage 1: the fixed opinion of each modality, a logistic regression on its features."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from rohydr.config import TrainConfig
from rohydr.data.pairs import Material
from rohydr.model.rohydr import RoHyDR

ITERATIONS = 60


def logistic_regression(x: Tensor, label: Tensor, weight: Tensor, classes: int, decay: float) -> tuple[Tensor, Tensor]:
    """Weights [d, C] and bias [C] by L-BFGS.

    :param weight: [C], of each class in the loss. :param decay: L2 penalty on the weights, the loss being a mean.
    """
    weights = torch.zeros(x.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    solver = torch.optim.LBFGS(
        [weights, bias], max_iter=ITERATIONS, history_size=10, line_search_fn="strong_wolfe", tolerance_change=1e-7
    )

    def loss() -> Tensor:
        solver.zero_grad()
        value: Tensor = (
            functional.cross_entropy(x @ weights + bias, label, weight=weight) + decay * weights.pow(2).sum()
        )
        value.backward()
        return value

    solver.step(loss)
    return weights.detach(), bias.detach()


def class_prior(label: Tensor, classes: int) -> Tensor:
    """Log class frequencies [C]."""
    counts = torch.bincount(label, minlength=classes).float()
    return torch.log(counts.clamp(min=0.5) / counts.sum())


@torch.no_grad()
def _install(model: RoHyDR, weights: list[Tensor], biases: list[Tensor], rows: list[Tensor], prior: Tensor) -> None:
    model.fusion.prior.copy_(prior)
    model.heads.emotion.bias.copy_(prior)
    for m, encoder in enumerate(model.encoders.each()):
        assert encoder.opinion is not None
        encoder.opinion.set(weights[m], biases[m], rows[m])
        model.fusion.opinion_mean[m] = encoder.opinion.mean
        model.fusion.opinion_sd[m] = encoder.opinion.sd


def fit_opinions(model: RoHyDR, material: Material, config: TrainConfig) -> None:
    """One regression a modality, each blind to the others; the class prior, which all share, is taken out of each.

    Texts are weighted to the class frequencies of the clips. Where calm is a class of its own, texts of the neutral
    class speak for it as much as for neutral, since they were paired with both.
    """
    classes = model.heads.classes
    prior = class_prior(material.label, classes)
    each = model.encoders.each()
    clips, versions = len(material), material.visual.shape[0]
    rows = [
        each[0].standardise(material.texts.vectors),
        each[1].standardise(material.audio),
        each[2].standardise(material.visual.flatten(0, 1)),
    ]
    emotions = int(material.texts.label.max()) + 1
    shares = torch.bincount(material.emotion, minlength=emotions).float() / clips
    texts = torch.bincount(material.texts.label, minlength=emotions).float().clamp(min=1)
    text_prior = torch.log(shares.clamp(min=0.5 / clips))
    flat = torch.ones(classes)
    decay = config.opinion_decay
    text_w, text_b = logistic_regression(rows[0], material.texts.label, shares / texts, emotions, decay[0])
    text_b = text_b - text_prior
    if classes > emotions:
        text_w, text_b = torch.cat([text_w, text_w[:, :1]], dim=1), torch.cat([text_b, text_b[:1]])
    audio_w, audio_b = logistic_regression(rows[1], material.label, flat, classes, decay[1])
    visual_w, visual_b = logistic_regression(rows[2], material.label.repeat(versions), flat, classes, decay[2])
    _install(model, [text_w, audio_w, visual_w], [text_b, audio_b - prior, visual_b - prior], rows, prior)
