"""Linear read-outs of the frozen text encoder: ridge regression for sentiment, logistic regressions for emotions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from rohydr.linear import Ridge
from rohydr.text.batches import WordPieces, in_order_of_length, padded
from rohydr.text.encoder import WIDTH, TextEncoder, load_encoder
from rohydr.text.finetune import Tuned, loss_of
from rohydr.text.scores import merit, scores_of
from rohydr.text.tasks import HEADS, Rows

Floats = NDArray[np.float32]
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Ridge penalties that dev chooses from (those of the sentiment teacher)."""
DECAYS = (1e-6, 1e-5, 1e-4)
"""L2 penalties of the logistic regressions, on the mean loss, that dev chooses from."""


class FrozenEncoder:
    """L2-normalised embeddings [n, 384] of texts, in batches.

    :param net: the encoder, for evaluation; by default the one before tuning.
    """

    def __init__(self, perception: Path, net: TextEncoder | None = None) -> None:
        self.net, self.pieces_of = net or load_encoder(perception), WordPieces(perception)

    @torch.no_grad()
    def __call__(self, texts: tuple[str, ...]) -> Floats:
        out, pieces = np.empty((len(texts), WIDTH), dtype=np.float32), self.pieces_of(texts)
        for index in in_order_of_length(pieces, 64):
            vectors = self.net(*padded([pieces[i] for i in index]))
            out[index] = nn.functional.normalize(vectors, dim=1).numpy()
        return out


Predictor = Callable[[Floats], Floats]


def _ridge(x: Floats, rows: Rows, penalty: float) -> Predictor:
    fitted = Ridge.fit(x, rows.target[:, None], penalty)
    return lambda vectors: fitted.predict(vectors).astype(np.float32)


def _logistic(x: Floats, rows: Rows, decay: float) -> Predictor:
    """Regression on standardised features by L-BFGS until it stands still."""
    mean, spread = torch.from_numpy(x.mean(axis=0)), torch.from_numpy(x.std(axis=0) + 1e-6)
    features, target = (torch.from_numpy(x) - mean) / spread, torch.from_numpy(rows.target)
    layer = nn.Linear(x.shape[1], HEADS[rows.head])
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=150, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = loss_of(rows.head, layer(features), target) + decay * layer.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)

    def predict(vectors: Floats) -> Floats:
        with torch.no_grad():
            return np.asarray(layer((torch.from_numpy(vectors) - mean) / spread).numpy())

    return predict


def read_frozen(encoder: FrozenEncoder, train: list[Rows], dev: Rows, test: Rows) -> Tuned:
    """Fit on `train` (all of one head) for every penalty, keep the best on dev, and read `test` once."""
    x, target = np.concatenate([encoder(rows.texts) for rows in train]), np.concatenate([r.target for r in train])
    joined = Rows(dev.head, tuple(t for rows in train for t in rows.texts), target)
    x_dev, best, history = encoder(dev.texts), None, []
    fit, penalties = (_ridge, PENALTIES) if dev.head == "sentiment" else (_logistic, DECAYS)
    for penalty in penalties:
        predict = fit(x, joined, penalty)
        found = predict(x_dev)
        scores = scores_of(found, dev)
        history.append(merit(dev.head, scores))
        if history[-1] >= max(history):
            best = (predict, found, scores)
    assert best is not None
    predict, found, scores = best
    outputs = predict(encoder(test.texts))
    on_test = scores_of(outputs, test, (found, dev))
    return Tuned(
        {dev.head: outputs}, {dev.head: scores}, {dev.head: on_test}, int(np.argmax(history)), history, 0.0, {}
    )
