"""From an utterance vector to standardised latent tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rohydr.config import ModelConfig


class Standardise(nn.Module):
    """(x - mean) / sd with train statistics; NaN becomes the mean, and outliers are clipped at 6 sd."""

    mean: Tensor
    sd: Tensor

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(dimension))
        self.register_buffer("sd", torch.ones(dimension))

    @torch.no_grad()
    def fit(self, rows: Tensor) -> None:
        """Statistics over the finite entries of each column of `rows` [n, d]; a column without any is switched off."""
        finite = torch.isfinite(rows)
        count = finite.sum(0).clamp(min=1)
        clean = torch.where(finite, rows, torch.zeros(()))
        mean = clean.sum(0) / count
        spread = torch.where(finite, rows - mean, torch.zeros(()))
        sd = ((spread * spread).sum(0) / count).sqrt()
        self.mean.copy_(mean)
        self.sd.copy_(torch.where(sd > 1e-8, sd, torch.full_like(sd, 1e8)))

    def forward(self, x: Tensor) -> Tensor:
        z = (x - self.mean) / self.sd
        return torch.where(torch.isnan(z), torch.zeros_like(z), z).clamp(-6, 6)


class Body(nn.Module):
    """[b, d] -> [b, out]: one hidden layer and, with `linear`, a linear path beside it.

    On functionals of a few hundred clips a linear map is hard to beat; the path keeps it within reach.
    """

    def __init__(self, dimension: int, out: int, config: ModelConfig) -> None:
        super().__init__()
        self.drop = nn.Dropout(config.encoder_input_dropout)
        self.network = nn.Sequential(
            nn.Linear(dimension, config.encoder_hidden),
            nn.LayerNorm(config.encoder_hidden),
            nn.GELU(),
            nn.Dropout(config.encoder_dropout),
            nn.Linear(config.encoder_hidden, out),
        )
        self.linear = nn.Linear(dimension, out) if config.linear_path else None

    def forward(self, x: Tensor) -> Tensor:
        x = self.drop(x)
        z: Tensor = self.network(x)
        return z if self.linear is None else z + self.linear(x)


class Opinion(nn.Module):
    """Log likelihood ratios of the emotions from standardised features [b, d] -> [b, C], in training sd.

    A logistic regression, fitted once and then fixed: on functionals of a few hundred clips it is hard to beat, and a
    product of such opinions is the exact fusion of modalities that are independent given the emotion.
    """

    mean: Tensor
    sd: Tensor

    def __init__(self, dimension: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(dimension, classes)
        self.linear.requires_grad_(False)
        self.register_buffer("mean", torch.zeros(classes))
        self.register_buffer("sd", torch.ones(classes))

    @torch.no_grad()
    def set(self, weight: Tensor, bias: Tensor, rows: Tensor) -> None:
        """Take `weight` [d, C] and `bias` [C]; scale to unit variance over standardised `rows` [n, d]."""
        self.linear.weight.copy_(weight.T)
        self.linear.bias.copy_(bias)
        values = self.linear(rows)
        self.mean.copy_(values.mean(0))
        self.sd.copy_(values.std(0).clamp(min=1e-3))

    def forward(self, x: Tensor) -> Tensor:
        z: Tensor = (self.linear(x) - self.mean) / self.sd
        return z

    def likelihood(self, z: Tensor) -> Tensor:
        """Back from channels of the latents [b, C] to log likelihood ratios."""
        return z * self.sd + self.mean


class ModalityEncoder(nn.Module):
    """[b, d] -> [b, tokens, width], each latent channel standardised on the training rows.

    The last normalisation has no learned scale, so that diffusion sees unit variance by construction. With `opinions`
    the last `classes` channels are the modality's `Opinion`.
    """

    def __init__(self, dimension: int, classes: int, config: ModelConfig) -> None:
        super().__init__()
        self.tokens, self.width = config.tokens, config.width
        size = config.tokens * config.width - (classes if config.opinions else 0)
        self.standardise = Standardise(dimension)
        self.body = Body(dimension, size, config)
        self.whiten = nn.BatchNorm1d(size, affine=False, eps=1e-3)
        self.opinion = Opinion(dimension, classes) if config.opinions else None

    @torch.no_grad()
    def fit_latents(self, rows: Tensor) -> None:
        """Replace the running statistics by the exact ones over `rows` [n, d]."""
        self.eval()
        z = self.body(self.standardise(rows))
        assert self.whiten.running_mean is not None and self.whiten.running_var is not None
        self.whiten.running_mean.copy_(z.mean(0))
        self.whiten.running_var.copy_(z.var(0, unbiased=False))

    def forward(self, x: Tensor) -> Tensor:
        features = self.standardise(x)
        z = self.whiten(self.body(features))
        if self.opinion is not None:
            z = torch.cat([z, self.opinion(features)], dim=1)
        tokens: Tensor = z.view(-1, self.tokens, self.width)
        return tokens


class Encoders(nn.Module):
    """The three modality encoders; latents of unavailable modalities are zero."""

    def __init__(self, dimensions: tuple[int, int, int], classes: int, config: ModelConfig) -> None:
        super().__init__()
        self.text, self.audio, self.visual = (ModalityEncoder(d, classes, config) for d in dimensions)

    def each(self) -> tuple[ModalityEncoder, ModalityEncoder, ModalityEncoder]:
        """Encoders in MODALITIES order."""
        return self.text, self.audio, self.visual

    def forward(self, text: Tensor, audio: Tensor, visual: Tensor, available: Tensor) -> Tensor:
        latents = torch.stack([self.text(text), self.audio(audio), self.visual(visual)], dim=1)
        return latents * available[:, :, None, None]
