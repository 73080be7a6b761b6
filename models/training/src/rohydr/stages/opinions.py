"""Before stage 1: the fixed opinion of each modality, a logistic regression on its features."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from rohydr.config import TrainConfig
from rohydr.data.pairs import Material, TextBank
from rohydr.model.rohydr import RoHyDR

ITERATIONS = 60


def logistic_regression(x: Tensor, label: Tensor, weight: Tensor, classes: int, decay: float) -> tuple[Tensor, Tensor]:
    """Weights [d, C] and bias [C] by L-BFGS.

    :param weight: [n], of each row in the mean loss. :param decay: L2 penalty on the weights.
    """
    weights = torch.zeros(x.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    share = weight / weight.sum()
    solver = torch.optim.LBFGS(
        [weights, bias], max_iter=ITERATIONS, history_size=10, line_search_fn="strong_wolfe", tolerance_change=1e-7
    )

    def loss() -> Tensor:
        solver.zero_grad()
        entropy = functional.cross_entropy(x @ weights + bias, label, reduction="none")
        value: Tensor = (share * entropy).sum() + decay * weights.pow(2).sum()
        value.backward()
        return value

    solver.step(loss)
    return weights.detach(), bias.detach()


def class_prior(label: Tensor, classes: int) -> Tensor:
    """Log class frequencies [C]."""
    counts = torch.bincount(label, minlength=classes).float()
    return torch.log(counts.clamp(min=0.5) / counts.sum())


def clip_opinion(versions: Tensor, label: Tensor, classes: int, decay: float) -> tuple[Tensor, Tensor]:
    """Weights and bias, the class prior still in it, from standardised features of the same clips.

    :param versions: [v, n, d], all versions alike. :param label: [n].
    """
    rows, labels = versions.flatten(0, 1), label.repeat(len(versions))
    return logistic_regression(rows, labels, torch.ones(len(rows)), classes, decay)


def voice_opinion(versions: Tensor, label: Tensor, classes: int, decay: float) -> tuple[Tensor, Tensor]:
    """The mean of two opinions, of the recordings alone and of all versions alike: weights and bias, prior still in.

    Altered copies make a regression less sure of a voice, which helps where it is multiplied with a face and costs
    where it speaks alone; the mean of the log posteriors of both keeps either gain (README, Tried). The mean of linear
    functions is one linear function.
    """
    recorded = clip_opinion(versions[:1], label, classes, decay)
    if len(versions) == 1:
        return recorded
    every = clip_opinion(versions, label, classes, decay)
    return (recorded[0] + every[0]) / 2, (recorded[1] + every[1]) / 2


def text_opinion(rows: Tensor, bank: TextBank, shares: Tensor, decay: float) -> tuple[Tensor, Tensor]:
    """Weights and bias, without the class prior, from standardised embeddings weighted to the class `shares`."""
    emotions = len(shares)
    counts = torch.bincount(bank.label, minlength=emotions).float().clamp(min=1)
    weights, bias = logistic_regression(rows, bank.label, (shares / counts)[bank.label], emotions, decay)
    return weights, bias - torch.log(shares.clamp(min=0.5 / len(bank.label)))


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
    text = each[0].standardise(material.texts.vectors)
    audio, visual = each[1].standardise(material.audio), each[2].standardise(material.visual)
    emotions = int(material.texts.label.max()) + 1
    shares = torch.bincount(material.emotion, minlength=emotions).float() / len(material)
    decay = config.opinion_decay
    text_w, text_b = text_opinion(text, material.texts, shares, decay[0])
    if classes > emotions:
        text_w, text_b = torch.cat([text_w, text_w[:, :1]], dim=1), torch.cat([text_b, text_b[:1]])
    audio_w, audio_b = voice_opinion(audio, material.label, classes, decay[1])
    visual_w, visual_b = clip_opinion(visual, material.label, classes, decay[2])
    rows = [text, audio.flatten(0, 1), visual.flatten(0, 1)]
    _install(model, [text_w, audio_w, visual_w], [text_b, audio_b - prior, visual_b - prior], rows, prior)
