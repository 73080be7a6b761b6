"""Fine-tuning of the text encoder on one or several kinds of labels at once."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rohydr.text.batches import Pieces, WordPieces, in_order_of_length, padded, shuffled
from rohydr.text.encoder import WIDTH, load_encoder
from rohydr.text.scores import Scores, merit, scores_of
from rohydr.text.tasks import HEADS, Rows

Outputs = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class TuneConfig:
    """Hyper-parameters of fine-tuning; the table of word pieces stays as it is."""

    epochs: int = 4
    batch: int = 32
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    dropout: float = 0.1


class Reader(nn.Module):
    """The encoder with a linear head for each kind of label."""

    def __init__(self, encoder: nn.Module, heads: list[str], dropout: float) -> None:
        super().__init__()
        self.encoder, self.dropout = encoder, nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, HEADS[name]) for name in heads})

    def forward(self, ids: Tensor, mask: Tensor, head: str) -> Tensor:
        out: Tensor = self.heads[head](self.dropout(self.encoder(ids, mask)))
        return out


def loss_of(head: str, outputs: Tensor, target: Tensor) -> Tensor:
    """Squared error, logistic loss or cross-entropy, by what the head says."""
    if head == "sentiment":
        return functional.mse_loss(outputs[:, 0], target)
    if head == "polarity":
        return functional.binary_cross_entropy_with_logits(outputs[:, 0], target)
    if head == "ekman":
        return functional.binary_cross_entropy_with_logits(outputs, target)
    return functional.cross_entropy(outputs, target.long())


@torch.no_grad()
def read(net: Reader, pieces: Pieces, head: str) -> NDArray[np.float32]:
    """Outputs of one head for every text, [n, width of the head]."""
    net.eval()
    out = np.empty((len(pieces), HEADS[head]), dtype=np.float32)
    for index in in_order_of_length(pieces, 64):
        out[index] = net(*padded([pieces[i] for i in index]), head).numpy()
    return out


def _optimiser(net: Reader, config: TuneConfig) -> torch.optim.Optimizer:
    tuned = [p for n, p in net.encoder.named_parameters() if p.requires_grad and p.ndim > 1]
    plain = [p for n, p in net.encoder.named_parameters() if p.requires_grad and p.ndim <= 1]
    groups = [
        {"params": tuned, "lr": config.learning_rate, "weight_decay": config.weight_decay},
        {"params": plain, "lr": config.learning_rate, "weight_decay": 0.0},
        {"params": list(net.heads.parameters()), "lr": config.head_learning_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups)


def _rate(config: TuneConfig, progress: float) -> float:
    """Linear warm-up, then linearly to 0, as a share of the learning rate."""
    return min(progress / config.warmup, (1 - progress) / (1 - config.warmup)) if config.warmup else 1 - progress


@dataclass(frozen=True)
class Tuned:
    """Outputs on test of the epoch that was best on dev, its scores, and how it got there."""

    outputs: Outputs
    dev: dict[str, Scores]
    test: dict[str, Scores]
    epoch: int
    history: list[float]
    seconds: float
    weights: dict[str, Tensor]
    """Of the encoder at that epoch; empty where nothing was tuned."""


def fine_tune(
    config: TuneConfig,
    perception: Path,
    train: list[Rows],
    dev: list[Rows],
    test: list[Rows],
    seed: int,
    progress: Callable[[str], None],
) -> Tuned:
    """Train on all of `train` together, keep the epoch with the best mean merit on `dev`, and read `test` once."""
    started = time.time()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    encoder, pieces_of = load_encoder(perception, config.dropout), WordPieces(perception)
    encoder.word.requires_grad_(False)
    net = Reader(encoder, sorted({rows.head for rows in train}), config.dropout)
    optimiser = _optimiser(net, config)
    base = [group["lr"] for group in optimiser.param_groups]
    pieces = [pieces_of(rows.texts) for rows in train]
    dev_pieces = [pieces_of(rows.texts) for rows in dev]
    steps = config.epochs * sum(-(-len(rows) // config.batch) for rows in train)
    best, best_dev, history, step = copy.deepcopy(net.state_dict()), {}, [], 0
    chosen: Outputs = {}
    for epoch in range(config.epochs):
        net.train()
        work = [(k, index) for k in range(len(train)) for index in shuffled(pieces[k], config.batch, rng)]
        for turn in rng.permutation(len(work)):
            k, index = work[turn]
            for group, rate in zip(optimiser.param_groups, base, strict=True):
                group["lr"] = rate * _rate(config, step / steps)
            with torch.autocast("cpu", torch.bfloat16):
                outputs = net(*padded([pieces[k][i] for i in index]), train[k].head)
            loss = loss_of(train[k].head, outputs.float(), torch.from_numpy(train[k].target[index]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step += 1
        found = {rows.head: read(net, part, rows.head) for rows, part in zip(dev, dev_pieces, strict=True)}
        scores = {rows.head: scores_of(found[rows.head], rows) for rows in dev}
        history.append(float(np.mean([merit(head, s) for head, s in scores.items()])))
        if history[-1] >= max(history):
            best, best_dev, chosen = copy.deepcopy(net.state_dict()), scores, found
        progress(f"epoch {epoch + 1}: {history[-1]:.4f} on dev, {time.time() - started:.0f} s")
    net.load_state_dict(best)
    outputs_test = {rows.head: read(net, pieces_of(rows.texts), rows.head) for rows in test}
    by_head = {rows.head: rows for rows in dev}
    on_test = {
        rows.head: scores_of(outputs_test[rows.head], rows, (chosen[rows.head], by_head[rows.head])) for rows in test
    }
    kept = int(np.argmax(history)) + 1
    return Tuned(outputs_test, best_dev, on_test, kept, history, time.time() - started, net.encoder.state_dict())
